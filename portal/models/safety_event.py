"""Referral forms that were stopped because somebody may be in danger; no referral is born by one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.sealed import Sealed


class SafetyEvent(Base):
    """One stop: without identity when nobody was named yet, and what somebody on duty did about it."""

    __tablename__ = "safety_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(16), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    rules: Mapped[str] = mapped_column(sa.String(40))
    """The stop rules that fired, like "E1 E5"."""
    submission_digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    """Of the draft's or the machine's key: nothing is ever filed under a key that is stopped."""
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    """The clinic that had the referral when its form stopped, or would have had it; None where nobody can tell yet."""
    referral_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referrals.id"), index=True)
    """The referral whose answers the stopped form was to change; None where it was to be one of its own."""
    sealed_who: Mapped[bytes | None]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    sealed_words: Mapped[bytes | None]

    who = Sealed[dict[str, Any] | None]("sealed_who", "name")
    """Patient and practice as typed so far, by dotted name; None when nobody was named."""
    words = Sealed[str | None]("sealed_words", "name")
    """What was done."""
