"""Keys of systems that send referrals; the key itself is seen once."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import vault
from portal.db import write
from portal.domain.errors import Refused
from portal.models import ApiKey


def create(name: str, *, now: datetime) -> str:
    """Make a key for a system and return it; raise Refused when the name is taken."""
    key = vault.new_key()
    try:
        with write() as session:
            session.add(ApiKey(name=name, digest=vault.digest(key), created_at=now))
    except IntegrityError:
        raise Refused(f"There is a key named {name} already; choose another name") from None
    return key
