"""Files that came with a referral, kept in sealed parts beside it; what is kept was cleaned, never what was sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.domain.files import FileKind, FileState
from portal.models.sealed import Sealed, SealedBytes


class File(Base):
    """One file of a draft, or of the referral that it became or was added to."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), unique=True)
    """Stands in its address; opens nothing by itself."""
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("drafts.id", ondelete="CASCADE"), index=True)
    """A draft that is deleted takes its files along; handed over, they are the referral's."""
    referral_id: Mapped[int | None] = mapped_column(sa.ForeignKey("referrals.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"))
    """The event that brought it."""
    kind: Mapped[FileKind]
    state: Mapped[FileState]
    size_bytes: Mapped[int]
    """As it is kept."""
    sealed_title: Mapped[bytes]
    added_at: Mapped[datetime]

    title = Sealed[str]("sealed_title", "name")
    """What the sender called it, as it may be shown."""


class FilePart(Base):
    """A piece of a file's content, so that no request holds all of it sealed and plain at once."""

    __tablename__ = "file_parts"
    __table_args__ = (sa.UniqueConstraint("file_name", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(sa.ForeignKey("files.name", ondelete="CASCADE"))
    number: Mapped[int]
    sealed_content: Mapped[bytes]

    content = SealedBytes("sealed_content", "file_name", "number")
