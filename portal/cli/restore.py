"""`flask restore`: a backup brought back beside the database in use, tried whole, and only then put in its place."""

from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.actions import restoring
from portal.cli import restored_trail
from portal.cli.backup import FILE, said_plainly, told
from portal.db import db
from portal.doors.asking import operator
from portal.doors.world import now, world
from portal.gateways import backup_file
from portal.gateways.aside import beside
from portal.gateways.aside_file import InUse
from portal.ledger.trail import About
from portal.queries import content_keys, everything
from portal.queries.everything import NotWhole
from portal.vault import Ring, Tampered, stream
from portal.vault.stream import Opened


@click.command("restore")
@FILE
@click.option("--replace", is_flag=True, help="Also when the database holds referrals; it is kept aside.")
@with_appcontext
def restore(file: Path, *, replace: bool) -> None:
    """Put what `flask backup` wrote to FILE in the place of the database, all of it or nothing."""
    with said_plainly(file), backup_file.read(file) as written:
        opened = stream.unseal(written, wrapping=world().wrapping)
        if not replace:
            _refuse_to_replace()
        try:
            _restore(opened)
        except InUse as others:
            raise click.ClickException(f"{others} Nothing was changed.") from None
        except DBAPIError as refused:
            # The driver's own words may hold values of a row.
            raise click.ClickException(
                f"The database refused ({type(refused.orig).__name__}). Nothing was changed."
            ) from None


def _restore(opened: Opened) -> None:
    db.session.remove()
    began = now()
    with beside(db.engine, now=began) as aside:
        _migrate(aside.engine, opened.facts["migration"])
        counts = restoring.fill(aside.engine, everything.batches(opened.plain))
        _migrate(aside.engine, "head")
        sealed = _open_all(aside.engine)
        about = About(facts={**opened.facts, "rows": sum(counts.values())})
        restoring.settle(aside.engine, actor=operator("shell"), now=began, about=about)
        kept = aside.swap()
    restored_trail.begin_heads_anew(db.session(), now=began)
    click.echo(
        f"Restored as of {opened.facts['made_at']}: {told(counts)}, {sealed:,} sealed values, which all open.\n"
        "Members sign in again. What was revoked or disabled since then is not any more: look through the members "
        "and the API keys."
    )
    if kept:
        click.echo(f"The database that was here is kept as {kept}.")


def _refuse_to_replace() -> None:
    try:
        count = everything.count_referrals(db.session())
    except DBAPIError as error:
        raise click.ClickException(
            f"The database cannot be read ({type(error.orig).__name__}). With --replace it is kept aside, and the "
            "backup takes its place. Nothing was changed."
        ) from None
    if count:
        raise click.ClickException(
            f"The database holds {count:,} referrals. With --replace it is kept aside, and the backup takes its "
            "place. Nothing was changed."
        )


def _migrate(engine: sa.Engine, revision: str) -> None:
    config = current_app.extensions["migrate"].migrate.get_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError:
            raise NotWhole(
                f"it was made by a newer portal (migration {revision}), which has to be installed first"
            ) from None


def _open_all(engine: sa.Engine) -> int:
    """Open every sealed value, go along the trail, and return how many values there are."""
    with Session(engine) as session:
        ring = Ring(world().wrapping, lambda: content_keys.wrapped(session))
        ring.check()
        restored_trail.say_troubles(session, ring)
        try:
            return everything.open_sealed(session, ring)
        except Tampered as tampered:
            raise NotWhole(f"{tampered}, before the backup was made") from None
