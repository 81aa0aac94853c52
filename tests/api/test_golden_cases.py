"""The golden cases by the API: the same stops, tiers and flags as by the form."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain import tiering
from portal.models import SafetyEvent
from tests import golden
from tests.api.sending import body, count, new_key, post
from tests.build import stored
from tests.golden import CASES, Golden


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


def sent(case: Golden) -> dict[str, Any]:
    changes: dict[str, Any] = {**case.said, **case.typed}
    if case.attested:
        changes |= golden.attestation()
    if case.trials:
        changes["trials"] = [dict(row) for row in case.trials]
    return body(**changes)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.stops])
def test_a_danger_stops_the_key_for_good(client: FlaskClient, key: str, name: str) -> None:
    answer = post(client, key, sent(CASES[name]))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/safety-stop")
    db.session.rollback()
    assert list(db.session.scalars(sa.select(SafetyEvent.rules))) == [CASES[name].stops]
    assert post(client, key, body()).get_json()["type"] == "/problems/safety-stop"
    assert count() == 0


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.tier])
def test_what_is_sent_has_the_tier_and_the_flags_of_the_policy(
    client: FlaskClient, key: str, name: str
) -> None:
    case = CASES[name]
    answer = post(client, key, sent(case))
    assert answer.status_code == 201, answer.text
    said = answer.get_json()
    assert [each["code"] for each in said["ask_now"]] == ([case.asks] if case.asks else [])
    referral = stored(said["reference"])
    found = tiering.read(referral.findings or {})
    assert (referral.tier, found.fired[0]) == (case.tier, case.rule)
    assert case.flags <= {flag.id for flag in found.flags}
    assert found.suggests == case.suggests


def test_a_patient_under_18_is_not_filed(client: FlaskClient, key: str) -> None:
    answer = post(client, key, sent(CASES["G21"]))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/under-age")
    assert count() == 0
