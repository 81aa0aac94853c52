"""The restore drill: what was lost comes back with the same words, all of it or nothing, on both databases."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.gateways import aside_file, aside_schema
from portal.worker.sealing import Sealer
from tests.build import send
from tests.cast import Cast
from tests.cli.drill import FEW, Own, end, own_portal
from tests.conftest import DATABASES

MANY = 20
KILLED_AT = (0.5, 0.7, 0.85, 1.0)
"""Parts of the time that a restore takes: from the middle on, where it writes; the last about when it renames."""


@pytest.fixture(params=DATABASES)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Own]:
    with closing(own_portal(tmp_path, request.param)) as own:
        yield own


@pytest.fixture
def file(own: Own, tmp_path: Path) -> str:
    """A backup of all there is."""
    path = str(tmp_path / "the.backup")
    done = own.flask("backup", path)
    assert done.exit_code == 0, done.output
    return path


@pytest.mark.parametrize("kind", DATABASES)
def test_a_lost_portal_comes_back_with_the_same_words(tmp_path: Path, kind: str) -> None:
    with closing(own_portal(tmp_path, kind, referrals=MANY)) as own:
        drill(own, str(tmp_path / "the.backup"))


def drill(own: Own, file: str) -> None:
    pages = own.pages()
    assert own.flask("backup", file).exit_code == 0
    before = own.rows()
    own.lose()
    done = own.flask("restore", file)
    assert done.exit_code == 0, done.output
    assert f"{MANY} referrals" in done.output
    after = own.rows()
    ended = [table.pop("member_sessions") for table in (before, after)]
    assert len(ended[0]) == len(ended[1]) == 1
    assert len(pages) == MANY
    assert own.pages() == pages
    # Each was written down after the backup was made: one in the database that was lost, one in the new one.
    *trail, backed_up = sorted(before.pop("audit_entries"))
    *same, restored = sorted(after.pop("audit_entries"))
    assert (backed_up[3], restored[3], same) == ("backed up", "restored", trail)
    assert after == before


def test_a_database_that_was_brought_back_goes_on(own: Own, file: str) -> None:
    own.lose()
    own.flask("restore", file)
    with own.app.app_context():
        own.references.append(send().reference)
        assert own.flask("prepare").exit_code == 0
    assert len(own.pages()) == FEW + 1


def test_referrals_are_replaced_only_when_that_is_asked_for_and_are_kept(own: Own, file: str) -> None:
    with own.app.app_context():
        send()
    own.close()
    full = own.rows()
    refused = own.flask("restore", file)
    assert (refused.exit_code, f"holds {FEW + 1} referrals" in refused.output) == (1, True)
    assert own.rows() == full
    done = own.flask("restore", "--replace", file)
    assert done.exit_code == 0, done.output
    assert len(own.rows()["referrals"]) == FEW
    kept = done.output.strip().rpartition(" is kept as ")[2].rstrip(".")
    assert count_kept(own, kept) == FEW + 1


def count_kept(own: Own, kept: str) -> int:
    if kept.startswith("the schema "):
        with own.app.app_context(), db.engine.connect() as connection:
            referrals = sa.table("referrals", schema=kept.removeprefix("the schema "))
            return int(connection.scalars(sa.select(sa.func.count()).select_from(referrals)).one())
    engine = sa.create_engine(f"sqlite:///{kept}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.scalars(sa.text("SELECT count(*) FROM referrals")).one())


def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(own: Own, file: str) -> None:
    new = own.rows()
    with own.app.app_context():
        send()
    own.close()
    old = own.rows()
    began = time.monotonic()
    whole = own.start("restore", "--replace", file)
    said = whole.communicate(timeout=120)[0]
    assert whole.returncode == 0, said
    lasts = time.monotonic() - began
    assert own.flask("restore", "--replace", file).exit_code == 0
    for killed_at in KILLED_AT:
        part = own.start("restore", "--replace", file)
        time.sleep(lasts * killed_at)
        end(part)
        found = own.rows()
        assert found["referrals"] in (old["referrals"], new["referrals"])
        assert found["events"] in (old["events"], new["events"])
        assert found["drafts"] == new["drafts"]
    done = own.flask("restore", "--replace", file)
    assert done.exit_code == 0, done.output
    assert own.rows()["referrals"] == new["referrals"]
    assert left_behind(own) == []


def left_behind(own: Own) -> list[str]:
    with own.app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            names = sa.inspect(connection).get_schema_names()
            return [name for name in names if name == aside_schema.NAME]
    return [path.name for path in own.settings.instance_path.iterdir() if path.name.startswith(".")]


def test_a_portal_that_runs_is_left_alone(own: Own, file: str) -> None:
    before = own.rows()
    elsewhere = sa.create_engine(own.settings.database_url)
    with elsewhere.connect() as connection:
        connection.execute(sa.text("SELECT 1 FROM referrals")).all()
        connection.rollback()
        refused = own.flask("restore", "--replace", file)
    elsewhere.dispose()
    assert (refused.exit_code, "Stop " in refused.output) == (1, True)
    assert own.rows() == before


def test_a_portal_that_starts_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "portal.sqlite3"
    elsewhere = sa.create_engine(f"sqlite:///{path}")
    with aside_file.beside(path, "before") as file:
        with elsewhere.begin() as connection:
            connection.execute(sa.text("CREATE TABLE written (meanwhile TEXT)"))
        with pytest.raises(aside_file.InUse):
            file.swap()
    with elsewhere.connect() as connection:
        assert sa.inspect(connection).has_table("written")
    elsewhere.dispose()
    assert sorted(name.name for name in tmp_path.iterdir()) == ["portal.sqlite3"]


def test_two_restores_at_once_are_one_and_a_sentence(own: Own, file: str) -> None:
    own.lose()
    parts = [own.start("restore", "--replace", file) for _ in range(2)]
    said = [part.communicate(timeout=120)[0] for part in parts]
    assert 0 in {part.returncode for part in parts}, said
    for part, words in zip(parts, said, strict=True):
        assert part.returncode == 0 or "Another restore" in words or "Others have" in words, words
    assert len(own.rows()["referrals"]) == FEW


def test_a_database_that_cannot_be_read_is_kept_and_replaced(tmp_path: Path) -> None:
    file = str(tmp_path / "the.backup")
    with closing(own_portal(tmp_path, "sqlite")) as own:
        assert own.flask("backup", file).exit_code == 0
    database = own.settings.instance_path / "portal.sqlite3"
    database.write_bytes(b"no database at all" * 1000)
    refused = own.flask("restore", file)
    assert (refused.exit_code, "cannot be read" in refused.output) == (1, True)
    assert own.flask("restore", "--replace", file).exit_code == 0
    assert len(own.pages()) == FEW
    own.close()
    kept = next(own.settings.instance_path.glob("portal.sqlite3.before_*"))
    assert kept.read_bytes().startswith(b"no database")


def test_members_sign_in_again(own: Own, tmp_path: Path) -> None:
    with own.app.app_context():
        browser = Cast(own.app).browser("birch")
        assert browser.get("/staff/queue").status_code == 200
    own.close()
    file = str(tmp_path / "the.backup")
    own.flask("backup", file)
    own.close()
    assert own.flask("restore", "--replace", file).exit_code == 0
    assert browser.get("/staff/queue").status_code == 302


def test_the_trail_stands_after_a_restore_and_its_heads_begin_anew(own: Own, tmp_path: Path) -> None:
    file = str(tmp_path / "the.backup")
    seal(own)
    assert own.flask("backup", file).exit_code == 0
    seal(own)
    assert own.flask("audit", "verify").exit_code == 0
    own.close()
    done = own.flask("restore", "--replace", file)
    assert (done.exit_code, "troubles" in done.output) == (0, False), done.output
    seal(own)
    verified = own.flask("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert len(list(own.settings.audit_head_path.parent.glob("*.audit-heads.before_*"))) == 1


def test_a_trail_that_was_broken_before_the_backup_is_said_and_restored(own: Own, tmp_path: Path) -> None:
    file = str(tmp_path / "the.backup")
    seal(own)
    with own.app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE audit_seals SET entry_id = 999 WHERE number = 2"))
    assert own.flask("backup", file).exit_code == 0
    own.close()
    done = own.flask("restore", "--replace", file)
    assert (done.exit_code, "troubles: `flask audit verify` names them" in done.output) == (0, True), (
        done.output
    )


def seal(own: Own) -> None:
    """Seal the trail as the worker does."""
    with own.app.app_context():
        Sealer(own.settings.audit_head_path).turn()
    own.close()
