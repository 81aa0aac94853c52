"""Moves that say something, and those that end or keep a referral which a clinic has taken on."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.domain.errors import NotAllowed, Refused, Unfit
from portal.domain.lifecycle import Move, Status
from portal.domain.notices import Audience
from portal.domain.orders import Actor, ActorKind
from portal.models import Event, Notice
from portal.queries import referrals as asked
from tests.build import move, send, stored
from tests.cast import Cast


@pytest.fixture
def accepted(app: Flask, cast: Cast) -> str:
    """A referral that Dahlia accepted in Fairbanks."""
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    move(reference, Move.ACCEPT, cast.actor("dahlia"), words="We call this week.")
    return reference


def practice(reference: str) -> Actor:
    return Actor(ActorKind.REFERRER, asked.latest_status_key(db.session(), stored(reference).id).id)


def last(reference: str) -> tuple[Event, set[Audience]]:
    event = asked.events(db.session(), stored(reference).id)[-1]
    told = db.session.scalars(sa.select(Notice.audience).where(Notice.event_id == event.id))
    return event, set(told)


def test_whoever_holds_the_link_adds_at_any_time_while_it_is_open(accepted: str, cast: Cast) -> None:
    before = stored(accepted).holder_id
    move(accepted, Move.ADD, practice(accepted), words="A new medicine since Monday.")
    event, told = last(accepted)
    assert (event.from_status, event.to_status, told) == (Status.ACCEPTED, Status.ACCEPTED, set())
    assert event.words == "A new medicine since Monday."
    assert stored(accepted).holder_id == before


def test_a_clinic_writes_and_the_practice_is_told(accepted: str, cast: Cast) -> None:
    move(accepted, Move.WRITE, cast.actor("dahlia"), words="Bring the medicine list.")
    event, told = last(accepted)
    assert (event.to_status, told) == (Status.ACCEPTED, {Audience.REFERRER})
    with pytest.raises(NotAllowed):
        move(accepted, Move.WRITE, practice(accepted), words="Thanks.")


def test_nothing_is_added_without_a_word_or_to_what_is_closed(accepted: str, cast: Cast) -> None:
    with pytest.raises(Unfit):
        move(accepted, Move.ADD, practice(accepted), words=" ")
    move(accepted, Move.DECLINE, cast.actor("dahlia"), code="DC09", words="No way home.")
    with pytest.raises(Refused):
        move(accepted, Move.ADD, practice(accepted), words="One more thing.")


def test_a_wish_to_cancel_waits_for_the_clinic_which_confirms_it(accepted: str, cast: Cast) -> None:
    move(accepted, Move.ASK_TO_CANCEL, practice(accepted), words="She moved away.")
    assert stored(accepted).status is Status.CANCEL_REQUESTED
    assert last(accepted)[1] == set()
    with pytest.raises(NotAllowed):
        move(accepted, Move.CONFIRM_CANCEL, practice(accepted), words="Done.")
    move(accepted, Move.CONFIRM_CANCEL, cast.actor("dahlia"), words="The flight is cancelled.")
    assert stored(accepted).status is Status.CANCELLED
    assert last(accepted)[1] == {Audience.REFERRER, Audience.PATIENT}


@pytest.mark.parametrize("by_practice", [True, False])
def test_a_wish_to_cancel_that_is_taken_back_leads_to_where_it_was(
    accepted: str, cast: Cast, by_practice: bool
) -> None:
    move(accepted, Move.ASK_TO_CANCEL, cast.actor("dahlia"), words="The patient called.")
    move(accepted, Move.ADD, practice(accepted), words="That was a mistake.")
    move(accepted, Move.KEEP, practice(accepted) if by_practice else cast.actor("aster"))
    assert stored(accepted).status is Status.ACCEPTED
    assert last(accepted)[1] == {Audience.REFERRER}


def test_nothing_is_kept_that_nobody_asked_to_cancel(accepted: str, cast: Cast) -> None:
    with pytest.raises(Refused):
        move(accepted, Move.KEEP, practice(accepted))


def test_before_acceptance_it_is_withdrawn_and_not_asked(app: Flask) -> None:
    reference = send().reference
    with pytest.raises(Refused):
        move(reference, Move.ASK_TO_CANCEL, practice(reference), words="She moved away.")
