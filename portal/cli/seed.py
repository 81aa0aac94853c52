"""`flask prepare` and `flask seed`: bring the database up, and fill it for a first look."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from flask_security import hash_password

from portal.actions import demonstration
from portal.cli import clinics
from portal.config import ROOT
from portal.db import ring
from portal.doors.world import now, world
from portal.vault import KeyTrouble

SEEDS = ROOT / "seeds"
DEMO_MEMBERS = SEEDS / "demonstration-members.csv"
FLASK = ".venv/bin/flask"
# Known to everybody: it opens a demonstration on somebody's own machine, and production never gets it.
DEMO_PASSWORD = "northern lights demo"  # noqa: S105


@click.command("seed")
@click.option("--example-network", is_flag=True, help="Also load 13 invented clinics.")
@with_appcontext
def seed(example_network: bool) -> None:
    """Load the first network's clinics and, outside production, the demonstration members."""
    click.echo(clinics.load(SEEDS / "clinics.csv"))
    if example_network:
        _refuse_in_production("The example network is invented")
        click.echo(clinics.load(SEEDS / "example-network.csv"))
    if not world().settings.production:
        fresh = demonstration.enrol(
            demonstration.read_csv(DEMO_MEMBERS),
            password_digest=hash_password(DEMO_PASSWORD),
            new_secret=current_app.extensions["security"].totp_factory.generate_totp_secret,
            now=now(),
        )
        click.echo(f"Demonstration members: {fresh} added.")


@click.command("demo-sign-ins")
@with_appcontext
def demo_sign_ins() -> None:
    """Print who can sign in to the demonstration."""
    _refuse_in_production("There are no demonstration members")
    settings = world().settings
    click.echo(f"\nStaff sign in at {settings.public_url}/staff with the password “{DEMO_PASSWORD}”:")
    for person in demonstration.read_csv(DEMO_MEMBERS):
        click.echo(
            f"  {person.email:20} {person.name}, {person.role.label}, {person.clinic or 'whole network'}"
        )
    click.echo(f"The code for the second step, fern's for one: {FLASK} members code fern")


@click.command("prepare")
@click.pass_context
@with_appcontext
def prepare(context: click.Context) -> None:
    """Migrate and, outside production, seed and print the sign-ins; what a start needs, in one process."""
    upgrade()
    try:
        ring().check()
    except KeyTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    if not world().settings.production:
        context.invoke(seed, example_network=False)
        context.invoke(demo_sign_ins)


def _refuse_in_production(why: str) -> None:
    if world().settings.production:
        raise click.ClickException(f"{why}; this is production")
