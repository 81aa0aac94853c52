"""New passwords: by a mailed link, which also brings in who was invited, or by the present one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import UserMixin, current_user, hash_password, login_user

from portal.actions import passwords, sign_in_tries
from portal.db import db
from portal.domain import passwords as rules
from portal.domain.back_off import Counted
from portal.domain.orders import Actor, ActorKind
from portal.doors import asking
from portal.doors.world import now, site, world
from portal.queries import members
from portal.web.forms.base import keeps_typed
from portal.web.forms.sign_in import WRONG_OLD, ChangePasswordForm, LinkForm, NewPasswordForm
from portal.web.sign_in import pages, proving
from portal.web.sign_in.pages import SEE_OTHER

GONE = 404


@keeps_typed
def ask_for_link() -> ResponseReturnValue:
    """Send a link to a new password; the answer is the same whether or not there is such a member."""

    def check(form: LinkForm) -> ResponseReturnValue:
        email = form.email.data or ""
        sign_in_tries.begin(email, asking.source().address, now=now(), counted=Counted.LETTER)
        passwords.send_link(email, keys=world().keys, site=site(), now=now())
        return render_template("staff/link_sent.html")

    return pages.ask("staff/forgot_password.html", LinkForm(), check)


@keeps_typed
def choose_by_link(key: str) -> ResponseReturnValue:
    member = members.find_by_password_key(db.session(), key, keys=world().keys, now=now())
    if member is None:
        return render_template("staff/link_gone.html"), GONE

    def check(form: NewPasswordForm) -> ResponseReturnValue | None:
        digest = _digest(member, form, name=member.name)
        if digest is None:
            return None
        passwords.choose(key, digest, keys=world().keys, actor=_as_member, now=now())
        flash("Your password is set. Sign in with it.")
        return redirect(url_for("security.login"), SEE_OTHER)

    invited = member.password is None
    return pages.ask(
        "staff/new_password.html", NewPasswordForm(), check, key=key, invited=invited, **_shown(member)
    )


@keeps_typed
def change() -> ResponseReturnValue:
    member = current_user._get_current_object()

    def check(form: ChangePasswordForm) -> ResponseReturnValue | None:
        old = member.password
        if proving.password(member.email, form.old.data or "") is None:
            form.old.errors = [WRONG_OLD]
            return None
        if rules.normal(form.old.data or "") == rules.normal(form.password.data or ""):
            form.refuse(rules.SAME_WORDS)
            return None
        digest = _digest(member, form, name=member.name)
        if digest is None:
            return None
        sign_in_tries.succeeded(member.email)
        passwords.change(asking.member(), digest, old=old, site=site(), now=now())
        # Every session has ended, this one too; it begins anew.
        login_user(member, remember=False, authn_via=["password"])
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("security.account"), SEE_OTHER)

    return pages.ask("staff/change_password.html", ChangePasswordForm(), check, **_shown(member))


def _digest(member: UserMixin, form: NewPasswordForm, *, name: str) -> str | None:
    password = rules.normal(form.password.data or "")
    context = (name, member.email, world().settings.site_name)
    said = rules.problem(password, has_second_factor=_has_second_factor(member), context=context)
    if said:
        form.refuse(said)
        return None
    return str(hash_password(password))


def _shown(member: UserMixin) -> dict[str, object]:
    has = _has_second_factor(member)
    return {
        "email": member.email,
        "least": rules.LEAST_WITH_SECOND_FACTOR if has else rules.LEAST_ALONE,
        "most": rules.MOST,
    }


def _has_second_factor(member: UserMixin) -> bool:
    return bool(member.tf_totp_secret or member.webauthn)


def _as_member(member_id: int) -> Actor:
    return Actor(ActorKind.MEMBER, member_id, asking.source())
