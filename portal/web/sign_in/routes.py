"""Every address of sign-in; a view of the library is open only where it stands here.

The library redirects by these endpoints, so the names are its own also where the view is ours.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint
from flask_security import views

from portal.doors.entry import Entry, enter
from portal.web.sign_in import account, authenticator, doors, open_sessions, passkeys, passwords, verify

# Beyond this no database has a row to number.
ID_MOST = 2**31 - 1


class Way(NamedTuple):
    """One address: what it takes, who may enter, and who answers."""

    path: str
    endpoint: str
    methods: str
    entry: Entry
    view: Callable[..., Any]


WAYS = (
    Way("/sign-in", "login", "GET POST", Entry.PUBLIC, doors.sign_in),
    Way("/second-step", "two_factor_token_validation", "GET POST", Entry.FIRST_FACTOR, doors.code),
    Way("/second-step/recovery-code", "mf_recovery", "GET POST", Entry.FIRST_FACTOR, doors.recovery_code),
    Way("/second-step/new", "two_factor_setup", "GET POST", Entry.FIRST_FACTOR, authenticator.set_up_first),
    Way("/new-password", "forgot_password", "GET POST", Entry.PUBLIC, passwords.ask_for_link),
    Way("/new-password/<key>", "reset_password", "GET POST", Entry.MAILED_LINK, passwords.choose_by_link),
    Way("/account", "account", "GET", Entry.MEMBER, account.account),
    Way("/account/password", "change_password", "GET POST", Entry.MEMBER, passwords.change),
    Way(
        "/account/authenticator",
        "authenticator",
        "GET POST",
        Entry.FRESH_MEMBER,
        authenticator.set_up_another,
    ),
    Way(
        "/account/recovery-codes", "mf_recovery_codes", "GET POST", Entry.FRESH_MEMBER, account.recovery_codes
    ),
    Way("/sign-out", "logout", "POST", Entry.MEMBER, views.logout),
    Way("/verify", "verify", "GET POST", Entry.MEMBER, verify.verify),
    Way("/passkey", "wan_signin", "GET POST", Entry.PUBLIC, passkeys.sign_in),
    Way("/passkey/ask", "passkey_ask", "POST", Entry.PUBLIC, passkeys.ask),
    Way("/passkeys/new", "passkey_new", "GET POST", Entry.FRESH_MEMBER, passkeys.new),
    Way("/passkeys/new/ask", "passkey_ask_new", "POST", Entry.FRESH_MEMBER, passkeys.ask_new),
    Way(
        f"/passkeys/<int(max={ID_MOST}):passkey_id>/remove",
        "passkey_remove",
        "POST",
        Entry.FRESH_MEMBER,
        passkeys.remove,
    ),
    Way("/sessions/end", "sessions_end", "POST", Entry.FRESH_MEMBER, open_sessions.end),
)


def blueprint() -> Blueprint:
    """Return the addresses; the library finds them by the blueprint's name."""
    bp = Blueprint("security", __name__, url_prefix="/staff")
    for way in WAYS:
        bp.add_url_rule(way.path, way.endpoint, enter(way.entry)(way.view), methods=way.methods.split())
    return bp
