"""Staff and what they are at which clinic."""

from datetime import datetime

import sqlalchemy as sa
from flask_security.core import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.domain.access import Membership, Role
from portal.models.sealed import Sealed
from portal.models.sign_in import Passkey


class Member(Base, UserMixin):
    """Somebody who signs in. The names of the columns are those that the sign-in library reads."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    """False: disabled. Members are never deleted, because what they did keeps their name."""
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """A drawn mark on which sessions and mailed links stand; a new one ends them all."""
    created_at: Mapped[datetime]

    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(20))
    """`authenticator` once an authenticator app was set up."""
    sealed_totp: Mapped[bytes | None]
    totp_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Of the last code that was taken: it and all before it are used up."""
    sealed_recovery_codes: Mapped[bytes | None]
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True)  # type: ignore[assignment]

    tf_totp_secret = Sealed[str | None]("sealed_totp", "id")
    mf_recovery_codes = Sealed[list[str] | None]("sealed_recovery_codes", "id")

    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        lazy="selectin", cascade="all, delete"
    )
    membership_rows: Mapped[list["MembershipRow"]] = relationship(lazy="selectin")

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The memberships as values."""
        return tuple(Membership(row.role, row.clinic_id) for row in self.membership_rows)


class MembershipRow(Base):
    """A member's role at a clinic; without a clinic, in the whole network."""

    __tablename__ = "memberships"
    __table_args__ = (sa.UniqueConstraint("member_id", "role", "clinic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), index=True)
    role: Mapped[Role]
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinics.id"))
