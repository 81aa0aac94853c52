"""Send a referral, one topic a screen; what is typed is saved at every step and between, and the server alone decides."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain import intake
from portal.domain.intake.table import is_known
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.web import intake_draft, intake_page, intake_steps, place_words, words
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import StepForm
from portal.web.intake_draft import SEE_OTHER, draft

STEP_ROUTE = "/refer/<draft>/<any(patient, reason, tried, checklist, practice):step>"
BESIDE = frozenset({"use_place", "keep_place"})
"""What a step asks beside its answers."""

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
    rows = _rows(step)
    if form.stale:
        return _show_step(step, form, {**draft().typed, **rows}), form.refusal
    typed = form.typed() | rows
    fits = form.check({**_without_rows(step), **typed})
    other = _other_button()
    seen = {} if other else {intake_steps.SEEN + step: "yes"}
    intake_draft.keep(typed | seen, instead_of=_groups(step))
    if other or not fits:
        # A page that answers a POST cannot be gone back to; what was typed is kept, so this one can be asked for.
        shown: dict[str, Any] = {**other} or {"again": "yes"}
        return redirect(url_for("intake.step", step=step, **shown), SEE_OTHER)
    return redirect(intake_steps.way_on(), SEE_OTHER)


@bp.post(f"{STEP_ROUTE}/typed")
@enter(Entry.DRAFT_KEY)
def keep_typed(step: str) -> ResponseReturnValue:
    """Keep what is being typed, for the script; says when it was saved."""
    known = {field.name for field in intake.STEPS[step]} | BESIDE
    typed = {name: value for name, value in request.form.items() if name in known} | _rows(step)
    intake_draft.keep_typed(typed, instead_of=_groups(step))
    return jsonify(saved=f"Saved {words.clock_time(now(), world().settings.home_zone)}")


def _groups(step: str) -> tuple[str, ...]:
    return tuple(rows.name for rows in intake.STEP_ROWS.get(step, ()))


def _rows(step: str) -> dict[str, str]:
    """Return the rows that this request brought, without the one whose button removes it."""
    sent: dict[str, str] = {}
    gone, _, number = request.form.get("remove", "").partition(".")
    for rows in intake.STEP_ROWS.get(step, ()):
        prefix = f"{rows.name}."
        found = {
            name: value for name, value in request.form.items() if name.startswith(prefix) and is_known(name)
        }
        leave = int(number) if gone == rows.name and number.isdecimal() and len(number) < len("1000") else -1
        sent |= intake_page.without(found, rows, leave)
    return sent


def _without_rows(step: str) -> dict[str, str]:
    prefixes = tuple(f"{name}." for name in _groups(step))
    return {
        name: value for name, value in draft().typed.items() if not (prefixes and name.startswith(prefixes))
    }


def _other_button() -> dict[str, str]:
    """Return where on the step a button leads that does not go on: to another row, or back to the rows."""
    if name := request.form.get("add", ""):
        return {"added": name, "_anchor": name} if name in intake.ROWS else {}
    gone = request.form.get("remove", "").partition(".")[0]
    return {"_anchor": gone} if gone in intake.ROWS else {}


def _show_step(step: str, form: StepForm, typed: Mapping[str, str]) -> str:
    located = getattr(form, "located", None)
    return render_template(
        f"intake/{'patient' if step == 'patient' else 'step'}.html",
        form=form,
        page=intake_page.read(step, form, typed, added=request.args.get("added", "")),
        before=intake_steps.before(step),
        required=intake.REQUIRED,
        steps=intake_steps.stepper(draft().typed, step),
        candidates=place_words.candidates(located),
        exact=place_words.is_exact(located),
    )


@bp.get("/refer/<draft>/under-18")
@enter(Entry.DRAFT_KEY)
def under_18() -> ResponseReturnValue:
    if not intake_steps.is_minor(draft().typed):
        return redirect(url_for("intake.resume"), SEE_OTHER)
    return render_template("intake/under_18.html", kept_until=intake_draft.last_day())
