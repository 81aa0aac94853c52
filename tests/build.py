"""Plain builders with honest defaults: name what the test is about, leave out the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from portal import vault
from portal.actions import moves, referrals
from portal.db import db
from portal.domain.drafts import Draft
from portal.domain.intake import NewReferral, Patient, Referrer
from portal.domain.letters import Site
from portal.domain.lifecycle import Move
from portal.domain.orders import Actor, ActorKind, Ground, Order, Receipt, Submission
from portal.domain.places import Place, Precision
from portal.domain.safety import Said
from portal.domain.stops import Alarm
from portal.domain.vocabulary import Condition, Tier
from portal.doors.world import world
from portal.models import Referral
from portal.queries import directory
from portal.queries import referrals as asked

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
"""Monday 23 November 2026, 11 in the morning in Alaska."""

FAIRBANKS_PLACE = Place(
    label="Fairbanks, Alaska 99701",
    lat=64.8378,
    lon=-147.7164,
    precision=Precision.ZIP,
    source="test",
    key="99701",
    kind="ZIP code area",
    zip="99701",
    state="AK",
)
ANCHORAGE_PLACE = replace(
    FAIRBANKS_PLACE, label="Anchorage, Alaska 99503", lat=61.19, lon=-149.89, key="99503", zip="99503"
)

TYPED = {
    "patient.name": "Cedar Sampleton",
    "patient.date_of_birth": "3 27 1985",
    "patient.phone": "907-555-0142",
    "patient.place": "99701",
    "condition": "trd",
    "reason": "Two adequate trials without lasting response. Asks for an opinion on infusion.",
    "priority": "routine",
    "referrer.name": "Aster Mockingham, MD",
    "referrer.practice": "Example Family Practice, Fairbanks",
    "referrer.email": "referrals@example.com",
    "consent": "yes",
}
"""The answers as a secretary types them, by dotted name."""

SAFE = {
    "safety.immediate_danger": "no",
    "safety.wish_to_be_dead": "no",
    "safety.thoughts": "no",
    "safety.attempt": "no",
}
"""The safety answers of a patient who is in no danger."""
SITE = Site(name="The portal", url="https://portal.example.com")
ALARM = Alarm(site=SITE)


def new_referral(
    *,
    name: str = "Cedar Sampleton",
    condition: Condition = Condition.TRD,
    priority: Tier = Tier.ROUTINE,
    clinic: str | None = None,
    born: date = date(1985, 3, 27),
) -> NewReferral:
    return NewReferral(
        patient=Patient(name=name, date_of_birth=born, phone="+19075550142", place="99701"),
        referrer=Referrer(
            name="Aster Mockingham, MD",
            practice="Example Family Practice, Fairbanks",
            email="referrals@example.com",
        ),
        condition=condition,
        reason="Two adequate trials without lasting response.",
        priority=priority,
        clinic=clinic,
        safety=(Said(at=NOW, answers=SAFE),),
    )


def send(
    new: NewReferral | None = None,
    *,
    place: Place | None = FAIRBANKS_PLACE,
    key: str | None = None,
    draft: Draft | None = None,
    now: datetime = NOW,
) -> Receipt:
    """File a referral (for Fairbanks unless said otherwise) and return its receipt."""
    offers = directory.current(db.session()).offers(place)
    digest = vault.digest(key or uuid4().hex)
    return referrals.submit(
        new or new_referral(),
        submission=Submission(
            key_digest=digest,
            body_digest=digest,
            actor=Actor(ActorKind.REFERRER, "form"),
            draft=draft,
        ),
        ground=Ground(place=place, offers=offers),
        keys=world().keys,
        now=now,
    )


def stored(reference: str) -> Referral:
    """The referral as it is in the database now."""
    db.session.rollback()
    db.session.expire_all()
    found = asked.find(db.session(), reference)
    assert found is not None
    return found


def move(reference: str, verb: Move, actor: Actor, *, now: datetime = NOW, **asks: Any) -> int:
    """Make a move on the version that is there now."""
    order = Order(reference=reference, move=verb, version=stored(reference).version, **asks)
    place = FAIRBANKS_PLACE if verb is Move.TRANSFER else None
    ground = Ground(place=place, offers=directory.current(db.session()).offers(place)) if place else None
    return moves.make(order, actor=actor, now=now, ground=ground)


def spoilt(sealed: bytes) -> bytes:
    """The same bytes but for one bit, so that they never open."""
    return sealed[:-1] + bytes([sealed[-1] ^ 1])
