"""How members come in: their passkeys, the sessions they have open, and tries that failed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security.core import WebAuthnMixin
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.sealed import Sealed


class Passkey(Base, WebAuthnMixin):
    """A passkey of a member. The names of the columns are those that the sign-in library reads."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(sa.JSON)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(sa.String(64))
    usage: Mapped[str] = mapped_column(sa.String(64))


class MemberSession(Base):
    """One sign-in of a member in one browser, from the first page to sign-out, idleness or the end of its hours."""

    __tablename__ = "member_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the key in the browser's cookie."""
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id"), index=True)
    signed_in_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When the member last did something; pages that refresh themselves do not count."""
    proved_at: Mapped[datetime]
    """When the member last proved who they are."""
    browser: Mapped[str] = mapped_column(sa.String(40), default="")
    """Roughly which, for the member to tell sessions apart."""
    ended_at: Mapped[datetime | None]
    sealed_kept: Mapped[bytes | None]

    kept = Sealed[dict[str, Any] | None]("sealed_kept", "digest")
    """What was typed when the session had ended: path and fields, shown again after the next sign-in."""


class SignInTry(Base):
    """Failed tries in a row, of one account or from one address; survives restarts and counts across workers."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    """A digest of the account or the address, whether or not there is such an account."""
    failures: Mapped[int]
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
