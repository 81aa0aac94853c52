"""Seal the trail: entries get numbers in the order of their ids, each held to the one before; the worker does it.

On PostgreSQL an entry may come to be seen after one with a higher id. It is sealed when it is seen, behind the other:
the order of the seals is the order in which entries were sealed, and no entry is passed over.
"""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import ring, write
from portal.domain.audit import Head
from portal.models import AuditSeal
from portal.queries import chain

BATCH = 500


def seal(*, now: datetime, everywhere: bool = False) -> Head | None:
    """Seal the entries that are not, up to a batch of them, and return the chain's head, None while it is empty.

    `everywhere` also finds what came very late, as `chain.unsealed` says.
    """
    try:
        with write() as session:
            return _seal(session, now, everywhere=everywhere)
    except IntegrityError:
        # Another worker sealed the same entries at this moment.
        with write() as session:
            return chain.find_head(session)


def _seal(session: Session, now: datetime, *, everywhere: bool) -> Head | None:
    head = chain.find_head(session)
    number, digest = (head.number, head.digest) if head else (0, chain.START)
    for entry in session.execute(chain.unsealed(session, everywhere=everywhere).limit(BATCH)):
        number += 1
        digest = chain.link(ring(), digest, number=number, sealed_at=now, entry=tuple(entry))
        session.add(AuditSeal(number=number, entry_id=entry[0], digest=digest, sealed_at=now))
    return head if head and head.number == number else _head(number, digest, now)


def _head(number: int, digest: bytes, now: datetime) -> Head | None:
    return Head(number=number, digest=digest, at=now) if number else None
