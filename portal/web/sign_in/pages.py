"""What the pages of sign-in share: a form is shown, checked, and shown again with what is wrong and how long to wait."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.domain.back_off import NEVER, TooSoon
from portal.doors import logs
from portal.doors.world import now
from portal.web import words
from portal.web.forms.sign_in import NEVER_AGAIN, ProvingForm

F = TypeVar("F", bound=ProvingForm)
SEE_OTHER, TOO_MANY = 303, 429
RETRY_MOST_SECONDS = 3600


def ask(
    template: str, form: F, check: Callable[[F], ResponseReturnValue | None], **shown: Any
) -> ResponseReturnValue:
    """Show a form, or what `check` answers to it; None means that it is refused and shown again."""
    if request.method != "POST":
        return render_template(template, form=form, **shown)
    if form.validate_on_submit():
        try:
            answer = check(form)
        except TooSoon as wait:
            return _ask_to_wait(template, form, wait, shown)
        if answer is not None:
            return answer
    return render_template(template, form=form, **shown), form.refusal


def _ask_to_wait(template: str, form: F, wait: TooSoon, shown: dict[str, Any]) -> ResponseReturnValue:
    logs.security("refused", reason="too many tries in a row", status=TOO_MANY)
    left = wait.until - now()
    seconds = max(1, math.ceil(left.total_seconds()))
    minutes = math.ceil(seconds / 60)
    soon = f"in {minutes}{words.NBSP}{'minute' if minutes == 1 else 'minutes'}"
    # Half of the longest of all waits: counted for good, by whatever clock.
    form.refuse(NEVER_AGAIN if left > NEVER / 2 else f"There were too many tries in a row. Try again {soon}.")
    response = make_response(render_template(template, form=form, **shown), TOO_MANY)
    response.headers["Retry-After"] = str(min(seconds, RETRY_MOST_SECONDS))
    return response
