"""The last page: check the answers and the clinic, then send; a second send of a draft finds the first receipt."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import amending, referrals
from portal.db import db
from portal.domain.errors import Duplicate, SafetyStop, Unfit
from portal.domain.orders import Ground, Submission
from portal.doors import asking
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import referrals as referrals_read
from portal.queries import rules
from portal.web import (
    intake_answers,
    intake_draft,
    intake_files,
    intake_preview,
    intake_steps,
    opened,
    words,
)
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import SEPARATE, CheckForm, DuplicateForm
from portal.web.intake_draft import SEE_OTHER, draft
from portal.web.intake_preview import Preview

CONFLICT = 409

bp = intake_draft.guard(Blueprint("sending", __name__))


@bp.get("/refer/<draft>/check")
@enter(Entry.DRAFT_KEY)
def check() -> ResponseReturnValue:
    way = intake_steps.way_on()
    return _show(_form()) if way == url_for("sending.check") else redirect(way, SEE_OTHER)


@bp.post("/refer/<draft>/check")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def send() -> ResponseReturnValue:
    way = intake_steps.way_on()
    if way != url_for("sending.check"):
        return redirect(way, SEE_OTHER)
    form = _form()
    form.validate_on_submit()
    fits = form.check(form.typed())
    if form.seal.data != draft().seal:
        return _show_changed(form), CONFLICT
    if form.stale:
        return _show(form), form.refusal
    intake_draft.keep_typed({"clinic": form.clinic.data or ""})
    fits = _names_what_is_sent(form) and fits
    if not fits:
        return _show(form), form.refusal
    return _send(form)


@bp.get("/refer/<draft>/same/<reference>")
@enter(Entry.DRAFT_KEY)
def same(reference: str) -> ResponseReturnValue:
    """Offer to add to a referral that this browser sent; only of such a one is told that it is there."""
    opened.get_key_id(reference)
    return _show_same(reference, DuplicateForm())


@bp.post("/refer/<draft>/same/<reference>")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def settle_same(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    form = DuplicateForm()
    if not form.validate_on_submit():
        return _show_same(reference, form), form.refusal
    if form.duplicate.data == SEPARATE:
        intake_draft.keep_typed({"duplicate": SEPARATE})
        return redirect(url_for("sending.check"), SEE_OTHER)
    return _add_to(reference)


def _show_same(reference: str, form: DuplicateForm) -> str:
    sent = referrals_read.get(db.session(), reference).received_at
    day = words.day(rules.local_day(sent), year=True)
    return render_template("intake/same.html", form=form, reference=reference, sent=day)


def _add_to(reference: str) -> ResponseReturnValue:
    amending.amend(
        intake_preview.read_draft(),
        reference,
        submission=_submission(),
        keys=world().keys,
        whole=False,
        now=now(),
    )
    return intake_draft.to_status(reference)


def _submission() -> Submission:
    return Submission(
        key_digest=draft().key.digest,
        # Whatever a second send of this draft says, the first one was acknowledged and stands.
        body_digest=draft().key.digest,
        actor=asking.form(),
        draft=draft(),
        holds=frozenset(opened.references()),
        separate=draft().typed.get("duplicate") == SEPARATE,
    )


def _send(form: CheckForm) -> ResponseReturnValue:
    ground = intake_steps.ground()
    try:
        receipt = referrals.submit(
            intake_preview.read_draft(clinic=_wish(form, ground)),
            submission=_submission(),
            ground=ground,
            keys=world().keys,
            now=now(),
        )
    except SafetyStop:
        return redirect(url_for("gate.stopped"), SEE_OTHER)
    except Duplicate as duplicate:
        return redirect(url_for("sending.same", reference=duplicate.reference), SEE_OTHER)
    except Unfit as unfit:
        form.clinic.errors = list(unfit.problems.values())
        return _show(form), form.refusal
    return intake_draft.to_receipt(receipt.reference)


def _wish(form: CheckForm, ground: Ground) -> str | None:
    """Return the clinic that was chosen against the suggestion; the suggestion itself is the rules' decision."""
    suggested = intake_preview.suggest(intake_preview.read_draft(), ground).chosen
    return form.clinic.data if form.clinic.data not in {"", None, suggested} else None


def _names_what_is_sent(form: CheckForm) -> bool:
    """Tell whether the button that was pressed named the clinic that is chosen; without the script it cannot follow."""
    if form.send_to.data in {None, form.clinic.data or ""}:
        return True
    form.clinic.errors = [
        "You chose another clinic than the button named. The button names it now: send again."
    ]
    return False


def _show_changed(form: CheckForm) -> str:
    # The patient agreed to what was shown before, not to this.
    form.consent.data = False
    form.consent.errors = ["Your answers changed in another tab. Check them again, then send."]
    return _show(form)


def _form() -> CheckForm:
    return CheckForm(typed=draft().typed, known=intake_draft.known(), locate=world().locator.locate)


def _show(form: CheckForm) -> str:
    new, ground = intake_preview.read_draft(), intake_steps.ground()
    form.seal.data = draft().seal
    shown: Preview = intake_preview.preview(new, ground, form.clinic.data or "")
    return render_template(
        "intake/check.html",
        form=form,
        sections=intake_answers.sections(new, ground.place, shown.lacking),
        preview=shown,
        files=intake_files.lines(),
        steps=intake_steps.stepper(draft().typed, "check"),
    )
