"""Change or add answers of a referral that was sent: for whoever holds its key and knows its patient."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import amending
from portal.db import db
from portal.domain.errors import NotFound, Refused
from portal.domain.lifecycle import Move
from portal.domain.places import Place
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import amendments
from portal.web import intake_draft, intake_steps, opened, status_page, tracking
from portal.web.forms.base import Form, keeps_typed
from portal.web.status_page import StatusPage
from portal.web.tracking import SEE_OTHER

CONFLICT = 409

bp = Blueprint("amending", __name__)
bp.register_error_handler(NotFound, tracking.unknown)


@bp.get("/r/<reference>/amend")
@enter(Entry.STATUS_KEY)
def begin(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    return _show(reference, Form()) if opened.is_proven(reference) else _ask_proof(reference)


@bp.post("/r/<reference>/amend")
@keeps_typed
@enter(Entry.STATUS_KEY)
def start(reference: str) -> ResponseReturnValue:
    actor = asking.referrer(opened.get_key_id(reference))
    if not opened.is_proven(reference):
        return _ask_proof(reference)
    form = Form()
    if not form.validate_on_submit():
        return _show(reference, form), form.refusal
    if name := _find_begun(reference):
        return redirect(url_for("sending.check", draft=name), SEE_OTHER)
    try:
        with noting.refusals(actor, asked=Move.ADD, reference=reference):
            started = amending.begin(
                reference, typed=_beside(reference), keep_for=intake_draft.keep_for(), now=now()
            )
    except Refused:
        return _show(reference, form), CONFLICT
    response = redirect(url_for("sending.check", draft=started.name), SEE_OTHER)
    intake_draft.hand_key(response, started)
    return response


def _ask_proof(reference: str) -> ResponseReturnValue:
    return redirect(url_for("proof.ask", reference=reference, next="amend"), SEE_OTHER)


def _find_begun(reference: str) -> str | None:
    """Return the name of a form of this browser that was begun before and is not sent."""
    return next((held.key.name for held in intake_draft.held() if held.amends == reference), None)


def _beside(reference: str) -> dict[str, str]:
    """Return what a form keeps beside its answers: every step was left, and the place is as it was understood."""
    sent = amendments.get_sent(db.session(), reference)
    steps = {intake_steps.SEEN + step: "yes" for step in intake_steps.TITLES}
    located = world().locator.locate(sent.new.patient.place)
    return steps if isinstance(located, Place) else {**steps, "keep_place": "yes"}


def _show(reference: str, form: Form) -> str:
    followed = status_page.get(reference)
    noting.looked(
        asking.referrer(opened.get_key_id(reference)),
        referral_id=followed.id,
        clinic_id=followed.clinic_id,
        page="amend",
    )
    page: StatusPage = status_page.read(followed, proven=True)
    return render_template("tracking/amend.html", page=page, form=form, begun=_find_begun(reference))
