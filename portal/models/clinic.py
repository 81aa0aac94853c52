"""Clinics and what they offer; a fact that nobody confirmed is null."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.domain.vocabulary import Condition, OfferingCode


class Clinic(Base):
    """One location of the network."""

    __tablename__ = "clinics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    network: Mapped[str] = mapped_column(sa.String(160))
    street: Mapped[str | None] = mapped_column(sa.String(200))
    city: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[str] = mapped_column(sa.String(2))
    zip: Mapped[str | None] = mapped_column(sa.String(10))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    """WGS84 degrees; the middle of the city while the street is not known."""
    zone: Mapped[str] = mapped_column(sa.String(40))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    """E.164."""
    hours: Mapped[str | None] = mapped_column(sa.String(400))
    website: Mapped[str | None] = mapped_column(sa.String(200))
    accepting: Mapped[bool]
    accepting_note: Mapped[str | None] = mapped_column(sa.String(300))
    checked_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(sa.String(120))
    source: Mapped[str] = mapped_column(sa.String(300))

    offerings: Mapped[list["Offering"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Offering.code"
    )


class Offering(Base):
    """A consultation that a clinic offers, with the conditions and ages it treats."""

    __tablename__ = "offerings"
    __table_args__ = (sa.UniqueConstraint("clinic_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinics.id", ondelete="CASCADE"))
    code: Mapped[OfferingCode]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    condition_codes: Mapped[str] = mapped_column(sa.String(300))
    """Condition codes with single spaces between them."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions as values, in the list's order."""
        return tuple(Condition(code) for code in self.condition_codes.split())


class Revision(Base):
    """A number that changes whenever something does, so that a read model knows when it is old."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    number: Mapped[int]
