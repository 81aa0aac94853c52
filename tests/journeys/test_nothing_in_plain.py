"""A portal with 200 referrals: its folder, logs, mails and backup hold nothing of a patient in plain, and no key."""

import json
import time
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from portal.actions import drafts
from portal.app import create_app
from portal.config import Settings
from portal.db import Base, db, ring
from portal.domain.lifecycle import Move
from portal.domain.safety import Said
from portal.doors.world import now
from tests.build import ALARM, SAFE, move
from tests.cast import Cast
from tests.conftest import DATABASES, new_postgres_database
from tests.journeys.portal import Portal

REFERRALS = 200
WORDS = "Moose prints by the third window, and a kettle that sings"
FIRST = ("Aster", "Birch", "Cedar", "Dahlia", "Ember", "Fern", "Hazel", "Juniper")
LAST = ("Sampleton", "Testerly", "Mockingham", "Placebo", "Specimen")


def patient(number: int) -> dict[str, str]:
    born = date(1950, 1, 2) + timedelta(days=97 * number)
    return {
        "name": f"{FIRST[number % 8]} {LAST[number % 5]}-{number // 40 + 2}",
        "date_of_birth": born.isoformat(),
        "phone": f"907-555-01{number % 100:02}",
        "place": f"{4000 + number} Example Spruce Street, Fairbanks, AK 99701",
    }


def body(number: int) -> str:
    return json.dumps(
        {
            "patient": patient(number),
            "referrer": {
                "name": f"Birch Letterly-{number}, MD",
                "practice": f"Example Practice of Lantern Hill {number}",
                "email": f"practice{number}@example.com",
            },
            "condition": "trd",
            "reason": f"{WORDS} {number}",
            "priority": "routine",
            "consent": True,
            "safety": {name.partition(".")[2]: said for name, said in SAFE.items()},
        }
    )


def planted() -> Iterator[str]:
    """What may stand nowhere, as it was typed and as it is kept."""
    yield from ("Moose prints", "kettle that sings", "Letterly-", "Lantern Hill", "Example Spruce Street")
    for number in range(REFERRALS):
        who = patient(number)
        born = date.fromisoformat(who["date_of_birth"])
        yield from (who["name"], who["date_of_birth"], who["phone"], f"{born:%B} {born.day}, {born.year}")
        yield "+1" + who["phone"].replace("-", "")


def forms(text: str) -> set[bytes]:
    """A text in the forms in which it could lie about."""
    plain = text.encode()
    return {plain, plain.lower(), text.encode("utf-16-le"), quote(text).encode(), b64encode(plain)[:-4]}


def found(where: dict[str, bytes], texts: Iterator[str]) -> list[str]:
    wanted = {form: text for text in texts for form in forms(text) if len(form) > 7}
    return [
        f"{text!r} in {name}"
        for name, content in where.items()
        for form, text in wanted.items()
        if form in content
    ]


def send_all(portal: Portal) -> None:
    key = portal.flask("api-keys", "create", "Example system").strip()
    with closing(HTTPConnection("127.0.0.1", portal.port, timeout=30)) as connection:
        for number in range(REFERRALS):
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"n{number}"}
            connection.request(
                "POST", "/api/v1/referrals", body(number), headers | {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 201, said


def work(portal: Portal) -> list[bytes]:
    """Let a nurse ask and a practice begin a form; return the content keys."""
    app = create_app(
        Settings(
            _env_file=None,
            instance_path=portal.folder,
            database_url=portal.database_url,
            secret_key=portal.environment["SECRET_KEY"],
            public_url=portal.url,
        )
    )
    with app.app_context():
        reference = db.session.scalars(sa.text("SELECT reference FROM referrals LIMIT 1")).one()
        birch = Cast(app).actor("birch")
        move(reference, Move.CLAIM, birch, now=now())
        move(reference, Move.ASK, birch, now=now(), words=WORDS, code="IN01")
        answer = Said(at=now(), answers=SAFE, reason=WORDS)
        drafts.start(
            answer, typed={"patient.name": patient(0)["name"]}, keep_for=timedelta(days=30), alarm=ALARM
        )
        ring().check()
        held = [value for value in vars(ring()).values() if isinstance(value, dict)]
        db.session.remove()
        db.engine.dispose()
    return [key for each in held for key in each.values() if isinstance(key, bytes)]


def rows(url: str) -> bytes:
    """All that a database gives to one who may read it."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        texts = [
            connection.execute(sa.text(f"SELECT * FROM {table.name}")).all()  # noqa: S608
            for table in Base.metadata.sorted_tables
            if table.name != "clinics"
        ]
    engine.dispose()
    return repr(texts).encode()


def files(*folders: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "assets" not in path.parts
    }


@pytest.mark.parametrize("kind", DATABASES)
def test_a_copy_of_everything_but_the_key_tells_nothing(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}" if kind == "sqlite" else new_postgres_database()
    portal = Portal(folder=folder, database_url=url)
    portal.start()
    try:
        send_all(portal)
        content_keys = work(portal)
        deadline = time.monotonic() + 60
        while len(list((folder / "mail").glob("*.eml"))) < REFERRALS and time.monotonic() < deadline:
            time.sleep(0.2)
        portal.flask("backup", str(folder / "portal.backup"))
        # While it runs, what was written last stands in the database's log.
        running = files(folder)
    finally:
        portal.stop()
    where = running | {f"{name} (stopped)": content for name, content in files(folder).items()}
    where["the rows"] = rows(url)
    assert sum(name.endswith(".eml") for name in running) >= REFERRALS
    assert any(name.endswith("portal.log") for name in running)
    assert found(where, planted()) == []
    line = folder.with_name("instance.keys").read_text().splitlines()[-1].partition(":")[2]
    secrets = [line.encode(), urlsafe_b64decode(line), *content_keys]
    assert len(secrets) >= 4
    for name, content in where.items():
        for secret in secrets:
            assert secret not in content, name
            assert b64encode(secret) not in content, name
