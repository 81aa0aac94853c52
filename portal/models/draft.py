"""Half-finished referral forms, kept on the server until they are sent or their days are over."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.sealed import Sealed


class Draft(Base):
    """One form being filled in; whoever holds its key may go on with it."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(16), unique=True)
    """Stands in the address of the form; opens nothing without the key."""
    key_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sealed_typed: Mapped[bytes]
    sealed_safety: Mapped[bytes]
    referral_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referrals.id"))
    """What it became, or was added to."""
    amends_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referrals.id"))
    """The referral whose answers it changes when it is sent; None begins one of its own."""
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    typed = Sealed[dict[str, Any]]("sealed_typed", "name")
    """Answers by dotted name, as typed; emptied when the referral is sent."""
    safety = Sealed[list[dict[str, Any]]]("sealed_safety", "name")
    """The safety answers so far, in order; the last one counts."""
