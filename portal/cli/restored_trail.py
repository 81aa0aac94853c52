"""The trail of a database that is brought back: whether it is whole, and the heads that are kept of it outside."""

from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy.orm import Session

from portal.doors.world import world
from portal.gateways import heads
from portal.gateways.aside import kept_name
from portal.queries import chain, chain_check, event_check
from portal.queries.chain_check import Trouble, Walk
from portal.vault import Ring


def say_troubles(session: Session, ring: Ring) -> None:
    """Say where the trail is not as it was written; that is no reason to stay without a database."""
    count = sum(1 for _ in _troubles(session, ring))
    if count:
        click.echo(
            f"The trail in the backup has {count:,} troubles: `flask audit verify` names them.", err=True
        )


def _troubles(session: Session, ring: Ring) -> Iterator[Trouble]:
    head = chain.find_head(session)
    last = head.number if head else 0
    # Heads from after the backup tell of a database that is being replaced.
    walk = Walk(ring, [kept for kept in heads.read(world().settings.audit_head_path) if kept.number <= last])
    for page in chain_check.links(session):
        for seal in page:
            yield from walk.step(seal)
        yield from event_check.check(session, ring, page)


def begin_heads_anew(session: Session, *, now: datetime) -> None:
    """Keep the heads of the database that was replaced under another name, and begin with the one of this."""
    path = world().settings.audit_head_path
    try:
        if path.exists():
            path.rename(path.with_name(f"{path.name}.{kept_name(now)}"))
        head = chain.find_head(session)
        if head:
            heads.append(path, head)
    except OSError as error:
        click.echo(
            f"{path} tells of the database that was replaced and cannot be moved ({error.strerror}). Move it, or "
            "`flask audit verify` goes on to find the difference.",
            err=True,
        )
