"""What several actions do about sign-ins: end them, and forget the tries before one; never commits."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain.back_off import Counted
from portal.models import MemberSession, SignInTry


def end_sessions(session: Session, member_id: int, *, now: datetime, but: int | None = None) -> int:
    """End every session of a member but the one with this id, and what was typed in them is gone; return how many."""
    ended = session.execute(
        sa.update(MemberSession)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.ended_at.is_(None),
            MemberSession.id != (but or 0),
        )
        .values(ended_at=now, sealed_kept=None)
        .returning(MemberSession.id)
    )
    return len(ended.all())


def forget_tries(session: Session, who: str, *, counted: Counted = Counted.ACCOUNT) -> None:
    """Forget the tries counted for an account, or for what else is counted."""
    session.execute(sa.delete(SignInTry).where(SignInTry.key == try_key(counted, who)))


def try_key(counted: Counted, who: str) -> str:
    """Return what tries are counted under: nobody reads from it which email or address it was."""
    return ring().index("sign_in_tries.key", counted, who)
