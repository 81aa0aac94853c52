"""`flask members`: who works here. Members are disabled, never deleted; each change is an entry in the trail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from portal.actions import members as acting
from portal.db import db
from portal.domain import reading
from portal.domain.access import Role
from portal.domain.errors import NotFound, Refused
from portal.domain.orders import Enrolment
from portal.domain.second_factors import STEP_SECONDS
from portal.doors.asking import operator
from portal.doors.world import now, site, world
from portal.queries import members as rows
from portal.queries import referrals

members = AppGroup("members", help="Who works here.")
EMAIL = click.argument("email")
ROLE = click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
CLINIC = click.option(
    "--clinic", help="The clinic's short name, as in its address; none is the whole network."
)


@members.command("invite")
@EMAIL
@click.option("--name", required=True, help='Like "Fern Specimen, RN".')
@ROLE
@CLINIC
def invite(email: str, name: str, role: str, clinic: str | None) -> None:
    """Mail somebody a link, good once and for three days, to choose a password and then set up a second step."""
    with _said_plainly(email):
        person = Enrolment(
            email=reading.email(email), name=reading.name(name, most=160), role=Role(role), clinic=clinic
        )
        acting.invite(person, actor=operator("shell"), keys=world().keys, site=site(), now=now())
    click.echo(f"A link is on its way to {person.email}.")


@members.command("list")
def listed() -> None:
    """List the members with their roles, second factors and whether they may come in."""
    for member in rows.everybody(db.session()):
        roles = ", ".join(f"{held.role.label} at {_place(held.clinic_id)}" for held in member.memberships)
        factors = ["app"] * bool(member.sealed_totp) + ["passkey"] * len(member.webauthn)
        state = "disabled" if not member.active else "active" if member.password else "invited"
        click.echo(
            f"{state:9} {member.email:32} {member.name}; {roles or 'no role'}; {', '.join(factors) or 'no second factor'}"
        )


@members.command("disable")
@EMAIL
def disable(email: str) -> None:
    """Let a member in no more, at once."""
    with _said_plainly(email):
        acting.disable(email, actor=operator("shell"), now=now())
    click.echo(f"{email} is signed out everywhere and does not come in any more.")


@members.command("enable")
@EMAIL
def enable(email: str) -> None:
    """Let a member in again."""
    with _said_plainly(email):
        acting.enable(email, actor=operator("shell"), now=now())
    click.echo(f"{email} may sign in again.")


@members.command("grant")
@EMAIL
@ROLE
@CLINIC
def grant(email: str, role: str, clinic: str | None) -> None:
    """Give a member a role."""
    with _said_plainly(email):
        acting.grant(email, Role(role), clinic=clinic, actor=operator("shell"), now=now())
    click.echo(f"{email} is {Role(role).label} at {clinic or 'the whole network'} now.")


@members.command("revoke")
@EMAIL
@ROLE
@CLINIC
def revoke(email: str, role: str, clinic: str | None) -> None:
    """Take a role from a member."""
    with _said_plainly(email):
        acting.revoke(email, Role(role), clinic=clinic, actor=operator("shell"), now=now())
    click.echo(f"{email} is no longer {Role(role).label} at {clinic or 'the whole network'}.")


@members.command("reset-factors")
@EMAIL
def reset_factors(email: str) -> None:
    """Take every second factor from a member who lost theirs; make sure by voice that it is them who ask."""
    with _said_plainly(email):
        acting.reset_factors(email, actor=operator("shell"), site=site(), now=now())
    click.echo(f"{email} is signed out everywhere, and sets up a new second step at the next sign-in.")


@members.command("code")
@click.argument("name")
def code(name: str) -> None:
    """Print a code for the second step of NAME, outside production; right after one was used, the one after it."""
    if world().settings.production:
        raise click.ClickException("Codes come from the members' own apps; this is production.")
    member = rows.find_by_email(db.session(), name if "@" in name else f"{name}@example.com")
    if member is None or not member.tf_totp_secret:
        raise click.ClickException(f"{name} has no authenticator app.")
    step = int(time.time()) // STEP_SECONDS
    unused = max(step, (member.totp_counter or 0) + 1)
    if unused > step + 1:
        # Two were used within half a minute, and the one after them is not taken yet.
        time.sleep((unused - 1) * STEP_SECONDS - time.time())
    click.echo(current_app.extensions["security"].totp_factory.code_at(member.tf_totp_secret, unused))


def _place(clinic_id: int | None) -> str:
    return referrals.clinic_name(db.session(), clinic_id) if clinic_id else "the whole network"


@contextmanager
def _said_plainly(email: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise click.ClickException(f"There is no member {email}.") from None
    except (Refused, ValueError) as refused:
        raise click.ClickException(str(refused)) from None
