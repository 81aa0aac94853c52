"""Resistance is counted from the trials, and each trial says why it counts or what to add."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.resistance import Resistance, judge
from portal.domain.trials import Answer, Kind, Response, StoppedWhy, Trial
from portal.queries.medicines import get_antidepressants

TODAY = date(2026, 11, 23)
SERTRALINE = Trial(kind=Kind.MEDICINE, name="Sertraline", dose=150, unit="mg", weeks=8)
VENLAFAXINE = Trial(kind=Kind.MEDICINE, name="venlafaxine", dose=75, unit="mg", weeks=6)

ANY_TRIAL = st.builds(
    Trial,
    kind=st.sampled_from(Kind),
    name=st.sampled_from(
        ["Sertraline", "Zoloft", "setraline", "duloxetine", "Abilify", "unheard of", "dapoxetine"]
    ),
    dose=st.none() | st.sampled_from([10.0, 50.0, 150.0, 5000.0]),
    unit=st.sampled_from(["mg", "mcg", "g", "", "drops"]),
    started=st.none() | st.just(date(2026, 3, 1)),
    stopped=st.none() | st.sampled_from([date(2026, 1, 1), date(2026, 8, 1)]),
    weeks=st.none() | st.integers(0, 60),
    current_episode=st.none() | st.sampled_from(Answer),
    response=st.none() | st.sampled_from(Response),
    stopped_why=st.none() | st.sampled_from(StoppedWhy),
    adherence=st.none() | st.sampled_from(Answer),
)


def count(*trials: Trial) -> Resistance:
    return judge(trials, get_antidepressants(), TODAY)


def test_two_adequate_trials_make_a_depression_resistant_and_one_does_not() -> None:
    both = count(SERTRALINE, VENLAFAXINE)
    assert (both.adequate, both.needed, both.is_resistant) == (2, 2, True)
    assert both.said == (
        "2 adequate trials, which meets the network’s rule for treatment-resistant depression (2 or more)"
    )
    assert count(SERTRALINE).is_resistant is False
    assert count(SERTRALINE).said.startswith("1 adequate trial, which does not meet")
    assert count().adequate == 0
    assert count().version == get_antidepressants().version


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Sertraline 150 mg for 8 weeks: counts, 6 weeks or more at 50 mg or more"),
        ({"weeks": 6, "dose": 50}, "Sertraline 50 mg for 6 weeks: counts, 6 weeks or more at 50 mg or more"),
        (
            {"name": "Zoloft"},
            "Sertraline (“Zoloft”) 150 mg for 8 weeks: counts, 6 weeks or more at 50 mg or more",
        ),
        (
            {"weeks": None, "started": date(2024, 3, 1), "stopped": date(2024, 5, 1)},
            "Sertraline 150 mg for about 8 weeks: counts, 6 weeks or more at 50 mg or more",
        ),
        (
            {"dose": 0.1, "unit": "g"},
            "Sertraline 0.1 g for 8 weeks: counts, 6 weeks or more at 50 mg or more",
        ),
        (
            {"dose": 1500},
            "Sertraline 1500 mg for 8 weeks: counts, 6 weeks or more at 50 mg or more; "
            "check the dose, for the most is 200 mg",
        ),
        (
            {"adherence": Answer.NOT_KNOWN, "current_episode": Answer.NO, "response": Response.PARTIAL},
            "Sertraline 150 mg for 8 weeks: counts, 6 weeks or more at 50 mg or more",
        ),
    ],
)
def test_a_trial_that_counts_shows_its_working(said: dict[str, object], words: str) -> None:
    row = count(told(**said)).rows[0]
    assert (row.counts, row.said) == (True, words)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"weeks": None}, "Sertraline 150 mg, weeks not known: does not count, say how long"),
        ({"weeks": 5.5}, "Sertraline 150 mg for 5.5 weeks: does not count, less than 6 weeks"),
        ({"dose": 49.9}, "Sertraline 49.9 mg for 8 weeks: does not count, less than 50 mg"),
        ({"dose": None}, "Sertraline (dose not known) for 8 weeks: does not count, say the highest dose a day in mg"),
        ({"unit": ""}, "Sertraline 150 for 8 weeks: does not count, say the highest dose a day in mg"),
        ({"unit": "mcg"}, "Sertraline 150 mcg for 8 weeks: does not count, less than 50 mg"),
        ({"adherence": Answer.NO}, "Sertraline 150 mg for 8 weeks: does not count, not taken as prescribed"),
        (
            {"dose": 25, "weeks": 2},
            "Sertraline 25 mg for 2 weeks: does not count, less than 50 mg; less than 6 weeks",
        ),
        (
            {"name": "dapoxetine"},
            "“dapoxetine”: does not count, the name is not certain; if it is paroxetine, enter that",
        ),
        (
            {"name": "gabapentin"},
            "“gabapentin”: does not count, the table of antidepressants does not have this name; "
            "check how it is written",
        ),
        ({"name": "Lithium"}, "Lithium 150 mg for 8 weeks: does not count, it is added to an antidepressant"),
        ({"kind": Kind.TMS}, "Transcranial magnetic stimulation (TMS), Sertraline: does not count, only antidepressants are counted"),
    ],
)  # fmt: skip
def test_a_trial_that_does_not_count_says_what_to_add(said: dict[str, object], words: str) -> None:
    row = count(told(**said)).rows[0]
    assert (row.counts, row.said) == (False, words)


def told(**said: object) -> Trial:
    kept = {name: getattr(SERTRALINE, name) for name in SERTRALINE.__slots__}
    return Trial(**{**kept, **said})


def test_one_medicine_under_two_names_is_counted_once() -> None:
    rows = count(told(dose=25), SERTRALINE, told(name="Zoloft")).rows
    assert [row.counts for row in rows] == [False, True, False]
    assert rows[2].said.endswith("does not count, this medicine is counted already")


def test_two_forms_of_one_medicine_are_counted_once() -> None:
    plain, controlled = told(name="Paxil", dose=40), told(name="paroxetine CR", dose=50)
    assert count(plain, controlled).adequate == count(controlled, plain).adequate == 1
    assert count(told(name="Wellbutrin", dose=300), told(name="Aplenzin", dose=348)).adequate == 1


@given(st.lists(ANY_TRIAL, max_size=5), ANY_TRIAL)
def test_another_trial_never_lowers_the_count_and_order_does_not_matter(
    trials: list[Trial], more: Trial
) -> None:
    assert count(*trials).adequate <= count(*trials, more).adequate <= count(*trials).adequate + 1
    assert count(*reversed(trials)).adequate == count(*trials).adequate


@given(st.lists(ANY_TRIAL, max_size=5))
def test_every_trial_has_its_sentence_and_none_blames_the_patient(trials: list[Trial]) -> None:
    found = count(*trials)
    assert len(found.rows) == len(trials)
    words = " ".join([found.said, *(row.said for row in found.rows)]).lower()
    assert all((": counts, " in row.said) == row.counts for row in found.rows)
    assert not any(word in words for word in ("fail", "noncomplian", "refus", "fault"))
