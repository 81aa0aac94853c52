"""The trail is sealed in order, by one worker or several, and whatever a thief does to it is found and named."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from portal.actions import seals
from portal.db import db
from portal.domain.lifecycle import Move
from portal.models import AuditEntry, Event
from tests import trail
from tests.build import NOW, move, send
from tests.cast import Cast
from tests.trail import thief, troubles

LATER = NOW + timedelta(seconds=61)


@pytest.fixture
def path(app: Flask, tmp_path: Path) -> Path:
    """A file of heads, and ten sealed entries."""
    trail.write(10)
    trail.seal(tmp_path / "heads")
    return tmp_path / "heads"


def ids() -> list[int]:
    return [entry.id for entry in trail.entries()]


def test_every_entry_is_sealed_once_in_order(path: Path) -> None:
    trail.write(3)
    trail.seal(path)
    found = trail.sealed()
    assert [seal.number for seal in found] == list(range(1, 14))
    assert [seal.entry_id for seal in found] == ids()
    assert troubles(path) == []


def test_sealing_again_changes_nothing(path: Path) -> None:
    before = [(seal.number, seal.digest) for seal in trail.sealed()]
    head = seals.seal(now=LATER)
    assert [(seal.number, seal.digest) for seal in trail.sealed()] == before
    assert head is not None
    assert (head.number, head.digest, head.at) == (*before[-1], NOW)


def test_an_empty_trail_has_no_head(app: Flask) -> None:
    assert seals.seal(now=NOW) is None


def test_many_are_sealed_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 4)
    trail.write(10)
    assert [getattr(seals.seal(now=NOW), "number", 0) for _ in range(4)] == [4, 8, 10, 10]


def test_workers_that_seal_at_once_make_one_chain(app: Flask, tmp_path: Path) -> None:
    trail.write(40)
    start = Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait(timeout=60)
            seals.seal(now=NOW)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [seal.entry_id for seal in trail.sealed()] == ids()
    trail.seal(tmp_path / "heads")
    assert troubles(tmp_path / "heads") == []


def test_an_entry_that_comes_to_be_seen_late_is_sealed_behind(path: Path) -> None:
    trail.write(3)
    late = ids()[-2]
    with thief() as connection:
        # As PostgreSQL shows it while the transaction of that entry is still open.
        row = connection.execute(sa.select(AuditEntry.__table__).where(AuditEntry.id == late)).one()
        connection.execute(sa.delete(AuditEntry).where(AuditEntry.id == late))
    trail.seal(path)
    with thief() as connection:
        connection.execute(sa.insert(AuditEntry).values(**row._mapping))
    assert seals.seal(now=NOW)
    assert [seal.entry_id for seal in trail.sealed()][-2:] == [late + 1, late]
    assert troubles(path) == []


def test_the_database_refuses_to_change_or_lose_an_entry(path: Path) -> None:
    for statement in (sa.update(AuditEntry).values(actor="member:9"), sa.delete(AuditEntry)):
        with pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
            connection.execute(statement)


SEVENTH = "WHERE id = (SELECT entry_id FROM audit_seals WHERE number = 7)"
CRIMES = {
    "another actor": "UPDATE audit_entries SET actor = 'member:2'",
    "another act": "UPDATE audit_entries SET act = 'lookee'",
    "another moment": "UPDATE audit_entries SET at = '2026-11-23 20:00:01'",
    "another address": "UPDATE audit_entries SET address = '192.0.2.8'",
    "another request": "UPDATE audit_entries SET request_id = 'abd'",
    "other facts": """UPDATE audit_entries SET facts = '{"number": 7}'""",
    "a member": "UPDATE audit_entries SET member_id = 1",
    "a clinic": "UPDATE audit_entries SET clinic_id = 1",
    "a removed entry": "DELETE FROM audit_entries",
}


@pytest.mark.parametrize("crime", CRIMES)
def test_whatever_is_changed_is_found_at_its_place(path: Path, crime: str) -> None:
    with thief() as connection:
        connection.execute(sa.text(f"{CRIMES[crime]} {SEVENTH}"))
    (found,) = troubles(path)
    assert found.startswith(f"number 7 (entry {trail.sealed()[6].entry_id}):")


def test_another_time_of_sealing_is_found(path: Path) -> None:
    with thief() as connection:
        connection.execute(
            sa.text("UPDATE audit_seals SET sealed_at = '2026-11-23 20:00:01' WHERE number = 7")
        )
    assert [found.partition(" (")[0] for found in troubles(path)] == ["number 7"]


def test_a_forged_seal_is_found_and_those_behind_it_still_hold(path: Path) -> None:
    with thief() as connection:
        connection.execute(sa.text("UPDATE audit_seals SET digest = :d WHERE number = 7"), {"d": bytes(32)})
    assert [found.partition(" (")[0] for found in troubles(path)] == ["number 7"]


def swap(connection: sa.Connection, table: str, column: str, low: int, high: int) -> None:
    for old, new in ((low, 0), (high, low), (0, high)):
        connection.execute(
            sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old"),  # noqa: S608
            {"old": old, "new": new},
        )


@pytest.mark.parametrize(("table", "column"), [("audit_entries", "id"), ("audit_seals", "entry_id")])
def test_entries_in_another_order_are_found(path: Path, table: str, column: str) -> None:
    third, fourth = (seal.entry_id for seal in trail.sealed()[2:4])
    with thief() as connection:
        swap(connection, table, column, third, fourth)
    assert [found.partition(" (")[0] for found in troubles(path)] == ["number 3", "number 4"]


def cut_all(connection: sa.Connection) -> None:
    connection.execute(
        sa.text("DELETE FROM audit_entries WHERE id > (SELECT min(id) + 6 FROM audit_entries)")
    )
    connection.execute(sa.text("DELETE FROM audit_seals WHERE number > 7"))


def cut_and_write_anew(connection: sa.Connection) -> None:
    cut_all(connection)
    connection.execute(
        sa.text(
            "INSERT INTO audit_seals SELECT 10, 9999, digest, sealed_at FROM audit_seals WHERE number = 7"
        )
    )


@pytest.mark.parametrize(
    ("crime", "said"),
    [
        (cut_all, ["after number 7: the end is cut off: the head kept outside the database is number 10"]),
        (
            cut_and_write_anew,
            [
                "after number 7: the seals up to 9 are gone",
                "number 10 (entry 9999): the head kept outside the database has another digest or time",
                "number 10 (entry 9999): the entry is gone",
            ],
        ),
    ],
)
def test_a_cut_off_end_is_found(path: Path, crime: Callable[[sa.Connection], None], said: list[str]) -> None:
    with thief() as connection:
        crime(connection)
    assert troubles(path) == said


def test_without_a_head_outside_it_is_said_that_a_cut_could_not_be_seen(path: Path, tmp_path: Path) -> None:
    assert troubles(tmp_path / "none") == [
        "the end: no head is kept outside the database, so a cut could not be seen"
    ]


def test_an_entry_that_nobody_seals_is_found_after_a_minute(path: Path) -> None:
    trail.write()
    assert troubles(path, at=NOW + timedelta(seconds=59)) == []
    assert troubles(path, at=LATER) == [f"entry {ids()[-1]}: it has been unsealed for more than a minute"]


EVENTS = {
    "UPDATE events SET actor = 'member:9' WHERE number = 2": "was changed",
    "UPDATE events SET move = 'release' WHERE number = 2": "was changed",
    "UPDATE events SET at = '2026-11-23 20:00:01' WHERE number = 2": "was changed",
    "UPDATE events SET sealed_words = (SELECT sealed_words FROM events WHERE number = 1) WHERE number = 2": "was changed",
    "DELETE FROM events WHERE number = 2": "is gone",
}


@pytest.mark.parametrize("crime", EVENTS)
def test_an_event_that_no_longer_fits_its_entry_is_found(path: Path, cast: Cast, crime: str) -> None:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    trail.seal(path)
    assert troubles(path) == []
    with thief() as connection:
        connection.execute(sa.text(crime))
    # A referral that names an event that is gone is named too.
    found, *_ = troubles(path)
    assert found.startswith("number 12 ")
    assert found.endswith(EVENTS[crime])


def test_words_that_are_sealed_anew_are_still_those_of_the_entry(path: Path, cast: Cast) -> None:
    reference = send().reference
    dahlia = cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    move(reference, Move.DECLINE, dahlia, code="DC01", words="Seen elsewhere.")
    trail.seal(path)
    with db.engine.connect() as connection, sa.orm.Session(connection) as session, session.begin():
        event = session.scalars(sa.select(Event).where(Event.number == 3)).one()
        before = event.sealed_words
        event.words = event.words
        assert event.sealed_words != before
    assert troubles(path) == []
