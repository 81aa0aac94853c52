"""Where somebody goes on after they proved who they are: the own page that was asked for, and no other."""

from flask import request

from portal.doors import entry, ways

ACCOUNT = entry.ACCOUNT
FIRST = "/staff"


def way_on(otherwise: str = FIRST) -> str:
    """Return the path that the form or the address names, when it is one of our own."""
    asked = request.form.get("next") or request.args.get("next", "")
    return asked if ways.is_own_path(asked) else otherwise
