"""What every form shares: a session that ended loses nothing, and problems come as a list for the summary."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.doors import logs, sessions

P = ParamSpec("P")
R = TypeVar("R")

SESSION_ENDED = (
    "This page was open too long to send safely. Nothing you typed is lost: check it and send again."
)
UNREADABLE = (
    "What you sent could not be read: it broke off on its way, or the name of a file has letters that cannot be read. "
    "Choose the files again, rename those with unusual letters, and send once more."
)
BAD_REQUEST, UNPROCESSABLE = 400, 422
OF_ANY = ("Choose yes", "Enter an answer", "Use ")
"""Begin messages that any question may have: a list of problems names the question before them."""

_NOT_FOR_HTML = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def keeps_typed(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view's own form check the CSRF token, so that a stale one shows the form again with what was typed."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def readable(text: str) -> str:
    """Return text with a sign, which can be seen and deleted, for each character that HTML cannot hold."""
    return _NOT_FOR_HTML.sub("\N{REPLACEMENT CHARACTER}", text)


class Form(FlaskForm):
    """A form whose problems can be listed; `validate_on_submit` checks the CSRF token too."""

    class Meta(FlaskForm.Meta):
        """No translations of the library: the words are ours."""

        locales = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a page submits and nothing else: JSON would bring values of any type."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else sessions.typed_before()

        def render_field(self, field: Any, render_kw: Any) -> Markup:
            """Show a field so that every page can hold it, whatever was typed."""
            html = super().render_field(field, render_kw)
            return Markup(readable(html))  # noqa: S704

    def __init__(self, **given: Any) -> None:
        """Take what the page submits, over `data` that was kept."""
        super().__init__(**given)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Tell whether something was submitted and all of it can be used; checks the CSRF token too."""
        fits = bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]
        if self.stale:
            logs.security("refused", reason="a form token that does not fit")
        return fits

    @property
    def stale(self) -> bool:
        """Whether the CSRF token of the last check was missing or of another session: then nothing may be kept."""
        return "csrf_token" in self and bool(self["csrf_token"].errors)

    @property
    def refusal(self) -> int:
        """The status of the answer that shows the form again."""
        return BAD_REQUEST if self.stale else UNPROCESSABLE

    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, message) for each problem; one that stands twice, or that any may have, names its question."""
        wrong = [field for field in self if field.errors]
        times = Counter(str(field.errors[0]) for field in wrong)
        return [
            ("main", _stale_words()) if field.name == "csrf_token" else (field.id, _listed(field, times))
            for field in wrong
        ]


def _stale_words() -> str:
    # A body with files that breaks off, or is in no UTF-8, comes as one without any field.
    arrived_empty = request.mimetype == "multipart/form-data" and not request.form
    return UNREADABLE if arrived_empty else SESSION_ENDED


def _listed(field: Any, times: Mapping[str, int]) -> str:
    message = str(field.errors[0])
    if times[message] == 1 and not message.startswith(OF_ANY):
        return message
    label = str(field.label.text)
    return f"{label} {message}" if label.endswith("?") else f"{label}: {message}"
