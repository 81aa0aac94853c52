"""The golden cases by the form: what stops there stops, and what is sent has the tier and the flags of the policy."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db
from portal.domain import intake, tiering
from portal.domain.safety import DANGER, NO
from portal.models import Referral, SafetyEvent
from tests import golden
from tests.build import TYPED, stored
from tests.golden import CASES, Golden
from tests.html import words
from tests.web.practice import fill, open_page, send


def walk(client: FlaskClient, case: Golden) -> str:
    """Fill in the form as far as it lets one, and return where it leads on."""
    begun = str(fill(client, "/refer", dict(case.said), action="/refer").location)
    draft = begun.rpartition("/")[0]
    if case.attested:
        fill(client, f"{draft}/assessed", golden.attestation())
    rows = {
        f"trials.{number}.{name}": cell
        for number, row in enumerate(case.trials)
        for name, cell in row.items()
    }
    typed = TYPED | dict(case.typed) | rows
    for step, fields in intake.STEPS.items():
        if step == "safety" or str(client.get(draft).location).endswith(("/stopped", "/under-18")):
            continue
        names = {field.name for field in fields}
        groups = tuple(f"{each.name}." for each in intake.STEP_ROWS.get(step, ()))
        own = {
            name: value
            for name, value in typed.items()
            if name in names or (groups and name.startswith(groups))
        }
        fill(client, f"{draft}/{step}", own)
    return str(client.get(draft).location)


def events() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(SafetyEvent.rules).order_by(SafetyEvent.id)))


def count_referrals() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(Referral)).one()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.stops])
def test_a_danger_stops_the_form_and_is_written_down(client: FlaskClient, name: str) -> None:
    way = walk(client, CASES[name])
    assert way.endswith("/stopped")
    assert (events(), count_referrals()) == ([CASES[name].stops], 0)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.tier])
def test_what_is_sent_has_the_tier_and_the_flags_of_the_policy(client: FlaskClient, name: str) -> None:
    case = CASES[name]
    way = walk(client, case)
    if case.asks:
        assert way.endswith("/asked-again")
        assert "One question once more" in words(open_page(client, way))
        fill(client, way, {DANGER: NO})
    draft = way.rpartition("/")[0]
    reference = str(send(client, draft).location).split("/")[2]
    referral = stored(reference)
    found = tiering.read(referral.findings or {})
    assert (referral.tier, found.fired[0]) == (case.tier, case.rule)
    assert case.flags <= {flag.id for flag in found.flags}
    assert found.suggests == case.suggests


def test_a_patient_under_18_is_led_to_where_to_turn(client: FlaskClient) -> None:
    way = walk(client, CASES["G21"])
    assert way.endswith("/under-18")
    assert "This network treats adults only" in words(open_page(client, way))
    assert count_referrals() == 0


def test_a_further_word_of_crisis_is_asked_about_anew(client: FlaskClient) -> None:
    way = walk(client, CASES["G29"])
    draft = way.rpartition("/")[0]
    fill(client, way, {DANGER: NO})
    assert str(client.get(draft).location).endswith("/check")
    fill(client, f"{draft}/reason", {"reason": "Says: I want to end it. Took an overdose in 2019."})
    assert client.get(draft).location == way
