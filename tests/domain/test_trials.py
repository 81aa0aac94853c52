"""A trial keeps what was said, and what contradicts itself is told."""

from datetime import date

import pytest

from portal.domain.trials import (
    KIND_LABELS,
    Answer,
    Kind,
    Response,
    StoppedWhy,
    Trial,
    from_row,
    problems,
    weeks_by_months,
)

TODAY = date(2026, 11, 23)
MARCH, MAY = date(2024, 3, 1), date(2024, 5, 1)


def trial(**said: object) -> Trial:
    return from_row({"kind": "medicine", "name": "sertraline", **said})


def test_a_row_of_answers_becomes_a_trial_and_blank_is_not_said() -> None:
    full = trial(
        dose=150.0, unit="mg", started="2024-03", stopped="2024-05-01", weeks=8, current_episode="yes",
        response="good_then_lost", stopped_why="side_effect", adherence="not_known",
    )  # fmt: skip
    assert full == Trial(
        kind=Kind.MEDICINE, name="sertraline", dose=150.0, unit="mg", started=MARCH, stopped=MAY, weeks=8,
        current_episode=Answer.YES, response=Response.GOOD_THEN_LOST, stopped_why=StoppedWhy.SIDE_EFFECT,
        adherence=Answer.NOT_KNOWN,
    )  # fmt: skip
    assert trial(started="", response="", unit=None) == Trial(kind=Kind.MEDICINE, name="sertraline")
    assert trial(started=MARCH).started == MARCH


@pytest.mark.parametrize(
    ("said", "weeks"),
    [
        ({"started": MARCH, "stopped": MAY}, 8),
        ({"started": MARCH, "stopped": MARCH}, 0),
        ({"started": date(2026, 9, 1), "stopped_why": "ongoing"}, 11),
        ({"started": MARCH}, None),
        ({"stopped": MAY}, None),
        ({"started": MAY, "stopped": MARCH}, None),
        ({"stopped_why": "ongoing"}, None),
    ],
)
def test_weeks_are_counted_between_months_that_were_said(said: dict[str, object], weeks: int | None) -> None:
    assert weeks_by_months(trial(**said), TODAY) == weeks


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        ({"started": MAY, "stopped": MARCH}, "stopped", "stops before it starts"),
        ({"stopped": MAY, "stopped_why": "ongoing"}, "stopped", "goes on"),
        ({"started": MARCH, "stopped": MAY, "weeks": 14}, "weeks", "fewer than these weeks"),
    ],
)
def test_what_contradicts_itself_is_told(said: dict[str, object], name: str, words: str) -> None:
    told = problems(trial(**said))
    assert list(told) == [name]
    assert words in told[name]


@pytest.mark.parametrize(
    "said",
    [{}, {"started": MARCH}, {"started": MARCH, "stopped": MARCH, "weeks": 4}, {"started": MARCH, "stopped": MAY},
     {"started": MARCH, "stopped": MAY, "weeks": 13}, {"started": MARCH, "stopped_why": "ongoing"}],
)  # fmt: skip
def test_what_can_be_is_let_alone(said: dict[str, object]) -> None:
    assert problems(trial(**said)) == {}


def test_every_kind_has_its_words() -> None:
    assert set(KIND_LABELS) == set(Kind)
