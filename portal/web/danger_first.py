"""A danger is answered with whom to call also where nothing of its post may be kept; nothing is stored here."""

from collections.abc import Sequence

from flask import render_template, request

from portal.domain import safety
from portal.domain.safety import FIRES, Rule
from portal.web import stop_words, written
from portal.web.forms.base import BAD_REQUEST, Form

Page = tuple[str, int]

STOPPING = frozenset({"gate.begin", "gate.answer_again", "gate.settle", "intake.keep_step"})
"""The buttons that take a danger."""
OPEN_TOO_LONG = "This page was open too long to send safely."
TOO_MANY = "Too much was asked from where you are in the last minute, perhaps by colleagues."


def check_token() -> Page | None:
    """Answer a danger whose form token does not fit, with what was typed to be sent again; else return None."""
    if not _tells_danger() or Form().validate_on_submit():
        return None
    return _page(why=OPEN_TOO_LONG, fields=_sent()), BAD_REQUEST


def find_answer_to_many() -> str | None:
    """Return the page for a danger that came among too many requests, with what was typed to be sent again; return
    None where there is no danger."""
    return _page(why=TOO_MANY, fields=_sent()) if _tells_danger() else None


def find_page() -> Page | None:
    """Answer a danger that was told to a form which takes nothing any more; return None where there is no danger."""
    return (_page(answers=written.answers()), BAD_REQUEST) if _tells_danger() else None


def _tells_danger() -> bool:
    return request.endpoint in STOPPING and bool(_fired())


def _fired() -> frozenset[Rule]:
    """Return the rules that fire; of an answer that came twice any yes counts."""
    each = (safety.fired({name: value}) for name in FIRES for value in request.form.getlist(name))
    return frozenset[Rule]().union(*each)


def _sent() -> list[tuple[str, str]]:
    return [each for each in written.fields() if each[0] != "csrf_token"]


def _page(**typed: str | Sequence[tuple[str, str]]) -> str:
    rules = _fired()
    return render_template(
        "intake/not_taken.html",
        lead=stop_words.lead(rules),
        calls=stop_words.calls(rules),
        until_help=stop_words.until_help(rules),
        **typed,
    )
