"""The clock door: claims one row, does one thing, marks it; no state in memory."""

import click
from flask.cli import with_appcontext


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send what is owed until it is told to stop."""
