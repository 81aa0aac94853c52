"""Send a referral, one topic a screen; what is typed is saved at every step, and the server alone decides what stops."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions import drafts
from portal.db import db
from portal.domain.intake import SafetyAnswer
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import directory
from portal.web import intake_draft, intake_steps, place_words
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import SAFETY_HINT, SafetyAgainForm, SafetyForm, StepForm
from portal.web.intake_draft import SEE_OTHER, draft

STEP_ROUTE = "/refer/<draft>/<any(patient, reason, practice):step>"

bp = intake_draft.guard(Blueprint("intake", __name__))


@bp.get("/refer")
@enter(Entry.PUBLIC)
def start() -> ResponseReturnValue:
    form = SafetyForm(data={"clinic": request.args.get("clinic", "")})
    return _show_start(form)


@bp.post("/refer")
@keeps_typed
@enter(Entry.PUBLIC)
def begin() -> ResponseReturnValue:
    form = SafetyForm()
    if not form.validate_on_submit():
        return _show_start(form), form.refusal
    clinic = directory.current(db.session()).find(form.clinic.data or "")
    started = drafts.start(
        SafetyAnswer(immediate_danger=form.immediate_danger, at=now()),
        typed={"clinic": clinic.slug} if clinic else {},
        keep_for=intake_draft.keep_for(),
    )
    response = redirect(url_for("intake.step", step="patient", draft=started.name), SEE_OTHER)
    intake_draft.hand_key(response, started)
    return response


def _show_start(form: SafetyForm) -> str:
    chosen = directory.current(db.session()).find(form.clinic.data or "")
    return render_template(
        "intake/start.html",
        form=form,
        hint=SAFETY_HINT,
        chosen=chosen,
        zone=world().settings.home_zone,
        unfinished=intake_draft.held(),
        steps=intake_steps.first_stepper(),
    )


@bp.get("/refer/<draft>")
@enter(Entry.DRAFT_KEY)
def resume() -> ResponseReturnValue:
    return redirect(intake_steps.way_on(draft().typed), SEE_OTHER)


@bp.get("/refer/<draft>/safety")
@enter(Entry.DRAFT_KEY)
def safety() -> ResponseReturnValue:
    return _show_safety(SafetyAgainForm(data={} if draft().stopped else {"danger": "no"}))


@bp.post("/refer/<draft>/safety")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def answer_again() -> ResponseReturnValue:
    form = SafetyAgainForm()
    form.was_danger = draft().stopped
    if not form.validate_on_submit():
        return _show_safety(form), form.refusal
    if form.immediate_danger is not draft().stopped:
        intake_draft.keep_safety(
            SafetyAnswer(immediate_danger=form.immediate_danger, at=now(), reason=form.why)
        )
    return redirect(
        url_for("intake.stopped") if form.immediate_danger else url_for("intake.resume"), SEE_OTHER
    )


def _show_safety(form: SafetyAgainForm) -> str:
    steps = intake_steps.stepper(draft().typed, "safety")
    return render_template(
        "intake/safety.html", form=form, hint=SAFETY_HINT, stopped=draft().stopped, steps=steps
    )


@bp.get("/refer/<draft>/stopped")
@enter(Entry.DRAFT_KEY)
def stopped() -> ResponseReturnValue:
    if not draft().stopped:
        return redirect(url_for("intake.resume"), SEE_OTHER)
    return render_template(
        "intake/stopped.html", kept_until=intake_draft.last_day() if draft().has_answers else None
    )


@bp.get(STEP_ROUTE)
@enter(Entry.DRAFT_KEY)
def step(step: str) -> ResponseReturnValue:
    form = intake_steps.form_of(step, draft().typed)
    if "again" in request.args:
        form.check_kept()
    return _show_step(step, form)


@bp.post(STEP_ROUTE)
@keeps_typed
@enter(Entry.DRAFT_KEY)
def keep_step(step: str) -> ResponseReturnValue:
    form = intake_steps.form_of(step, draft().typed)
    fits = form.validate_on_submit()
    if form.stale:
        return _show_step(step, form), form.refusal
    intake_draft.keep(form.typed())
    if not fits:
        # A page that answers a POST cannot be gone back to; what was typed is kept, so this one can be asked for.
        return redirect(url_for("intake.step", step=step, again="yes"), SEE_OTHER)
    return redirect(intake_steps.way_on(draft().typed), SEE_OTHER)


def _show_step(step: str, form: StepForm) -> str:
    located = getattr(form, "located", None)
    return render_template(
        f"intake/{step}.html",
        form=form,
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
