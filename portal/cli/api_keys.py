"""`flask api-keys`: keys of systems that send referrals."""

import click
from flask.cli import AppGroup

from portal.actions import api_keys as keys
from portal.db import db
from portal.domain.errors import Refused
from portal.doors import asking
from portal.doors.world import now
from portal.queries import api_keys as rows

api_keys = AppGroup("api-keys", help="Keys of systems that send referrals.")


@api_keys.command("create")
@click.argument("name")
def create(name: str) -> None:
    """Make a key for the system NAME and print it once; only its digest is kept."""
    try:
        click.echo(keys.create(name, actor=asking.operator("shell"), now=now()))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None


@api_keys.command("list")
def show() -> None:
    """Print the name of every key, since when it works, and when it was revoked."""
    for row in rows.every(db.session()):
        state = f"revoked {row.revoked_at:%Y-%m-%d %H:%M} UTC" if row.revoked_at else "in use"
        click.echo(f"{row.name}: made {row.created_at:%Y-%m-%d}, {state}")


@api_keys.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Let the key of the system NAME open nothing from now on."""
    try:
        keys.revoke(name, actor=asking.operator("shell"), now=now())
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"The key of {name} opens nothing any more.")
