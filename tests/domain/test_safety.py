"""What stops a referral and what lets it go on: no order, no spelling and no other answer hides a danger."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import safety
from portal.domain.intake import FIELDS, gate
from portal.domain.safety import FIRES, NO, NOT_KNOWN, SCREENER, YES, Question, Route, Rule, Said, Way
from portal.queries import rules

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
KNOWN = rules.known(NOW)
SAFE = {safety.DANGER: NO, safety.WISH: NO, safety.THOUGHTS: NO, safety.ATTEMPT: NO}
PLAN = SAFE | {safety.THOUGHTS: YES, safety.METHOD: NO, safety.INTENT: NO, safety.PLAN: YES}
ATTESTED = {
    "attestation.at": (NOW - timedelta(hours=3)).isoformat(),
    "attestation.by": "Birch Placebo, MD",
    "attestation.disposition": "outpatient",
    "attestation.intent_now": NO,
    "attestation.safety_plan": YES,
    "attestation.means_safety": YES,
    "attestation.responsible": "Birch Placebo, MD, 907-555-0144",
}
ANY_ANSWER = st.sampled_from(["", YES, NO, NOT_KNOWN, "perhaps", "Yes", " YES "])


def said(answers: dict[str, str], reason: str = "") -> Said:
    return Said(at=NOW, answers=answers, reason=reason)


@pytest.mark.parametrize(("name", "rule"), FIRES.items())
def test_each_danger_fires_its_rule_however_yes_is_written(name: str, rule: Rule) -> None:
    for written in ("yes", "Yes", " YES\n"):
        assert safety.fired(SAFE | {name: written}) == {rule}
    for other in ("no", "not_known", ""):
        assert safety.fired(SAFE | {name: other}) == frozenset()


@given(st.dictionaries(st.sampled_from([safety.DANGER, *SCREENER, safety.NOT_ASKED]), ANY_ANSWER))
def test_a_danger_stops_whatever_else_is_answered_or_left_open(answers: dict[str, str]) -> None:
    found, wrong = gate.read(answers, KNOWN)
    assert safety.fired(found) == safety.fired(answers)
    assert not (safety.fired(found) and wrong), "a danger waits for no other answer"


def test_what_is_no_answer_is_refused() -> None:
    _, wrong = gate.read(SAFE | {safety.WISH: "perhaps"}, KNOWN)
    assert wrong == {safety.WISH: "Choose yes, no or not known"}


@pytest.mark.parametrize(
    ("answers", "open_questions"),
    [
        ({}, {safety.DANGER, safety.WISH, safety.THOUGHTS, safety.ATTEMPT}),
        ({safety.DANGER: NO, safety.NOT_ASKED: "The clinic closed"}, set()),
        (SAFE, set()),
        (SAFE | {safety.THOUGHTS: YES}, {safety.METHOD, safety.INTENT, safety.PLAN}),
        (SAFE | {safety.ATTEMPT: YES}, {safety.ATTEMPT_RECENT}),
        (SAFE | {safety.THOUGHTS: NOT_KNOWN}, set()),
    ],
)
def test_the_screener_asks_by_its_skip_logic(answers: dict[str, str], open_questions: set[str]) -> None:
    assert set(gate.problems(answers)) == open_questions


def test_both_answers_are_kept_and_the_last_holds() -> None:
    history = (said(SAFE | {safety.DANGER: YES}), said(SAFE, reason="By mistake"))
    assert safety.current(history) == SAFE
    assert history[0].answers[safety.DANGER] == YES


@pytest.mark.parametrize(
    ("before", "after", "is_taken_back"),
    [
        (PLAN, {safety.PLAN: NO}, True),
        (PLAN | {safety.INTENT: YES}, {safety.PLAN: NO}, True),
        (PLAN, {safety.WISH: YES}, False),
        (PLAN, {safety.INTENT: YES}, False),
        (SAFE, {safety.WISH: NOT_KNOWN}, False),
    ],
)
def test_taking_any_danger_back_is_noticed_also_under_the_same_rule(
    before: dict[str, str], after: dict[str, str], is_taken_back: bool
) -> None:
    assert safety.taken_back(before, after) is is_taken_back


def test_an_attestation_lifts_the_screener_and_nothing_else() -> None:
    assert safety.stops(PLAN, NOW) == {Rule.E1}
    assert safety.stops(PLAN | ATTESTED, NOW) == frozenset()
    for name, rule in FIRES.items():
        if rule is not Rule.E1:
            assert safety.stops(PLAN | ATTESTED | {name: YES}, NOW) == {rule}


@pytest.mark.parametrize("missing", list(ATTESTED))
def test_an_attestation_that_is_not_whole_lifts_nothing(missing: str) -> None:
    assert safety.stops(PLAN | ATTESTED | {missing: ""}, NOW) == {Rule.E1}


@pytest.mark.parametrize(("age", "lifts"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False), (timedelta(0), True), (timedelta(seconds=-1), False)])  # fmt: skip
def test_an_attestation_holds_for_24_hours_and_not_from_the_future(age: timedelta, lifts: bool) -> None:
    attested = ATTESTED | {"attestation.at": (NOW - age).isoformat()}
    assert safety.is_attested(PLAN | attested, NOW) is lifts
    assert bool(gate.attestation_problems(attested, NOW)) is not lifts


@pytest.mark.parametrize("at", ["this morning", "2026-11-23T09:00"])
def test_an_attestation_whose_time_cannot_be_told_lifts_nothing(at: str) -> None:
    assert safety.stops(PLAN | ATTESTED | {"attestation.at": at}, NOW) == {Rule.E1}


@pytest.mark.parametrize(
    ("disposition", "intent", "may_go"),
    [
        ("outpatient", NO, True),
        ("outpatient", YES, False),
        ("crisis_team", YES, False),
        ("inpatient", YES, True),
    ],
)
def test_who_intends_to_act_now_is_not_filed_unless_supervised(
    disposition: str, intent: str, may_go: bool
) -> None:
    attested = ATTESTED | {"attestation.disposition": disposition, "attestation.intent_now": intent}
    assert safety.is_attested(PLAN | attested, NOW) is may_go
    assert bool(gate.attestation_problems(attested, NOW)) is not may_go


def test_a_danger_told_after_an_attestation_is_not_covered_by_it() -> None:
    history = [said(PLAN), said(ATTESTED)]
    assert safety.stops(safety.current(history), NOW) == frozenset()
    history.append(said({safety.INTENT: YES}))
    assert safety.stops(safety.current(history), NOW) == {Rule.E1}


def test_nobody_attests_for_themselves() -> None:
    assert safety.stops(PLAN | ATTESTED, NOW, route=Route.SELF) == {Rule.E1}


def test_the_same_danger_said_again_keeps_its_attestation() -> None:
    history = (said(PLAN), said(ATTESTED), said(PLAN | {safety.WISH: YES}))
    assert safety.stops(safety.current(history), NOW) == frozenset()


RECENT = SAFE | {safety.ATTEMPT: YES, safety.ATTEMPT_RECENT: YES}


@pytest.mark.parametrize(
    ("answers", "professional", "own"),
    [
        pytest.param(RECENT, Way.ATTESTATION, Way.LIVE_CALL, id="G06"),
        pytest.param(SAFE | {safety.INTENT: YES}, Way.ATTESTATION, None, id="G03"),
        pytest.param(RECENT | {safety.WISH: YES}, Way.ATTESTATION, None, id="a-wish-beside"),
        pytest.param(RECENT | {safety.WISH: NOT_KNOWN}, Way.ATTESTATION, None, id="not-known-beside"),
        pytest.param(RECENT | {safety.DANGER: YES}, None, None, id="danger-beside"),
        pytest.param(SAFE, None, None, id="no-stop"),
    ],
)
def test_how_somebody_at_high_risk_may_still_be_referred(
    answers: dict[str, str], professional: Way | None, own: Way | None
) -> None:
    assert safety.find_way(answers) is professional
    assert safety.find_way(answers, route=Route.SELF) is own


WORDS = rules.get_triage().crisis_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want to END\n it, please", True),
        ("took an overdose in 2019", True),
        ("he’d rather kill himself", True),
        ("he’d rather kill_himself", True),
        ("k\N{ZERO WIDTH SPACE}ill him\N{SOFT HYPHEN}self", True),
        (
            "\N{FULLWIDTH LATIN CAPITAL LETTER K}ill\N{NO-BREAK SPACE}h\N{FULLWIDTH LATIN SMALL LETTER I}mself",
            True,
        ),
        ("We spend it on travel", False),
        ("The trend item is fine", False),
        ("", False),
    ],
)
def test_words_of_crisis_are_found_as_whole_words(text: str, found: bool) -> None:
    assert bool(safety.find_words([text], WORDS)) is found


def test_item_9_against_an_all_no_screener_is_asked_again() -> None:
    assert safety.doubts(SAFE, texts=[], words=WORDS, item_9=1) == {Question.ITEM_9}
    for answers in (SAFE | {safety.WISH: YES}, {safety.DANGER: "no", safety.NOT_ASKED: "Closed"}):
        assert safety.doubts(answers, texts=[], words=WORDS, item_9=1) == frozenset()


def test_words_alone_stop_nothing() -> None:
    assert Rule.E8 not in FIRES.values()


def test_every_danger_has_its_question() -> None:
    asked = {field.name for field in (*gate.FIELDS, *gate.NOW_FIELDS)}
    assert set(FIRES) <= asked
    assert {field.name for field in gate.NOW_FIELDS} <= set(FIELDS)


def test_a_doubt_is_settled_until_a_further_word_stands_there() -> None:
    asked = Said(at=NOW, answers=SAFE, asked_again=frozenset(Question), asked_about=frozenset({"overdose"}))
    assert safety.settled([asked], found=frozenset({"overdose"})) == frozenset(Question)
    assert safety.settled([asked], found=frozenset({"overdose", "end it"})) == {Question.ITEM_9}
