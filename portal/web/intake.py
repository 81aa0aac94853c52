"""Send a referral, one topic a screen; what is typed is saved at every step and between, and the server alone decides."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain import intake
from portal.domain.drafts import ANSWER_MOST, is_full
from portal.doors.entry import Entry, enter
from portal.web import (
    intake_buttons,
    intake_draft,
    intake_meter,
    intake_notes,
    intake_page,
    intake_rows,
    intake_steps,
    intake_typing,
    place_words,
    resistance_words,
)
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import StepForm
from portal.web.intake_draft import SEE_OTHER, draft
from portal.web.intake_page import Wished

STEP_ROUTE = "/refer/<draft>/<any(patient, reason, tried, checklist, practice):step>"
FULL = (
    "All answers together are longer than the portal keeps. Shorten this one, or a long one of another step"
)

bp = intake_draft.guard(Blueprint("intake", __name__))


@bp.get("/refer/<draft>")
@enter(Entry.DRAFT_KEY)
def resume() -> ResponseReturnValue:
    return redirect(intake_steps.way_on(), SEE_OTHER)


@bp.get(STEP_ROUTE)
@enter(Entry.DRAFT_KEY)
def step(step: str) -> ResponseReturnValue:
    form = intake_steps.form_of(step, draft().typed)
    if "again" in request.args:
        form.check(form.typed())
    return _show_step(step, form, draft().typed)


@bp.post(STEP_ROUTE)
@keeps_typed
@enter(Entry.DRAFT_KEY)
def keep_step(step: str) -> ResponseReturnValue:
    form = intake_steps.form_of(step, draft().typed)
    form.validate_on_submit()
    typed = form.typed() | intake_rows.sent(step, request.form)
    together = {**_without_rows(step), **typed}
    if _show_endless(form, typed, together):
        return _show_step(step, form, {**draft().typed, **typed}), form.refusal
    if form.stale or form.show_crowded(intake_rows.crowded(step, request.form)):
        return _show_step(step, form, {**draft().typed, **typed}), form.refusal
    typed |= intake_buttons.pressed(step, typed, request.form)
    fits = form.check({**together, **typed})
    lands = intake_buttons.lands(typed, request.form)
    seen = {} if lands else {intake_steps.SEEN + step: "yes"}
    if not intake_draft.keep(typed | seen, instead_of=intake_rows.names(step)) and not lands:
        return redirect(url_for("intake.step", step=step, together="yes"), SEE_OTHER)
    if lands or not fits:
        # A page that answers a POST cannot be gone back to; what was typed is kept, so this one can be asked for.
        return redirect(url_for("intake.step", step=step, **(lands or {"again": "yes"})), SEE_OTHER)
    return redirect(intake_steps.way_on(), SEE_OTHER)


@bp.post(f"{STEP_ROUTE}/typed")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def keep_typed(step: str) -> ResponseReturnValue:
    return intake_typing.keep(step)


def _show_endless(form: StepForm, typed: Mapping[str, str], together: Mapping[str, str]) -> bool:
    """Say what is longer than a draft keeps; tell whether anything is: then all stays on the page, and nothing is cut."""
    longest = max(typed, key=lambda name: len(typed[name]))
    full = is_full(together)
    if not full and len(typed[longest]) <= ANSWER_MOST:
        return False
    form.check(together)
    if full:
        rows = intake.ROWS.get(longest.partition(".")[0])
        form.show_crowded({rows.status if rows else longest: FULL})
    return True


def _without_rows(step: str) -> dict[str, str]:
    prefixes = tuple(f"{name}." for name in intake_rows.names(step))
    return {
        name: value for name, value in draft().typed.items() if not (prefixes and name.startswith(prefixes))
    }


def _show_step(step: str, form: StepForm, typed: Mapping[str, str]) -> str:
    located = getattr(form, "located", None)
    wished = Wished(added=request.args.get("added", ""), open=request.args.get("open", ""))
    return render_template(
        f"intake/{'patient' if step == 'patient' else 'step'}.html",
        form=form,
        page=intake_page.read(step, form, typed, intake_notes.of(typed), wished),
        count=resistance_words.find(typed, intake_draft.known()) if step == "tried" else None,
        meter=intake_meter.find(),
        before=intake_steps.before(step),
        steps=intake_steps.stepper(draft().typed, step),
        candidates=place_words.candidates(located),
        exact=place_words.is_exact(located),
        together="together" in request.args,
    )


@bp.get("/refer/<draft>/under-18")
@enter(Entry.DRAFT_KEY)
def under_18() -> ResponseReturnValue:
    if not intake_steps.is_minor(draft().typed):
        return redirect(url_for("intake.resume"), SEE_OTHER)
    return render_template("intake/under_18.html", kept_until=intake_draft.last_day())
