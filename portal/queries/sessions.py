"""The sessions of members, by the key of the browser or by the member."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.sessions import Kept, SignIn, Standing
from portal.models import MemberSession


def find(session: Session, digest: str) -> SignIn | None:
    """Return the session whose key has this digest, whatever its standing."""
    row = session.scalar(sa.select(MemberSession).where(MemberSession.digest == digest))
    return _sign_in(row) if row else None


def find_kept(session: Session, session_id: int) -> Kept | None:
    """Return what was typed and is kept in a session."""
    kept = session.get_one(MemberSession, session_id).kept
    return (
        Kept(path=kept["path"], fields=tuple((name, text) for name, text in kept["fields"])) if kept else None
    )


def open_ones(session: Session, member_id: int, now: datetime) -> list[SignIn]:
    """Return the sessions that let a member in now, the one last used first."""
    rows = session.scalars(
        sa.select(MemberSession)
        .where(MemberSession.member_id == member_id, MemberSession.ended_at.is_(None))
        .order_by(MemberSession.seen_at.desc(), MemberSession.id.desc())
    )
    return [found for row in rows if (found := _sign_in(row)).standing(now) is Standing.OPEN]


def _sign_in(row: MemberSession) -> SignIn:
    return SignIn(
        id=row.id,
        member_id=row.member_id,
        signed_in_at=row.signed_in_at,
        seen_at=row.seen_at,
        proved_at=row.proved_at,
        ended_at=row.ended_at,
        browser=row.browser,
        keeps=row.sealed_kept is not None,
    )
