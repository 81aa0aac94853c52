"""Use and set up second factors by code; each code is used once, however many workers are shown it at the same time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import letters as words
from portal.domain.audit import Act
from portal.domain.errors import Refused
from portal.domain.letters import Change, Site
from portal.domain.orders import Actor
from portal.ledger import letters, trail
from portal.ledger.trail import About
from portal.models import Member


def use_step(member_id: int, step: int) -> bool:
    """Use up an authenticator's step and all before it; tell whether it was still to be used."""
    with write() as session:
        unused = Member.totp_counter.is_(None) | (Member.totp_counter < step)
        # One statement, so of two that come at once the second finds it used.
        used = session.execute(
            sa.update(Member)
            .where(Member.id == member_id, unused)
            .values(totp_counter=step)
            .returning(Member.id)
        )
        return used.first() is not None


def set_authenticator(actor: Actor, secret: str, *, first: bool, site: Site, now: datetime) -> None:
    """Make an authenticator app the member's second factor, in place of the one before.

    `first` is for somebody who has shown no more than a password: raises Refused when there is a second factor by now.
    """
    with write() as session:
        member = session.get_one(Member, int(actor.id), with_for_update=True)
        if first and (member.sealed_totp or member.webauthn):
            raise Refused("This sign-in has a second step already.")
        member.tf_totp_secret, member.tf_primary_method = secret, "authenticator"
        _tell(session, actor, Change.AUTHENTICATOR, site, now)


def set_recovery_codes(actor: Actor, digests: list[str], *, site: Site, now: datetime) -> None:
    """Keep the digests of a member's new recovery codes in place of the old ones."""
    with write() as session:
        member = session.get_one(Member, int(actor.id), with_for_update=True)
        member.mf_recovery_codes = digests
        _tell(session, actor, Change.CODES_MADE, site, now)


def use_recovery_code(actor: Actor, digest: str, *, site: Site, now: datetime) -> bool:
    """Use up a recovery code; tell whether it was one."""
    with write() as session:
        member = session.get_one(Member, int(actor.id), with_for_update=True)
        codes = member.mf_recovery_codes or []
        if digest not in codes:
            return False
        member.mf_recovery_codes = [code for code in codes if code != digest]
        _tell(session, actor, Change.CODE_USED, site, now)
        return True


def _tell(session: Session, actor: Actor, change: Change, site: Site, now: datetime) -> None:
    letters.owe(session, int(actor.id), words.changed(site, change), now=now)
    about = About(member_id=int(actor.id), facts={"change": change.name.lower()})
    trail.note(session, Act.MEMBER_CHANGED, actor=actor, at=now, about=about)
