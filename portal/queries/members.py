"""Members and what they may do."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import vault
from portal.domain.access import Membership
from portal.domain.errors import NotFound
from portal.models import ApiKey, Member
from portal.vault import Keys


def get_memberships(session: Session, member_id: int) -> tuple[Membership, ...]:
    """Return an active member's memberships; raise NotFound for anybody else."""
    member = session.scalar(sa.select(Member).where(Member.id == member_id, Member.active.is_(True)))
    if member is None:
        raise NotFound
    return member.memberships


def find_api_key(session: Session, digest: str) -> ApiKey | None:
    """Return the API key with this digest while it is not revoked."""
    return session.scalar(sa.select(ApiKey).where(ApiKey.digest == digest, ApiKey.revoked_at.is_(None)))


def find_by_email(session: Session, email: str) -> Member | None:
    """Return the member with an email, in any case, active or not."""
    if "\x00" in email:
        # PostgreSQL has no such text, and nobody such an address.
        return None
    return session.scalar(sa.select(Member).where(sa.func.lower(Member.email) == email.lower()))


def find_mark(session: Session, email: str) -> tuple[int, str] | None:
    """Return the id and the session's mark of the active member with an email: one question, whatever it finds."""
    asked = sa.select(Member.id, Member.fs_uniquifier).where(
        sa.func.lower(Member.email) == email.lower().replace("\x00", ""), Member.active.is_(True)
    )
    found = session.execute(asked).first()
    return (found.id, found.fs_uniquifier) if found else None


def find_by_mark(session: Session, mark: str) -> Member | None:
    """Return the active member that a session's mark stands for."""
    return session.scalar(sa.select(Member).where(Member.fs_uniquifier == mark, Member.active.is_(True)))


def find_by_password_key(session: Session, key: str, *, keys: Keys, now: datetime) -> Member | None:
    """Return the active member whom a mailed key lets choose a password; None when it is forged, over or spent."""
    parts = vault.password_key_parts(key)
    if parts is None:
        return None
    member_id, until = parts
    member = session.get(Member, member_id)
    if member is None or not member.active or until <= now:
        return None
    own = keys.is_password_key(key, member_id=member.id, mark=member.fs_uniquifier, until=until)
    return member if own else None


def everybody(session: Session) -> Sequence[Member]:
    """Return all members by name, those who left too."""
    return session.scalars(sa.select(Member).order_by(Member.name, Member.id)).all()
