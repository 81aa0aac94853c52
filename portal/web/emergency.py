"""The emergency door: a clinician says what they must see and why, reads it for an hour, and is heard of."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import break_glass
from portal.actions.break_glass import Answer, Outcome
from portal.db import db
from portal.domain import emergency, finding
from portal.domain.access import Permission
from portal.domain.emergency import Plea
from portal.domain.errors import Unfit
from portal.domain.letters import Site
from portal.doors import asking, noting, sessions
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import emergencies, rules
from portal.web.forms.base import UNPROCESSABLE, keeps_typed
from portal.web.forms.finding import EmergencyForm
from portal.web.staff import need, viewer, workplace

TOO_MANY_REQUESTS, SEE_OTHER = 429, 303
SAID = {
    Outcome.NOTHING: (
        "Nothing is open to you with this. Check every character, or call the clinic: the name and the date of "
        "birth must be as the practice wrote them."
    ),
    Outcome.TOO_MANY: "You tried too often within the hour. Call the clinic, or the network's intake team.",
}
STATUS = {Outcome.NOTHING: UNPROCESSABLE, Outcome.TOO_MANY: TOO_MANY_REQUESTS}

bp = Blueprint("emergency", __name__)


@bp.get("/staff/emergency")
@enter(Entry.FRESH_MEMBER)
def form() -> str:
    need(Permission.BREAK_GLASS)
    return _show(EmergencyForm(formdata=sessions.typed_before()))


@bp.post("/staff/emergency")
@keeps_typed
@enter(Entry.FRESH_MEMBER)
def plead() -> ResponseReturnValue:
    need(Permission.BREAK_GLASS)
    asked = EmergencyForm()
    if not asked.validate_on_submit():
        return _show(asked), asked.refusal
    try:
        answer = _plead(asked)
    except Unfit as unfit:
        asked.refuse(unfit)
        return _show(asked), asked.refusal
    if answer.outcome is not Outcome.OPENED:
        asked["reference"].errors = [SAID[answer.outcome]]
        return _show(asked), STATUS[answer.outcome]
    if len(answer.references) == 1:
        return redirect(url_for("triage.referral", reference=answer.references[0]), SEE_OTHER)
    flash("You may read these now.")
    return redirect(url_for("emergency.form"), SEE_OTHER)


@bp.get("/staff/emergencies")
@enter(Entry.MEMBER)
def lately() -> str:
    need(Permission.HEAR_OF_EMERGENCIES)
    rows = emergencies.lately(db.session())
    noting.listed(asking.member(), page="emergencies", referral_ids=[row.grant.referral_id for row in rows])
    return render_template("staff/emergencies.html", rows=rows, zone=_zone(), workplace=workplace())


def _plead(asked: EmergencyForm) -> Answer:
    reason = emergency.read_reason(asked.reason.data or "")
    sought = finding.read(asked.typed, rules.local_day(now()))
    settings = world().settings
    return break_glass.plead(
        Plea(sought=sought, reason=reason),
        actor=asking.member(),
        site=Site(name=settings.site_name, url=settings.public_url),
        now=now(),
    )


def _show(asked: EmergencyForm) -> str:
    return render_template(
        "staff/emergency.html",
        form=asked,
        grants=emergencies.open_grants(db.session(), viewer().member_id, now()),
        zone=_zone(),
        workplace=workplace(),
    )


def _zone() -> str:
    return rules.get_targets().intake_zone
