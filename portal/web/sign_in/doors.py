"""The way in: email and password, then the second factor; whoever has none sets one up and sees nothing else before."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import UserMixin, current_user

from portal.web.forms.base import keeps_typed
from portal.web.forms.sign_in import (
    NO_CODE,
    NO_MATCH,
    NO_RECOVERY_CODE,
    CodeForm,
    RecoveryForm,
    SignInForm,
)
from portal.web.sign_in import pages, pending, proving
from portal.web.sign_in.pages import SEE_OTHER


@keeps_typed
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect("/staff")
    # Somebody who comes here starts anew: whoever left a password here is not who shows a passkey next.
    pending.drop()
    form = SignInForm(data={"next": request.args.get("next", "")})
    return pages.ask("staff/sign_in.html", form, _check_password)


def _check_password(form: SignInForm) -> ResponseReturnValue | None:
    member = proving.password(form.email.data or "", form.password.data or "")
    if member is None:
        form.refuse(NO_MATCH)
        return None
    pending.begin(member, way=form.next.data or "")
    return redirect(pending.next_step(member), SEE_OTHER)


@keeps_typed
def code() -> ResponseReturnValue:
    member = pending.find()
    if member is None or not member.tf_totp_secret:
        return _start_again(member)

    def check(form: CodeForm) -> ResponseReturnValue | None:
        if proving.code(member, form.code.data or ""):
            return pending.finish(member, how="code")
        form.refuse(NO_CODE)
        return None

    return pages.ask("staff/code.html", CodeForm(), check, has_passkey=bool(member.webauthn))


@keeps_typed
def recovery_code() -> ResponseReturnValue:
    member = pending.find()
    if member is None or not (member.tf_totp_secret or member.webauthn):
        return _start_again(member)

    def check(form: RecoveryForm) -> ResponseReturnValue | None:
        if proving.recovery_code(member, form.code.data or ""):
            return pending.finish(member, how="recovery code", way=url_for("security.account"))
        form.refuse(NO_RECOVERY_CODE)
        return None

    return pages.ask("staff/recovery_code.html", RecoveryForm(), check)


def _start_again(member: UserMixin | None) -> ResponseReturnValue:
    return redirect(pending.next_step(member) if member else url_for("security.login"), SEE_OTHER)
