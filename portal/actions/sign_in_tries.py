"""Count tries to sign in, in the database: counts survive restarts and are one for all workers.

A try is counted before its password or code is looked at, so tries that come at once count too; a sign-in that
succeeds forgets them. Passkeys are not counted: nobody can guess one, so whoever keeps somebody's account blocked by
wrong passwords does not keep out the member who has a passkey, or who asks for a new password by mail.
"""

from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import back_off
from portal.domain.audit import Act
from portal.domain.back_off import RULES, Counted, TooSoon
from portal.domain.orders import Actor
from portal.ledger import sign_ins, trail
from portal.ledger.trail import About
from portal.models import SignInTry


def begin(who: str, address: str, *, now: datetime, counted: Counted = Counted.ACCOUNT) -> None:
    """Count one try for an email, whether or not it is a member's; raise TooSoon, and count nothing, while it waits.

    `who` is a referral's reference where proofs are counted.
    """
    with write() as session:
        # Always in this order, so that two tries never wait for each other.
        tried = _row(session, counted, who, now)
        place = _row(session, Counted.ADDRESS, back_off.origin(address), now)
        waits = [row.blocked_until for row in (tried, place) if row.blocked_until and row.blocked_until > now]
        if waits:
            raise TooSoon(max(waits))
        _count(tried, counted, now)


def failed(actor: Actor, *, how: str, member_id: int | None, now: datetime) -> None:
    """Count a failure for the address it came from, and note it; `how` says what was wrong, like "password"."""
    with write() as session:
        _count_address(session, actor, now)
        about = About(member_id=member_id, facts={"how": how})
        trail.note(session, Act.SIGN_IN_FAILED, actor=actor, at=now, about=about)


def not_proven(actor: Actor, *, referral_id: int, clinic_id: int | None, now: datetime) -> None:
    """Count and note that somebody who holds a referral's link did not know its patient's date of birth."""
    with write() as session:
        _count_address(session, actor, now)
        about = About(referral_id=referral_id, clinic_id=clinic_id, facts={"asked": "who the patient is"})
        trail.note(session, Act.REFUSED, actor=actor, at=now, about=about)


def was_right(email: str) -> None:
    """Take one try back, with its wait: the password was right, and what counts from here is the second factor.

    Those before it stay, so a password that is known does not buy more guesses at the code.
    """
    key = sign_ins.try_key(Counted.ACCOUNT, email)
    with write() as session:
        session.execute(
            sa.update(SignInTry)
            .where(SignInTry.key == key, SignInTry.failures > 0)
            .values(failures=SignInTry.failures - 1, blocked_until=None)
        )


def succeeded(who: str, *, counted: Counted = Counted.ACCOUNT) -> None:
    """Forget what was counted for an account, whose member has proved who they are, or for a referral."""
    with write() as session:
        sign_ins.forget_tries(session, who, counted=counted)


def _count_address(session: Session, actor: Actor, now: datetime) -> None:
    place = back_off.origin(actor.source.address)
    _count(_row(session, Counted.ADDRESS, place, now), Counted.ADDRESS, now)


def _row(session: Session, counted: Counted, who: str, now: datetime) -> SignInTry:
    key = sign_ins.try_key(counted, who)
    row = session.get(SignInTry, key, with_for_update=True)
    if row is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(SignInTry(key=key, failures=0, last_at=now))
        row = session.get_one(SignInTry, key, with_for_update=True)
    return row


def _count(row: SignInTry, counted: Counted, now: datetime) -> None:
    rule = RULES[counted]
    row.failures = 1 if row.last_at < now - rule.forgotten_after else row.failures + 1
    row.last_at = now
    wait = rule.wait(row.failures)
    row.blocked_until = now + wait if wait else None
