"""The last page of a form that changes a referral's answers: what becomes another one, and nothing else is asked."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from portal.actions import amending as acting
from portal.db import db
from portal.domain import amending
from portal.domain.errors import Changed, Refused, SafetyStop, Unfit
from portal.doors import asking, noting
from portal.doors.world import now, world
from portal.queries import amendments
from portal.web import (
    change_words,
    intake_answers,
    intake_draft,
    intake_files,
    intake_preview,
    intake_steps,
    intake_submission,
    opened,
)
from portal.web.forms.base import Form
from portal.web.intake_draft import SEE_OTHER, draft

CONFLICT = 409
NUMBER_MOST = len("2147483647")
OTHERS = (
    "The answers changed meanwhile, in another tab or by somebody else. This is what you would change now."
)
CLOSED = "This referral is closed, so nothing was sent. What you typed is kept here until {day}."


class ChangesForm(Form):
    """The button; `seal` is of the answers that the page showed, `shown` the referral's last change it knew of."""

    seal = HiddenField()
    shown = HiddenField()

    @property
    def last(self) -> int:
        """The number of the last change that the page knew of; one that cannot be read is none."""
        typed = self.shown.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < NUMBER_MOST else -1


def show(form: ChangesForm | None = None, said: str = "") -> str:
    """Return the page; `said` is why nothing was sent."""
    form = form or ChangesForm()
    new, sent = intake_preview.read_draft(), amendments.get_sent(db.session(), _reference())
    changes = amending.changes(sent.new, amending.in_place(sent.new, new))
    noting.looked(
        asking.referrer(opened.get_key_id(_reference())),
        referral_id=sent.id,
        clinic_id=sent.clinic_id,
        page="changes",
    )
    form.seal.data, form.shown.data = draft().seal, str(sent.last)
    return render_template(
        "intake/changes.html",
        form=form,
        said=said,
        reference=_reference(),
        clinic=sent.clinic_name,
        changes=change_words.lines(changes, world().settings.home_zone),
        email=sent.new.referrer.email if new.referrer.email != sent.new.referrer.email else "",
        sections=intake_answers.sections(new, intake_steps.ground().place, ()),
        files=intake_files.lines(),
        steps=intake_steps.stepper(draft().typed, "check"),
    )


def send() -> ResponseReturnValue:
    """Send what changed; where nothing did, say so at the referral and change nothing."""
    form = ChangesForm()
    if not form.validate_on_submit():
        return show(form), form.refusal
    if form.seal.data != draft().seal:
        return show(form, OTHERS), CONFLICT
    try:
        acting.amend(
            intake_preview.read_draft(),
            _reference(),
            submission=intake_submission.submission(shown=form.last),
            keys=world().keys,
            now=now(),
        )
    except SafetyStop:
        return redirect(url_for("gate.stopped"), SEE_OTHER)
    except (Changed, Refused, Unfit) as refused:
        db.session.rollback()
        return show(form, _why(refused)), CONFLICT
    flash("Your changes are with the clinic.")
    return intake_draft.to_status(_reference())


def _why(refused: Changed | Refused | Unfit) -> str:
    match refused:
        case Changed():
            return OTHERS
        case Unfit():
            # Where there are several problems, they are of one kind and say the same.
            return f"{next(iter(refused.problems.values()))}."
    return CLOSED.format(day=intake_draft.last_day())


def _reference() -> str:
    return str(draft().amends)
