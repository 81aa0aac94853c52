"""Forms that were stopped because somebody may be in danger: who hears of them, and what was done; open ones first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access
from portal.domain.access import Membership, Permission
from portal.domain.errors import NotFound
from portal.domain.safety import Rule
from portal.models import Clinic, Member, Referral, SafetyEvent
from portal.queries.readable import readable
from portal.queries.referrals import INTAKE_NAME
from portal.vault import Tampered

MOST = 200
_HEAR = Permission.HEAR_OF_STOPS
_Rows = sa.Select[SafetyEvent, str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """One stop as those on duty see it; `who` is None where nobody was named, empty where it cannot be opened."""

    id: int
    name: str
    at: datetime
    rules: frozenset[Rule]
    clinic: str
    who: Mapping[str, str] | None
    handled_at: datetime | None
    handled_by: str | None
    words: str
    reference: str
    """The referral that the form was to change; empty where there is none, or none that the member may read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A stop as the page of its referral tells it."""

    name: str
    at: datetime
    handled_at: datetime | None
    heard: bool
    """Whether the reader is one of those who see to it, and may open it."""


def hearers(session: Session, clinic_id: int | None) -> list[int]:
    """Return the ids of the members who hear of stops at a clinic and in the network; of all, where these are none."""
    held = _memberships(session)
    near = [member_id for member_id, each in held.items() if _hears_at(each, clinic_id)]
    return near or [member_id for member_id, each in held.items() if access.anywhere(each, _HEAR)]


def visible(session: Session, member_id: int) -> Sequence[Stopped]:
    """Return at most MOST stops that a member hears of: the open ones, then those that were seen to, the latest first.

    Open ones of nobody come after all in which somebody can be called: whoever makes many hides no other.
    """
    is_open = SafetyEvent.handled_at.is_(None)
    of_nobody = sa.and_(SafetyEvent.sealed_who.is_(None), SafetyEvent.referral_id.is_(None))
    rows = session.execute(
        _heard(session, member_id, sa.true())
        .order_by(
            sa.case((sa.not_(is_open), 2), (of_nobody, 1), else_=0),
            SafetyEvent.handled_at.desc(),
            SafetyEvent.at.desc(),
            SafetyEvent.id.desc(),
        )
        .limit(MOST)
    )
    return [_stopped(*row) for row in rows]


def get(session: Session, name: str, member_id: int) -> Stopped:
    """Return one stop, however old; raise NotFound where there is none that this member hears of."""
    found = session.execute(_heard(session, member_id, SafetyEvent.name == name)).one_or_none()
    if found is None:
        raise NotFound
    return _stopped(*found)


def count_open(session: Session, member_id: int) -> int:
    """Return how many stops that a member hears of nobody has seen to."""
    is_open = SafetyEvent.handled_at.is_(None)
    clinics = _clinics_heard(session, member_id, is_open)
    count = sa.select(sa.func.count()).select_from(SafetyEvent).where(is_open, _at(clinics))
    return session.scalars(count).one() if clinics else 0


def of_referral(session: Session, referral_id: int, member_id: int, *, clinical: bool) -> tuple[Mark, ...]:
    """Return the stops of forms that were to change a referral, oldest first: all of them to a clinical reader,
    else those that the member hears of.
    """
    events = session.scalars(
        sa.select(SafetyEvent).where(SafetyEvent.referral_id == referral_id).order_by(SafetyEvent.id)
    )
    marks = (
        Mark(
            name=event.name,
            at=event.at,
            handled_at=event.handled_at,
            heard=hears(session, event, member_id),
        )
        for event in events
    )
    return tuple(mark for mark in marks if clinical or mark.heard)


def hears(session: Session, event: SafetyEvent, member_id: int) -> bool:
    """Tell whether a member is one of those who see to a stop."""
    return member_id in hearers(session, event.clinic_id)


def was_alarmed(session: Session, digest: str) -> bool:
    """Tell whether a stop of this submission key named somebody, so that those on duty were mailed."""
    found = sa.select(SafetyEvent.id).where(
        SafetyEvent.submission_digest == digest, SafetyEvent.sealed_who.is_not(None)
    )
    return session.scalars(found.limit(1)).first() is not None


def _memberships(session: Session) -> dict[int, tuple[Membership, ...]]:
    active = session.scalars(sa.select(Member).where(Member.active.is_(True)).order_by(Member.id))
    return {member.id: member.memberships for member in active}


def _hears_at(memberships: Sequence[Membership], clinic_id: int | None) -> bool:
    return _HEAR in access.permissions(memberships, clinic_id, taken_on=False)


def _clinics_heard(
    session: Session, member_id: int, condition: sa.ColumnElement[bool]
) -> frozenset[int | None]:
    places = session.scalars(sa.select(SafetyEvent.clinic_id).where(condition).distinct()).all()
    return frozenset(place for place in places if member_id in hearers(session, place))


def _at(clinics: frozenset[int | None]) -> sa.ColumnElement[bool]:
    named = SafetyEvent.clinic_id.in_(sorted(place for place in clinics if place is not None))
    return sa.or_(named, SafetyEvent.clinic_id.is_(None)) if None in clinics else named


def _heard(session: Session, member_id: int, condition: sa.ColumnElement[bool]) -> _Rows:
    """Ask for stops that a member hears of, with the reference of those referrals alone that the member may read."""
    may_read = readable(_memberships(session).get(member_id, ()))
    return (
        sa.select(SafetyEvent, Clinic.name, Member.name, Referral.reference)
        .outerjoin(Clinic, Clinic.id == SafetyEvent.clinic_id)
        .outerjoin(Member, Member.id == SafetyEvent.handled_by_id)
        .outerjoin(Referral, sa.and_(Referral.id == SafetyEvent.referral_id, may_read))
        .where(condition, _at(_clinics_heard(session, member_id, condition)))
    )


def _stopped(event: SafetyEvent, clinic: str | None, member: str | None, reference: str | None) -> Stopped:
    return Stopped(
        id=event.id,
        name=event.name,
        at=event.at,
        rules=frozenset(map(Rule, event.rules.split())),
        clinic=clinic or INTAKE_NAME,
        who=_who(event),
        handled_at=event.handled_at,
        handled_by=member,
        words=event.words or "",
        reference=reference or "",
    )


def _who(event: SafetyEvent) -> Mapping[str, Any] | None:
    try:
        return event.who
    except Tampered:
        # One such row must not hide all others.
        return {}
