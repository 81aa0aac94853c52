"""The steps of a referral and which of them are done; a step is done when it was left and the domain can read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from portal.db import db
from portal.domain import intake, reading, safety
from portal.domain.drafts import Draft
from portal.domain.orders import Ground
from portal.domain.places import Located, Place
from portal.domain.safety import Question
from portal.domain.vocabulary import Tier
from portal.doors.world import world
from portal.queries import directory, rules
from portal.web import place_words
from portal.web.forms.referral import StepForm, step_form
from portal.web.intake_draft import draft, known, today

TITLES = {
    "patient": "Patient",
    "reason": "Reason",
    "tried": "What was tried",
    "checklist": "Safety checklist",
    "practice": "Your practice",
}
SEEN = "seen."
"""Begins the name under which a draft notes that a step was left by its button."""

# A requested priority starts at routine; nothing else is answered for the person.
_FIRST = {"priority": Tier.ROUTINE.value}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step as `parts/stepper.html` shows it."""

    name: str
    url: str
    state: str


def form_of(step: str, typed: Mapping[str, str]) -> StepForm:
    """Return the form of a step, filled with what was typed."""
    kept = _FIRST | dict(typed)
    return step_form(step, draft().answers)(typed=kept, known=known(), locate=world().locator.locate)


def located(typed: Mapping[str, str]) -> Located:
    """Return where the patient will be, with the candidate that was picked."""
    found = world().locator.locate(typed.get("patient.place", ""))
    return place_words.settle(found, typed.get("use_place", ""))


def ground() -> Ground:
    """Return what routing stands on for this draft."""
    found = located(draft().typed)
    place = found if isinstance(found, Place) else None
    return Ground(place=place, offers=directory.current(db.session()).offers(place))


def is_minor(typed: Mapping[str, str]) -> bool:
    """Tell whether the date of birth can be read and is of somebody under 18."""
    try:
        born = reading.birth_date(typed.get("patient.date_of_birth", ""), today())
    except ValueError:
        return False
    return intake.is_minor(born, today())


def open_doubts(held: Draft) -> frozenset[Question]:
    """Return why danger must be asked about once more before the form goes on."""
    item_9 = held.typed.get("phq9.item_9", "").strip()
    found = safety.doubts(
        held.said,
        texts=intake.texts(held.typed, held.safety),
        words=rules.get_triage().crisis_words,
        item_9=int(item_9) if item_9 in {"1", "2", "3"} else 0,
    )
    return found and found - safety.settled(held.safety, found=crisis_marks(held))


def crisis_marks(held: Draft) -> frozenset[str]:
    """Return the marks of the texts in which words of crisis stand."""
    return safety.find_marks(intake.texts(held.typed, held.safety), rules.get_triage().crisis_words)


def find_unfinished(typed: Mapping[str, str]) -> str | None:
    """Return the first step that was not left yet, or has an answer that cannot be used."""
    return next((step for step in TITLES if not _is_done(step, typed)), None)


def _is_done(step: str, typed: Mapping[str, str]) -> bool:
    if not typed.get(SEEN + step) or intake.step_problems(typed, step, known()):
        return False
    return step != "patient" or bool(typed.get("keep_place")) or isinstance(located(typed), Place)


def way_on() -> str:
    """Return the address where the form goes on: a question that is open, the first step not done, or the last page."""
    held = draft()
    if open_doubts(held):
        return url_for("gate.ask_again")
    if is_minor(held.typed):
        return url_for("intake.under_18")
    unfinished = find_unfinished(held.typed)
    return url_for("intake.step", step=unfinished) if unfinished else url_for("sending.check")


def stepper(typed: Mapping[str, str], current: str) -> list[Step]:
    """Return the steps with the current one marked ("safety", "check" or the name of a step)."""
    return [
        _step("safety", "Safety", url_for("gate.again"), current, done=True),
        *(
            _step(step, title, url_for("intake.step", step=step), current, done=_is_done(step, typed))
            for step, title in TITLES.items()
        ),
        _step("check", "Check and send", url_for("sending.check"), current, done=False),
    ]


def first_stepper() -> list[Step]:
    """Return the steps before there is a draft."""
    names = ["Safety", *TITLES.values(), "Check and send"]
    return [Step(name=name, url="", state="later" if number else "now") for number, name in enumerate(names)]


def before(step: str) -> tuple[str, str]:
    """Return the name and the address of the step before one."""
    steps = list(TITLES)
    place = steps.index(step)
    if place == 0:
        return "the safety questions", url_for("gate.again")
    return TITLES[steps[place - 1]].lower(), url_for("intake.step", step=steps[place - 1])


def _step(key: str, name: str, url: str, current: str, *, done: bool) -> Step:
    state = "now" if key == current else "done" if done else "later"
    return Step(name=name, url=url, state=state)
