"""Every address of sign-in; a view of the library is open only where it stands here.

The library redirects by these endpoints, so the names are its own also where the view is ours.
"""

from collections.abc import Callable
from inspect import unwrap
from typing import Any, NamedTuple

from flask import Blueprint
from flask_security import views, webauthn

from portal.doors.entry import Entry, enter


class Way(NamedTuple):
    """One address: what it takes, who may enter, and who answers."""

    path: str
    endpoint: str
    methods: str
    entry: Entry
    view: Callable[..., Any]


# The form of sign-in checks its token itself and keeps the email; the library's wrapper would check before it.
login = unwrap(views.login)

WAYS = (
    Way("/sign-in", "login", "GET POST", Entry.PUBLIC, login),
    Way("/sign-out", "logout", "POST", Entry.MEMBER, views.logout),
    Way("/verify", "verify", "GET POST", Entry.MEMBER, views.verify),
    Way("/verify/passkey", "wan_verify", "GET POST", Entry.MEMBER, webauthn.webauthn_verify),
    Way(
        "/verify/passkey/<token>",
        "wan_verify_response",
        "POST",
        Entry.MEMBER,
        webauthn.webauthn_verify_response,
    ),
    Way("/passkey", "wan_signin", "GET POST", Entry.PUBLIC, webauthn.webauthn_signin),
    Way("/passkey/<token>", "wan_signin_response", "POST", Entry.PUBLIC, webauthn.webauthn_signin_response),
    Way("/passkeys", "wan_register", "GET POST", Entry.MEMBER, webauthn.webauthn_register),
    Way(
        "/passkeys/<token>",
        "wan_register_response",
        "POST",
        Entry.MEMBER,
        webauthn.webauthn_register_response,
    ),
    Way("/passkeys/remove", "wan_delete", "POST", Entry.MEMBER, webauthn.webauthn_delete),
)


def blueprint() -> Blueprint:
    """Return the addresses; the library finds them by the blueprint's name."""
    bp = Blueprint("security", __name__, url_prefix="/staff")
    for way in WAYS:
        bp.add_url_rule(way.path, way.endpoint, enter(way.entry)(way.view), methods=way.methods.split())
    return bp
