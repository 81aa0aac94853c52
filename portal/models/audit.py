"""Who looked at what, who changed what, who came in: written once, sealed into a chain, never changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.domain.audit import Act
from portal.models.sealed import Sealed


class AuditEntry(Base):
    """One thing that somebody did; the database refuses to change it, and to delete it within six years."""

    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index("ix_audit_entries_referral_id_at", "referral_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(sa.String(60), index=True)
    """As events name it, like `member:7`; `system:retention` for a job, `stranger` for nobody known."""
    act: Mapped[Act]
    referral_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referrals.id"))
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    """Where the referral stood at that moment."""
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    """Whom it was done to, when that is a member."""
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    request_id: Mapped[str] = mapped_column(sa.String(32), default="")
    facts: Mapped[dict[str, Any]]
    """What else tells one such act from another: counts, filters, numbers of events; nothing of a patient."""


class AuditSeal(Base):
    """One link of the chain: the entry that comes next, and what holds it to the one before. Outlives its entry."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sealed_at: Mapped[datetime]


class BreakGlass(Base):
    """A member's leave to read one referral for a while in an emergency, without a role at its clinic."""

    __tablename__ = "break_glass"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(16), unique=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), index=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    sealed_reason: Mapped[bytes]

    reason = Sealed[str]("sealed_reason", "name")
