"""Which showing of a step a request comes from: each page bears a name of its own, and of the one it was filled from."""

import re
import secrets
from collections.abc import Iterable, Mapping

from flask import request

from portal.domain.showings import BY, Showing

NAME_BYTES = 8
_SHOWING = re.compile(r"(?P<name>[0-9a-f]{16}) (?P<filled_from>[0-9a-f]{16})?", re.ASCII)
_TURN = re.compile(r"[0-9]{1,15}", re.ASCII)


def shown(typed: Mapping[str, str]) -> str:
    """Return what the page of this request bears in its hidden field when it is filled with these answers.

    A page that comes back as the answer to its own form is the same one.
    """
    before = request.form.get("showing", "")
    return (
        before
        if _SHOWING.fullmatch(before)
        else f"{secrets.token_hex(NAME_BYTES)} {typed.get(BY + _step(), '')}"
    )


def is_of_step() -> bool:
    """Tell whether this request is about a step."""
    return bool(_step())


def sent(groups: Iterable[str]) -> Showing:
    """Return the showing that this request comes from, with the kinds of rows on it; without a name when it tells none."""
    told = _SHOWING.fullmatch(request.form.get("showing", ""))
    turn = request.form.get("turn", "")
    return Showing(
        step=_step(),
        groups=tuple(groups),
        name=told["name"] if told else "",
        filled_from=(told["filled_from"] or "") if told else "",
        turn=int(turn) if _TURN.fullmatch(turn) else 0,
    )


def _step() -> str:
    return str((request.view_args or {}).get("step", ""))
