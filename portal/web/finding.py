"""Find a referral among those a member may read: by its reference, or by the patient's name and date of birth."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain import finding
from portal.domain.access import Permission
from portal.domain.errors import Unfit
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import found, rules
from portal.queries.found import Found
from portal.web.forms.base import keeps_typed
from portal.web.forms.finding import FindForm
from portal.web.staff import need, viewer, workplace

bp = Blueprint("finding", __name__)


@bp.get("/staff/find")
@enter(Entry.MEMBER)
def form() -> str:
    need(Permission.READ_REFERRALS)
    return _show(FindForm())


@bp.post("/staff/find")
@keeps_typed
@enter(Entry.MEMBER)
def find() -> ResponseReturnValue:
    need(Permission.READ_REFERRALS)
    asked = FindForm()
    if not asked.validate_on_submit():
        return _show(asked), asked.refusal
    try:
        sought = finding.read(asked.typed, rules.local_day(now()))
    except Unfit as unfit:
        asked.refuse(unfit)
        return _show(asked), asked.refusal
    rows = found.among_readable(db.session(), sought, viewer())
    noting.listed(
        asking.member(), page="find", referral_ids=[row.id for row in rows], filters={"by": sought.way}
    )
    return _show(asked, rows)


def _show(asked: FindForm, rows: list[Found] | None = None) -> str:
    return render_template("staff/find.html", form=asked, rows=rows, workplace=workplace())
