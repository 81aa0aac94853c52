"""Ask whoever holds a link for the patient's date of birth, before more of the patient is shown than initials."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions import sign_in_tries
from portal.db import db
from portal.domain import reading
from portal.domain.back_off import Counted, TooSoon
from portal.domain.errors import NotFound
from portal.doors import asking, logs
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import rules, tracking
from portal.web import opened, status_page, words
from portal.web.forms.base import keeps_typed
from portal.web.forms.tracking import ProofForm
from portal.web.tracking import SEE_OTHER, unknown

TOO_MANY = 429
NEXT = {
    "status": "tracking.status",
    "receipt": "tracking.receipt",
    "amend": "amending.begin",
    "summary": "paper.summary",
    "travel": "paper.travel",
}
"""Where one may go on to, by name; anything else is the status page."""
NO_MATCH = "This does not fit what was sent. Check it against the chart, then try again."
TOO_SOON = "There were too many tries in a row. Try again after {when}, or call the clinic."

bp = Blueprint("proof", __name__)
bp.register_error_handler(NotFound, unknown)


@bp.get("/r/<reference>/prove")
@enter(Entry.STATUS_KEY)
def ask(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    return _go_on(reference) if opened.is_proven(reference) else _show(reference, ProofForm())


@bp.post("/r/<reference>/prove")
@keeps_typed
@enter(Entry.STATUS_KEY)
def prove(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    form = ProofForm()
    if not form.validate_on_submit():
        return _show(reference, form), form.refusal
    try:
        form.refused = None if _knows(reference, form) else NO_MATCH
    except ValueError as problem:
        form.refused = str(problem)
    except TooSoon as wait:
        logs.security("refused", reason="too many tries in a row", status=TOO_MANY)
        when = again_after(wait.until, now=now(), zone=world().settings.home_zone)
        form.refused = TOO_SOON.format(when=when)
        return _show(reference, form), TOO_MANY
    if form.refused:
        return _show(reference, form), form.refusal
    opened.prove(reference)
    return _go_on(reference)


def _knows(reference: str, form: ProofForm) -> bool:
    """Tell whether the date is the patient's; raise ValueError when it is no date, which counts as no try."""
    born = reading.birth_date(form.date_of_birth.data or "", rules.local_day(now()))
    actor = asking.referrer(opened.get_key_id(reference))
    sign_in_tries.begin(reference, actor.source.address, now=now(), counted=Counted.PROOF)
    followed = status_page.get(reference)
    if tracking.is_born(db.session(), followed, born):
        sign_in_tries.succeeded(reference, counted=Counted.PROOF)
        return True
    sign_in_tries.not_proven(actor, referral_id=followed.id, clinic_id=followed.clinic_id, now=now())
    return False


def again_after(until: datetime, *, now: datetime, zone: str) -> str:
    """Return when a wait is over: "2:40 pm", with its day where that is not today."""
    # A clock that shows no seconds shows the minute in which the wait ends before it is over.
    over = until + timedelta(seconds=59)
    is_today = over.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    return words.clock_time(over, zone) if is_today else words.when(over, zone)


def _go_on(reference: str) -> ResponseReturnValue:
    endpoint = NEXT.get(request.args.get("next", ""), "tracking.status")
    return redirect(url_for(endpoint, reference=reference), SEE_OTHER)


def _show(reference: str, form: ProofForm) -> str:
    return render_template("tracking/prove.html", reference=reference, form=form)
