"""Invite members, give and take roles, let them go: each change is one entry in the trail. Nobody is ever deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import vault
from portal.db import write
from portal.domain import letters as words
from portal.domain.access import Role
from portal.domain.audit import Act
from portal.domain.errors import NotFound, Refused
from portal.domain.letters import INVITED_FOR, Change, Site
from portal.domain.orders import Actor, Enrolment
from portal.ledger import letters, sign_ins, trail
from portal.ledger.trail import About
from portal.models import Clinic, Member, MembershipRow, Passkey
from portal.queries import members, referrals
from portal.vault import Keys


def invite(person: Enrolment, *, actor: Actor, keys: Keys, site: Site, now: datetime) -> None:
    """Make somebody a member and owe them the link to their first password; again, while they have not used it.

    Raises Refused when the email is a member's who has been in, or there is no such clinic.
    """
    with write() as session:
        member = members.find_by_email(session, person.email)
        if member and (member.password or not member.active):
            raise Refused(f"{person.email} is a member already.")
        member = member or _new(session, person, now)
        session.flush()
        key = keys.password_key(member.id, member.fs_uniquifier, now + INVITED_FOR)
        letters.owe(session, member.id, words.invitation(site, name=member.name, key=key), now=now)
        _note(session, member.id, "invited", actor, now, role=person.role, clinic=person.clinic)


def disable(email: str, *, actor: Actor, now: datetime) -> None:
    """Let nobody in by this email any more, at once; what they did keeps their name. Raises NotFound."""
    with write() as session, _changed(session, email, "disabled", actor, now) as member:
        member.active = False
        _end(session, member, now)


def enable(email: str, *, actor: Actor, now: datetime) -> None:
    """Let a member in again, with the password and second factors they had; raises NotFound."""
    with write() as session, _changed(session, email, "enabled", actor, now) as member:
        member.active = True


def grant(email: str, role: Role, *, clinic: str | None, actor: Actor, now: datetime) -> None:
    """Give a member a role at a clinic or in the whole network; raises NotFound, or Refused when they have it."""
    with (
        write() as session,
        _changed(session, email, "granted", actor, now, role=role, clinic=clinic) as member,
    ):
        clinic_id = _clinic_id(session, clinic)
        if _held(member, role, clinic_id):
            raise Refused(f"{email} has this role already.")
        session.add(MembershipRow(member_id=member.id, role=role, clinic_id=clinic_id))


def revoke(email: str, role: Role, *, clinic: str | None, actor: Actor, now: datetime) -> None:
    """Take a role from a member; raises NotFound, or Refused when they do not have it."""
    with (
        write() as session,
        _changed(session, email, "revoked", actor, now, role=role, clinic=clinic) as member,
    ):
        held = _held(member, role, _clinic_id(session, clinic))
        if held is None:
            raise Refused(f"{email} does not have this role.")
        session.delete(held)


def reset_factors(email: str, *, actor: Actor, site: Site, now: datetime) -> None:
    """Take every second factor from a member who lost theirs; the next sign-in sets up new ones. Raises NotFound."""
    with write() as session, _changed(session, email, "second factors removed", actor, now) as member:
        member.tf_totp_secret = member.tf_primary_method = member.totp_counter = None
        member.mf_recovery_codes = None
        session.execute(sa.delete(Passkey).where(Passkey.user_id == member.id))
        _end(session, member, now)
        letters.owe(session, member.id, words.changed(site, Change.RESET), now=now)


def _new(session: Session, person: Enrolment, now: datetime) -> Member:
    member = Member(
        email=person.email,
        name=person.name,
        fs_uniquifier=vault.new_key(),
        created_at=now,
        membership_rows=[MembershipRow(role=person.role, clinic_id=_clinic_id(session, person.clinic))],
    )
    session.add(member)
    return member


@contextmanager
def _changed(
    session: Session, email: str, change: str, actor: Actor, now: datetime, **facts: str | None
) -> Iterator[Member]:
    member = members.find_by_email(session, email)
    if member is None:
        raise NotFound
    yield member
    _note(session, member.id, change, actor, now, **facts)


def _note(
    session: Session, member_id: int, change: str, actor: Actor, now: datetime, **facts: str | None
) -> None:
    about = About(member_id=member_id, facts={"change": change} | facts)
    trail.note(session, Act.MEMBER_CHANGED, actor=actor, at=now, about=about)


def _end(session: Session, member: Member, now: datetime) -> None:
    # Sessions and open links stand on the mark.
    member.fs_uniquifier = vault.new_key()
    sign_ins.end_sessions(session, member.id, now=now)


def _clinic_id(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    clinic: Clinic | None = referrals.find_clinic(session, slug)
    if clinic is None:
        raise Refused(f"There is no clinic {slug}.")
    return clinic.id


def _held(member: Member, role: Role, clinic_id: int | None) -> MembershipRow | None:
    return next(
        (row for row in member.membership_rows if (row.role, row.clinic_id) == (role, clinic_id)), None
    )
