"""The steps of a referral and which of them are done; a step is done when the domain can read its answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from portal.domain import intake, reading
from portal.domain.places import Located, Place
from portal.domain.vocabulary import Tier
from portal.doors.world import world
from portal.web import place_words
from portal.web.forms.referral import ASKED, STEPS, StepForm
from portal.web.intake_draft import today

TITLES = {
    "patient": "Patient",
    "reason": "Reason",
    "practice": "You and your practice",
}

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
    return STEPS[step](typed=_FIRST | dict(typed), today=today(), locate=world().locator.locate)


def located(typed: Mapping[str, str]) -> Located:
    """Return where the patient will be, with the candidate that was picked."""
    found = world().locator.locate(typed.get("patient.place", ""))
    return place_words.settle(found, typed.get("use_place", ""))


def is_minor(typed: Mapping[str, str]) -> bool:
    """Tell whether the date of birth can be read and is of somebody under 18."""
    try:
        born = reading.birth_date(typed.get("patient.date_of_birth", ""), today())
    except ValueError:
        return False
    return intake.is_minor(born, today())


def find_unfinished(typed: Mapping[str, str]) -> str | None:
    """Return the first step with an answer that cannot be used yet."""
    return next((step for step in ASKED if not _is_done(step, typed)), None)


def _is_done(step: str, typed: Mapping[str, str]) -> bool:
    if intake.problems(typed, ASKED[step], today()):
        return False
    return step != "patient" or bool(typed.get("keep_place")) or isinstance(located(typed), Place)


def way_on(typed: Mapping[str, str]) -> str:
    """Return the address where the form goes on: the first step that is not done, or the last page."""
    if is_minor(typed):
        return url_for("intake.under_18")
    unfinished = find_unfinished(typed)
    return url_for("intake.step", step=unfinished) if unfinished else url_for("sending.check")


def stepper(typed: Mapping[str, str], current: str) -> list[Step]:
    """Return the steps with the current one marked ("safety", "check" or the name of a step)."""
    return [
        _step("safety", "Safety", url_for("intake.safety"), current, done=True),
        *(
            _step(step, TITLES[step], url_for("intake.step", step=step), current, done=_is_done(step, typed))
            for step in ASKED
        ),
        _step("check", "Check and send", url_for("sending.check"), current, done=False),
    ]


def first_stepper() -> list[Step]:
    """Return the steps before there is a draft."""
    names = ["Safety", *TITLES.values(), "Check and send"]
    return [Step(name=name, url="", state="later" if number else "now") for number, name in enumerate(names)]


def _step(key: str, name: str, url: str, current: str, *, done: bool) -> Step:
    state = "now" if key == current else "done" if done else "later"
    return Step(name=name, url=url, state=state)
