"""Keys of systems that send referrals: a key itself is seen once, and a revoked one opens nothing from then on."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import vault
from portal.db import write
from portal.domain.audit import Act
from portal.domain.errors import Refused
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import ApiKey


def create(name: str, *, actor: Actor, now: datetime) -> str:
    """Make a key for a system and return it; raise Refused when the name is taken."""
    key = vault.new_key()
    try:
        with write() as session:
            session.add(ApiKey(name=name, digest=vault.digest(key), created_at=now))
            trail.note(session, Act.KEYS_CHANGED, actor=actor, at=now, about=_about("created", name))
    except IntegrityError:
        raise Refused(f"There is a key named {name} already; choose another name") from None
    return key


def revoke(name: str, *, actor: Actor, now: datetime) -> None:
    """Let a system's key open nothing any more; raise Refused when there is none that does."""
    with write() as session:
        still_good = sa.and_(ApiKey.name == name, ApiKey.revoked_at.is_(None))
        revoked = session.execute(
            sa.update(ApiKey).where(still_good).values(revoked_at=now).returning(ApiKey.id)
        )
        if revoked.scalar() is None:
            raise Refused(f"No key named {name} is in use; `flask api-keys list` names them")
        trail.note(session, Act.KEYS_CHANGED, actor=actor, at=now, about=_about("revoked", name))


def _about(done: str, name: str) -> About:
    return About(facts={"API key": name, "done": done})
