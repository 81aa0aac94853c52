"""The trail in tests: write it, seal it, look at it, and break it as somebody with all rights on the database would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from portal.actions import seals, trail
from portal.db import db, ring
from portal.domain.audit import Act, Source
from portal.domain.orders import Actor, ActorKind
from portal.gateways import heads
from portal.ledger.trail import About
from portal.models import AuditEntry, AuditSeal
from portal.queries import chain_check, event_check
from portal.queries.chain_check import Walk
from tests.build import NOW
from tests.stage import without_triggers

SOMEBODY = Actor(ActorKind.MEMBER, 1, Source(address="192.0.2.7", request_id="abc"))


def write(count: int = 1, *, at: datetime = NOW) -> None:
    """Write some entries, each with another fact."""
    for number in range(count):
        trail.note(Act.LISTED, actor=SOMEBODY, now=at, about=About(facts={"number": number}))


def seal(path: Path | None = None, *, at: datetime = NOW) -> None:
    """Seal all there is, and keep the head."""
    head = seals.seal(now=at, everywhere=True)
    if path and head:
        heads.append(path, head)


def entries() -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def acts() -> list[Act]:
    return [entry.act for entry in entries()]


def sealed() -> list[AuditSeal]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.number)))


def troubles(path: Path, *, at: datetime = NOW) -> list[str]:
    """Check the trail as `flask audit verify` does."""
    db.session.rollback()
    session, walk, found = db.session(), Walk(ring(), heads.read(path)), []
    for page in chain_check.links(session):
        found += [trouble for seal in page for trouble in walk.step(seal)]
        found += event_check.check(session, ring(), page)
    waiting = chain_check.waiting(session)
    found += [*walk.end(waiting), *chain_check.late(waiting, at), *event_check.check_standing(session)]
    return [str(trouble) for trouble in found]


@contextmanager
def thief() -> Iterator[sa.Connection]:
    """Change what one likes, past every trigger."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            yield connection
        else:
            with without_triggers(connection):
                yield connection
