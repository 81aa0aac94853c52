"""The content keys of this database, each wrapped by a key that is kept elsewhere."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.vault import Purpose


class ContentKeyRow(Base):
    """A wrapped content key; never deleted, because a backup may need it."""

    __tablename__ = "content_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[Purpose]
    wrapping: Mapped[str]
    """Name of the wrapping key."""
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]
