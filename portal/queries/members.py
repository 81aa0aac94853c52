"""Members and what they may do."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.access import Membership
from portal.domain.errors import NotFound
from portal.models import ApiKey, Member


def get_memberships(session: Session, member_id: int) -> tuple[Membership, ...]:
    """Return an active member's memberships; raise NotFound for anybody else."""
    member = session.scalar(sa.select(Member).where(Member.id == member_id, Member.active.is_(True)))
    if member is None:
        raise NotFound
    return member.memberships


def find_api_key(session: Session, digest: str) -> ApiKey | None:
    """Return the API key with this digest while it is not revoked."""
    return session.scalar(sa.select(ApiKey).where(ApiKey.digest == digest, ApiKey.revoked_at.is_(None)))
