"""Everything that a referral's page for staff shows, read at once, only for members who may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access, answers
from portal.domain.access import Membership, Permission
from portal.domain.errors import NotFound
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import Move
from portal.domain.notices import Audience, NoticeState
from portal.domain.orders import ActorKind
from portal.domain.places import Place, Precision
from portal.models import Clinic, Event, Member, Notice, Referral
from portal.queries import referrals, tracking
from portal.queries.referrals import INTAKE_NAME
from portal.queries.rules import get_targets
from portal.queries.tracking import Decision, Happening


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
class Dossier:
    """A referral with where it was placed, what happened to it, oldest first, and who was told."""

    referral: Referral
    held: frozenset[Permission]
    """What the reader may do here."""
    clinic: Clinic | None
    holder: str | None
    decision: Decision
    place: Place | None
    """Where the patient will be, as it was understood."""
    happenings: tuple[Happening, ...]
    notices: tuple[Told, ...]
    people: Mapping[int, str]
    """The members who had a part in it, by id."""

    @property
    def new(self) -> NewReferral:
        """The answers as they were sent."""
        return answers.read(self.referral.answers)

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


def get(session: Session, reference: str, memberships: Iterable[Membership]) -> Dossier:
    """Return a referral's dossier; raise NotFound when there is none that these memberships may read."""
    referral = referrals.get(session, reference)
    held = access.permissions(memberships, referral.clinic_id)
    if Permission.READ_REFERRALS not in held:
        raise NotFound
    happenings = tracking.happenings(session, referral.id)
    people = _people(session, referral, happenings)
    return Dossier(
        referral=referral,
        held=held,
        clinic=session.get(Clinic, referral.clinic_id) if referral.clinic_id else None,
        holder=people[referral.holder_id] if referral.holder_id else None,
        decision=tracking.get_decision(session, referral),
        place=_place(referrals.get_placement(session, referral.id).place),
        happenings=happenings,
        notices=_notices(session, referral.id),
        people=people,
    )


def _place(kept: Mapping[str, Any]) -> Place | None:
    return Place(**{**kept, "precision": Precision(kept["precision"])}) if kept else None


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
