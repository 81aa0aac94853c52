"""`flask check`: which settings are given, and what production would refuse; a secret's value is never shown."""

import click
from dotenv import dotenv_values
from flask.cli import with_appcontext

from portal.config import ROOT, Settings
from portal.doors import soundness
from portal.doors.world import world

SECRET = frozenset({"secret_key", "keys", "database_url", "mail_url", "limits_url"})
"""Keys, or what may hold a password."""


@click.command("check")
@with_appcontext
@click.pass_context
def check(context: click.Context) -> None:
    """List the settings and what is wrong with them; ends with 1 when production would not start."""
    settings = world().settings
    for name in Settings.model_fields:
        click.echo(f"{name.upper():26}{_told(settings, name)}")
    found = soundness.findings(settings)
    for each in found:
        click.echo(f"Production would refuse: {each}.")
    for name in sorted(_strange()):
        click.echo(f"In .env, and no setting of the portal: {name}.")
    if not found:
        click.echo("Nothing is wrong with them.")
    context.exit(1 if found else 0)


def _told(settings: Settings, name: str) -> str:
    given = name in settings.model_fields_set
    if name in SECRET:
        return "given, and not shown" if given else "not given"
    value = getattr(settings, name)
    return f"{value if value not in (None, '') else 'nothing'}{'' if given else ' (default)'}"


def _strange() -> set[str]:
    known = {name.upper() for name in Settings.model_fields} | {"HOST", "PORT", "WORKERS", "FLASK_APP"}
    return {name for name in dotenv_values(ROOT / ".env") if name.upper() not in known}
