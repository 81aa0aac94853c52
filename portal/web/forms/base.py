"""What every form shares: a session that ended loses nothing, and problems come as a list for the summary."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask_wtf import FlaskForm

P = ParamSpec("P")
R = TypeVar("R")

SESSION_ENDED = "This page was open too long to send safely. Nothing you typed is lost: check it and send again."


def keeps_typed(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view's own form check the CSRF token, so that a stale one shows the form again with what was typed."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


class Form(FlaskForm):
    """A form whose problems can be listed; `validate_on_submit` checks the CSRF token too."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc, name-defined]
        """No translations of the library: the words are ours."""

        locales = False

    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, message) for each problem, in the order of the page."""
        found = []
        for field in self:
            if field.errors:
                stale = field.name == "csrf_token"
                found.append(("main", SESSION_ENDED) if stale else (field.id, str(field.errors[0])))
        return found
