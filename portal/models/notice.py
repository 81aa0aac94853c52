"""The outbox: notices owed because of an event, and what became of each."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.domain.notices import Audience, NoticeState

_IS_WAITING = sa.text("state = 'waiting'")


class Notice(Base):
    """A mail, or a call, owed because of one event. The address is looked up when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "audience"),
        sa.Index("ix_notices_due", "due_at", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"), index=True)
    audience: Mapped[Audience]
    state: Mapped[NoticeState]
    due_at: Mapped[datetime]
    """When the event happened, later after a failed try; the worker adds its delay."""
    claimed_until: Mapped[datetime | None]
    """Nobody else takes it before then; a claim that went stale is taken again."""
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(sa.String(200), default="")
    """The last failure, without the address."""
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
