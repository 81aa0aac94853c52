"""A clinician may answer for a patient at high risk: whole, within a day, and never for who intends to act alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import write
from portal.models import Draft
from tests.build import NOW, SAFE, stored
from tests.cast import Cast
from tests.html import words
from tests.web.practice import STEPS, fill, fill_step, open_page, send

ATTESTED = {
    "attestation.at": "today 12:01 am",
    "attestation.by": "Birch Placebo, MD",
    "attestation.disposition": "outpatient",
    "attestation.intent_now": "no",
    "attestation.safety_plan": "yes",
    "attestation.means_safety": "yes",
    "attestation.responsible": "Birch Placebo, MD, 907-555-0144",
}
PLAN = SAFE | {"safety.thoughts": "yes", "safety.plan": "yes"}


def begin_with(client: FlaskClient, said: dict[str, str]) -> str:
    return str(fill(client, "/refer", said, action="/refer").location).rpartition("/")[0]


def attest(client: FlaskClient, draft: str, **changes: str) -> TestResponse:
    typed = ATTESTED | {f"attestation.{name}": value for name, value in changes.items()}
    return fill(client, f"{draft}/assessed", typed)


def test_the_clocks_of_an_assessment_are_named(client: FlaskClient) -> None:
    shown = words(open_page(client, f"{begin_with(client, PLAN)}/assessed"))
    assert "like “today 2:30 pm” (Alaska time) or “2 hours ago”" in shown


def test_an_attested_high_risk_goes_on_and_is_urgent_with_a_hold(client: FlaskClient) -> None:
    draft = begin_with(client, PLAN)
    assert attest(client, draft).location == draft
    for step in STEPS:
        fill_step(client, draft, step)
    referral = stored(str(send(client, draft).location).split("/")[2])
    assert referral.tier == "urgent"
    assert referral.findings is not None
    assert "H15" in {flag["id"] for flag in referral.findings["flags"]}


def test_an_earlier_assessment_stays_to_be_read_when_a_later_one_says_less(
    client: FlaskClient, cast: Cast
) -> None:
    draft = begin_with(client, PLAN)
    attest(client, draft, disposition="emergency_department", intent_now="yes")
    attest(client, draft)
    for step in STEPS:
        fill_step(client, draft, step)
    reference = str(send(client, draft).location).split("/")[2]
    shown = words(open_page(cast.browser("dahlia"), f"/staff/referrals/{reference}"))
    assert "In the emergency department. Intends to act now: yes." in shown
    assert "Intends to act now: no." in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"at": "yesterday 12:01 am"},
        {"at": ""},
        {"by": ""},
        {"safety_plan": "no"},
        {"means_safety": "no"},
        {"intent_now": "yes"},
        {"intent_now": "yes", "disposition": "crisis_team"},
        {"disposition": "at home"},
        {"responsible": ""},
    ],
)
def test_an_attestation_that_is_not_enough_lifts_nothing(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    draft = begin_with(client, PLAN)
    assert attest(client, draft, **changes).status_code == 422
    assert client.get(draft).location == f"{draft}/stopped"


def test_nothing_is_attested_where_another_rule_fired(client: FlaskClient) -> None:
    draft = begin_with(client, PLAN | {"safety.immediate_danger": "yes"})
    assert client.get(f"{draft}/assessed").status_code == 303
    assert "record it" not in words(open_page(client, f"{draft}/stopped"))


def test_an_attestation_that_grew_old_stops_the_form_again_and_says_so(client: FlaskClient) -> None:
    draft = begin_with(client, PLAN)
    attest(client, draft)
    name = draft.rpartition("/")[2]
    with write() as session:
        row = session.scalars(sa.select(Draft).where(Draft.name == name)).one()
        *first, last = row.safety
        old = last["answers"] | {"attestation.at": (NOW - timedelta(days=400)).isoformat()}
        row.safety = [*first, last | {"answers": old}]
    assert client.get(draft).location == f"{draft}/stopped"
    assert "older than 24 hours, so this form is stopped again" in words(
        open_page(client, f"{draft}/stopped")
    )
