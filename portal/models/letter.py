"""Mails beside those of a referral's events: invitations, alarms, links to a form or a status page; owed in the transaction that makes them due."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.domain.notices import NoticeState
from portal.models.sealed import Sealed

_IS_WAITING = sa.text("state = 'waiting'")


class Letter(Base):
    """One mail, to a member or to an address. Its words may hold a link that opens something, so they are sealed, and go when it went."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.Index("ix_letters_due", "due_at", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(16), unique=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"), index=True)
    """Without a member and an address it goes to nobody: what a stranger asks for costs the same, known or not."""
    sealed_address: Mapped[bytes | None]
    sealed_words: Mapped[bytes | None]
    state: Mapped[NoticeState]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(sa.String(200), default="")
    done_at: Mapped[datetime | None]

    address = Sealed[str | None]("sealed_address", "name")
    """Of somebody without an account; None once it is sent."""
    words = Sealed[dict[str, str] | None]("sealed_words", "name")
    """`subject` and `body`; None once it is sent."""
