"""A referral is filed once, placed, written down and owed to people, all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import vault
from portal.actions import referrals
from portal.db import db
from portal.domain import answers
from portal.domain.drafts import Draft, DraftKey
from portal.domain.errors import NotFound, Replayed, Unfit
from portal.domain.lifecycle import Move, Status
from portal.domain.notices import Audience, NoticeState
from portal.domain.orders import Actor, ActorKind, Ground, Submission
from portal.domain.routing import RULE_VERSION, Choice
from portal.domain.vocabulary import Condition, Tier
from portal.doors.world import world
from portal.models import Event, Notice, PlacementRow, Referral, StatusKey
from portal.queries import directory
from portal.queries import referrals as asked
from tests.build import FAIRBANKS_PLACE, NOW, new_referral, send, stored
from tests.cast import ANCHORAGE, FAIRBANKS

NOWHERE = Draft(
    id=404,
    key=DraftKey("nowhere", "nothing"),
    typed={},
    safety=(),
    reference=None,
    saved_at=NOW,
    expires_at=NOW,
)


def clinic_of(reference: str) -> str | None:
    clinic_id = stored(reference).clinic_id
    return asked.get_clinic_slug(db.session(), clinic_id) if clinic_id else None


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_referral_is_placed_written_down_and_owed(app: Flask) -> None:
    receipt = send()
    referral = stored(receipt.reference)
    assert (referral.status, referral.version, referral.received_at) == (Status.RECEIVED, 1, NOW)
    assert clinic_of(receipt.reference) == FAIRBANKS
    assert answers.read(referral.answers) == new_referral()
    event = asked.events(db.session(), referral.id)[0]
    assert (event.move, event.from_status, event.actor) == (Move.SUBMIT, None, "referrer:form")
    assert event.rule_version == RULE_VERSION
    owed = db.session.execute(sa.select(Notice.audience, Notice.state)).all()
    assert sorted(tuple(row) for row in owed) == [
        (Audience.PATIENT, NoticeState.TO_CALL),
        (Audience.REFERRER, NoticeState.WAITING),
    ]


def test_the_decision_keeps_every_candidate_with_its_reason(app: Flask) -> None:
    placement = asked.get_placement(db.session(), stored(send().reference).id)
    assert [candidate["slug"] for candidate in placement.candidates][:2] == [FAIRBANKS, ANCHORAGE]
    assert placement.candidates[-1]["reasons"][0] == "not_accepting"
    assert placement.place["key"] == "99701"
    assert placement.candidates[0]["distance_km"] < placement.candidates[1]["distance_km"]


def test_the_status_link_opens_until_its_days_are_over(app: Flask) -> None:
    receipt = send()
    digest = vault.digest(receipt.status_key)
    days = timedelta(days=world().settings.status_link_days)
    assert asked.find_status_key(db.session(), digest, NOW) is not None
    assert asked.find_status_key(db.session(), digest, NOW + days) is None
    assert db.session.scalar(sa.select(StatusKey.digest)) == digest != receipt.status_key


def test_the_same_key_files_once_and_gives_the_same_receipt(app: Flask) -> None:
    first, second = send(key="again"), send(key="again")
    assert (first.again, second) == (False, replace(first, again=True))
    assert (count(Referral), count(Event), count(PlacementRow), count(Notice)) == (1, 1, 1, 2)


def test_the_same_key_with_other_answers_is_told_so(app: Flask) -> None:
    def submit(body: str) -> None:
        referrals.submit(
            new_referral(),
            submission=Submission(key_digest="k", body_digest=body, actor=Actor(ActorKind.API, 1)),
            ground=Ground(place=None, offers=()),
            keys=world().keys,
            now=NOW,
        )

    submit("one")
    with pytest.raises(Replayed):
        submit("two")
    assert count(Referral) == 1


def test_without_a_suitable_clinic_the_intake_queue_owns_it(app: Flask) -> None:
    reference = send(new_referral(condition=Condition.OCD)).reference
    assert clinic_of(reference) is None
    assert stored(reference).first_look_due_at > NOW


def test_a_place_that_nobody_knows_goes_to_the_intake_queue(app: Flask) -> None:
    assert clinic_of(send(place=None).reference) is None


def test_the_referrer_may_choose_the_farther_clinic(app: Flask) -> None:
    reference = send(new_referral(clinic=ANCHORAGE)).reference
    assert clinic_of(reference) == ANCHORAGE
    assert asked.get_placement(db.session(), stored(reference).id).choice is Choice.REFERRER


@pytest.mark.parametrize("clinic", ["daydream-md-san-diego", "no-such-clinic"])
def test_a_choice_that_does_not_suit_is_never_overruled_in_silence(app: Flask, clinic: str) -> None:
    with pytest.raises(Unfit, match="clinic"):
        send(new_referral(clinic=clinic))
    assert count(Referral) == 0


def test_the_requested_priority_sets_the_first_due_time(app: Flask) -> None:
    due = {tier: stored(send(new_referral(priority=tier)).reference).first_look_due_at for tier in Tier}
    assert due[Tier.URGENT] < due[Tier.SOON] < due[Tier.ROUTINE]


def test_nothing_is_half_written_when_the_last_write_fails(app: Flask) -> None:
    directory.current(db.session()).offers(FAIRBANKS_PLACE)
    with pytest.raises(NotFound):
        referrals.submit(
            new_referral(),
            submission=Submission(
                key_digest="k",
                body_digest="b",
                actor=Actor(ActorKind.REFERRER, "form"),
                draft=NOWHERE,
            ),
            ground=Ground(place=None, offers=()),
            keys=world().keys,
            now=NOW,
        )
    assert (count(Referral), count(Event), count(Notice), count(StatusKey)) == (0, 0, 0, 0)


def test_eight_sends_at_the_same_moment_make_one(app: Flask) -> None:
    barrier = Barrier(8)

    def one(_number: int) -> str:
        with app.app_context():
            barrier.wait()
            return send(key="double click").reference

    with ThreadPoolExecutor(8) as people:
        references = set(people.map(one, range(8)))
    db.session.rollback()
    assert (len(references), count(Referral), count(Notice)) == (1, 1, 2)


def test_a_reference_drawn_twice_is_drawn_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referrals, "_CHANCE", Random(7))
    first = send().reference
    monkeypatch.setattr(referrals, "_CHANCE", Random(7))
    assert send().reference != first
    assert count(Referral) == 2
