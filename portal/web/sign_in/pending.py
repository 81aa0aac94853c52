"""Between a right password and the second factor: who it is stands in the session for ten minutes, and opens nothing else."""

from datetime import timedelta

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import UserMixin, login_user

from portal.actions import sign_in_tries
from portal.db import db
from portal.doors import ways
from portal.doors.world import now
from portal.queries import members

KEY = "password_given"
WITHIN = timedelta(minutes=10)
SEE_OTHER = 303


def begin(member: UserMixin, *, way: str) -> None:
    """Remember that somebody gave the right password, and where they were going."""
    until = (now() + WITHIN).timestamp()
    session[KEY] = {"mark": member.fs_uniquifier, "until": until, "way": way if ways.is_own_path(way) else ""}


def find() -> UserMixin | None:
    """Return the member who gave the right password a short while ago, or None."""
    given = session.get(KEY)
    if not given or given["until"] < now().timestamp():
        drop()
        return None
    return members.find_by_mark(db.session(), given["mark"])


def drop() -> None:
    """Forget it: the password is asked for again."""
    session.pop(KEY, None)


def next_step(member: UserMixin) -> str:
    """Return where a member goes on after the password; nobody without a second factor gets further than setting one up."""
    if member.tf_totp_secret:
        return url_for("security.two_factor_token_validation")
    return url_for("security.wan_signin" if member.webauthn else "security.two_factor_setup")


def finish(member: UserMixin, *, how: str, way: str = "") -> ResponseReturnValue:
    """Sign in a member who showed both factors, and lead them to `way`, or where they were going."""
    way = way or session.get(KEY, {}).get("way") or "/staff"
    drop()
    sign_in_tries.succeeded(member.email)
    login_user(member, remember=False, authn_via=["password", how])
    return redirect(way, SEE_OTHER)
