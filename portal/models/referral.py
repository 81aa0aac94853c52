"""Referrals, what happened to them, and where they were placed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.domain.lifecycle import OPEN, Facts, Move, Status
from portal.domain.routing import Choice
from portal.domain.vocabulary import Condition, Tier
from portal.models.sealed import Sealed

# Written out, not bound: a database takes a partial index only when it can read that the question implies it.
IS_OPEN = sa.text(f"status IN ({', '.join(repr(str(status)) for status in sorted(OPEN))})")


class Referral(Base):
    """One request for one patient, as it stands now."""

    __tablename__ = "referrals"
    __table_args__ = (
        sa.Index(
            "ix_referrals_queue",
            "clinic_id",
            "tier_rank",
            "due_at",
            "id",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(9), unique=True)
    submission_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the draft's or the machine's key: a second send finds the first."""
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    """Blind index of the answers: the same key with other answers is told so."""
    patient_index: Mapped[str] = mapped_column(sa.String(32), index=True)
    """Blind index of name and date of birth together: finds the patient again, and tells neither."""
    status: Mapped[Status]
    version: Mapped[int]
    """How many events there are; a write names the version it was based on."""
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    """None: the network's intake queue."""
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.id"))
    tier: Mapped[Tier]
    tier_rank: Mapped[int]
    condition: Mapped[Condition]
    sealed_answers: Mapped[bytes]
    sealed_findings: Mapped[bytes | None]
    received_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    first_look_due_at: Mapped[datetime]
    """As promised when it was received; sooner, where an answer that came later made it more urgent."""
    first_looked_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    """When the next promise is due: the first look, then the call or the visit. Orders the queue."""

    answers = Sealed[dict[str, Any]]("sealed_answers", "reference")
    """As `domain.answers` writes them."""
    findings = Sealed[dict[str, Any] | None]("sealed_findings", "reference")
    """Which triage rules fired on the answers, as `domain.findings` writes it; None before there were any rules."""

    @property
    def facts(self) -> Facts:
        """What the guards of a move look at."""
        return Facts(status=self.status, holder_id=self.holder_id, at_clinic=self.clinic_id is not None)


class Event(Base):
    """One thing that happened to a referral; never changed, never deleted."""

    __tablename__ = "events"
    __table_args__ = (sa.UniqueConstraint("referral_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"))
    number: Mapped[int]
    """1 is the submission; the latest is the referral's version."""
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(60))
    """`member:7`, `api:3`, `referrer:form` for a submission, else `referrer:` and the id of the status key."""
    move: Mapped[Move]
    from_status: Mapped[Status | None]
    to_status: Mapped[Status]
    from_clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    to_clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    code: Mapped[str | None] = mapped_column(sa.String(8))
    sealed_words: Mapped[bytes]
    rule_version: Mapped[str | None] = mapped_column(sa.String(20))

    words = Sealed[str]("sealed_words", "referral_id", "number")


class PlacementRow(Base):
    """A routing decision with everything it looked at; the latest one holds."""

    __tablename__ = "placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), unique=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"), index=True)
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
    choice: Mapped[Choice]
    rule_version: Mapped[str] = mapped_column(sa.String(20))
    sealed_place: Mapped[bytes]
    sealed_candidates: Mapped[bytes]

    place = Sealed[dict[str, Any]]("sealed_place", "event_id")
    """Where the patient will be as it was understood: label, lat, lon, precision, source; empty when unknown."""
    candidates = Sealed[list[dict[str, Any]]]("sealed_candidates", "event_id")
    """How every clinic was judged; the distances would tell where the patient lives."""

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
