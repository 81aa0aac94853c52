"""`flask api-keys`: keys of systems that send referrals."""

import click
from flask.cli import AppGroup

from portal.actions import api_keys as keys
from portal.domain.errors import Refused
from portal.doors.world import now

api_keys = AppGroup("api-keys", help="Keys of systems that send referrals.")


@api_keys.command("create")
@click.argument("name")
def create(name: str) -> None:
    """Make a key for the system NAME and print it once; only its digest is kept."""
    try:
        click.echo(keys.create(name, now=now()))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
