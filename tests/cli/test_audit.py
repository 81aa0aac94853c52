"""`flask audit` as an operator uses it: what is whole ends with 0, what is not is named and ends with 1."""

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.db import db
from portal.domain.audit import Act
from portal.doors.world import world
from portal.models import Referral
from tests import trail
from tests.build import send
from tests.trail import thief


@pytest.fixture
def path(app: Flask) -> Iterator[Path]:
    """The file of heads that the settings name, with five sealed entries."""
    found = world().settings.audit_head_path
    found.unlink(missing_ok=True)
    trail.write(4)
    send()
    trail.seal(found)
    yield found
    found.unlink()


def flask(app: Flask, *command: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["audit", *command])


def test_a_whole_trail_verifies(app: Flask, path: Path) -> None:
    said = flask(app, "verify")
    assert (said.exit_code, said.output) == (0, "5 sealed entries, 0 troubles.\n")


def test_every_trouble_is_named_with_its_place(app: Flask, path: Path) -> None:
    with thief() as connection:
        connection.execute(sa.text("UPDATE audit_entries SET actor = 'member:3' WHERE id = 2"))
        connection.execute(sa.text("DELETE FROM audit_entries WHERE id = 4"))
        connection.execute(sa.text("UPDATE events SET actor = 'member:3'"))
    said = flask(app, "verify")
    assert said.exit_code == 1
    assert said.output.splitlines() == [
        "number 2 (entry 2): the entry or its seal was changed, or is not in its place",
        "number 4 (entry 4): the entry is gone",
        "number 5 (entry 5): event 1 of referral 1 was changed",
        "5 sealed entries, 3 troubles.",
    ]


@pytest.mark.parametrize("change", [{"status": "accepted"}, {"clinic_id": 1}, {"version": 2}])
def test_a_referral_that_was_moved_past_the_portal_is_named(
    app: Flask, path: Path, change: dict[str, object]
) -> None:
    with thief() as connection:
        connection.execute(sa.update(Referral).values(change))
    said = flask(app, "verify")
    assert said.exit_code == 1
    assert said.output.startswith("referral 1: ")


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE audit_entries SET actor = CAST(x'6DFF' AS TEXT) WHERE id = 2",
        "UPDATE audit_entries SET at = 'yesterday' WHERE id = 2",
        "UPDATE audit_entries SET facts = '{\"number\": ' WHERE id = 2",
        "UPDATE audit_entries SET act = x'00' WHERE id = 2",
        "UPDATE audit_seals SET sealed_at = 'now' WHERE number = 2",
        "UPDATE audit_seals SET digest = 'no bytes' WHERE number = 2",
    ],
)
def test_a_flipped_byte_that_makes_nonsense_is_named_like_any_other(
    app: Flask, path: Path, crime: str
) -> None:
    if db.engine.dialect.name != "sqlite":
        # PostgreSQL takes no text that is none; there a flipped byte makes another value.
        crime = "UPDATE audit_entries SET actor = 'nembeq:1' WHERE id = 2"
    with thief() as connection:
        connection.execute(sa.text(crime.replace(": ' W", "\\: ' W")))
    said = flask(app, "verify")
    assert (said.exit_code, said.exception.__class__) == (1, SystemExit), said.output
    assert said.output.splitlines()[0].startswith("number 2 (entry 2): ")
    assert len(said.output.splitlines()) == 2


def test_an_export_holds_everything_and_is_its_owners_alone(app: Flask, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "trail.csv"
    said = flask(app, "export", str(file))
    assert said.output == f"6 entries are in {file}.\n"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["act"] for row in rows] == ["exported", "moved", "listed", "listed", "listed", "listed"]
    assert [row["number"] for row in rows] == ["", "5", "4", "3", "2", "1"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert trail.acts()[-1] is Act.EXPORTED


def test_an_export_writes_over_nothing(app: Flask, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "trail.csv"
    file.write_text("mine")
    said = flask(app, "export", str(file))
    assert (said.exit_code, file.read_text()) == (1, "mine")
    assert said.output == f"Error: {file} is there already, and is left as it is.\n"
