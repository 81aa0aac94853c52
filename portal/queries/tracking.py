"""One referral as those who follow it see it: where it stands, why it is there, what happened; no patient's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import answers, reading
from portal.domain.amending import Change
from portal.domain.intake import Referrer
from portal.domain.lifecycle import Facts, Move
from portal.domain.orders import ActorKind
from portal.domain.routing import Candidate, Placement, Reason
from portal.domain.vocabulary import Tier
from portal.models import Clinic, Referral
from portal.queries import amendments, files, referrals
from portal.queries.files import Kept
from portal.queries.referrals import INTAKE_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One event as people read it: who did what, and between which clinics."""

    number: int
    event_id: int
    at: datetime
    by: ActorKind
    by_id: str
    move: Move
    from_clinic: str
    to_clinic: str
    code: str | None
    words: str | None
    """Both None for a reader who may not read them."""
    changed: tuple[Change, ...] = ()
    """The answers that it changed; none for a reader who may not read them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Why a referral is where it is. `place` is where the patient will be as it was understood, None when unknown."""

    placement: Placement
    place: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A referral with no more of its patient than tells it from another one on paper."""

    id: int
    reference: str
    version: int
    facts: Facts
    tier: Tier
    received_at: datetime
    clinic_id: int | None
    clinic: str | None
    """Slug; None is the network's intake queue."""
    clinic_name: str
    referrer: Referrer
    patient_initials: str
    birth_year: int
    decision: Decision
    happenings: tuple[Happening, ...]
    """Oldest first."""
    files: tuple[Kept, ...]


def get_followed(session: Session, reference: str) -> Followed:
    """Return a referral as its referrer follows it; raise NotFound."""
    referral = referrals.get(session, reference)
    decision = get_decision(session, referral)
    clinic = session.get(Clinic, referral.clinic_id) if referral.clinic_id else None
    new = answers.read(referral.answers)
    return Followed(
        id=referral.id,
        reference=referral.reference,
        version=referral.version,
        facts=referral.facts,
        tier=referral.tier,
        received_at=referral.received_at,
        clinic_id=referral.clinic_id,
        clinic=clinic.slug if clinic else None,
        clinic_name=clinic.name if clinic else INTAKE_NAME,
        referrer=new.referrer,
        patient_initials=reading.initials(new.patient.name),
        birth_year=new.patient.date_of_birth.year,
        decision=decision,
        happenings=happenings(session, referral.id),
        files=files.of_referral(session, referral.id),
    )


def is_born(session: Session, followed: Followed, born: date) -> bool:
    """Tell whether a referral's patient was born on a day."""
    kept = referrals.get(session, followed.reference).answers
    return answers.read(kept).patient.date_of_birth == born


def get_decision(session: Session, referral: Referral) -> Decision:
    """Return the routing decision that holds, as the value it was before it was kept."""
    row = referrals.get_placement(session, referral.id)
    return Decision(
        placement=Placement(
            candidates=tuple(_candidate(kept) for kept in row.candidates),
            chosen=referrals.get_clinic_slug(session, row.clinic_id) if row.clinic_id else None,
            choice=row.choice,
            rule_version=row.rule_version,
        ),
        place=row.place.get("label"),
    )


def _candidate(kept: Mapping[str, Any]) -> Candidate:
    return Candidate(**{**kept, "reasons": tuple(Reason(reason) for reason in kept["reasons"])})


def happenings(session: Session, referral_id: int, *, with_words: bool = True) -> tuple[Happening, ...]:
    """Return what happened to a referral, oldest first, with the clinics by name, and with what was said if asked."""
    events = referrals.events(session, referral_id)
    amended = with_words and any(event.move is Move.ADD for event in events)
    changed = amendments.of(session, referral_id) if amended else {}
    named = _clinic_names(
        session, {event.from_clinic_id for event in events} | {event.to_clinic_id for event in events}
    )
    return tuple(
        Happening(
            number=event.number,
            event_id=event.id,
            at=event.at,
            by=ActorKind(event.actor.partition(":")[0]),
            by_id=event.actor.partition(":")[2],
            move=event.move,
            from_clinic=named.get(event.from_clinic_id, INTAKE_NAME),
            to_clinic=named.get(event.to_clinic_id, INTAKE_NAME),
            code=event.code if with_words else None,
            words=event.words if with_words else None,
            changed=changed.get(event.number, ()),
        )
        for event in events
    )


def _clinic_names(session: Session, clinic_ids: set[int | None]) -> dict[int | None, str]:
    known = [clinic_id for clinic_id in clinic_ids if clinic_id is not None]
    return {
        row.id: row.name
        for row in session.execute(sa.select(Clinic.id, Clinic.name).where(Clinic.id.in_(known)))
    }
