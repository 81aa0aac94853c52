"""The wrapped content keys, as the key ring takes them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.models import ContentKeyRow
from portal.vault import ContentKey


def wrapped(session: Session) -> list[ContentKey]:
    """Return every content key, oldest first."""
    rows = session.scalars(sa.select(ContentKeyRow).order_by(ContentKeyRow.number))
    return [
        ContentKey(number=row.number, purpose=row.purpose, wrapping=row.wrapping, wrapped=row.wrapped)
        for row in rows
    ]
