"""The safety questions: before anybody is named, again with a reason, and what a clinician attests; the server decides."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions import drafts
from portal.db import db
from portal.domain import safety
from portal.domain.intake import gate
from portal.domain.safety import FIRES, NO, YES, Question, Rule, Said, Way
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import directory, safety_stops
from portal.web import answer_words, intake_alarm, intake_draft, intake_steps, stop_words
from portal.web.forms.base import keeps_typed
from portal.web.forms.referral import GateForm, ReasonForm, gate_form
from portal.web.intake_draft import SEE_OTHER, draft

QUESTIONS = tuple(field.name for field in gate.FIELDS)
ATTESTED = tuple(field.name for field in gate.ATTESTATION_FIELDS)
UNSEEN = "The answers changed in another tab after this page was opened. Look at them as they are now, then answer again"
FOR = "This referral is for {clinic}."
TAKES_NONE = "{clinic} takes no referrals now. The form goes on and suggests the nearest that does."
UNLISTED = "The clinic in this address is not in the directory. The form suggests the nearest that suits."

bp = intake_draft.guard(Blueprint("gate", __name__))


@bp.app_template_global()
def any_calls() -> list[stop_words.Call]:
    """Return whom anybody calls, whatever happened."""
    return stop_words.calls(frozenset({Rule.E2}))


@bp.get("/refer")
@enter(Entry.PUBLIC)
def start() -> ResponseReturnValue:
    return _show_start(gate_form(QUESTIONS)(data={"clinic": request.args.get("clinic", "")}))


@bp.post("/refer")
@keeps_typed
@enter(Entry.PUBLIC)
def begin() -> ResponseReturnValue:
    form = gate_form(QUESTIONS)()
    form.validate_on_submit()
    answers, problems = gate.read(form.answers(), intake_draft.known())
    if not form.check(problems) or form.stale:
        return _show_start(form), form.refusal
    clinic = directory.current(db.session()).find(form.clinic.data or "")
    started = drafts.start(
        Said(at=now(), answers=answers),
        typed={"clinic": clinic.slug} if clinic else {},
        keep_for=intake_draft.keep_for(),
        alarm=intake_alarm.of(answers),
    )
    response = redirect(url_for("intake.step", step="patient", draft=started.name), SEE_OTHER)
    intake_draft.hand_key(response, started)
    return response


def _show_start(form: GateForm) -> str:
    return render_template(
        "intake/start.html",
        form=form,
        wished=_wished(form.clinic.data or ""),
        zone=world().settings.home_zone,
        unfinished=intake_draft.held(),
        steps=intake_steps.first_stepper(),
    )


def _wished(slug: str) -> str:
    """Return what comes of the clinic that the address names, as sentences; nothing where it names none."""
    if not slug:
        return ""
    clinic = directory.current(db.session()).find(slug)
    if clinic is None:
        return UNLISTED
    return (FOR if clinic.accepting else TAKES_NONE).format(clinic=clinic.name)


@bp.get("/refer/<draft>/safety")
@enter(Entry.DRAFT_KEY)
def again() -> ResponseReturnValue:
    form = _again_form()
    _seal(form)
    return _show_again(form)


@bp.post("/refer/<draft>/safety")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def answer_again() -> ResponseReturnValue:
    form = _again_form()
    form.validate_on_submit()
    answers, problems = gate.read(form.answers(), intake_draft.known())
    fits = form.check(problems)
    if form.stale or not fits:
        return _show_again(form), form.refusal
    reason = _read_reason(form, answers)
    if reason is None:
        return _take_dangers(form, answers)
    if any(draft().said.get(name, "") != value for name, value in answers.items()):
        intake_draft.say(Said(at=now(), answers=answers, reason=reason))
    return _go_on()


def _go_on() -> ResponseReturnValue:
    stops = draft().stops(now())
    return redirect(url_for("gate.stopped" if stops else "intake.resume"), SEE_OTHER)


def _read_reason(form: ReasonForm, answers: Mapping[str, str]) -> str | None:
    """Return why a danger is taken back, empty where none is; None where that may not be."""
    if not safety.taken_back(draft().answers, answers):
        return ""
    return None if _is_unseen(form) else form.read_reason()


def _take_dangers(form: ReasonForm, answers: Mapping[str, str]) -> ResponseReturnValue:
    """Take the dangers that are told beside one that may not be taken back; where there are none, show the form again."""
    told = set(safety.causes(answers)) - set(safety.causes(draft().answers))
    if told:
        intake_draft.say(Said(at=now(), answers=dict.fromkeys(told, YES)))
        return _go_on()
    return _show_anew(form) if _is_unseen(form) else _show_again(form), form.refusal


def _seal(form: GateForm) -> None:
    """Note that a form is shown with the answers as they are now; until then a post keeps the seal that it brought."""
    form.seal.data = draft().seal


def _is_unseen(form: GateForm) -> bool:
    """Tell whether the answers are others than those that the page was shown with."""
    return bool(form.seal.data != draft().seal)


def _again_form(**given: None) -> ReasonForm:
    later = tuple(name for name in safety.causes(draft().answers) if name in FIRES and name not in QUESTIONS)
    form = gate_form((*QUESTIONS, *later), ReasonForm)
    return form(data=draft().answers, **given)  # type: ignore[return-value]


def _show_anew(form: ReasonForm) -> str:
    """Show the answers as they are now, a danger among them that another tab told, and the reason as it was typed."""
    anew = _again_form(formdata=None)
    _seal(anew)
    anew.reason.data, anew.reason.errors = form.reason.data, [UNSEEN]
    return _show_again(anew)


def _show_again(form: ReasonForm) -> str:
    return render_template(
        "intake/safety.html",
        form=form,
        stopped=bool(safety.fired(draft().answers)),
        steps=intake_steps.stepper(draft().typed, "safety"),
    )


@bp.get("/refer/<draft>/asked-again")
@enter(Entry.DRAFT_KEY)
def ask_again() -> ResponseReturnValue:
    if not intake_steps.open_doubts(draft()):
        return redirect(url_for("intake.resume"), SEE_OTHER)
    form = gate_form((safety.DANGER,))()
    _seal(form)
    return _show_doubt(form)


@bp.post("/refer/<draft>/asked-again")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def settle() -> ResponseReturnValue:
    form = gate_form((safety.DANGER,))()
    form.validate_on_submit()
    answer = form.answers()[safety.DANGER]
    problems = {} if answer in {YES, NO} else {safety.DANGER: "Choose yes or no: ask the patient first"}
    if answer != YES and _is_unseen(form):
        problems = {safety.DANGER: UNSEEN}
        _seal(form)
    if not form.check(problems) or form.stale:
        return _show_doubt(form), form.refusal
    doubts = intake_steps.open_doubts(draft())
    found = intake_steps.crisis_marks(draft())
    answers = {safety.DANGER: answer}
    intake_draft.say(Said(at=now(), answers=answers, asked_again=doubts, asked_about=found))
    return _go_on()


def _show_doubt(form: GateForm) -> str:
    doubts = intake_steps.open_doubts(draft())
    return render_template("intake/asked_again.html", form=form, words=Question.WORDS in doubts)


@bp.get("/refer/<draft>/stopped")
@enter(Entry.DRAFT_KEY)
def stopped() -> ResponseReturnValue:
    rules = draft().stops(now())
    if not rules:
        return redirect(url_for("intake.resume"), SEE_OTHER)
    return render_template(
        "intake/stopped.html",
        lead=stop_words.lead(rules),
        calls=stop_words.calls(rules),
        until_help=stop_words.until_help(rules),
        may_attest=safety.find_way(draft().answers) is Way.ATTESTATION,
        too_old=bool(draft().said.get("attestation.at")),
        alarmed=safety_stops.was_alarmed(db.session(), draft().key.digest),
        kept_until=intake_draft.last_day() if draft().has_answers else None,
    )


@bp.get("/refer/<draft>/assessed")
@enter(Entry.DRAFT_KEY)
def assessed() -> ResponseReturnValue:
    if safety.find_way(draft().answers) is not Way.ATTESTATION:
        return redirect(url_for("intake.resume"), SEE_OTHER)
    form = gate_form(ATTESTED)(data={**draft().said, "attestation.at": ""})
    _seal(form)
    return _show_attestation(form)


@bp.post("/refer/<draft>/assessed")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def attest() -> ResponseReturnValue:
    if safety.find_way(draft().answers) is not Way.ATTESTATION:
        return redirect(url_for("intake.resume"), SEE_OTHER)
    form = gate_form(ATTESTED)()
    form.validate_on_submit()
    values, problems = gate.read_attestation(form.answers(), intake_draft.known())
    if _is_unseen(form):
        problems["attestation.at"] = UNSEEN
        _seal(form)
    if not form.check(problems) or form.stale:
        return _show_attestation(form), form.refusal
    intake_draft.say(Said(at=now(), answers=values))
    return _go_on()


def _show_attestation(form: GateForm) -> str:
    screened = answer_words.screener(draft().answers)
    return render_template("intake/assessed.html", form=form, screened=screened)
