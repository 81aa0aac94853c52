"""Follow a referral without an account: a key opens one referral, and its reference alone opens nothing."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import vault
from portal.db import db
from portal.domain.errors import NotFound
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import referrals
from portal.queries.tracking import Followed
from portal.web import opened, receipt_page, status_page
from portal.web.forms.base import keeps_typed, readable
from portal.web.forms.tracking import TOO_MUCH, AgainForm, AnswerForm, MoveForm, OpenForm

SEE_OTHER, GONE = 303, 404
NO_LINK = "Paste the link from the mail, or ask for a new one below"
OPENS_NOTHING = "This opens nothing: it may have ended. Paste the whole link from the newest mail"

bp = Blueprint("tracking", __name__)


@bp.errorhandler(NotFound)
def unknown(_error: NotFound) -> ResponseReturnValue:
    # A session that ended closes the referral too; what was written under it is shown once more, to be copied.
    return render_template("tracking/unknown.html", written=readable(request.form.get("words", ""))), GONE


@bp.get("/status")
@enter(Entry.PUBLIC)
def find() -> ResponseReturnValue:
    return show_find()


@bp.post("/status")
@keeps_typed
@enter(Entry.PUBLIC)
def open_pasted() -> ResponseReturnValue:
    form = OpenForm()
    if form.validate_on_submit():
        reference = _find_opened(form.key)
        if reference:
            return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)
        form.link.errors = [OPENS_NOTHING if form.key else NO_LINK]
    return show_find(opening=form), form.refusal


@bp.get("/s/<key>")
@enter(Entry.STATUS_KEY)
def open_link(key: str) -> ResponseReturnValue:
    reference = _find_opened(key)
    if reference is None:
        raise NotFound
    return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)


def _find_opened(key: str) -> str | None:
    """Open what a key opens; a wrong, an ended and a withdrawn key all cost one digest and one question."""
    found = referrals.find_status_key(db.session(), vault.digest(key), now())
    if found is None:
        return None
    reference = referrals.get_reference(db.session(), found.referral_id)
    opened.remember(reference, found.id)
    return reference


def show_find(*, opening: OpenForm | None = None, again: AgainForm | None = None) -> str:
    """Return the page where a link is pasted or asked for, with the form that was sent and not taken."""
    sent = opening or again
    return render_template(
        "tracking/find.html",
        form=opening or OpenForm(formdata=None),
        again=again or AgainForm(formdata=None),
        problems=sent.problems() if sent else [],
        current="status",
    )


@bp.get("/r/<reference>")
@enter(Entry.STATUS_KEY)
def status(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    form = AnswerForm()
    form.trouble = TOO_MUCH if "much" in request.args else ""
    return render_template("tracking/status.html", **read(reference, form, "status"))


@bp.get("/r/<reference>/receipt")
@enter(Entry.STATUS_KEY)
def receipt(reference: str) -> ResponseReturnValue:
    key_id = opened.get_key_id(reference)
    followed = status_page.get(reference)
    _note_look(followed, "receipt")
    page = receipt_page.read(followed, key_id, proven=opened.is_proven(reference))
    return render_template("tracking/receipt.html", page=page)


def read(reference: str, form: MoveForm, page: str) -> dict[str, object]:
    """Return what a page of a referral places, with what changed since its form was written; it is noted as a look."""
    followed = status_page.get(reference)
    _note_look(followed, page)
    changed = status_page.changes_since(followed, form.seen) if form.version.data else []
    form.version.data = str(followed.version)
    page_shown = status_page.read(followed, proven=opened.is_proven(reference))
    return {"page": page_shown, "form": form, "changed": changed}


def _note_look(followed: Followed, page: str) -> None:
    noting.looked(
        asking.referrer(opened.get_key_id(followed.reference)),
        referral_id=followed.id,
        clinic_id=followed.clinic_id,
        page=page,
    )
