"""What systems were told when they sent referrals, so that a key that comes again is answered as it was the first time."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.sealed import Sealed


class Reply(Base):
    """The answer to one submission key: the referral that it became, or was added to."""

    __tablename__ = "replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    """Blind index of the answers: the same key with other answers is told so."""
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"))
    added: Mapped[bool]
    """Whether the answers were added to a referral that was there."""
    sealed_told: Mapped[bytes]

    told = Sealed[dict[str, Any]]("sealed_told", "submission_digest")
    """As `queries.replies` writes it; the status link is no part of it."""
