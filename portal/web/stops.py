"""Forms that were stopped for somebody's safety, for those on duty: who it is, whom to call, and what was done."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import safety_stops
from portal.db import db
from portal.domain.access import Permission
from portal.domain.errors import Refused, Unfit
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import rules
from portal.queries import safety_stops as asked
from portal.queries.safety_stops import Stopped
from portal.web import stop_lines
from portal.web.forms.base import keeps_typed
from portal.web.forms.stops import DoneForm
from portal.web.staff import need, viewer, workplace

SEE_OTHER, CONFLICT = 303, 409
STOP = "<string(length=16):stop>"

bp = Blueprint("stops", __name__)


@bp.get("/staff/stops")
@enter(Entry.MEMBER)
def show_all() -> str:
    need(Permission.HEAR_OF_STOPS)
    found = asked.visible(db.session(), viewer().member_id)
    noting.listed(asking.member(), page="stops", filters={"stops": [each.name for each in found]})
    lines = [stop_lines.line(each, zone=_zone(), now=now()) for each in found]
    shown = sum(line.is_open for line in lines)
    return render_template("staff/stops.html", lines=lines, shown=shown, workplace=workplace())


@bp.get(f"/staff/stops/{STOP}")
@enter(Entry.MEMBER)
def show(stop: str) -> str:
    return _show(_get(stop), DoneForm())


@bp.post(f"/staff/stops/{STOP}")
@keeps_typed
@enter(Entry.MEMBER)
def close(stop: str) -> ResponseReturnValue:
    found, form = _get(stop), DoneForm()
    if not form.validate_on_submit():
        return _show(found, form), form.refusal
    try:
        safety_stops.close(stop, form.words.data or "", actor=asking.member(), now=now())
    except Unfit as unfit:
        form.words.errors = [unfit.problems["words"]]
        return _show(found, form), form.refusal
    except Refused:
        # What the request read before somebody else closed it is old now.
        db.session.rollback()
        return _show(_get(stop), form), CONFLICT
    flash("What was done is kept. The stop is closed.")
    return redirect(url_for("stops.show_all"), SEE_OTHER)


def _get(name: str) -> Stopped:
    with noting.refusals(asking.member(), asked="stop", reference=None):
        return asked.get(db.session(), name, viewer().member_id)


def _show(found: Stopped, form: DoneForm) -> str:
    noting.listed(asking.member(), page="stop", filters={"stop": found.name})
    line = stop_lines.line(found, zone=_zone(), now=now())
    return render_template("staff/stop.html", line=line, form=form, workplace=workplace())


def _zone() -> str:
    return rules.get_targets().intake_zone


@bp.app_template_global("open_stops")
def count_open() -> int:
    """Return how many stops wait for the member who asks."""
    return asked.count_open(db.session(), viewer().member_id)
