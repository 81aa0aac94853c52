"""JSON bodies, read strictly: only the names of a referral, only text and yes or no."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from portal.domain.errors import Unfit
from portal.domain.intake import FIELDS

DANGER = "safety.immediate_danger"
CLINIC = "clinic"
NAMES = frozenset(FIELDS) | {DANGER, CLINIC}
GROUPS = frozenset(name.partition(".")[0] for name in NAMES if "." in name)
NAMES_MOST = 100
"""A body is refused for a name that is not known; of many such names no more than these are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A referral as a system sent it: answers by dotted name, the safety answer, the clinic asked for."""

    typed: Mapping[str, str]
    immediate_danger: bool
    clinic: str | None


def read() -> Body:
    """Read the request's body; raise Unfit naming every wrong name or type, or what Werkzeug says of bad JSON."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the referral as application/json.")
    try:
        sent = json.loads(request.get_data(), object_pairs_hook=_once)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except ValueError:
        raise BadRequest("The body is not JSON in UTF-8.") from None
    if not isinstance(sent, dict):
        raise BadRequest("The body is a JSON object.")
    flat = dict(islice(_flatten(sent), NAMES_MOST))
    wrong = {name: _complaint(name, value) for name, value in flat.items()}
    if not isinstance(flat.get(DANGER), bool):
        wrong[DANGER] = "Answer true or false: is anyone in immediate danger now?"
    if problems := {name: said for name, said in wrong.items() if said}:
        raise Unfit(problems)
    texts = {
        name: "yes" if value is True else str(value) for name, value in flat.items() if value is not False
    }
    return Body(
        typed={name: value for name, value in texts.items() if name in FIELDS},
        immediate_danger=bool(flat[DANGER]),
        clinic=texts.get(CLINIC) or None,
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object, refusing a name that comes twice: of two safety answers none may win in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("A name stands twice in one object.")
    return found


def _flatten(sent: Mapping[str, object], group: str = "") -> Iterator[tuple[str, object]]:
    for name, value in sent.items():
        if "." in name:
            # Beside the group itself it would be a second answer to the same question.
            raise Unfit({f"{group}{name}": "Send each group as an object of its own, without a dot"})
        if isinstance(value, dict) and name in GROUPS and not group:
            yield from _flatten(value, f"{name}.")
        elif value is not None:
            yield f"{group}{name}", value


def _complaint(name: str, value: object) -> str:
    if name not in NAMES:
        return "This is not part of a referral"
    if name in {DANGER, "consent"}:
        return "" if isinstance(value, bool) else "Send true or false"
    return "" if isinstance(value, str) else "Send text"
