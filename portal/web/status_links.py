"""New links to a referral: for the browser that holds one, and by mail for a practice that lost its own."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.actions import sign_in_tries, status_links
from portal.domain import reading
from portal.domain import reference as references
from portal.domain.back_off import Counted, TooSoon
from portal.domain.errors import NotFound
from portal.doors import asking, logs
from portal.doors.entry import Entry, enter
from portal.doors.world import now, site, world
from portal.web import opened, tracking
from portal.web.forms.base import keeps_typed
from portal.web.forms.tracking import AgainForm
from portal.web.tracking import SEE_OTHER

TOO_MANY = 429
RENEWED = "A new link is on its way to the practice, and every older one has ended. This browser stays in."
ASKED = "If both fit, a new link is on its way to the practice. Look among unwanted mail too."
NO_REFERENCE = "Enter the reference from the receipt or a mail, like 7KQ4-92MD"
TOO_SOON = "A new link was asked for with this email a moment ago. Look into the mail, or try again later."

bp = Blueprint("links", __name__)
bp.register_error_handler(NotFound, tracking.unknown)


@bp.post("/r/<reference>/link")
@enter(Entry.STATUS_KEY)
def renew(reference: str) -> ResponseReturnValue:
    actor = asking.referrer(opened.get_key_id(reference))
    key_id = status_links.renew(reference, actor=actor, keys=world().keys, site=site(), now=now())
    opened.remember(reference, key_id)
    flash(RENEWED)
    return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)


@bp.post("/status/again")
@keeps_typed
@enter(Entry.PUBLIC)
def send_again() -> ResponseReturnValue:
    form = AgainForm()
    if not form.validate_on_submit() or not _fits(form):
        return tracking.show_find(again=form), form.refusal
    actor, email = asking.stranger(), reading.email(form.email.data or "")
    try:
        sign_in_tries.begin(email, actor.source.address, now=now(), counted=Counted.LETTER)
    except TooSoon:
        logs.security("refused", reason="too many tries in a row", status=TOO_MANY)
        form.email.errors = [TOO_SOON]
        return tracking.show_find(again=form), TOO_MANY
    reference = references.read(form.reference.data or "") or ""
    status_links.send_again(reference, email, actor=actor, keys=world().keys, site=site(), now=now())
    flash(ASKED)
    return redirect(url_for("tracking.find"), SEE_OTHER)


def _fits(form: AgainForm) -> bool:
    """Tell whether both can be read; what cannot is said at its field."""
    if references.read(form.reference.data or "") is None:
        form.reference.errors = [NO_REFERENCE]
    try:
        reading.email(form.email.data or "")
    except ValueError as problem:
        form.email.errors = [str(problem)]
    return not form.problems()
