"""Keys of systems, by name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.models import ApiKey


def every(session: Session) -> Sequence[ApiKey]:
    """Return all keys that were ever made, by name; of a key itself there is only a digest."""
    return session.scalars(sa.select(ApiKey).order_by(ApiKey.name)).all()
