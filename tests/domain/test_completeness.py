"""What is missing is told with its reason, only where it matters, and stops nobody."""

import pytest

from portal.domain import intake
from portal.domain.completeness import Wanted, measure
from portal.queries import rules
from tests.build import SAFE, TYPED

SCORE = Wanted(
    what="the PHQ-9",
    any_of=("phq9.total", "madrs.total"),
    why="The nurse asks.",
    code="IN02",
    step="tried",
    conditions=frozenset({"trd"}),
)
TRIALS = Wanted(
    what="trials", any_of=("trials", "tried.trials"), why="Payers ask.", code="IN01", step="tried"
)
HERE = Wanted(
    what="an ECG", any_of=("vitals.heart_rate",), why="Asked here.", code="IN05", step="checklist",
    clinics=frozenset({"here"}),
)  # fmt: skip
ASSESSED = Wanted(
    what="who assessed",
    any_of=("safety.assessed_on",),
    why="The nurse calls.",
    code="IN07",
    step="checklist",
    only_if_screen_is_positive=True,
)
ALL = (SCORE, TRIALS, HERE, ASSESSED)


def missing(typed: dict[str, str], said: dict[str, str] = SAFE, clinic: str = "there") -> list[str]:
    return [each.what for each in measure(typed, said, clinic, ALL).missing]


def test_what_is_missing_is_told_where_it_matters() -> None:
    assert missing({"condition": "trd"}) == ["the PHQ-9", "trials"]
    assert missing({"condition": "crps"}) == ["trials"]
    assert missing({"condition": "crps"}, clinic="here") == ["trials", "an ECG"]
    assert missing({}, SAFE | {"safety.wish_to_be_dead": "yes"}) == ["trials", "who assessed"]


@pytest.mark.parametrize(
    "given",
    [{"madrs.total": "20", "trials.0.name": "Sertraline"}, {"phq9.total": "9", "tried.trials": "none"}],
)
def test_any_of_its_answers_is_enough_and_none_is_an_answer(given: dict[str, str]) -> None:
    assert missing({"condition": "trd"} | given) == []


def test_a_blank_row_or_answer_is_nothing() -> None:
    assert missing({"condition": "trd", "phq9.total": " ", "trials.0.name": " "}) == ["the PHQ-9", "trials"]


def test_the_meter_counts_what_is_given() -> None:
    meter = measure({"condition": "trd", "phq9.total": "9"}, SAFE, "there", ALL)
    assert (meter.wanted, meter.given) == (2, 1)


def test_the_network_asks_for_nothing_that_no_step_asks_for() -> None:
    asked = {step: {field.name for field in fields} | {rows.name for rows in intake.STEP_ROWS.get(step, ())} for step, fields in intake.STEPS.items()}  # fmt: skip
    for wanted in rules.get_wanted():
        assert set(wanted.any_of) <= asked[wanted.step], wanted.what
    assert measure(TYPED, SAFE, "there", rules.get_wanted()).missing
