"""The triage policy by its rules: each fires where it should and not beside it; nothing outside the policy counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import safety, tiering
from portal.domain.safety import NO, NOT_KNOWN, YES, Said
from portal.domain.tiering import Findings
from portal.domain.vocabulary import Condition, Tier
from portal.queries import findings
from tests.build import NOW, new_referral

TODAY = date(2026, 11, 23)
SAFE = {safety.DANGER: NO, safety.WISH: NO, safety.THOUGHTS: NO, safety.ATTEMPT: NO}
OLD_ATTEMPT = {safety.ATTEMPT: YES, safety.ATTEMPT_RECENT: NO}
UNKNOWN = dict.fromkeys((safety.DANGER, safety.WISH, safety.THOUGHTS, safety.ATTEMPT), NOT_KNOWN)
NOT_ASKED = {safety.DANGER: NO, safety.NOT_ASKED: "The clinic closed"}
SERTRALINE = {"kind": "medicine", "name": "sertraline", "dose": 150, "unit": "mg", "weeks": 8}
TWO_TRIALS = {"trials": [SERTRALINE, SERTRALINE | {"name": "venlafaxine", "dose": 225}]}
Answers = Mapping[str, Any]
NOTHING: Answers = {}


def find(
    said: Answers = SAFE,
    more: Answers = NOTHING,
    condition: Condition = Condition.MDD,
    asked: Tier = Tier.ROUTINE,
) -> Findings:
    new = replace(
        new_referral(condition=condition, priority=asked),
        more=dict(more),
        safety=(Said(at=NOW, answers=dict(said)),),
    )
    return findings.of(new, TODAY)


def decides(found: Findings) -> str:
    return found.fired[0]


CASES = [
    ("G02", SAFE | {safety.WISH: YES, safety.THOUGHTS: YES, safety.METHOD: YES, safety.INTENT: NO, safety.PLAN: NO}, {}, Condition.MDD, "U2"),
    ("G05", SAFE | {safety.THOUGHTS: YES, safety.PLAN: YES}, {}, Condition.MDD, "U1"),
    ("G07", SAFE | OLD_ATTEMPT, {}, Condition.MDD, "N1"),
    ("G08", SAFE, {"phq9.total": 22, "phq9.item_9": 0, "trials": [*TWO_TRIALS["trials"], SERTRALINE | {"name": "bupropion", "dose": 300}]}, Condition.TRD, "N2"),
    ("G09", NOT_ASKED, {"phq9.total": 22, "phq9.item_9": 2}, Condition.MDD, "U3"),
    ("G10", SAFE, {"phq9.total": 16, "trials": [SERTRALINE]}, Condition.MDD, "Z1"),
    ("G11", SAFE, {"phq9.total": 16} | TWO_TRIALS, Condition.MDD, "N2"),
    ("G12", SAFE, {"phq9.total": 9, "gad7.total": 12}, Condition.ANXIETY, "Z1"),
    ("G13", SAFE, {"onset": "2026-09", "pain.worst": 6}, Condition.CRPS, "N4"),
    ("G14", SAFE, {"onset": "2023-11", "pain.worst": 6}, Condition.CRPS, "Z1"),
    ("G15", SAFE, {"pain.worst": 9, "function.level": "lost"}, Condition.FIBROMYALGIA, "N5"),
    ("G18", SAFE, {"vitals.blood_pressure": "172/104"}, Condition.MDD, "Z1"),
    ("G20", SAFE, {"phq9.total": 18, "checklist.pregnancy": YES} | TWO_TRIALS, Condition.MDD, "N2"),
    ("G28", UNKNOWN, {}, Condition.MDD, "N7"),
    ("G30", SAFE, {"phq9.total": 9, "phq9.item_9": 1}, Condition.MDD, "N1"),
    ("U2, an old attempt with thoughts", SAFE | OLD_ATTEMPT | {safety.THOUGHTS: YES}, {}, Condition.MDD, "U2"),
    ("not U2, thoughts without a method", SAFE | {safety.THOUGHTS: YES, safety.METHOD: NO}, {}, Condition.MDD, "N1"),
    ("not U3, a screener was given", SAFE, {"phq9.item_9": 2}, Condition.MDD, "N1"),
    ("U3, a screener that is not known is none", UNKNOWN, {"phq9.item_9": 2}, Condition.MDD, "U3"),
    ("not U3, item 9 is 1", NOT_ASKED, {"phq9.item_9": 1}, Condition.MDD, "N1"),
    ("U4", SAFE, {"history.discharged_30_days": YES}, Condition.CRPS, "U4"),
    ("not U4", SAFE, {"history.discharged_30_days": NO}, Condition.CRPS, "Z1"),
    ("U5", SAFE, {"history.rapid_decline": YES}, Condition.MDD, "U5"),
    ("not U5", SAFE, {"history.rapid_decline": NOT_KNOWN}, Condition.MDD, "Z1"),
    ("U6 by the total", SAFE, {"history.postpartum": YES, "phq9.total": 20}, Condition.MDD, "U6"),
    ("U6 by item 9", SAFE, {"history.postpartum": YES, "phq9.item_9": 1}, Condition.MDD, "U6"),
    ("not U6, 19", SAFE, {"history.postpartum": YES, "phq9.total": 19}, Condition.MDD, "Z1"),
    ("N1, a wish", SAFE | {safety.WISH: YES}, {}, Condition.CRPS, "N1"),
    ("N2 by PHQ-9", SAFE, {"phq9.total": 20}, Condition.MDD, "N2"),
    ("not N2, 19 without trials", SAFE, {"phq9.total": 19}, Condition.MDD, "Z1"),
    ("N2 by MADRS", SAFE, {"madrs.total": 28}, Condition.MDD, "N2"),
    ("not N2, MADRS 27", SAFE, {"madrs.total": 27}, Condition.MDD, "Z1"),
    ("not N2, 14 with two trials", SAFE, {"phq9.total": 14} | TWO_TRIALS, Condition.MDD, "Z1"),
    ("N3", SAFE, {"pcl5.total": 33, "phq9.total": 15}, Condition.PTSD, "N3"),
    ("not N3, PCL-5 32", SAFE, {"pcl5.total": 32, "phq9.total": 15}, Condition.PTSD, "Z1"),
    ("not N3, PHQ-9 14", SAFE, {"pcl5.total": 33, "phq9.total": 14}, Condition.PTSD, "Z1"),
    ("N4 by cancer", SAFE, {"pain.cancer": YES}, Condition.CHRONIC_PAIN_OTHER, "N4"),
    ("N4 by the code of cancer pain", SAFE, {"diagnosis.others": ["G89.3"]}, Condition.CHRONIC_PAIN_OTHER, "N4"),
    ("not N4, new but no CRPS", SAFE, {"onset": "2026-11"}, Condition.FIBROMYALGIA, "Z1"),
    ("N4, a month counts from its last day", SAFE, {"onset": "2026-08"}, Condition.CRPS, "N4"),
    ("not N4, four months", SAFE, {"onset": "2026-07"}, Condition.CRPS, "Z1"),
    ("not N5, less than before", SAFE, {"pain.worst": 9, "function.level": "less"}, Condition.FIBROMYALGIA, "Z1"),
    ("not N5, 7", SAFE, {"pain.worst": 7, "function.level": "lost"}, Condition.FIBROMYALGIA, "Z1"),
    ("N5 by opioids", SAFE, {"pain.opioid_mme": 90.0}, Condition.FIBROMYALGIA, "N5"),
    ("not N5, 89", SAFE, {"pain.opioid_mme": 89.0}, Condition.FIBROMYALGIA, "Z1"),
    ("N6", SAFE, {"request.last_dose_on": "2026-10-12"}, Condition.MDD, "N6"),
    ("not N6, six weeks and a day", SAFE, {"request.last_dose_on": "2026-10-11"}, Condition.MDD, "Z1"),
    ("N7, not asked", NOT_ASKED, {}, Condition.CRPS, "N7"),
    ("when an attempt was is not known", SAFE | {safety.ATTEMPT: YES, safety.ATTEMPT_RECENT: NOT_KNOWN}, {}, Condition.MDD, "N1"),
    ("not N7, the checklist does not count", SAFE, {"checklist.liver": NOT_KNOWN}, Condition.MDD, "Z1"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "more", "condition", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])  # fmt: skip
def test_the_first_rule_that_fires_decides(
    said: Answers, more: Answers, condition: Condition, rule: str
) -> None:
    found = find(said, more, condition)
    assert decides(found) == rule
    assert found.tier is {"U": Tier.URGENT, "N": Tier.SOON, "Z": Tier.ROUTINE}[rule[0]]


def test_every_rule_of_the_policy_has_a_case() -> None:
    assert {rule.id for rule in tiering.TIER_RULES} - {"U7"} <= {rule for *_, rule in CASES}


@pytest.mark.parametrize("asked", list(Tier))
def test_the_wish_of_the_referrer_raises_and_never_lowers(asked: Tier) -> None:
    assert find(asked=asked).tier is asked
    assert find(more={"phq9.total": 20}, asked=asked).tier is min(
        asked, Tier.SOON, key=lambda tier: tier.rank
    )
    assert ("U7" in find(asked=asked).fired) is (asked is Tier.URGENT)


@pytest.mark.parametrize("said", [UNKNOWN, NOT_ASKED], ids=["G28", "not asked"])
def test_what_is_not_known_is_never_better_than_what_is(said: Answers) -> None:
    for more in ({}, {"phq9.item_9": 2}, {"phq9.total": 20}):
        assert find(said, more).tier.rank <= find(SAFE, more).tier.rank


MORE = st.fixed_dictionaries(
    {},
    optional={
        "phq9.total": st.integers(0, 27),
        "phq9.item_9": st.integers(0, 3),
        "history.postpartum": st.sampled_from([YES, NO]),
        "pain.worst": st.integers(0, 10),
    },
)
SAID = st.fixed_dictionaries(
    {name: st.sampled_from([NO, NOT_KNOWN, YES]) for name in (safety.DANGER, *safety.SCREENER)}
)
ONE = st.sampled_from([safety.DANGER, *safety.SCREENER])


@given(SAID, MORE, ONE, st.sampled_from([YES, NOT_KNOWN]))
def test_a_worse_safety_answer_never_lowers_the_tier(
    said: dict[str, str], more: dict[str, Any], name: str, worse: str
) -> None:
    before, after = find(said | {name: NO}, more), find(said | {name: worse}, more)
    assert after.tier.rank <= before.tier.rank


BESIDE = st.fixed_dictionaries(
    {},
    optional={
        "coverage.payer": st.sampled_from(["self_pay", "medicaid", "commercial"]),
        "patient.language": st.sampled_from(["en", "esu", "es"]),
        "patient.sex": st.sampled_from(["female", "male", "not_said"]),
        "travel.stays_at": st.just("With family"),
        "patient.service": st.sampled_from(["none", "veteran"]),
    },
)


@given(SAID, MORE, BESIDE, st.sampled_from(["99701", "Nome, AK", "San Diego, CA"]))
def test_payer_language_sex_and_place_change_nothing(
    said: dict[str, str], more: dict[str, Any], beside: dict[str, str], place: str
) -> None:
    plain = find(said, more)
    new = new_referral(condition=Condition.MDD)
    new = replace(
        new,
        patient=replace(new.patient, place=place),
        more=more | beside,
        safety=(Said(at=NOW, answers=said),),
    )
    found = findings.of(new, TODAY)
    assert (found.tier, found.fired) == (plain.tier, plain.fired)


@given(SAID, MORE, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(
    said: dict[str, str], more: dict[str, Any], chance: Any
) -> None:
    names = list(said)
    chance.shuffle(names)
    shuffled = {name: said[name] for name in names}
    assert find(shuffled, dict(reversed(more.items()))) == find(said, more)


def test_findings_read_back_as_they_were_kept() -> None:
    found = find(UNKNOWN, {"checklist.aneurysm": YES, "checklist.liver": NOT_KNOWN})
    assert tiering.read(tiering.write(found)) == found


def test_an_old_decision_keeps_its_version() -> None:
    kept = tiering.write(find()) | {"version": "2020-01-01", "tier": "urgent", "fired": ["U4"]}
    assert tiering.read(kept).version == "2020-01-01"
    assert decides(tiering.read(kept)) == "U4"
