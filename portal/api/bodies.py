"""JSON bodies, read strictly: only the names of a referral, each with a value of its kind; what is wrong is named, all of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from portal.api import values
from portal.domain.intake import FIELDS, GATE, ROWS, Field, Rows

CLINIC, DUPLICATE = "clinic", "duplicate"
ADD, SEPARATE = "add", "separate"
ASKED: Mapping[str, Field] = {**FIELDS, **GATE}
GROUPS = frozenset(name.partition(".")[0] for name in ASKED if "." in name)
WRONG_MOST = 200
"""A body may be wrong in any number of ways; no more than these are told."""
UNKNOWN = "This is not part of a referral"


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A referral as a system sent it: answers and safety answers by dotted name, the clinic asked for."""

    typed: Mapping[str, str]
    said: Mapping[str, str]
    clinic: str | None
    duplicate: str
    """What to do when the sender has sent an open referral for this patient before; empty asks back."""
    wrong: Mapping[str, str]
    """A sentence for each name or kind that is none of a referral; such a body is never filed."""


def read() -> Body:
    """Read the request's body; raise what Werkzeug says of a type or of JSON that cannot be read."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the referral as application/json.")
    try:
        # As floats: an integer of thousands of digits is infinite, for the reader of its field to refuse.
        sent = json.loads(request.get_data().decode("utf-8-sig"), object_pairs_hook=_once, parse_int=float)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except ValueError:
        raise BadRequest("The body is not JSON in UTF-8.") from None
    if not isinstance(sent, dict):
        raise BadRequest("The body is a JSON object.")
    return _body(sent)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object, refusing a name that comes twice: of two safety answers none may win in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("A name stands twice in one object.")
    return found


def _body(sent: Mapping[str, Any]) -> Body:
    found = _Found()
    found.take_all(sent)
    return Body(
        typed={name: said for name, said in found.texts.items() if name not in GATE},
        said={name: said for name, said in found.texts.items() if name in GATE},
        clinic=found.clinic or None,
        duplicate=found.duplicate,
        wrong=found.wrong,
    )


class _Found:
    """What a body holds, by dotted name, and what is wrong with it."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.clinic = self.duplicate = ""

    def refuse(self, name: str, said: str) -> None:
        if len(self.wrong) < WRONG_MOST:
            self.wrong[name] = said

    def take_all(self, sent: Mapping[str, Any]) -> None:
        given = {name: value for name, value in sent.items() if value is not None}
        for name in (CLINIC, DUPLICATE):
            self.take_wish(name, given.pop(name, ""))
        for name, value in given.items():
            if name in ROWS:
                self.take_rows(ROWS[name], value)
            elif name in GROUPS:
                self.take_group(name, value)
            elif name in ASKED and "." in name:
                # Beside the group itself it would be a second answer to the same question.
                self.refuse(name, "Send each group as an object of its own, without a dot")
            else:
                self.take(name, ASKED.get(name), value)

    def take(self, name: str, field: Field | None, value: object) -> None:
        try:
            if field is None:
                raise ValueError(UNKNOWN)
            self.texts[name] = values.text(field, value)
        except ValueError as problem:
            self.refuse(name, str(problem))

    def take_wish(self, name: str, value: object) -> None:
        if not isinstance(value, str):
            self.refuse(name, values.NOT_TEXT)
        elif name == CLINIC:
            self.clinic = value
        elif value in (ADD, SEPARATE, ""):
            self.duplicate = value
        else:
            self.refuse(name, f"Send {ADD} or {SEPARATE}, or leave it out")

    def take_group(self, group: str, sent: object) -> None:
        if not isinstance(sent, dict):
            self.refuse(group, "Send an object")
            return
        for name, value in sent.items():
            if value is not None:
                self.take(f"{group}.{name}", ASKED.get(f"{group}.{name}"), value)

    def take_rows(self, rows: Rows, sent: object) -> None:
        if not isinstance(sent, list) or not all(isinstance(row, dict) for row in sent):
            self.refuse(rows.name, "Send a list of objects")
        elif len(sent) > rows.most:
            self.refuse(rows.name, f"Send {rows.most} rows or fewer; this has {len(sent):,}")
        else:
            columns = {column.name: column for column in rows.columns}
            for number, row in enumerate(sent):
                for name, value in row.items():
                    if value is not None:
                        self.take(f"{rows.name}.{number}.{name}", columns.get(name), value)
