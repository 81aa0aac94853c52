"""Flags: what holds treatment and what the nurse makes clear, each with the answer that raised it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.domain import flags, safety
from portal.domain.flags import Flag
from portal.domain.intake import FIELDS, ROWS
from portal.domain.intake.checklist import HOLDS
from portal.domain.safety import Said
from portal.domain.tiering import Findings
from portal.domain.vocabulary import Condition, Tier
from portal.queries import findings
from portal.queries.codes import get_diagnoses
from tests.build import NOW, SAFE, new_referral

TODAY = date(2026, 11, 23)
QUIET = {"pdmp.reviewed_on": "2026-11-20"}
"""With this and a condition of pain nothing is flagged."""


def find(
    more: Mapping[str, Any], *, condition: Condition = Condition.CRPS, born: date = date(1985, 3, 27)
) -> Findings:
    new = replace(new_referral(condition=condition, born=born), more=QUIET | dict(more))
    return findings.of(new, TODAY)


def raised(more: Mapping[str, Any], **who: Any) -> set[Flag]:
    return set(find(more, **who).flags)


CASES: list[tuple[str, dict[str, Any], set[Flag]]] = [
    ("nothing", {}, set()),
    ("G17", {"diagnosis.code": "F33.3"}, {Flag(id="H01", on="diagnosis.code")}),
    ("a second code", {"diagnosis.others": ["I67.1", "E05.90"]}, {Flag(id="H05", on="diagnosis.others"), Flag(id="H09", on="diagnosis.others")}),
    ("a code without a mark", {"diagnosis.code": "G90.511"}, set()),
    ("G18", {"vitals.blood_pressure": "172/104", "vitals.date": "2026-11-20"}, {Flag(id="H03", on="vitals.blood_pressure")}),
    ("only the lower number", {"vitals.blood_pressure": "150/100", "vitals.date": "2026-11-20"}, {Flag(id="H03", on="vitals.blood_pressure")}),
    ("just under", {"vitals.blood_pressure": "159/99", "vitals.date": "2026-11-20"}, set()),
    ("no date", {"vitals.blood_pressure": "120/80"}, {Flag(id="W21", on="vitals.date", known=False)}),
    ("30 days", {"phq9.total": 9, "phq9.date": "2026-10-24"}, set()),
    ("31 days", {"phq9.total": 9, "phq9.date": "2026-10-23"}, {Flag(id="W21", on="phq9.date")}),
    ("G23", {"checklist.substances": "yes"}, {Flag(id="H10", on="checklist.substances")}),
    ("G24", {"checklist.substances": "no", "checklist.remission": "June 2026"}, set()),
    ("G25", {"checklist.aneurysm": "yes"}, {Flag(id="H05", on="checklist.aneurysm")}),
    ("not known", {"checklist.aneurysm": "not_known"}, {Flag(id="H05", on="checklist.aneurysm", known=False)}),
    ("G26", {"travel.escort": "no"}, {Flag(id="H14", on="travel.escort")}),
    ("help wanted", {"travel.escort": "need_help"}, {Flag(id="H14", on="travel.escort", known=False)}),
    ("allergy", {"allergies": [{"substance": "Esketamine"}]}, {Flag(id="H11", on="allergies")}),
    ("other allergy", {"allergies": [{"substance": "Penicillin"}, {"reaction": "Rash"}]}, set()),
    ("history", {"history.mania_or_psychosis": "yes"}, {Flag(id="H01", on="history.mania_or_psychosis", known=False)}),
    ("interpreter", {"patient.interpreter": "yes"}, {Flag(id="W18", on="patient.interpreter")}),
    ("PDMP", {"pdmp.reviewed_on": ""}, {Flag(id="W22", on="pdmp.reviewed_on", known=False)}),
]  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_flag_names_the_answer_that_raised_it(more: dict[str, Any], expected: set[Flag]) -> None:
    assert raised(more) == expected


@pytest.mark.parametrize("name", list(HOLDS))
def test_every_question_of_the_checklist_raises_its_flag(name: str) -> None:
    flag = HOLDS[name][1]
    assert raised({name: "yes"}) == {Flag(id=flag, on=name)}
    assert raised({name: "not_known"}) == {Flag(id=flag, on=name, known=False)}
    assert raised({name: "no"}) == set()


def test_an_age_of_65_is_looked_at() -> None:
    assert raised({}, born=date(1961, 11, 23)) == {Flag(id="W20", on="patient.date_of_birth")}
    assert raised({}, born=date(1961, 11, 24)) == set()


@pytest.mark.parametrize(
    ("more", "known"), [({}, False), ({"tried.trials": "none"}, True), ({"tried.trials": "not_known"}, False)]
)
def test_mood_with_few_trials_is_looked_at(more: dict[str, str], known: bool) -> None:
    assert raised(more, condition=Condition.MDD) == {Flag(id="W15", on="trials", known=known)}


def test_a_high_risk_that_was_attested_holds_treatment_first_of_all() -> None:
    new = replace(new_referral(condition=Condition.CRPS), more=QUIET | {"checklist.heart": "yes"})
    new = replace(new, safety=(Said(at=NOW, answers=SAFE | {safety.PLAN: "yes"}),))
    assert [flag.id for flag in findings.of(new, TODAY).flags] == ["H15", "H04"]


def test_a_flag_never_changes_the_tier() -> None:
    everything = dict.fromkeys(HOLDS, "yes")
    assert find(everything).tier is Tier.ROUTINE


def test_pregnancy_suggests_a_service_for_it() -> None:
    assert find({"checklist.pregnancy": "yes"}).suggests == ("RD12",)
    assert find({"checklist.pregnancy": "not_known"}).suggests == ()


def test_every_flag_has_a_name_and_every_answer_that_raises_one_is_asked() -> None:
    ids = {flag for _label, flag in HOLDS.values()} | {
        mark.flag for mark in get_diagnoses().marks if mark.flag
    }
    assert ids <= set(flags.NAMES)
    for _value, day in flags.DATED:
        assert day in FIELDS
    for _id, more, expected in CASES:
        assert {flag.on for flag in expected} <= set(FIELDS) | set(ROWS), more
