"""What was sent can be opened, read again and changed: nothing is another answer by going round, and nothing is lost."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain import amending, intake
from portal.domain.intake import FIELDS, GATE, REQUIRED, ROWS, STEPS, NewReferral, as_typed
from portal.domain.safety import PLAN, Said
from portal.domain.vocabulary import Tier
from portal.queries import rules
from tests.build import NOW, SAFE, TYPED, new_referral

KNOWN = rules.known(NOW)
STATUSES = {rows.status for rows in ROWS.values()}
OPTIONAL = {
    name: field.example for name, field in FIELDS.items() if name not in {*REQUIRED, *STATUSES, "priority"}
}
TRIAL = {
    f"trials.0.{column.name}": column.example
    for column in ROWS["trials"].columns
    if column.name not in {"weeks", "stopped_why"}
}
OTHER_ROWS = {
    f"{name}.1.{column.name}": column.example
    for name in ("medicines", "allergies")
    for column in ROWS[name].columns
}
AWKWARD = {
    "vitals.weight": "165.3 lb",
    "vitals.height": "5 ft 7",
    "patient.phone": "(907) 555-0142",
    "referrer.phone": "+1 907 555 0150",
    "reason": "First line.\n\nSecond line, with 5 < 6 & “quotes”.",
    "diagnosis.others": "f41.1; G4733",
    "pain.peg": "6.25",
    "onset": "March 2024",
    "phq9.date": "yesterday",
}


def read(typed: dict[str, str]) -> NewReferral:
    return intake.read(typed, safety=(Said(at=NOW, answers=SAFE),), clinic=None, known=KNOWN)


def test_every_answer_is_read_back_as_it_was_given() -> None:
    typed = TYPED | OPTIONAL | TRIAL | OTHER_ROWS | {"priority": "urgent"}
    first = read(typed)
    assert set(first.more) == set(OPTIONAL) | set(ROWS)
    assert read(as_typed(first) | {"consent": "yes"}) == first


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if field.choices and name != "consent"]
)
def test_every_choice_is_read_back(name: str) -> None:
    for value in FIELDS[name].choices or ():
        typed = TYPED | {"priority_reason": "Worse since the discharge last week."} | {name: value}
        if name.startswith("now.") and value == "yes":
            continue
        first = read(typed)
        assert read(as_typed(first) | {"consent": "yes"}) == first


@pytest.mark.parametrize("name", AWKWARD)
def test_what_was_typed_in_another_way_is_read_back_as_it_was_understood(name: str) -> None:
    first = read(TYPED | {name: AWKWARD[name]})
    assert read(as_typed(first) | {"consent": "yes"}) == first


def test_the_names_of_the_gate_are_no_names_of_answers() -> None:
    assert not {field.name for field in STEPS["safety"]} & set(FIELDS)
    assert set(GATE) & set(FIELDS) == set()


def test_laid_over_nothing_that_was_given_is_lost() -> None:
    old = read(TYPED | {"priority": "urgent", "priority_reason": "Worse since the discharge last week.",
                        "phq9.total": "21", "checklist.allergies": "none", "medicines.0.name": "Sertraline"})  # fmt: skip
    new = read(
        TYPED | {"gad7.total": "9", "allergies.0.substance": "Penicillin", "medicines.0.name": "Lithium"}
    )
    both = amending.laid_over(old, new)
    assert both.priority is Tier.URGENT
    assert (both.more["phq9.total"], both.more["gad7.total"]) == (21, 9)
    assert both.more["medicines"] == [{"name": "Sertraline"}, {"name": "Lithium"}]
    assert both.more["allergies"] == [{"substance": "Penicillin"}]
    assert "checklist.allergies" not in both.more
    assert amending.changes(both, amending.laid_over(both, new)) == ()


def test_in_place_what_was_cleared_is_gone_and_decisions_go_where_they_went() -> None:
    old = read(TYPED | {"phq9.total": "21"})
    new = read(TYPED | {"referrer.email": "elsewhere@example.com"})
    fresh = amending.in_place(old, new)
    assert fresh.referrer.email == "referrals@example.com"
    assert [(each.name, each.before, each.after) for each in amending.changes(old, fresh)] == [
        ("phq9.total", 21, None)
    ]


def test_changes_stand_in_the_order_of_the_form() -> None:
    old, new = new_referral(), new_referral(name="Cedar Specimen", born=date(1985, 3, 28), priority=Tier.SOON)
    assert [each.name for each in amending.changes(old, new)] == [
        "patient.name",
        "patient.date_of_birth",
        "priority",
    ]


def test_a_danger_is_taken_back_by_a_reason_alone() -> None:
    told = Said(at=NOW, answers=SAFE | {PLAN: "yes"})
    cleared = Said(at=NOW, answers=SAFE | {PLAN: "no"})
    why = replace(cleared, reason="Another patient's screener.")
    assert amending.taken_back([told], [cleared]) == (PLAN,)
    assert amending.taken_back([told], [cleared, told]) == ()
    assert amending.taken_back([told], [why]) == ()
