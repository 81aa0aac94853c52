"""`flask audit`: whether the trail is as it was written, and the trail as a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from portal.db import db, ring
from portal.doors.world import now, world
from portal.gateways import heads
from portal.queries import chain_check, event_check
from portal.queries.chain_check import Trouble, Walk

commands = AppGroup("audit", help="The trail of who looked at what and who changed what.")


@commands.command("verify")
@click.pass_context
def verify(context: click.Context) -> None:
    """Make every link of the chain again; name each place that does not fit, and end with 1 when there is any."""
    walk = Walk(ring(), heads.read(world().settings.audit_head_path))
    found = 0
    for trouble in _troubles(walk):
        click.echo(trouble)
        found += 1
    click.echo(f"{walk.number} sealed entries, {found} troubles.")
    context.exit(1 if found else 0)


def _troubles(walk: Walk) -> Iterator[Trouble]:
    session = db.session()
    with _taking_anything(session):
        for page in chain_check.links(session):
            for seal in page:
                yield from walk.step(seal)
            yield from event_check.check(session, ring(), page)
        waiting = chain_check.waiting(session)
        yield from walk.end(waiting)
        yield from chain_check.late(waiting, now())


@contextmanager
def _taking_anything(session: Session) -> Iterator[None]:
    """Read text that is no text too: a broken byte is to be named, and not to end the search."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.text_factory = lambda kept: kept.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str
