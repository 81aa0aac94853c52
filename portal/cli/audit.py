"""`flask audit`: whether the trail is as it was written, and the trail as a file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from portal.actions import trail
from portal.db import db, ring
from portal.domain.audit import Act
from portal.doors import asking, audit_csv
from portal.doors.world import now, world
from portal.gateways import heads
from portal.ledger.trail import About
from portal.queries import audit, chain_check, event_check
from portal.queries.audit import Sought
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


@commands.command("export")
@click.argument("file", type=click.Path(exists=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole trail as CSV to a new FILE that is yours alone; the export is itself written down first."""
    about = About(facts={"what": "audit"})
    trail.note(Act.EXPORTED, actor=asking.operator("shell"), now=now(), about=about)
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and is left as it is.") from None
    with open(opened, "w", encoding="utf-8", newline="") as written:  # noqa: PTH123
        lines = sum(1 for line in audit_csv.write(audit.every(db.session(), Sought())) if written.write(line))
    click.echo(f"{lines - 1} entries are in {file}.")


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
        yield from event_check.check_standing(session)


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
