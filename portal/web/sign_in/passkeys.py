"""Passkeys at the door: a challenge stands in the session until it is answered, and is taken once.

Not the library's views: theirs put the challenge into the address, where it is bound to no session and counts again
and again while it is young.
"""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_security import current_user, login_user

from portal.actions import passkeys, sign_in_tries
from portal.actions.passkeys import Answer
from portal.db import db
from portal.domain.errors import NotFound, Refused, Unfit
from portal.doors import asking, logs
from portal.doors.hosts import LOOPBACK
from portal.doors.world import now, site, world
from portal.queries import passkeys as rows
from portal.vault.passkeys import (
    ANSWER_WITHIN,
    Challenge,
    Site,
    Unproven,
    ask_to_make,
    ask_to_sign,
    made,
    new_challenge,
)
from portal.web import words
from portal.web.forms.base import UNPROCESSABLE
from portal.web.forms.passkeys import NewPasskeyForm, SignForm
from portal.web.sign_in import pending
from portal.web.sign_in.way_on import ACCOUNT, way_on

ASKED = "passkey_challenge"
NOT_PROVEN = "That passkey was not accepted. Try again, or sign in with your password and a code."
NOT_MADE = "Your device did not answer in time, or it made no passkey. Try again."


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One passkey as its member sees it."""

    id: int
    name: str
    used: str


def lines() -> list[Line]:
    """Return the passkeys of the member who asks, for `staff/passkeys.html`."""
    zone = world().settings.home_zone
    return [
        Line(id=row.id, name=row.name, used=words.when(row.lastuse_datetime, zone))
        for row in rows.of(db.session(), current_user.id)
    ]


def trouble() -> str:
    """Return why no passkey can be used at this address, and at which one; nothing when one can."""
    url = urlsplit(request.host_url)
    try:
        ip_address(url.hostname or "")
    except ValueError:
        return ""
    if request.host.rpartition(":")[0] in LOOPBACK:
        return f"Passkeys need an address with a name. Open the portal at http://localhost:{url.port} to use one."
    return "Passkeys need an address with a name, and this one is a number. Ask the administrator for a name."


def ask() -> ResponseReturnValue:
    """Answer the script: what a passkey is to sign, by whoever is halfway in, or by anybody."""
    member = current_user if current_user.is_authenticated else pending.find()
    known = [row.credential_id for row in member.webauthn] if member else []
    return jsonify(ask_to_sign(_here(), _asked(), known=known))


def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(way_on())
    form, halfway = SignForm(), pending.find()
    only = halfway.id if halfway else None
    if form.validate_on_submit():
        try:
            member_id = proven(only=only)
        except Unproven:
            sign_in_tries.failed(asking.stranger(), how="passkey", member_id=only, now=now())
            logs.security("sign-in failed", how="passkey", member_id=only)
            return _sign_in_page(form, [("use-passkey", NOT_PROVEN)]), UNPROCESSABLE
        return pending.finish(halfway, how="passkey") if halfway else _enter(member_id)
    return _sign_in_page(form, [])


def proven(*, only: int | None) -> int:
    """Return the id of the member whose passkey answered what this browser was asked; raise Unproven."""
    answer = Answer(text=request.form.get("credential", ""), challenge=_taken(), site=_here())
    return passkeys.use(answer, now=now(), only=only)


def ask_new() -> ResponseReturnValue:
    """Answer the script: what is needed to make a passkey; with a name that cannot be used, the page says so."""
    known = rows.of(db.session(), current_user.id)
    try:
        passkeys.read_name(request.form.get("name", ""), taken=[row.name for row in known])
    except Unfit:
        abort(UNPROCESSABLE)
    owner = passkeys.owner(current_user.id)
    return jsonify(ask_to_make(_here(), _asked(), owner=owner, known=[row.credential_id for row in known]))


def new() -> ResponseReturnValue:
    form = NewPasskeyForm()
    if not form.validate_on_submit():
        return _new_page(form)
    try:
        name = form.name.data or ""
        passkeys.read_name(name, taken=[row.name for row in rows.of(db.session(), current_user.id)])
        fresh = made(form.credential.data or "", site=_here(), challenge=_taken())
        passkeys.add(fresh, name=name, actor=asking.member(), site=site(), now=now())
    except Unfit as unfit:
        form.refuse(unfit)
        return _new_page(form), UNPROCESSABLE
    except (Unproven, Refused):
        form.refuse(Unfit({"name": NOT_MADE}))
        return _new_page(form), UNPROCESSABLE
    flash("The passkey is made. Use it at your next sign-in.")
    return redirect(ACCOUNT, 303)


def remove(passkey_id: int) -> ResponseReturnValue:
    try:
        passkeys.remove(passkey_id, actor=asking.member(), site=site(), now=now())
    except Refused as refused:
        return render_template("staff/passkey_stays.html", refused=refused), 409
    flash("The passkey is removed. If its device is lost, sign out everywhere else, too.")
    return redirect(ACCOUNT, 303)


def _enter(member_id: int) -> ResponseReturnValue:
    member = current_app.extensions["security"].datastore.find_user(id=member_id)
    if member is None:
        raise NotFound
    sign_in_tries.succeeded(member.email)
    login_user(member, authn_via=["passkey"])
    return redirect(way_on(), 303)


def _sign_in_page(form: SignForm, problems: list[tuple[str, str]]) -> str:
    form.credential.data = ""
    form.next.data = request.form.get("next") or request.args.get("next", "")
    return render_template("staff/passkey_sign_in.html", form=form, problems=problems, trouble=trouble())


def _new_page(form: NewPasskeyForm) -> str:
    form.credential.data = ""
    return render_template("staff/passkey_new.html", form=form, trouble=trouble())


def _asked() -> Challenge:
    challenge = new_challenge(now())
    session[ASKED] = [challenge.text, challenge.at.isoformat()]
    return challenge


def _taken() -> Challenge:
    """Return what this browser was asked, and forget it: whatever the answer, it is asked anew next time."""
    text, at = session.pop(ASKED, None) or ("", "")
    if not text or now() - datetime.fromisoformat(at) >= ANSWER_WITHIN:
        raise Unproven("nothing was asked")
    return Challenge(text=text, at=datetime.fromisoformat(at))


def _here() -> Site:
    # The request's own name is the configured one, or this machine's while somebody develops; see `doors.hosts`.
    url = urlsplit(request.host_url)
    return Site(
        name=world().settings.site_name, host=url.hostname or "", origin=f"{url.scheme}://{url.netloc}"
    )
