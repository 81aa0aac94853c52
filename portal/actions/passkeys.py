"""Make, use and remove the passkeys of members; nobody is left without a second factor."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import letters, reading
from portal.domain.audit import Act
from portal.domain.errors import NotFound, Refused, Unfit
from portal.domain.letters import Change
from portal.domain.orders import Actor
from portal.ledger import letters as owed
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import Passkey
from portal.queries import passkeys
from portal.vault.passkeys import ANSWER_WITHIN, Challenge, Made, Owner, Site, Unproven, signed, who_signed

HANDLE_BYTES = 32
NAME_MOST = 64
SECOND_FACTOR = "secondary"
"""How the sign-in library marks a passkey that may follow a password; all of ours may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a browser answered to a challenge, as it came."""

    text: str
    challenge: Challenge
    site: Site


def owner(member_id: int) -> Owner:
    """Return for whom a passkey is made; their handle is drawn once. Raise NotFound for nobody active."""
    with write() as session:
        member = passkeys.get_locked_owner(session, member_id)
        member.fs_webauthn_user_handle = member.fs_webauthn_user_handle or secrets.token_urlsafe(HANDLE_BYTES)
        return Owner(handle=member.fs_webauthn_user_handle, email=member.email, name=member.name)


def read_name(typed: str, *, taken: list[str]) -> str:
    """Return the name of a new passkey; raise Unfit when it cannot be used or another one has it."""
    try:
        name = reading.text(typed, most=NAME_MOST)
    except ValueError as problem:
        raise Unfit({"name": str(problem)}) from None
    if name in taken:
        raise Unfit({"name": "One of your passkeys has that name already; choose another"})
    return name


def add(made: Made, *, name: str, actor: Actor, site: letters.Site, now: datetime) -> None:
    """Keep a passkey that its member made just now; raise Unfit for its name, Refused when it is known already."""
    with write() as session:
        member = passkeys.get_locked_owner(session, int(actor.id))
        name = read_name(name, taken=[known.name for known in member.webauthn])
        if passkeys.find_locked(session, made.credential_id):
            raise Refused("That passkey is registered already.")
        session.add(
            Passkey(
                user_id=member.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                backup_state=made.backed_up,
                device_type=made.device_type,
                create_datetime=now,
                lastuse_datetime=now,
                name=name,
                usage=SECOND_FACTOR,
            )
        )
        _tell(session, Change.PASSKEY_ADDED, actor=actor, site=site, now=now)


def use(answer: Answer, *, now: datetime, only: int | None = None) -> int:
    """Return the id of the member whose passkey signed; raise Unproven, alike for whatever is wrong.

    `only` asks for one member's passkey. An answer counts once: its challenge must be younger than the passkey's last
    use, also when an old cookie brings it back.
    """
    credential_id, handle = who_signed(answer.text)
    with write() as session:
        found = passkeys.find_locked(session, credential_id)
        if found is None:
            raise Unproven("unknown")
        passkey, member = found
        if only not in {None, member.id} or handle not in {"", member.fs_webauthn_user_handle}:
            raise Unproven("another member's")
        if not passkey.lastuse_datetime < answer.challenge.at <= now < answer.challenge.at + ANSWER_WITHIN:
            raise Unproven("too late")
        used = signed(
            answer.text,
            site=answer.site,
            challenge=answer.challenge,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
        )
        passkey.sign_count, passkey.lastuse_datetime = used.sign_count, now
        passkey.device_type, passkey.backup_state = used.device_type, used.backed_up
        return member.id


def remove(passkey_id: int, *, actor: Actor, site: letters.Site, now: datetime) -> None:
    """Remove one of a member's own passkeys; raise NotFound for any other, Refused for the last second factor."""
    with write() as session:
        member = passkeys.get_locked_owner(session, int(actor.id))
        passkey = next((own for own in member.webauthn if own.id == passkey_id), None)
        if passkey is None:
            raise NotFound
        if len(member.webauthn) == 1 and member.sealed_totp is None:
            raise Refused("This is your only second factor. Set up another one first.")
        session.delete(passkey)
        _tell(session, Change.PASSKEY_REMOVED, actor=actor, site=site, now=now)


def _tell(session: Session, change: Change, *, actor: Actor, site: letters.Site, now: datetime) -> None:
    member_id = int(actor.id)
    owed.owe(session, member_id, letters.changed(site, change), now=now)
    about = About(member_id=member_id, facts={"change": change.name.lower()})
    trail.note(session, Act.MEMBER_CHANGED, actor=actor, at=now, about=about)
