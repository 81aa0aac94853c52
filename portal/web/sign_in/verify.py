"""Asking again who somebody is, before what is sensitive: by passkey or by password, and then on where they were."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from portal.actions import sign_in_tries
from portal.doors import asking, logs, sessions
from portal.doors.world import now
from portal.vault.passkeys import Unproven
from portal.web.forms.base import keeps_typed
from portal.web.forms.passkeys import VerifyForm
from portal.web.sign_in import pages, passkeys, proving
from portal.web.sign_in.pages import SEE_OTHER
from portal.web.sign_in.way_on import ACCOUNT, way_on

NOT_ACCEPTED = "That passkey was not accepted. Try again, or give your password."
NO_MATCH = "That is not your password. Check it and try again."


@keeps_typed
def verify() -> ResponseReturnValue:
    form = VerifyForm(data={"next": request.args.get("next", "")})
    has_passkey = bool(current_user.webauthn) and not passkeys.trouble()
    return pages.ask("staff/verify.html", form, _check, has_passkey=has_passkey)


def _check(form: VerifyForm) -> ResponseReturnValue | None:
    problem = _by_passkey() if form.credential.data else _by_password(form.password.data or "")
    if problem:
        form.refuse(problem)
        return None
    sessions.prove()
    sign_in_tries.succeeded(current_user.email)
    return redirect(way_on(ACCOUNT), SEE_OTHER)


def _by_passkey() -> str:
    """Return what was wrong, in words, or nothing."""
    try:
        passkeys.proven(only=current_user.id)
    except Unproven:
        sign_in_tries.failed(asking.member(), how="passkey", member_id=current_user.id, now=now())
        logs.security("sign-in failed", how="passkey")
        return NOT_ACCEPTED
    return ""


def _by_password(typed: str) -> str:
    return "" if proving.password(current_user.email, typed) else NO_MATCH
