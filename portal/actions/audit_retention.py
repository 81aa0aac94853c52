"""Take away the oldest entries of the trail when their years are over; the chain stays, and goes on from there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain.audit import KEPT_FOR, Act
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import AuditEntry, AuditSeal


def remove(before: datetime, *, actor: Actor, now: datetime) -> int:
    """Remove the sealed entries from before a moment, up to the first that is younger; return how many they were.

    Nothing under six years old is removed. The seals stay, and an entry says up to which number the entries are gone.
    """
    before = min(before, now - KEPT_FOR)
    with write() as session:
        through = _last_before(session, before)
        gone = sa.select(AuditSeal.entry_id).where(AuditSeal.number <= through)
        old = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.id.in_(gone))
        count = session.scalar(old) or 0
        if count:
            # First, because SQLite gives the number of its last row again once that row is gone.
            facts = {"what": "audit", "count": count, "through": through}
            trail.note(session, Act.REMOVED, actor=actor, at=now, about=About(facts=facts))
            session.flush()
            session.execute(sa.delete(AuditEntry).where(AuditEntry.id.in_(gone)))
        return count


def _last_before(session: Session, before: datetime) -> int:
    """Return the last number of the chain's beginning that is old as a whole."""
    sealed = sa.select(AuditSeal.number).join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
    young = sealed.where(sa.or_(AuditEntry.at >= before, AuditSeal.sealed_at >= before))
    first = session.scalar(young.order_by(AuditSeal.number).limit(1))
    if first is not None:
        return first - 1
    return session.scalar(sa.select(sa.func.max(AuditSeal.number))) or 0
