"""The shell door: `flask ...` commands for operators; no rule stands here."""

from flask import Flask

from portal.cli import audit, clinics, retention
from portal.cli.api_keys import api_keys
from portal.cli.backup import backup
from portal.cli.check import check
from portal.cli.keys import keys
from portal.cli.members import members
from portal.cli.restore import restore
from portal.cli.seed import demo_sign_ins, prepare, seed


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (
        api_keys,
        audit.commands,
        backup,
        check,
        clinics.commands,
        demo_sign_ins,
        keys,
        members,
        prepare,
        restore,
        retention.commands,
        seed,
    ):
        app.cli.add_command(command)
