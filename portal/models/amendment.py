"""Answers that were changed after a referral was sent, each change beside what stood there before."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.sealed import Sealed


class Amendment(Base):
    """What one event changed in a referral's answers."""

    __tablename__ = "amendments"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), unique=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"), index=True)
    sealed_changes: Mapped[bytes]

    changes = Sealed[list[dict[str, Any]]]("sealed_changes", "event_id")
    """`name`, `before` and `after` of each answer, in the order of the form."""


class PatientMark(Base):
    """A blind index by which another referral of the same patient may be found, to be compared after loading."""

    __tablename__ = "patient_marks"
    __table_args__ = (sa.UniqueConstraint("referral_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referrals.id"))
    mark: Mapped[str] = mapped_column(sa.String(32), index=True)
