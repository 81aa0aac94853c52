"""`flask keys` as an operator uses it, on a database of its own: killed, wrong, twice at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask_migrate import upgrade

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.db import db
from portal.queries import content_keys
from portal.vault import new_line
from tests.build import send, stored
from tests.cast import gather
from tests.conftest import DATABASES, new_postgres_database

REFERRALS = 40
SEALING_FOR = (0.0, 0.1, 1.0)
"""Seconds after a rotation began to seal: it dies early, in the middle, and while it waits."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal on SQLite with referrals in it."""
    folder = tmp_path_factory.mktemp("original")
    filled(folder, url="")
    return folder


@pytest.fixture
def own(original: Path, tmp_path: Path) -> Settings:
    """A portal of its own with referrals in it, on SQLite."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return Settings(_env_file=None, instance_path=tmp_path / "instance", database_url="")


def filled(folder: Path, *, url: str) -> Settings:
    """Make a portal with referrals in it, which nobody has open."""
    settings = Settings(_env_file=None, instance_path=folder / "instance", database_url=url)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        gather()
        for _ in range(REFERRALS):
            send()
        db.session.remove()
        db.engine.dispose()
    return settings


def flask(settings: Settings, *command: str, **changes: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "FLASK_APP": "portal.app:create_app",
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        **changes,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(part: subprocess.Popen[str]) -> tuple[int, str]:
    words, _ = part.communicate(timeout=60)
    return part.returncode, words


def names(settings: Settings) -> list[str]:
    """How many values wait to be sealed anew, and the patients of all referrals."""
    with create_app(settings).app_context():
        session = db.session()
        found = [str(content_keys.count_older(session, content_keys.newest(session)))]
        rows = session.execute(db.text("SELECT reference FROM referrals")).scalars().all()
        found += sorted(stored(reference).answers["patient"]["name"] for reference in rows)
        db.session.remove()
        db.engine.dispose()
        return found


@pytest.mark.parametrize("kind", DATABASES)
def test_a_rotation_killed_at_any_moment_loses_nothing_and_ends(tmp_path: Path, kind: str) -> None:
    own = filled(tmp_path, url="" if kind == "sqlite" else new_postgres_database())
    before = names(own)[1:]
    for seconds in SEALING_FOR:
        part = flask(own, "keys", "rotate")
        wait_until_it_seals(part)
        time.sleep(seconds)
        part.send_signal(signal.SIGKILL)
        part.communicate(timeout=60)
        assert part.returncode == -signal.SIGKILL
        assert names(own)[1:] == before
    code, words = said(flask(own, "keys", "rotate"))
    assert code == 0, words
    assert names(own) == ["0", *before]


def wait_until_it_seals(part: subprocess.Popen[str]) -> None:
    assert part.stdout is not None
    assert "Sealing with content key" in part.stdout.readline()


def test_two_rotations_at_once_are_one_and_a_sentence(own: Settings) -> None:
    first, second = flask(own, "keys", "rotate"), flask(own, "keys", "rotate")
    ended = [said(first), said(second)]
    assert sorted(code for code, _ in ended) == [0, 1], ended
    assert "Another rotation is running" in next(words for code, words in ended if code)
    assert names(own)[0] == "0"


def test_a_new_wrapping_key_wraps_and_the_old_line_may_go(own: Settings) -> None:
    before = names(own)
    code, words = said(flask(own, "keys", "rotate", "--wrapping"))
    assert code == 1
    assert "last line" in words
    line = new_line()
    own.key_path.write_text(own.key_path.read_text() + line)
    assert said(flask(own, "keys", "rotate", "--wrapping"))[0] == 0
    own.key_path.write_text(line)
    assert names(own) == before


@pytest.mark.parametrize(
    "content", [new_line(), "", "development-1:c2hvcnQ=\n"], ids=["another", "none", "cut off"]
)
def test_wrong_keys_are_a_sentence_at_the_start_and_destroy_nothing(own: Settings, content: str) -> None:
    right = own.key_path.read_text()
    own.key_path.write_text(content)
    code, words = said(flask(own, "prepare"))
    assert code == 1
    assert str(own.key_path) in words
    assert "Traceback" not in words
    assert right.rpartition(":")[2].strip() not in words
    own.key_path.write_text(right)
    assert len(names(own)) == REFERRALS + 1


def test_a_lost_key_file_is_not_made_anew_over_a_database(own: Settings) -> None:
    own.key_path.rename(kept := own.key_path.with_name("kept"))
    code, words = said(flask(own, "prepare"))
    assert (code, "Traceback" in words) == (1, False), words
    kept.replace(own.key_path)
    assert said(flask(own, "prepare"))[0] == 0


def test_production_refuses_keys_made_for_development(own: Settings) -> None:
    code, words = said(
        flask(
            own,
            "keys",
            "list",
            PORTAL_ENV="production",
            SECRET_KEY=os.urandom(20).hex(),
            PUBLIC_URL="https://referrals.example",
            MAIL_URL="smtps://mail.example",
            KEY_FILE=str(own.key_path),
        )
    )
    assert (code, "made for development" in words) == (1, True), words
