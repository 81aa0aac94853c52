"""How what is owed by mail is claimed and marked, be it a notice or a letter; never commits."""

from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.notices import NoticeState
from portal.models import Letter, Notice

CLAIM_FOR = timedelta(minutes=2)
TRIES_MOST = 8
UNREADABLE = "What is sealed of it does not open"
FIRST_PAUSE = timedelta(seconds=30)

Owed = TypeVar("Owed", Notice, Letter)


def claim(session: Session, owed: type[Owed], *, now: datetime, delay: timedelta) -> Owed | None:
    """Take what has waited longest beyond the delay, for two minutes; None when nothing is due."""
    unclaimed = owed.claimed_until.is_(None) | (owed.claimed_until < now)
    is_due = sa.and_(owed.state == NoticeState.WAITING, owed.due_at <= now - delay, unclaimed)
    found = session.scalar(
        sa.select(owed.id).where(is_due).order_by(owed.due_at).limit(1).with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    # Whoever changes the row first has it; the condition is asked again in the same statement.
    taken = session.execute(
        sa.update(owed)
        .where(owed.id == found, is_due)
        .values(claimed_until=now + CLAIM_FOR, tries=owed.tries + 1)
        .returning(owed.id)
    ).scalar()
    return session.get_one(owed, found) if taken else None


def mark_sent(row: Notice | Letter, *, now: datetime) -> None:
    """Mark it as handed to the mail server."""
    row.state, row.done_at, row.trouble = NoticeState.SENT, now, ""


def mark_failed(row: Notice | Letter, *, now: datetime, trouble: str, for_good: bool) -> None:
    """Note a failed try: tried again after a pause that doubles, or given up when it is for good."""
    row.trouble = trouble[:200]
    row.claimed_until = None
    row.due_at = now + FIRST_PAUSE * 2 ** (row.tries - 1)
    if for_good or row.tries >= TRIES_MOST:
        row.state = NoticeState.FAILED
