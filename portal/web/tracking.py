"""Follow a referral without an account: a key opens one referral, and its reference alone opens nothing."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import vault
from portal.actions import moves
from portal.db import db
from portal.domain.errors import NotAllowed, NotFound, Refused, Stale, Unfit
from portal.domain.lifecycle import Move
from portal.domain.orders import Order
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import referrals
from portal.queries.tracking import Followed
from portal.web import opened, receipt_page, status_page
from portal.web.forms.base import keeps_typed, readable
from portal.web.forms.tracking import AnswerForm, MoveForm, OpenForm, WithdrawForm

SEE_OTHER, GONE, CONFLICT = 303, 404, 409

bp = Blueprint("tracking", __name__)


@bp.errorhandler(NotFound)
def unknown(_error: NotFound) -> ResponseReturnValue:
    # A session that ended closes the referral too; what was written under it is shown once more, to be copied.
    return render_template("tracking/unknown.html", written=readable(request.form.get("words", ""))), GONE


@bp.get("/status")
@enter(Entry.PUBLIC)
def find() -> ResponseReturnValue:
    return _show_find(OpenForm())


@bp.post("/status")
@keeps_typed
@enter(Entry.PUBLIC)
def open_pasted() -> ResponseReturnValue:
    form = OpenForm()
    if form.validate_on_submit():
        reference = _find_opened(form.key)
        if reference:
            return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)
        form.link.errors = [
            "This opens nothing: it may have ended. Paste the whole link from the newest mail"
        ]
    return _show_find(form), form.refusal


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


def _show_find(form: OpenForm) -> str:
    return render_template("tracking/find.html", form=form, current="status")


@bp.get("/r/<reference>")
@enter(Entry.STATUS_KEY)
def status(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    return _show_status(reference, AnswerForm())


@bp.post("/r/<reference>/answer")
@keeps_typed
@enter(Entry.STATUS_KEY)
def answer(reference: str) -> ResponseReturnValue:
    form = AnswerForm()
    trouble = _make(reference, Move.ANSWER, form)
    if trouble is None:
        return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)
    return _show_status(reference, form), trouble


@bp.get("/r/<reference>/withdraw")
@enter(Entry.STATUS_KEY)
def withdrawing(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    return _show_withdraw(reference, WithdrawForm())


@bp.post("/r/<reference>/withdraw")
@keeps_typed
@enter(Entry.STATUS_KEY)
def withdraw(reference: str) -> ResponseReturnValue:
    form = WithdrawForm()
    trouble = _make(reference, Move.WITHDRAW, form)
    if trouble is None:
        return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)
    return _show_withdraw(reference, form), trouble


@bp.get("/r/<reference>/receipt")
@enter(Entry.STATUS_KEY)
def receipt(reference: str) -> ResponseReturnValue:
    key_id = opened.get_key_id(reference)
    followed = status_page.get(reference)
    _note_look(followed, "receipt")
    return render_template("tracking/receipt.html", page=receipt_page.read(followed, key_id))


def _make(reference: str, move: Move, form: MoveForm) -> int | None:
    """Make a move for whoever holds the key; return None, or the status of the answer that shows the form again."""
    actor = asking.referrer(opened.get_key_id(reference))
    if not form.validate_on_submit():
        return form.refusal
    order = Order(reference=reference, move=move, version=form.seen, words=form.words.data or "")
    try:
        with noting.refusals(actor, asked=move, reference=reference):
            moves.make(order, actor=actor, now=now())
    except Unfit as unfit:
        form.refuse(unfit)
        return form.refusal
    except (Stale, Refused, NotAllowed):
        return CONFLICT
    return None


def _show_status(reference: str, form: AnswerForm) -> str:
    return render_template("tracking/status.html", **_read(reference, form, "status"))


def _show_withdraw(reference: str, form: WithdrawForm) -> str:
    return render_template("tracking/withdraw.html", **_read(reference, form, "withdraw"))


def _read(reference: str, form: MoveForm, page: str) -> dict[str, object]:
    followed = status_page.get(reference)
    _note_look(followed, page)
    changed = status_page.changes_since(followed, form.seen) if form.version.data else []
    form.version.data = str(followed.version)
    return {"page": status_page.read(followed), "form": form, "changed": changed}


def _note_look(followed: Followed, page: str) -> None:
    noting.looked(
        asking.referrer(opened.get_key_id(followed.reference)),
        referral_id=followed.id,
        clinic_id=followed.clinic_id,
        page=page,
    )
