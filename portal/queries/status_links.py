"""How the links to one referral stand: until when one opens it, and when somebody last had a new one sent."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.audit import Act
from portal.domain.orders import ActorKind
from portal.models import AuditEntry, StatusKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """The links of a referral; `ends_at` is None while none opens it, `renewed` while no new one was asked for."""

    ends_at: datetime | None
    renewed: tuple[datetime, ActorKind] | None


def of(session: Session, referral_id: int, *, now: datetime) -> Links:
    """Return how the links to a referral stand."""
    ends_at = session.scalar(
        sa.select(sa.func.max(StatusKey.expires_at)).where(
            StatusKey.referral_id == referral_id, StatusKey.revoked_at.is_(None), StatusKey.expires_at > now
        )
    )
    renewed = session.execute(
        sa.select(AuditEntry.at, AuditEntry.actor)
        .where(AuditEntry.referral_id == referral_id, AuditEntry.act == Act.LINK_RENEWED)
        .order_by(AuditEntry.at.desc())
        .limit(1)
    ).first()
    return Links(
        ends_at=ends_at,
        renewed=(renewed.at, ActorKind(renewed.actor.partition(":")[0])) if renewed else None,
    )
