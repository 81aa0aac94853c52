"""Entries over six years old may go; what is left still verifies, and nobody else can make entries go unseen."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import audit_retention
from portal.actions.trail import note
from portal.domain.audit import KEPT_FOR, Act
from portal.domain.orders import Actor, ActorKind
from portal.ledger.trail import About
from tests import trail
from tests.build import NOW
from tests.trail import thief, troubles

JOB = Actor(ActorKind.SYSTEM, "retention")
SEVEN_YEARS = timedelta(days=7 * 366)
LONG_AGO = NOW - SEVEN_YEARS


@pytest.fixture
def path(app: Flask, tmp_path: Path) -> Path:
    """Five entries of seven years ago and three of today, all sealed at their time."""
    for count, at in ((5, LONG_AGO), (3, NOW)):
        trail.write(count, at=at)
        trail.seal(tmp_path / "heads", at=at)
    return tmp_path / "heads"


def remove(before: datetime = NOW - KEPT_FOR) -> int:
    return audit_retention.remove(before, actor=JOB, now=NOW)


def test_what_is_over_six_years_old_goes_and_the_rest_verifies(path: Path) -> None:
    assert remove() == 5
    assert [entry.at for entry in trail.entries()] == [NOW] * 4
    assert troubles(path) == []
    trail.seal(path)
    assert len(trail.sealed()) == 9
    assert troubles(path) == []


def test_that_it_went_is_written_down_once(path: Path) -> None:
    remove()
    assert remove() == 0
    last = trail.entries()[-1]
    assert (last.act, last.actor) == (Act.REMOVED, "system:retention")
    assert last.facts == {"what": "audit", "count": 5, "through": 5}


def test_nothing_younger_goes_whatever_is_asked_for(path: Path) -> None:
    assert remove(NOW + timedelta(days=1)) == 5


def test_a_young_entry_keeps_all_that_were_sealed_after_it(path: Path) -> None:
    trail.write(2, at=LONG_AGO)
    trail.seal(path)
    assert remove() == 5
    assert len(trail.entries()) == 6


def test_an_entry_that_is_not_sealed_stays(app: Flask) -> None:
    trail.write(2, at=LONG_AGO)
    assert remove() == 0
    assert len(trail.entries()) == 2


def test_a_second_removal_goes_on_from_the_first(path: Path) -> None:
    remove()
    trail.seal(path)
    # The database asks its own clock, and would refuse today what is young today.
    say_removed(9, at=NOW + SEVEN_YEARS)
    take_away(9)
    trail.seal(path, at=NOW + SEVEN_YEARS)
    assert troubles(path) == []


def say_removed(through: int, *, at: datetime) -> None:
    note(Act.REMOVED, actor=JOB, now=at, about=About(facts={"what": "audit", "through": through}))


def take_away(through: int) -> None:
    gone = "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE number <= :number)"
    with thief() as connection:
        connection.execute(sa.text(gone), {"number": through})


def test_a_trail_that_is_old_as_a_whole_goes_and_the_next_number_is_new(app: Flask, tmp_path: Path) -> None:
    trail.write(3, at=LONG_AGO)
    trail.seal(tmp_path / "heads", at=LONG_AGO)
    assert remove() == 3
    trail.seal(tmp_path / "heads")
    assert troubles(tmp_path / "heads") == []


@pytest.mark.parametrize("through", [3, 5, 7])
def test_entries_taken_away_by_another_are_found(path: Path, through: int) -> None:
    take_away(through)
    (found,) = troubles(path)
    assert found.startswith(f"up to number {through} ")


def test_a_forged_word_of_removal_does_not_cover_what_is_young(path: Path) -> None:
    take_away(7)
    say_removed(7, at=NOW)
    trail.seal(path)
    (found,) = troubles(path)
    assert found.startswith("up to number 7 ")
