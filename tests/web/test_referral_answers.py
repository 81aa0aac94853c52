"""What was sent and what the rules say of it, on a referral's page; who may not read it finds none of it there."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from flask import Flask

from portal.db import write
from portal.domain import safety
from portal.domain.safety import Said
from portal.domain.vocabulary import Condition, Tier
from portal.models import Referral
from tests.build import NOW, SAFE, new_referral, send, stored
from tests.cast import Cast
from tests.html import words
from tests.web.desk import open_page

CLINICAL = {
    "phq9.total": 21,
    "phq9.item_9": 1,
    "phq9.date": "2026-11-20",
    "function.level": "lost",
    "trials": [{"kind": "medicine", "name": "Sertraline", "dose": 200.0, "unit": "mg", "weeks": 14}],
    "medicines": [{"name": "Lorazepam", "dose": "0.5 mg at night"}],
    "allergies": [{"substance": "Ketamine", "reaction": "Rash"}],
    "checklist.aneurysm": "not_known",
    "checklist.liver": "no",
    "vitals.blood_pressure": "164/102",
    "vitals.date": "2026-11-19",
    "diagnosis.code": "F33.3",
    "care.mental_health": "Ember Testerly, LCSW",
    "patient.sex": "female",
}
OPEN = {
    "patient.language": "esu",
    "patient.message_ok": "yes",
    "travel.escort": "no",
    "coverage.payer": "medicaid",
    "referrer.phone": "+19075550150",
}
WISH = SAFE | {safety.WISH: "yes"}


def sent(said: dict[str, str] = WISH) -> str:
    new = replace(new_referral(), more=CLINICAL | OPEN, safety=(Said(at=NOW, answers=said),))
    return send(new).reference


def shown(cast: Cast, name: str, reference: str) -> str:
    return words(open_page(cast.browser(name), f"/staff/referrals/{reference}").find(".//main"))


def test_the_rules_that_fired_stand_first_then_the_answers_in_the_nurses_order(
    app: Flask, cast: Cast
) -> None:
    said = shown(cast, "dahlia", sent())
    order = [
        "Set by rules N1 and N2 of 2026-11-23",
        "N1: Some suicidal thoughts",
        "No immediate danger",
        "Wished to be dead",
        "PHQ-9, total 21",
        "Hold: psychosis",
        "Diagnosis code (ICD-10-CM): F33.3",
        "Hold: blood pressure",
        "164/102",
        "Why now",
        "How the patient is, and what was tried",
        "Lost work or self-care",
        "Counts as adequate",
        "Sertraline 200 mg for 14 weeks",
        "1 adequate trial",
        "Medicines, allergies, checklist",
        "Lorazepam, 0.5 mg at night",
        "Central Yup'ik",
        "Travel",
        "Coverage",
        "Medicaid",
        "907-555-0150",
        "Ember Testerly, LCSW",
    ]
    assert [part for part in order if part not in said] == []
    assert all(said.find(part) <= said.rfind(after) for part, after in pairwise(order))


def test_each_flag_says_whether_its_answer_is_known(app: Flask, cast: Cast) -> None:
    said = shown(cast, "dahlia", sent())
    assert "Hold: allergy to ketamine Allergies: Ketamine, Rash H11." in said
    assert (
        "Hold: blood vessels or stroke Aneurysm or malformed blood vessels: not known H05. Not settled"
        in said
    )
    assert "Check: prescription monitoring" in said
    assert "Check: few adequate trials" in said


def test_a_high_risk_that_was_attested_is_urgent_with_its_hold(app: Flask, cast: Cast) -> None:
    attested = {
        "attestation.at": (NOW - timedelta(hours=2)).isoformat(),
        "attestation.by": "Birch Placebo, MD",
        "attestation.disposition": "inpatient",
        "attestation.intent_now": "no",
        "attestation.safety_plan": "yes",
        "attestation.means_safety": "yes",
        "attestation.responsible": "Fern Specimen, 907-555-0144",
    }
    reference = sent(SAFE | {safety.THOUGHTS: "yes", safety.PLAN: "yes"} | attested)
    said = shown(cast, "dahlia", reference)
    assert stored(reference).tier is Tier.URGENT
    assert "Set by rules U1" in said
    assert "E1: stopped the form, and was attested" in said
    assert "Hold: current safety plan" in said
    assert "Fern Specimen, 907-555-0144" in said


def test_a_benefits_specialist_reads_travel_and_coverage_and_nothing_clinical(app: Flask, cast: Cast) -> None:
    said = shown(cast, "hazel", sent())
    for open_ in ("Central Yup'ik", "Medicaid", "907-555-0150", "Can somebody come along"):
        assert open_ in said
    for closed in (
        "Set by rule",
        "PHQ",
        "Hold:",
        "Sertraline",
        "Lorazepam",
        "Ketamine",
        "164/102",
        "F33",
        "Ember",
    ):
        assert closed not in said
    assert "Female" not in said


def test_the_queue_shows_the_tier_that_the_rules_found(app: Flask, cast: Cast) -> None:
    new = replace(new_referral(condition=Condition.MDD), more={"history.discharged_30_days": "yes"})
    reference = send(new).reference
    row = next(
        row for row in open_page(cast.browser("dahlia"), "/staff/queue").iter("tr") if reference in words(row)
    )
    assert "Urgent" in words(row)


def test_a_decision_keeps_the_version_of_its_rules(app: Flask, cast: Cast) -> None:
    reference = sent()
    with write() as session:
        row = session.get_one(Referral, stored(reference).id)
        row.findings = (row.findings or {}) | {"version": "2020-01-01", "fired": ["N1", "Q9"]}
    said = shown(cast, "dahlia", reference)
    assert "Set by rules N1 and Q9 of 2020-01-01" in said
    assert "Q9: a rule of an older version" in said


def test_a_referral_from_before_there_were_rules_is_shown_without(app: Flask, cast: Cast) -> None:
    reference = sent()
    with write() as session:
        session.get_one(Referral, stored(reference).id).findings = None
    said = shown(cast, "dahlia", reference)
    assert "Set by" not in said
    assert "No immediate danger" in said
