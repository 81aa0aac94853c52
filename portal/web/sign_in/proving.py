"""Prove who somebody is: every password and every code is looked at here, counted before and noted when it is wrong."""

from functools import cache
from secrets import token_urlsafe

from flask import current_app
from flask_security import UserMixin, hash_password, verify_password

from portal import vault
from portal.actions import second_factors, sign_in_tries
from portal.db import db
from portal.domain import passwords
from portal.domain.orders import Actor, ActorKind
from portal.domain.second_factors import STEP_SECONDS, read_code, read_recovery_code
from portal.doors import asking, logs
from portal.doors.world import now, site
from portal.queries import members


def password(email: str, typed: str) -> UserMixin | None:
    """Return the active member whose email and password these are; raise TooSoon while nobody may try.

    Somebody unknown, disabled or without a password costs the same time: a hash is always compared.
    """
    sign_in_tries.begin(email, asking.source().address, now=now())
    member = members.find_by_email(db.session(), email)
    digest = member.password if member and member.active and member.password else None
    right = _is_right(typed, digest or nobodys_digest())
    if member and digest and right:
        sign_in_tries.was_right(email)
        return member
    _note_failure("password", member)
    return None


def code(member: UserMixin, typed: str) -> bool:
    """Tell whether a code of the member's authenticator app is right, and use it up; raise TooSoon."""
    sign_in_tries.begin(member.email, asking.source().address, now=now())
    return _noted("code", member, is_step(member, member.tf_totp_secret or "", typed))


def recovery_code(member: UserMixin, typed: str) -> bool:
    """Tell whether this is a recovery code of the member, and use it up; raise TooSoon."""
    sign_in_tries.begin(member.email, asking.source().address, now=now())
    digest = vault.digest(read_recovery_code(typed))
    used = second_factors.use_recovery_code(acting(member), digest, site=site(), now=now())
    return _noted("recovery code", member, used)


def is_step(member: UserMixin, secret: str, typed: str) -> bool:
    """Tell whether a code fits a secret now, and use up its step; for a secret that is being set up nothing is counted."""
    digits = read_code(typed)
    return digits.isascii() and current_app.extensions["security"].totp_factory.verify_totp(
        digits, secret, member, window=STEP_SECONDS
    )


def acting(member: UserMixin) -> Actor:
    """Return a member as who acts, also before they are signed in."""
    return Actor(ActorKind.MEMBER, member.id, asking.source())


@cache
def nobodys_digest() -> str:
    """Return the digest of a password that nobody knows."""
    return str(hash_password(token_urlsafe()))


def _is_right(typed: str, digest: str) -> bool:
    return len(typed) <= passwords.MOST and verify_password(passwords.normal(typed), digest)


def _noted(how: str, member: UserMixin, right: bool) -> bool:
    if not right:
        _note_failure(how, member)
    return right


def _note_failure(how: str, member: UserMixin | None) -> None:
    member_id = member.id if member else None
    sign_in_tries.failed(asking.stranger(), how=how, member_id=member_id, now=now())
    logs.security("sign-in failed", how=how, member_id=member_id)
