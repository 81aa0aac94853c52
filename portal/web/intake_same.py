"""A form for a patient whose referral this browser sent before: add to that one, or send another; nobody else is asked."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import amending
from portal.db import db
from portal.domain.errors import Refused, SafetyStop, Unfit
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import referrals, rules
from portal.web import intake_draft, intake_preview, intake_steps, intake_submission, opened, words
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import SEPARATE, DuplicateForm
from portal.web.intake_draft import SEE_OTHER

CLOSED = "{reference} was closed meanwhile, so nothing was added to it. You can send a referral of its own."

bp = intake_draft.guard(Blueprint("same", __name__))


@bp.get("/refer/<draft>/same/<reference>")
@enter(Entry.DRAFT_KEY)
def ask(reference: str) -> ResponseReturnValue:
    """Offer to add to a referral that this browser sent; only of such a one is told that it is there."""
    opened.get_key_id(reference)
    return _show(reference, DuplicateForm())


@bp.post("/refer/<draft>/same/<reference>")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def settle(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    form = DuplicateForm()
    if not form.validate_on_submit():
        return _show(reference, form), form.refusal
    way = intake_steps.way_on()
    if form.duplicate.data == SEPARATE:
        intake_submission.keep_separate()
        return redirect(way, SEE_OTHER)
    if way != url_for("sending.check") or not intake_submission.is_agreed():
        # The answers changed since the patient agreed to them.
        return redirect(way, SEE_OTHER)
    return _add_to(reference, form)


def _show(reference: str, form: DuplicateForm) -> str:
    sent = referrals.get(db.session(), reference).received_at
    day = words.day(rules.local_day(sent), year=True)
    return render_template("intake/same.html", form=form, reference=reference, sent=day)


def _add_to(reference: str, form: DuplicateForm) -> ResponseReturnValue:
    try:
        amending.amend(
            intake_preview.read_draft(),
            reference,
            submission=intake_submission.submission(),
            keys=world().keys,
            now=now(),
        )
    except SafetyStop:
        return redirect(url_for("gate.stopped"), SEE_OTHER)
    except Unfit as unfit:
        form.duplicate.errors = list(unfit.problems.values())[:1]
        return _show(reference, form), form.refusal
    except Refused:
        flash(CLOSED.format(reference=reference), "lost")
        return redirect(url_for("sending.check"), SEE_OTHER)
    flash(f"Your answers are with {reference} now.")
    return intake_draft.to_status(reference)
