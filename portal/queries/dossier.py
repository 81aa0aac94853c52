"""Everything that a referral's page for staff shows, read at once, only for members who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
from portal.models import Clinic, Event, Member, Notice, PlacementRow, Referral
from portal.queries import outbox, referrals
from portal.queries.referrals import INTAKE_NAME
from portal.queries.rules import get_targets


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One event with the names of who and where."""

    number: int
    at: datetime
    move: Move
    kind: ActorKind
    who: str
    """A member's name; empty for anybody else."""
    clinic: str
    """Where it left the referral."""
    code: str | None
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One notice: who is told of which move, and what became of it."""

    id: int
    audience: Audience
    move: Move
    state: NoticeState
    done_at: datetime | None
    done_by: str
    trouble: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """A referral with what happened to it, oldest first, and who was told."""

    referral: Referral
    held: frozenset[Permission]
    """What the reader may do here."""
    clinic: Clinic | None
    holder: str | None
    placement: PlacementRow
    events: tuple[Happened, ...]
    notices: tuple[Told, ...]

    @property
    def new(self) -> NewReferral:
        """The answers as they were sent."""
        return answers.read(self.referral.answers)

    @property
    def place(self) -> Place | None:
        """Where the patient will be, as it was understood."""
        kept = self.placement.place
        return Place(**kept | {"precision": Precision(kept["precision"])}) if kept else None

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
    referral = referrals.find(session, reference)
    held = access.permissions(memberships, referral.clinic_id) if referral else frozenset()
    if referral is None or Permission.READ_REFERRALS not in held:
        raise NotFound
    events = referrals.events(session, referral.id)
    notices = outbox.notices(session, referral.id)
    people = _names(session, Member, _members(referral, events, notices))
    clinics = _names(session, Clinic, {event.to_clinic_id for event in events})
    moves = {event.id: event.move for event in events}
    return Dossier(
        referral=referral,
        held=held,
        clinic=session.get(Clinic, referral.clinic_id) if referral.clinic_id else None,
        holder=people.get(referral.holder_id),
        placement=referrals.get_placement(session, referral.id),
        events=tuple(_happened(event, people, clinics) for event in events),
        notices=tuple(_told(notice, moves[notice.event_id], people) for notice in notices),
    )


Names = dict[int | None, str]


def _happened(event: Event, people: Names, clinics: Names) -> Happened:
    return Happened(
        number=event.number,
        at=event.at,
        move=event.move,
        kind=ActorKind(event.actor.partition(":")[0]),
        who=people.get(_member_id(event.actor), ""),
        clinic=clinics.get(event.to_clinic_id, INTAKE_NAME),
        code=event.code,
        words=event.words,
    )


def _told(notice: Notice, move: Move, people: Names) -> Told:
    return Told(
        id=notice.id,
        audience=notice.audience,
        move=move,
        state=notice.state,
        done_at=notice.done_at,
        done_by=people.get(notice.done_by_id, ""),
        trouble=notice.trouble,
    )


def _member_id(actor: str) -> int | None:
    kind, _, name = actor.partition(":")
    return int(name) if kind == ActorKind.MEMBER else None


def _members(referral: Referral, events: Iterable[Event], notices: Iterable[Notice]) -> set[int | None]:
    acted = {_member_id(event.actor) for event in events}
    return acted | {notice.done_by_id for notice in notices} | {referral.holder_id}


def _names(session: Session, model: type[Member | Clinic], ids: set[int | None]) -> Names:
    known = sorted(row_id for row_id in ids if row_id is not None)
    rows = session.execute(sa.select(model.id, model.name).where(model.id.in_(known)))
    return {row.id: row.name for row in rows}
