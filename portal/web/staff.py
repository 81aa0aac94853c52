"""The staff door: where members land, whose page it is, and the notices that need a person."""

from contextlib import AbstractContextManager

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from portal.actions import notices
from portal.db import db
from portal.domain import access, reference
from portal.domain.access import Permission
from portal.domain.queue import Viewer
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import outbox as outbox_rows
from portal.queries import referrals
from portal.web import notice_words

bp = Blueprint("staff", __name__)

# Beyond this no database has a row to number.
ID_MOST = 2**31 - 1
SAID = {"called": "Noted: you called the patient.", "retry": "It is tried again now."}


@bp.get("/staff")
@enter(Entry.MEMBER)
def door() -> ResponseReturnValue:
    reads = access.anywhere(viewer().memberships, Permission.READ_REFERRALS)
    return redirect(url_for("triage.queue" if reads else "staff.outbox"))


@bp.get("/staff/outbox")
@enter(Entry.MEMBER)
def outbox() -> str:
    found = outbox_rows.troubled(db.session(), viewer().memberships)
    noting.listed(asking.member(), page="outbox", referral_ids=[trouble.referral_id for trouble in found])
    return render_template(
        "staff/outbox.html",
        lines=[notice_words.trouble(trouble, viewer().memberships, now()) for trouble in found],
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
