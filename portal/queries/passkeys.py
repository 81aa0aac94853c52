"""Passkeys: a member's own, and the one that somebody signs with."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.models import Member, Passkey


def of(session: Session, member_id: int) -> Sequence[Passkey]:
    """Return a member's passkeys, the oldest first."""
    return session.scalars(sa.select(Passkey).where(Passkey.user_id == member_id).order_by(Passkey.id)).all()


def find_locked(session: Session, credential_id: bytes) -> tuple[Passkey, Member] | None:
    """Return a passkey, held against other writers, and the active member it belongs to."""
    row = session.execute(
        sa.select(Passkey, Member)
        .join(Member, Member.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, Member.active.is_(True))
        .with_for_update(of=Passkey)
    ).first()
    return (row[0], row[1]) if row else None


def get_locked_owner(session: Session, member_id: int) -> Member:
    """Return an active member, held against other writers, so that two of their factors are not taken at once."""
    member = session.scalar(
        sa.select(Member).where(Member.id == member_id, Member.active.is_(True)).with_for_update(of=Member)
    )
    if member is None:
        raise NotFound
    return member
