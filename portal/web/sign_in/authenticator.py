"""Set up an authenticator app: a secret is shown as a picture and as text, and kept once a code of it came back."""

from collections.abc import Callable

from flask import current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import UserMixin, current_user

from portal.actions import second_factors
from portal.domain.errors import Refused
from portal.doors.world import now, site
from portal.web.forms.base import keeps_typed
from portal.web.forms.sign_in import NO_CODE, CodeForm
from portal.web.sign_in import pages, pending, proving, totp
from portal.web.sign_in.pages import SEE_OTHER

KEY = "new_authenticator"


@keeps_typed
def set_up_first() -> ResponseReturnValue:
    """Set up the first second factor, after the password and before anything else."""
    member = pending.find()
    if member is None or member.tf_totp_secret or member.webauthn:
        return redirect(pending.next_step(member) if member else url_for("security.login"), SEE_OTHER)

    def check(form: CodeForm) -> ResponseReturnValue | None:
        try:
            taken = _take(member, form, first=True)
        except Refused:
            # Set up in another browser in the meantime: that one is asked for.
            return redirect(pending.next_step(member), SEE_OTHER)
        way = url_for("security.mf_recovery_codes")
        return pending.finish(member, how="code", way=way) if taken else None

    return _ask(member, check, first=True)


@keeps_typed
def set_up_another() -> ResponseReturnValue:
    """Set up an app in place of the one before, or beside passkeys."""
    member = current_user._get_current_object()

    def check(form: CodeForm) -> ResponseReturnValue | None:
        if not _take(member, form, first=False):
            return None
        flash("Your authenticator app is set up.")
        return redirect(url_for("security.account"), SEE_OTHER)

    return _ask(member, check, first=False)


def _ask(
    member: UserMixin, check: Callable[[CodeForm], ResponseReturnValue | None], *, first: bool
) -> ResponseReturnValue:
    shown = current_app.extensions["security"].totp_factory.fetch_setup_values(_secret(), member)
    return pages.ask(
        "staff/authenticator.html",
        CodeForm(),
        check,
        image=shown["image"],
        key=shown["key"],
        email=member.email,
        first=first,
    )


def _take(member: UserMixin, form: CodeForm, *, first: bool) -> bool:
    secret = _secret()
    if not proving.is_step(member, secret, form.code.data or ""):
        form.refuse(NO_CODE)
        return False
    second_factors.set_authenticator(proving.acting(member), secret, first=first, site=site(), now=now())
    session.pop(KEY, None)
    return True


def _secret() -> str:
    """Return the secret that this browser is being shown, so that a mistyped code does not mean another picture."""
    secret = totp.open_sealed(session.get(KEY, ""))
    if secret is None:
        secret = current_app.extensions["security"].totp_factory.generate_totp_secret()
        session[KEY] = totp.seal(secret)
    return secret
