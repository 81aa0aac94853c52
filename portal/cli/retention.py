"""`flask retention`: what is taken away after how long, and today's taking away."""

import click
from flask.cli import AppGroup

from portal.actions.retention import RULES
from portal.doors import days
from portal.doors.world import now

commands = AppGroup("retention", help="What is taken away when its days are over.")


@commands.command("list")
def listed() -> None:
    """List what goes after how long, and why."""
    for rule in RULES:
        click.echo(f"{rule.name}: {rule.keep_for.days} days. {rule.why}.")


@commands.command("run")
def run() -> None:
    """Take away what its days are over for; the worker does the same once a day."""
    removed = days.take_away(now=now())
    if removed is None:
        click.echo("Today's was taken away before.")
        return
    found = [f"{count:,} {what}" for what, count in removed.items() if count]
    click.echo(f"Taken away: {', '.join(found)}." if found else "Nothing's days are over.")
