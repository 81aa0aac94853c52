"""What the form takes, the API takes: rows, scores, the safety answers; and it says what the form would say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.intake import FIELDS, REQUIRED, ROWS, Control, Field
from portal.domain.safety import INTENT, METHOD, PLAN, THOUGHTS
from portal.models import Letter, SafetyEvent
from tests.api.sending import body, count, new_key, post, wrong
from tests.build import stored

RISK: dict[str, object] = {THOUGHTS: True, METHOD: True, INTENT: True, PLAN: False}
ATTESTED: dict[str, object] = {
    "attestation.at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    "attestation.by": "Birch Placebo, MD",
    "attestation.disposition": "inpatient",
    "attestation.intent_now": False,
    "attestation.safety_plan": True,
    "attestation.means_safety": True,
    "attestation.responsible": "Birch Placebo, MD, 907-555-0144",
}


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


def as_json(field: Field) -> object:
    """Return a field's example as a system would send it."""
    if field.control is Control.TICK:
        return True
    return json.loads(field.example) if field.control is Control.NUMBER else field.example


def test_every_answer_of_the_form_is_taken_and_kept(client: FlaskClient, key: str) -> None:
    told = {
        name: as_json(field)
        for name, field in FIELDS.items()
        if name not in REQUIRED and name not in {rows.status for rows in ROWS.values()}
    } | {"priority": "urgent"}
    rows = {name: [{column.name: as_json(column) for column in rows.columns}] for name, rows in ROWS.items()}
    # Weeks stand in place of two months.
    rows["trials"][0] |= {"weeks": None, "stopped_why": "no_effect"}
    answer = post(client, key, body(**told | rows))
    assert answer.status_code == 201, answer.get_json()
    more = stored(answer.get_json()["reference"]).answers["more"]
    assert set(more) == (set(told) | set(rows)) - {"priority"}
    assert more["phq9.total"] == 13
    assert set(more["trials"][0]) == set(rows["trials"][0]) - {"weeks"}


def test_the_answer_tells_the_tier_its_rules_and_what_is_missing(client: FlaskClient, key: str) -> None:
    said = post(client, key, body(**{"phq9.total": 22, "phq9.date": "2026-11-20"})).get_json()
    assert (said["tier"], said["rules"][0]["id"]) == ("soon", "N2")
    assert said["rules"][0]["words"]
    missing = [name for each in said["missing"] for name in each["any_of"]]
    assert "trials" in missing
    assert "phq9.total" not in missing
    assert all(each["what"] and each["why"] for each in said["missing"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phq9.total": 12, "phq9.item_9": 2}, "item_9"),
        ({"reason": "She says she wants to die and was discharged."}, "words"),
    ],
)
def test_a_doubt_is_put_to_whoever_reads_the_answer_and_stops_nothing(
    client: FlaskClient, key: str, changes: dict[str, object], code: str
) -> None:
    answer = post(client, key, body(**changes))
    assert (answer.status_code, [each["code"] for each in answer.get_json()["ask_now"]]) == (201, [code])
    assert "988" in answer.get_json()["ask_now"][0]["words"]


def test_without_a_doubt_nothing_is_asked(client: FlaskClient, key: str) -> None:
    assert post(client, key, body()).get_json()["ask_now"] == []


def test_ten_thousand_rows_are_one_sentence(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body(trials=[{"name": "x"}] * 10_000))
    assert answer.get_json()["errors"] == [
        {"name": "trials", "message": "Send 200 rows or fewer; this has 10,000"}
    ]


def test_two_hundred_rows_of_each_kind_are_taken(client: FlaskClient, key: str) -> None:
    rows: dict[str, Any] = {
        "trials": [
            {"name": f"Medicine {number}".ljust(80, "x"), "dose": 150, "unit": "mg", "started": "2024-03"}
            for number in range(200)
        ],
        "medicines": [{"name": f"{number}".ljust(120, "m"), "dose": "d" * 120} for number in range(200)],
        "allergies": [
            {"substance": f"{number}".ljust(120, "s"), "reaction": "r" * 120} for number in range(200)
        ],
    }
    answer = post(client, key, body(**rows, reason="r" * 4000))
    assert answer.status_code == 201, answer.get_json()
    assert len(stored(answer.get_json()["reference"]).answers["more"]["allergies"]) == 200


@pytest.mark.parametrize("yes", [True, "yes", "Yes", " YES "])
@pytest.mark.parametrize("name", ["safety.immediate_danger", "now.medical_emergency", INTENT])
def test_a_danger_stops_wherever_it_stands_and_however_it_is_said(
    client: FlaskClient, key: str, name: str, yes: object
) -> None:
    # The rest is wrong in every way, and still the crisis numbers come first.
    answer = post(client, key, body(**{name: yes, "patient.name": 7, "color": "blue", "reason": ""}))
    said = answer.get_json()
    assert (answer.status_code, said["type"]) == (422, "/problems/safety-stop")
    assert said["rules"]
    assert "988" in said["detail"]


def test_a_key_that_was_stopped_never_files_and_alarms_once(client: FlaskClient, key: str) -> None:
    for sent in (
        body(**{"safety.immediate_danger": True}),
        body(**{"safety.immediate_danger": True}),
        body(),
    ):
        answer = post(client, key, sent)
        assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/safety-stop")
        assert "new key" in answer.get_json()["detail"]
    assert count() == 0
    assert len(db.session.scalars(sa.select(SafetyEvent)).all()) == 1
    alarms = len(db.session.scalars(sa.select(Letter)).all())
    assert alarms > 0
    assert post(client, key, body(), once="second").status_code == 201


def test_a_high_risk_is_filed_on_a_whole_attestation(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body(**RISK, **ATTESTED))
    assert answer.status_code == 201, answer.get_json()
    assert (answer.get_json()["tier"], answer.get_json()["rules"][0]["id"]) == ("urgent", "U1")
    assert "H15" in {flag["id"] for flag in (stored(answer.get_json()["reference"]).findings or {})["flags"]}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"attestation.safety_plan": False}, {"attestation.safety_plan"}),
        ({"attestation.responsible": None}, {"attestation.responsible"}),
        ({"attestation.at": "2026-01-01 10:00"}, {"attestation.at"}),
    ],
)
def test_what_an_attestation_lacks_is_named_and_stops(
    client: FlaskClient, key: str, change: dict[str, object], named: set[str]
) -> None:
    answer = post(client, key, body(**RISK, **ATTESTED | change))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/safety-stop")
    assert wrong(answer) == named
    assert count() == 0
