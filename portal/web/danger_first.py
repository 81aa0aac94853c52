"""A danger is answered with whom to call also where nothing of its post may be kept; nothing is stored here."""

from collections.abc import Sequence

from flask import render_template, request

from portal.domain import safety
from portal.web import stop_words, written
from portal.web.forms.base import BAD_REQUEST, Form

Page = tuple[str, int]

STOPPING = frozenset({"gate.begin", "gate.answer_again", "gate.settle", "intake.keep_step"})
"""The buttons that take a danger."""


def check_token() -> Page | None:
    """Answer a danger whose form token does not fit, with what was typed to be sent again; else return None."""
    if not _tells_danger() or Form().validate_on_submit():
        return None
    return _page(fields=[each for each in written.fields() if each[0] != "csrf_token"])


def find_page() -> Page | None:
    """Answer a danger that was told to a form which takes nothing any more; return None where there is no danger."""
    return _page(answers=written.answers()) if _tells_danger() else None


def _tells_danger() -> bool:
    return request.endpoint in STOPPING and bool(safety.fired(request.form))


def _page(**typed: Sequence[tuple[str, str]]) -> Page:
    rules = safety.fired(request.form)
    return (
        render_template(
            "intake/not_taken.html",
            lead=stop_words.lead(rules),
            calls=stop_words.calls(rules),
            until_help=stop_words.until_help(rules),
            **typed,
        ),
        BAD_REQUEST,
    )
