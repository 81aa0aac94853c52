"""The staff door: where members land, whose page it is, and the notices that need a person."""

from contextlib import AbstractContextManager

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from portal.actions import notices
from portal.db import db
from portal.domain import access, reference
from portal.domain.access import Permission
from portal.domain.errors import NotAllowed
from portal.domain.queue import Viewer
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import emergencies, referrals, safety_stops
from portal.queries import outbox as outbox_rows
from portal.queries.rules import get_targets
from portal.web import notice_words

bp = Blueprint("staff", __name__)

# Beyond this no database has a row to number.
ID_MOST = 2**31 - 1
PAGES = (
    ("queue", "Queue", "triage.queue", Permission.READ_REFERRALS),
    ("stops", "Safety stops", "stops.show_all", Permission.HEAR_OF_STOPS),
    ("find", "Find", "finding.form", Permission.READ_REFERRALS),
    ("outbox", "Not told", "staff.outbox", Permission.READ_OUTBOX),
    ("emergency", "Emergency", "emergency.form", Permission.BREAK_GLASS),
    ("emergencies", "Emergencies", "emergency.lately", Permission.HEAR_OF_EMERGENCIES),
    ("audit", "Audit log", "audit.log", Permission.READ_AUDIT),
)
"""The pages of the navigation: key, words, endpoint, and what it takes to open them; the first is where one lands."""
SAID = {"called": "Noted: you called the patient.", "retry": "It is tried again now."}


@bp.get("/staff")
@enter(Entry.MEMBER)
def door() -> ResponseReturnValue:
    ways = links()
    if not ways:
        return render_template("staff/nothing.html", workplace=workplace())
    return redirect(ways[0][2])


@bp.get("/staff/outbox")
@enter(Entry.MEMBER)
def outbox() -> str:
    need(Permission.READ_OUTBOX)
    found = outbox_rows.troubled(db.session(), viewer().memberships)
    noting.listed(asking.member(), page="outbox", referral_ids=[trouble.referral_id for trouble in found])
    return render_template(
        "staff/outbox.html",
        lines=[notice_words.trouble(trouble, viewer().memberships, now()) for trouble in found],
        undelivered=outbox_rows.undelivered(db.session(), viewer().memberships, now=now()),
        unheard=emergencies.unheard(db.session()),
        zone=get_targets().intake_zone,
        workplace=workplace(),
    )


@bp.post(f"/staff/notices/<int(max={ID_MOST}):notice_id>/called")
@enter(Entry.MEMBER)
def called(notice_id: int) -> ResponseReturnValue:
    with _refusals(notice_id, asked="called"):
        notices.called(notice_id, actor=asking.member(), now=now())
    return _back("called")


@bp.post(f"/staff/notices/<int(max={ID_MOST}):notice_id>/retry")
@enter(Entry.MEMBER)
def retry(notice_id: int) -> ResponseReturnValue:
    with _refusals(notice_id, asked="retry"):
        notices.retry(notice_id, member_id=current_user.id, now=now())
    return _back("retry")


def _refusals(notice_id: int, *, asked: str) -> AbstractContextManager[None]:
    about = outbox_rows.find_reference(db.session(), notice_id)
    return noting.refusals(asking.member(), asked=asked, reference=about)


@bp.before_app_request
def _only_the_form_signs_in() -> None:
    # The library would also read JSON there, of any shape.
    if request.endpoint == "security.login" and request.is_json:
        abort(415)


def viewer() -> Viewer:
    """Return the member who asks, as the rules know them."""
    return Viewer(member_id=current_user.id, memberships=current_user.memberships)


def need(permission: Permission) -> None:
    """Raise NotAllowed unless the member who asks holds a permission at some clinic."""
    with noting.refusals(asking.member(), asked=permission, reference=None):
        if not access.anywhere(viewer().memberships, permission):
            raise NotAllowed("This page is not part of your role.")


@bp.app_template_global("staff_links")
def links() -> list[tuple[str, str, str]]:
    """Return key, words and address of the pages that the member who asks may open."""
    held = viewer().memberships
    return [
        (key, _with_count(key, said), url_for(endpoint))
        for key, said, endpoint, needed in PAGES
        if access.anywhere(held, needed)
    ]


def _with_count(key: str, said: str) -> str:
    # Whatever page somebody on duty is on, they see that a form was stopped.
    waiting = safety_stops.count_open(db.session(), viewer().member_id) if key == "stops" else 0
    return f"{said} ({waiting})" if waiting else said


def workplace() -> str:
    """Return whose page it is: the one clinic where the member works, or the network."""
    places = {held.clinic_id for held in viewer().memberships}
    one = places.pop() if len(places) == 1 else None
    return referrals.clinic_name(db.session(), one) if one else "The whole network"


def _back(done: str) -> ResponseReturnValue:
    flash(SAID[done])
    came_from = reference.read(request.form.get("reference", ""))
    if came_from:
        return redirect(url_for("triage.referral", reference=came_from), 303)
    return redirect(url_for("staff.outbox"), 303)
