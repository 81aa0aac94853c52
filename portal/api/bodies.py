"""JSON bodies, read strictly: only the names of a referral, each with a value of its kind."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from portal.domain.errors import Unfit
from portal.domain.intake import FIELDS, GATE, ROWS, Control, Field

CLINIC, DUPLICATE = "clinic", "duplicate"
ADD, SEPARATE = "add", "separate"
CONTROLS: Mapping[str, tuple[str, ...]] = {CLINIC: (), DUPLICATE: (ADD, SEPARATE)}
"""What is asked beside the answers, with its choices; none are any text."""
ASKED: Mapping[str, Field] = {**FIELDS, **GATE}
GROUPS = frozenset(name.partition(".")[0] for name in ASKED if "." in name)
NAMES_MOST = 200
"""A body is refused for a name that is not known; of many such names no more than these are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A referral as a system sent it: answers and safety answers by dotted name, the clinic asked for."""

    typed: Mapping[str, str]
    said: Mapping[str, str]
    clinic: str | None
    duplicate: str
    """What to do when the sender has sent an open referral for this patient before; empty asks back."""


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
    rows = {name: sent.pop(name) for name in ROWS if name in sent}
    flat = dict(islice(_flatten(sent), NAMES_MOST))
    wrong = {name: said for name, value in flat.items() if (said := _complaint(name, value))}
    cells = _cells(rows, wrong)
    if wrong:
        raise Unfit(dict(islice(wrong.items(), NAMES_MOST)))
    texts = {name: _text(value) for name, value in flat.items()}
    return Body(
        typed={name: value for name, value in texts.items() if name in FIELDS} | cells,
        said={name: value for name, value in texts.items() if name in GATE},
        clinic=texts.get(CLINIC) or None,
        duplicate=texts.get(DUPLICATE, ""),
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


def _cells(rows: Mapping[str, object], wrong: dict[str, str]) -> dict[str, str]:
    """Return the answers of all rows by dotted name; what is wrong with them is added to `wrong`."""
    cells: dict[str, str] = {}
    for name, sent in rows.items():
        if sent is None:
            continue
        if not isinstance(sent, list) or not all(isinstance(row, dict) for row in sent):
            wrong[name] = "Send a list of objects"
        elif len(sent) > ROWS[name].most:
            wrong[name] = f"Send {ROWS[name].most} rows or fewer; this has {len(sent):,}"
        else:
            cells |= dict(_row_cells(name, sent, wrong))
    return cells


def _row_cells(
    name: str, sent: list[Mapping[str, object]], wrong: dict[str, str]
) -> Iterator[tuple[str, str]]:
    columns = {column.name: column for column in ROWS[name].columns}
    for number, row in enumerate(sent):
        for key, value in row.items():
            if value is None:
                continue
            said = (
                _kind_complaint(columns[key], value) if key in columns else "This is not part of a referral"
            )
            if said:
                wrong[f"{name}.{number}.{key}"] = said
            else:
                yield f"{name}.{number}.{key}", _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _complaint(name: str, value: object) -> str:
    if name in CONTROLS:
        choices = CONTROLS[name]
        if not isinstance(value, str) or (choices and value not in choices):
            return f"Send one of: {', '.join(choices)}" if choices else "Send text"
        return ""
    if name not in ASKED:
        return "This is not part of a referral"
    return _kind_complaint(ASKED[name], value)


def _kind_complaint(field: Field, value: object) -> str:
    if field.control is Control.TICK:
        return "" if isinstance(value, bool) else "Send true or false"
    if isinstance(value, bool):
        return "" if {"yes", "no"} <= set(field.choices or ()) else "Send text"
    if isinstance(value, int | float):
        return "" if field.control is Control.NUMBER else "Send text"
    return "" if isinstance(value, str) else "Send text"
