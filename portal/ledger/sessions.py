"""The one way to end the sessions of a member; never commits, so they end exactly when the reason for it stands."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.models import MemberSession


def end(row: MemberSession, *, now: datetime) -> None:
    """End one session; what was typed in it is gone."""
    row.ended_at = row.ended_at or now
    row.kept = None


def end_all(session: Session, member_id: int, *, now: datetime, but: int | None = None) -> int:
    """End every session of a member, but for the one with this id; return how many."""
    rows = session.scalars(
        sa.select(MemberSession)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.ended_at.is_(None),
            MemberSession.id != (but or 0),
        )
        .with_for_update()
    ).all()
    for row in rows:
        end(row, now=now)
    return len(rows)
