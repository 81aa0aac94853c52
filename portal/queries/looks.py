"""Who looked at a referral, and how often: one line for each person and day, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.access import Membership, Role
from portal.domain.audit import Act
from portal.domain.orders import ActorKind
from portal.models import AuditEntry, Member

MOST_LOOKS = 1_000
"""How far back it is counted; the whole stands in the audit log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """What somebody looked at on one day: how often, and when last. People without an account stand by their kind."""

    kind: ActorKind
    name: str | None
    roles: tuple[Role, ...]
    """What the member is today, at the clinic or in the whole network."""
    day: date
    last_at: datetime
    count: int


def of(session: Session, referral_id: int, *, clinic_id: int | None, zone: str) -> Sequence[Looks]:
    """Return who opened a referral; lists that it stood in are not counted. Days are those of the zone."""
    rows = session.execute(
        sa.select(AuditEntry.actor, AuditEntry.at)
        .where(AuditEntry.referral_id == referral_id, AuditEntry.act == Act.LOOKED)
        .order_by(AuditEntry.at.desc())
        .limit(MOST_LOOKS)
    ).all()
    days: dict[tuple[str, date], list[datetime]] = {}
    for row in rows:
        # Whoever has the link is one reader, however many links there were.
        who = row.actor if row.actor.startswith(ActorKind.MEMBER) else row.actor.partition(":")[0]
        days.setdefault((who, row.at.astimezone(ZoneInfo(zone)).date()), []).append(row.at)
    people = _people(session, {who for who, _ in days})
    return [
        Looks(
            kind=ActorKind(who.partition(":")[0]),
            name=people[who].name if who in people else None,
            roles=_roles(people[who].memberships, clinic_id) if who in people else (),
            day=day,
            last_at=times[0],
            count=len(times),
        )
        for (who, day), times in days.items()
    ]


def _people(session: Session, actors: set[str]) -> dict[str, Member]:
    ids = [int(who.partition(":")[2]) for who in actors if who.startswith(ActorKind.MEMBER)]
    found = session.scalars(sa.select(Member).where(Member.id.in_(ids)))
    return {f"{ActorKind.MEMBER}:{member.id}": member for member in found}


def _roles(memberships: Sequence[Membership], clinic_id: int | None) -> tuple[Role, ...]:
    return tuple(held.role for held in memberships if held.clinic_id in {None, clinic_id})
