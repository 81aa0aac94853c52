"""Everything that a referral's page for staff shows, read at once, only for members who may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access, answers, emergency, intake, places, tiering
from portal.domain.access import Permission
from portal.domain.emergency import Grant
from portal.domain.errors import NotFound
from portal.domain.intake import NewReferral, Patient, Referrer
from portal.domain.lifecycle import Facts, Move, Status
from portal.domain.notices import Audience, NoticeState
from portal.domain.orders import ActorKind
from portal.domain.places import Place
from portal.domain.queue import Viewer
from portal.domain.tiering import Findings
from portal.domain.vocabulary import Tier
from portal.models import Clinic, Event, Member, Notice, Referral
from portal.queries import emergencies, referrals, tracking
from portal.queries.referrals import INTAKE_NAME
from portal.queries.rules import get_targets
from portal.queries.tracking import Decision, Happening

CLINICAL = frozenset({"patient.sex", "referrer.keeps_prescribing", "care.primary", "care.mental_health"})
OPEN = frozenset(field.name for step in ("patient", "practice") for field in intake.STEPS[step]) - CLINICAL
"""Answers that need no clinical reading: how to reach the patient and the practice, travel, coverage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One notice: who is told of which move, and what became of it."""

    id: int
    audience: Audience
    move: Move
    state: NoticeState
    done_at: datetime | None
    done_by: str | None
    trouble: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a referral stands, without a word of what was told in it."""

    id: int
    reference: str
    version: int
    status: Status
    tier: Tier
    clinic_id: int | None
    holder_id: int | None
    facts: Facts
    received_at: datetime
    moved_at: datetime
    first_look_due_at: datetime
    first_looked_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """A referral with what happened to it, oldest first, and who was told.

    What the reader may not read is not in it: without READ_CLINICAL `new`, `findings` and `decision` are None, of
    the answers only those of OPEN are there, and what happened has no words and no codes.
    """

    referral: Standing
    held: frozenset[Permission]
    """What the reader may do here."""
    grant: Grant | None
    """The emergency that opened it for a reader without a role here."""
    clinic: Clinic | None
    holder: str | None
    patient: Patient
    referrer: Referrer
    new: NewReferral | None
    """The answers as they were sent."""
    answers: Mapping[str, Any]
    """The answers beside the core that the reader may know: all, or those of travel, coverage and reach."""
    findings: Findings | None
    """What the rules said of them."""
    decision: Decision | None
    """Why it is where it is: the clinics were judged by the condition."""
    place: Place | None
    """Where the patient will be, as it was understood."""
    happenings: tuple[Happening, ...]
    notices: tuple[Told, ...]
    people: Mapping[int, str]
    """The members who had a part in it, by id."""

    @property
    def clinic_name(self) -> str:
        """The clinic in whose queue it stands, or the intake queue."""
        return self.clinic.name if self.clinic else INTAKE_NAME

    @property
    def zone(self) -> str:
        """The time zone in which this referral's hours are told."""
        return self.clinic.zone if self.clinic else get_targets().intake_zone

    @property
    def state(self) -> str:
        """The state whose holidays count."""
        return self.clinic.state if self.clinic else get_targets().intake_state


def get(session: Session, reference: str, viewer: Viewer, now: datetime) -> Dossier:
    """Return a referral's dossier; raise NotFound when there is none that this viewer may read.

    A referral that is not there and one that the viewer may not read cost the same two questions.
    """
    referral = referrals.find(session, reference)
    grant = emergencies.find_grant(session, reference, viewer.member_id, now)
    by_role = _by_role(referral, viewer)
    held = emergency.held(viewer.memberships, by_role, grant)
    if referral is None or Permission.READ_REFERRALS not in held:
        raise NotFound
    clinical = Permission.READ_CLINICAL in held
    happenings = tracking.happenings(session, referral.id, with_words=clinical)
    people = _people(session, referral, happenings)
    new = answers.read(referral.answers)
    return Dossier(
        referral=_standing(referral),
        held=held,
        grant=grant if held != by_role else None,
        clinic=session.get(Clinic, referral.clinic_id) if referral.clinic_id else None,
        holder=people[referral.holder_id] if referral.holder_id else None,
        patient=new.patient,
        referrer=new.referrer,
        new=new if clinical else None,
        answers={name: value for name, value in new.more.items() if clinical or name in OPEN},
        findings=tiering.read(referral.findings) if clinical and referral.findings else None,
        decision=tracking.get_decision(session, referral) if clinical else None,
        place=places.read(referrals.get_placement(session, referral.id).place),
        happenings=happenings,
        notices=_notices(session, referral.id),
        people=people,
    )


def _by_role(referral: Referral | None, viewer: Viewer) -> frozenset[Permission]:
    if referral is None:
        return frozenset()
    return access.permissions(viewer.memberships, referral.clinic_id, taken_on=referral.facts.taken_on)


def _standing(referral: Referral) -> Standing:
    return Standing(**{field.name: getattr(referral, field.name) for field in fields(Standing)})


def _notices(session: Session, referral_id: int) -> tuple[Told, ...]:
    rows = session.execute(
        sa.select(Notice, Event.move, Member.name)
        .join(Event, Event.id == Notice.event_id)
        .outerjoin(Member, Member.id == Notice.done_by_id)
        .where(Notice.referral_id == referral_id)
        .order_by(Notice.id)
    )
    return tuple(
        Told(
            id=notice.id,
            audience=notice.audience,
            move=move,
            state=notice.state,
            done_at=notice.done_at,
            done_by=name,
            trouble=notice.trouble,
        )
        for notice, move, name in rows
    )


def _people(session: Session, referral: Referral, happenings: Iterable[Happening]) -> dict[int, str]:
    acted = {int(happening.by_id) for happening in happenings if happening.by is ActorKind.MEMBER}
    ids = sorted(acted | ({referral.holder_id} if referral.holder_id else set()))
    rows = session.execute(sa.select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in rows}
