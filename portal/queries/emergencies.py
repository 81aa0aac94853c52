"""Who opened which referral in an emergency, and who is to hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access
from portal.domain.access import Permission
from portal.domain.audit import Act
from portal.domain.emergency import Grant
from portal.models import AuditEntry, BreakGlass, Member, Referral

MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """One emergency with its reason, which only those read who judge it."""

    grant: Grant
    reason: str


def find_grant(session: Session, reference: str, member_id: int, now: datetime) -> Grant | None:
    """Return the member's grant on a referral that lasts longest, while it lasts."""
    return next(iter(_grants(session, *_open_to(member_id, now), Referral.reference == reference)), None)


def open_grants(session: Session, member_id: int, now: datetime) -> Sequence[Grant]:
    """Return what a member has open in an emergency now, the latest first."""
    return _grants(session, *_open_to(member_id, now))


def unheard(session: Session) -> Sequence[Grant]:
    """Return the latest emergencies while there is nobody who hears of any."""
    return [] if hearers(session) else _grants(session)


def lately(session: Session) -> Sequence[Opened]:
    """Return the latest emergencies with their reasons, the latest first."""
    grants = {grant.id: grant for grant in _grants(session)}
    rows = session.scalars(sa.select(BreakGlass).where(BreakGlass.id.in_(grants)))
    reasons = {row.id: row.reason for row in rows}
    return [Opened(grant=grant, reason=reasons[grant_id]) for grant_id, grant in grants.items()]


def hearers(session: Session) -> Sequence[int]:
    """Return the ids of the members who hear of every emergency."""
    members = session.scalars(sa.select(Member).where(Member.active.is_(True)).order_by(Member.id))
    return [
        member.id for member in members if access.anywhere(member.memberships, Permission.HEAR_OF_EMERGENCIES)
    ]


def count_misses(session: Session, actor: str, since: datetime) -> int:
    """Return how often somebody's plea has opened nothing since a moment."""
    asked = sa.select(sa.func.count()).where(
        AuditEntry.actor == actor,
        AuditEntry.act == Act.BROKE_GLASS,
        AuditEntry.referral_id.is_(None),
        AuditEntry.at > since,
    )
    return session.scalars(asked).one()


def _open_to(member_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return BreakGlass.member_id == member_id, BreakGlass.until > now


def _grants(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[Grant]:
    rows = session.execute(
        sa.select(
            BreakGlass.id,
            BreakGlass.referral_id,
            Referral.reference,
            BreakGlass.member_id,
            Member.name.label("member"),
            BreakGlass.at,
            BreakGlass.until,
        )
        .join(Referral, Referral.id == BreakGlass.referral_id)
        .join(Member, Member.id == BreakGlass.member_id)
        .where(*conditions)
        .order_by(BreakGlass.until.desc(), BreakGlass.id.desc())
        .limit(MOST)
    )
    return [Grant(**row._mapping) for row in rows]
