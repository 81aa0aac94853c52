"""Asking again who somebody is, before what is sensitive: by passkey or by password, and then on where they were."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from portal.actions import sign_in_tries
from portal.domain.back_off import TooSoon
from portal.doors import asking, sessions
from portal.doors.world import now
from portal.vault.passkeys import Unproven
from portal.web import words
from portal.web.forms.base import UNPROCESSABLE
from portal.web.forms.passkeys import VerifyForm
from portal.web.sign_in import passkeys, proving
from portal.web.sign_in.way_on import ACCOUNT, way_on

NOT_THIS = "That was not accepted. Try again."
NO_MATCH = "That is not your password. Check it and try again."


def verify() -> ResponseReturnValue:
    form = VerifyForm()
    said = ""
    if form.validate_on_submit():
        said = _by_passkey() if form.credential.data else _by_password(form.password.data or "")
        if not said:
            sessions.prove()
            sign_in_tries.succeeded(current_user.email)
            return redirect(way_on(ACCOUNT), 303)
    page = render_template(
        "staff/verify.html",
        form=form,
        problems=[("password", said)] if said else form.problems(),
        next=way_on(""),
        has_passkey=bool(current_user.webauthn),
        trouble=passkeys.trouble(),
    )
    return page, UNPROCESSABLE if request.method == "POST" else 200


def _by_passkey() -> str:
    """Return what was wrong, in words, or nothing."""
    try:
        passkeys.proven(only=current_user.id)
    except Unproven:
        sign_in_tries.failed(asking.member(), how="passkey", member_id=current_user.id, now=now())
        return NOT_THIS
    return ""


def _by_password(typed: str) -> str:
    try:
        return "" if proving.password(current_user.email, typed) else NO_MATCH
    except TooSoon as soon:
        return f"There were too many tries in a row. Try again in {words.duration(soon.until - now())}."
