"""The last page: check the answers and the clinic, then send; a second send of a draft finds the first receipt."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import referrals
from portal.domain.errors import Duplicate, SafetyStop, Unfit
from portal.domain.orders import Ground
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.web import (
    intake_answers,
    intake_changes,
    intake_draft,
    intake_files,
    intake_preview,
    intake_steps,
    intake_submission,
    opened,
)
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import CheckForm
from portal.web.intake_draft import SEE_OTHER, draft
from portal.web.intake_preview import Preview

CONFLICT = 409

bp = intake_draft.guard(Blueprint("sending", __name__))


@bp.get("/refer/<draft>/check")
@enter(Entry.DRAFT_KEY)
def check() -> ResponseReturnValue:
    way = intake_steps.way_on()
    if way != url_for("sending.check"):
        return redirect(way, SEE_OTHER)
    return intake_changes.show() if draft().amends else _show(_form())


@bp.post("/refer/<draft>/check")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def send() -> ResponseReturnValue:
    way = intake_steps.way_on()
    if way != url_for("sending.check"):
        return redirect(way, SEE_OTHER)
    if draft().amends:
        return intake_changes.send()
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


def _send(form: CheckForm) -> ResponseReturnValue:
    ground = intake_steps.ground()
    try:
        receipt = referrals.submit(
            intake_preview.read_draft(clinic=_wish(form, ground)),
            submission=intake_submission.submission(),
            ground=ground,
            keys=world().keys,
            now=now(),
        )
    except SafetyStop:
        return redirect(url_for("gate.stopped"), SEE_OTHER)
    except Duplicate as duplicate:
        intake_submission.note_agreement()
        return redirect(url_for("same.ask", reference=duplicate.reference), SEE_OTHER)
    except Unfit as unfit:
        form.clinic.errors = list(unfit.problems.values())
        return _show(form), form.refusal
    return intake_draft.to_receipt(receipt.reference, receipt.status_key_id)


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
    opened.note_sender()
    shown: Preview = intake_preview.preview(new, ground, form.clinic.data or "")
    return render_template(
        "intake/check.html",
        form=form,
        sections=intake_answers.sections(new, ground.place, shown.lacking),
        preview=shown,
        files=intake_files.lines(),
        steps=intake_steps.stepper(draft().typed, "check"),
    )
