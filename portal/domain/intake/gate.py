"""The questions before all others: danger now, and the answers of the suicide-risk screener that a clinician asked.

The screener's own wording is the clinician's; these are short names for what was answered. Source of the questions and
of their skip logic: Columbia-Suicide Severity Rating Scale, screener version.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from portal.domain import moments, safety
from portal.domain.intake.checklist import EMERGENCIES
from portal.domain.intake.field import Field, Known, choice, dated, line, yes_no
from portal.domain.safety import NO, NOT_KNOWN, YES

DISPOSITIONS = {
    "emergency_department": "In the emergency department",
    "inpatient": "Admitted to hospital",
    "crisis_team": "With a crisis team",
    "outpatient": "At home, with a safety plan",
}
SCREEN = "Suicide-risk screener"
ASSESSED = "Last assessment"
QUESTIONS = {
    safety.WISH: "1. Wished to be dead, or not to wake up, in the past month",
    safety.THOUGHTS: "2. Thoughts of killing themselves, in the past month",
    safety.METHOD: "3. Thought about how they might do it",
    safety.INTENT: "4. Had some intention of acting on the thoughts",
    safety.PLAN: "5. Started to work out a plan, with the intention to carry it out",
    safety.ATTEMPT: "6. Ever did, started or prepared to do anything to end their life",
    safety.ATTEMPT_RECENT: "Was that within the past 3 months?",
}


def _known_moment(typed: str, known: Known) -> str:
    return moments.past_moment(typed, now=known.now, zone=known.zone).isoformat()


FIELDS = (
    yes_no(
        safety.DANGER,
        "Is anyone in immediate danger now?",
        hint="Self-harm under way, an overdose, an intent to act, a threat to somebody else, or a medical emergency.",
    ),
    *(yes_no(name, label, group=SCREEN) for name, label in QUESTIONS.items()),
    line(
        safety.NOT_ASKED,
        "The screener was not asked, because",
        "The patient could not be reached before the clinic closed",
        most=300,
        group=SCREEN,
    ),
)
NOW_FIELDS = tuple(yes_no(name, label) for name, label in EMERGENCIES.items())
"""What stops a referral from a later page; answered again here, where one of them did."""
LATER_FIELDS = (
    dated("safety.assessed_on", "Date of the last suicide-risk assessment", group=ASSESSED),
    line("safety.assessed_by", "Assessed by", "Aster Mockingham, MD", most=160, group=ASSESSED),
    yes_no(
        "safety.means_discussed", "Firearms or other lethal means discussed with the patient?", group=ASSESSED
    ),
)
ATTESTATION_FIELDS = (
    Field(
        name="attestation.at",
        label="When the patient was assessed",
        hint="Within the last 24 hours, like “today 2:30 pm” ({zone}) or “2 hours ago”.",
        most=60,
        reader=_known_moment,
        example="today 2:30 pm",
        missing="Enter when the patient was assessed, like “today 2:30 pm”",
    ),
    line("attestation.by", "Who assessed the patient", "Birch Placebo, MD", most=160, missing="Enter who assessed the patient"),
    choice("attestation.disposition", "Where the patient is now", DISPOSITIONS, missing="Choose where the patient is now"),
    choice("attestation.intent_now", "Does the patient intend to act now?", {YES: "Yes", NO: "No"}, example="no", missing="Choose yes or no"),
    choice("attestation.safety_plan", "A safety plan is written", {YES: "Yes", NO: "No"}, missing="Choose yes or no"),
    choice("attestation.means_safety", "Access to lethal means was talked through and made safe", {YES: "Yes", NO: "No"}, missing="Choose yes or no"),
    line("attestation.responsible", "Who is responsible for the patient now", "Birch Placebo, MD, 907-555-0144", hint="Name and phone.", missing="Enter who is responsible for the patient now"),
)  # fmt: skip
REASON_MOST = 500
CHOOSE = "Choose yes, no or not known"
CHOOSE_OR_SAY = "Choose yes, no or not known, or say why the screener was not asked"


def read(typed: Mapping[str, str], known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers of the gate as they are kept, and a sentence for each that is open or cannot be used.

    A danger stops at once: it does not wait until the other answers are in order.
    """
    later = tuple(field for field in NOW_FIELDS if field.name in typed)
    answers, wrong = _read((*FIELDS, *later), typed, known)
    return answers, {} if safety.fired(answers) else wrong or problems(answers)


def read_attestation(typed: Mapping[str, str], known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """Return the attestation as it is kept, and a sentence for each answer with which nothing can be filed."""
    answers, wrong = _read(ATTESTATION_FIELDS, typed, known)
    return answers, attestation_problems(answers, known.now) | wrong


def is_attesting(typed: Mapping[str, str]) -> bool:
    """Tell whether anything of the attestation is given."""
    return any(typed.get(field.name, "").strip() for field in ATTESTATION_FIELDS)


def _read(
    fields: Iterable[Field], typed: Mapping[str, str], known: Known
) -> tuple[dict[str, str], dict[str, str]]:
    answers, wrong = {}, {}
    for field in fields:
        try:
            value = field.read(typed.get(field.name, ""), known)
            answers[field.name] = "" if value is None else str(value)
        except ValueError as problem:
            wrong[field.name] = str(problem)
    return answers, wrong


def problems(answers: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each question of the gate that is still open, by the screener's skip logic.

    Where somebody is in danger already, nothing more is asked.
    """
    if safety.fired(answers):
        return {}
    not_asked = answers.get(safety.NOT_ASKED)
    if not_asked and safety.was_asked(answers):
        return {
            safety.NOT_ASKED: "Questions of the screener are answered: clear this line, or clear those answers"
        }
    needed = {safety.DANGER} | (set() if not_asked else _needed(answers))
    nothing = not any(answers.get(name) for name in safety.SCREENER)
    return {
        name: CHOOSE_OR_SAY if nothing and name != safety.DANGER else CHOOSE
        for name in (safety.DANGER, *safety.SCREENER)
        if name in needed and answers.get(name) not in {YES, NO, NOT_KNOWN}
    }


def attestation_problems(values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return a sentence for each attested answer with which the referral cannot be filed."""
    wrong = {}
    if (
        "attestation.at" in values
        and not timedelta(0) <= now - datetime.fromisoformat(values["attestation.at"]) <= safety.ASSESSED_FOR
    ):
        wrong["attestation.at"] = "The assessment must be within the last 24 hours; arrange a new one"
    if values.get("attestation.safety_plan") == NO:
        wrong["attestation.safety_plan"] = "Write a safety plan with the patient first; then record it here"
    if values.get("attestation.means_safety") == NO:
        wrong["attestation.means_safety"] = "Talk through access to lethal means first; then record it here"
    alone = values.get("attestation.disposition") not in safety.SUPERVISED
    if values.get("attestation.intent_now") == YES and alone:
        wrong["attestation.intent_now"] = (
            "A patient who intends to act now is not referred from here. Call 911 or 988, and do not leave them alone"
        )
    return wrong


def _needed(answers: Mapping[str, str]) -> set[str]:
    needed = {safety.WISH, safety.THOUGHTS, safety.ATTEMPT}
    if answers.get(safety.THOUGHTS) == YES:
        needed |= {safety.METHOD, safety.INTENT, safety.PLAN}
    if answers.get(safety.ATTEMPT) == YES:
        needed.add(safety.ATTEMPT_RECENT)
    return needed
