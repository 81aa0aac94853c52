"""What somebody had written in a form that could not be taken: shown once more, so that nothing is typed twice."""

from contextlib import suppress
from dataclasses import replace

from flask import request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wtforms.validators import ValidationError

from portal.domain.intake import FIELDS, GATE, ROWS
from portal.domain.intake.table import cell
from portal.web.forms.base import readable

ASKED = {**GATE, **FIELDS} | {
    cell(rows, number, column): replace(
        column, label=f"{rows.one.capitalize()} {number + 1}, {column.label.lower()}"
    )
    for rows in ROWS.values()
    for number in range(rows.most)
    for column in rows.columns
}
LABELS = {name: field.label for name, field in ASKED.items()} | {
    "words": "What you wrote",
    "safety.reason": "Why the answer changes",
}
# Only these forms may be sent again from another page: none of their fields is a password or a code.
SENT_AGAIN = frozenset(
    {
        "gate",
        "intake",
        "later",
        "links",
        "conversation",
        "sending",
        "tracking",
        "triage",
        "staff",
        "finding",
        "emergency",
    }
)


def answers() -> list[tuple[str, str]]:
    """Return the answers that this request brought, by the words of their fields, to be copied from the page."""
    return [
        (LABELS[name], readable(_in_words(name, value)))
        for name, value in request.form.items(multi=True)
        if value and name in LABELS
    ]


def _in_words(name: str, value: str) -> str:
    return ASKED[name].said(value) if name in ASKED else value


def fields() -> list[tuple[str, str]]:
    """Return all that a form of ours brought, by the names of its fields, so that one press sends it again."""
    if request.method != "POST" or request.blueprint not in SENT_AGAIN:
        return []
    return [(name, readable(value)) for name, value in request.form.items(multi=True)]


def is_ours() -> bool:
    """Tell whether one of our own pages, in this very session, made the form."""
    with suppress(ValidationError, HTTPException):
        validate_csrf(request.form.get("csrf_token"))
        return True
    return False
