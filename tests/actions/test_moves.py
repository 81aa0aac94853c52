"""Moves: by the table, by the right people, against the version they saw, each with one event."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import moves
from portal.db import db, write
from portal.domain.errors import NotAllowed, NotFound, Refused, Stale, Unfit
from portal.domain.lifecycle import Move, Status
from portal.domain.notices import Audience
from portal.domain.orders import Actor, ActorKind, Order
from portal.domain.routing import Choice
from portal.domain.vocabulary import Condition, Tier
from portal.models import Event, Member, Notice, StatusKey
from portal.queries import referrals as asked
from tests.build import NOW, move, new_referral, send, stored
from tests.cast import ANCHORAGE, FAIRBANKS, Cast


@pytest.fixture
def reference(app: Flask) -> str:
    """A referral in Fairbanks, where Dahlia triages."""
    return send().reference


@pytest.fixture
def claimed(reference: str, cast: Cast) -> str:
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return reference


def told(reference: str, verb: Move) -> set[Audience]:
    owed = sa.select(Notice.audience).join(Event, Event.id == Notice.event_id)
    return set(db.session.scalars(owed.where(Event.referral_id == stored(reference).id, Event.move == verb)))


def test_claiming_takes_it_and_releasing_lets_it_go(reference: str, cast: Cast) -> None:
    dahlia = cast.actor("dahlia")
    assert move(reference, Move.CLAIM, dahlia) == 2
    assert (stored(reference).status, stored(reference).holder_id) == (Status.IN_TRIAGE, dahlia.id)
    move(reference, Move.RELEASE, dahlia)
    assert (stored(reference).status, stored(reference).holder_id) == (Status.RECEIVED, None)


def test_a_manager_releases_what_somebody_else_holds(app: Flask, cast: Cast) -> None:
    reference = send(new_referral(clinic=ANCHORAGE)).reference
    move(reference, Move.CLAIM, cast.actor("fern"))
    with pytest.raises(NotAllowed):
        move(reference, Move.RELEASE, cast.actor("aster"))
    move(reference, Move.RELEASE, cast.actor("cedar"))
    assert stored(reference).holder_id is None


def test_accepting_tells_the_referrer(claimed: str, cast: Cast) -> None:
    move(claimed, Move.ACCEPT, cast.actor("dahlia"), words="Fits. We call this week.")
    assert stored(claimed).status is Status.ACCEPTED
    assert told(claimed, Move.ACCEPT) == {Audience.REFERRER, Audience.PATIENT}


def test_every_move_appends_exactly_one_event(claimed: str, cast: Cast) -> None:
    move(claimed, Move.ASK, cast.actor("dahlia"), words="Which doses?", code="IN01")
    events = asked.events(db.session(), stored(claimed).id)
    assert [event.number for event in events] == [1, 2, 3]
    last = events[-1]
    assert (last.move, last.from_status, last.to_status) == (
        Move.ASK,
        Status.IN_TRIAGE,
        Status.INFO_REQUESTED,
    )
    assert (last.words, last.code, last.actor) == (
        "Which doses?",
        "IN01",
        f"member:{cast.member_id('dahlia')}",
    )


def test_declining_needs_a_code_of_ones_own_and_words(claimed: str, cast: Cast) -> None:
    with pytest.raises(Unfit) as raised:
        move(claimed, Move.DECLINE, cast.actor("dahlia"), code="DC03")
    assert set(raised.value.problems) == {"code", "words"}
    move(claimed, Move.DECLINE, cast.actor("birch"), code="DC03", words="A contraindication.")
    assert stored(claimed).status is Status.DECLINED
    assert Audience.REFERRER in told(claimed, Move.DECLINE)


def test_a_transfer_changes_the_queue_and_keeps_the_reference(claimed: str, cast: Cast) -> None:
    move(
        claimed,
        Move.TRANSFER,
        cast.actor("dahlia"),
        clinic=ANCHORAGE,
        code="RD09",
        words="Stays with family.",
    )
    referral = stored(claimed)
    assert (referral.status, referral.holder_id) == (Status.RECEIVED, None)
    assert referral.clinic_id is not None
    assert asked.get_clinic_slug(db.session(), referral.clinic_id) == ANCHORAGE
    placement = asked.get_placement(db.session(), referral.id)
    assert (placement.choice, placement.clinic_id) == (Choice.STAFF, referral.clinic_id)
    assert Audience.REFERRER in told(claimed, Move.TRANSFER)
    with pytest.raises(NotFound):
        move(claimed, Move.CLAIM, cast.actor("dahlia"))
    move(claimed, Move.CLAIM, cast.actor("fern"))


@pytest.mark.parametrize("clinic", [FAIRBANKS, "daydream-md-san-diego", "no-such-clinic", ""])
def test_a_transfer_goes_to_another_clinic_that_suits(claimed: str, cast: Cast, clinic: str) -> None:
    with pytest.raises(Unfit) as raised:
        move(claimed, Move.TRANSFER, cast.actor("dahlia"), clinic=clinic, code="RD09", words="Why not.")
    assert set(raised.value.problems) == {"clinic"}
    assert stored(claimed).version == 2


def test_a_transfer_needs_something_to_be_routed_on(claimed: str, cast: Cast) -> None:
    order = Order(reference=claimed, move=Move.TRANSFER, version=2, words="x", code="RD09", clinic=ANCHORAGE)
    with pytest.raises(Unfit):
        moves.make(order, actor=cast.actor("dahlia"), now=NOW)


def test_the_intake_queue_is_moved_on_by_the_intake_coordinator(app: Flask, cast: Cast) -> None:
    reference = send(place=None).reference
    with pytest.raises(NotFound):
        move(reference, Move.CLAIM, cast.actor("dahlia"))
    move(reference, Move.TRANSFER, cast.actor("aster"), clinic=FAIRBANKS, code="RD08", words="Lives near.")
    move(reference, Move.CLAIM, cast.actor("dahlia"))


def test_a_referral_that_suits_nobody_cannot_be_transferred_anywhere(app: Flask, cast: Cast) -> None:
    reference = send(new_referral(condition=Condition.OCD)).reference
    with pytest.raises(Unfit):
        move(reference, Move.TRANSFER, cast.actor("aster"), clinic=FAIRBANKS, code="RD08", words="x")


def test_a_member_of_another_clinic_does_not_learn_that_it_exists(reference: str, cast: Cast) -> None:
    for name in ("fern", "cedar", "ember"):
        with pytest.raises(NotFound):
            move(reference, Move.CLAIM, cast.actor(name))
    with pytest.raises(NotFound):
        moves.make(
            Order(reference="2222-2222", move=Move.CLAIM, version=1), actor=cast.actor("dahlia"), now=NOW
        )


def test_a_disabled_member_moves_nothing(reference: str, cast: Cast) -> None:
    with write() as session:
        session.get_one(Member, cast.member_id("dahlia")).active = False
    with pytest.raises(NotFound):
        move(reference, Move.CLAIM, cast.actor("dahlia"))


def test_a_role_without_the_permission_is_told_so(claimed: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        move(claimed, Move.ACCEPT, cast.actor("aster"), words="Fine.")


def test_a_move_that_the_table_does_not_have_is_refused(reference: str, cast: Cast) -> None:
    with pytest.raises(Refused, match="received"):
        move(reference, Move.ACCEPT, cast.actor("dahlia"), words="Fine.")


def test_the_second_of_two_people_is_told_and_changes_nothing(reference: str, cast: Cast) -> None:
    order = Order(reference=reference, move=Move.CLAIM, version=1)
    moves.make(order, actor=cast.actor("dahlia"), now=NOW)
    with pytest.raises(Stale) as raised:
        moves.make(order, actor=cast.actor("birch"), now=NOW)
    assert raised.value.version == stored(reference).version == 2
    assert stored(reference).holder_id == cast.member_id("dahlia")


def key_id(reference: str) -> int:
    return asked.latest_status_key(db.session(), stored(reference).id).id


def test_the_holder_of_the_link_answers_and_withdraws(claimed: str, cast: Cast) -> None:
    referrer = Actor(ActorKind.REFERRER, key_id(claimed))
    move(claimed, Move.ASK, cast.actor("dahlia"), words="Which doses?", code="IN01")
    move(claimed, Move.ANSWER, referrer, words="Sertraline 200 mg, 14 weeks.")
    assert stored(claimed).status is Status.IN_TRIAGE
    with pytest.raises(NotAllowed):
        move(claimed, Move.ACCEPT, referrer, words="Please.")
    move(claimed, Move.WITHDRAW, referrer, words="Moved away.")
    assert stored(claimed).status is Status.CANCELLED


def test_the_key_of_another_referral_opens_nothing(reference: str) -> None:
    other = send().reference
    with pytest.raises(NotFound):
        move(reference, Move.WITHDRAW, Actor(ActorKind.REFERRER, key_id(other)), words="x")


def test_a_revoked_or_ended_key_opens_nothing(reference: str) -> None:
    referrer = Actor(ActorKind.REFERRER, key_id(reference))
    with pytest.raises(NotFound):
        move(reference, Move.WITHDRAW, referrer, words="x", now=NOW + timedelta(days=400))
    with write() as session:
        session.get_one(StatusKey, referrer.id).revoked_at = NOW
    with pytest.raises(NotFound):
        move(reference, Move.WITHDRAW, referrer, words="x")


def test_only_a_clinic_accepts_and_the_intake_team_transfers(app: Flask, cast: Cast) -> None:
    reference = send(place=None).reference
    birch = cast.actor("birch")
    move(reference, Move.CLAIM, birch)
    with pytest.raises(Refused, match="Transfer it to the clinic"):
        move(reference, Move.ACCEPT, birch, words="Fits.")
    move(reference, Move.TRANSFER, birch, clinic=FAIRBANKS, code="RD08", words="Lives near.")
    move(reference, Move.CLAIM, birch)
    move(reference, Move.ACCEPT, birch, words="Fits.")


def test_a_first_look_is_noted_once_and_the_next_promise_is_due(app: Flask, cast: Cast) -> None:
    reference, dahlia = send(new_referral(priority=Tier.URGENT)).reference, cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    before = stored(reference)
    assert (before.first_looked_at, before.due_at) == (None, before.first_look_due_at)
    move(reference, Move.ASK, dahlia, words="Which doses?", code="IN01", now=NOW + timedelta(hours=1))
    move(reference, Move.ANSWER, dahlia, words="200 mg.", now=NOW + timedelta(hours=2))
    move(reference, Move.ACCEPT, dahlia, words="Fits.", now=NOW + timedelta(hours=3))
    looked = stored(reference)
    assert looked.first_looked_at == NOW + timedelta(hours=1)
    assert looked.due_at > looked.first_look_due_at


def test_without_a_promised_call_the_visit_is_due_after_the_look(claimed: str, cast: Cast) -> None:
    move(claimed, Move.ACCEPT, cast.actor("dahlia"), words="Fits.")
    assert stored(claimed).due_at.date() == (NOW + timedelta(days=29)).date()
