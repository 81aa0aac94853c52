"""A system that adds to a referral tells of safety as much as one that files: worse counts at once, and nothing is taken back."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import write
from portal.domain import answers, safety
from portal.domain.safety import NO, Question, Said
from portal.models import Event, Referral
from portal.queries import referrals
from tests.api.sending import body, count, new_key, post, wrong
from tests.build import NOW, stored
from tests.golden import PLAN, attestation

HIGH = body(**PLAN, **attestation())


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


def add(client: FlaskClient, key: str, sent: dict[str, Any]) -> Any:
    return post(client, key, sent | {"duplicate": "add"}, once="second")


def flags(referral: Referral) -> set[str]:
    assert referral.findings is not None
    return {flag["id"] for flag in referral.findings["flags"]}


def test_an_attested_high_risk_that_is_added_alone_is_urgent_with_a_hold(
    client: FlaskClient, key: str
) -> None:
    reference = post(client, key, body()).get_json()["reference"]
    events = count(Event)
    added = add(client, key, HIGH).get_json()
    assert (added["tier"], "U1" in {rule["id"] for rule in added["rules"]}) == ("urgent", True)
    referral = stored(reference)
    assert (referral.tier, "H15" in flags(referral)) == ("urgent", True)
    assert count(Event) == events + 1


def test_an_addition_without_the_danger_is_refused_and_says_how_it_is_taken_back(
    client: FlaskClient, key: str
) -> None:
    reference = post(client, key, HIGH).get_json()["reference"]
    events = count(Event)
    answer = add(client, key, body())
    assert (answer.status_code, wrong(answer)) == (422, {safety.PLAN})
    assert "say why" in answer.text
    referral = stored(reference)
    assert (referral.tier, "H15" in flags(referral)) == ("urgent", True)
    assert count(Event) == events


def test_an_addition_with_the_danger_attested_anew_is_taken(client: FlaskClient, key: str) -> None:
    reference = post(client, key, HIGH).get_json()["reference"]
    answer = add(client, key, HIGH | {"reason": "Worse since Monday."})
    assert answer.status_code == 200
    assert stored(reference).answers["reason"] == "Worse since Monday."


@pytest.mark.parametrize(
    "told",
    [
        {safety.NOT_ASKED: "Wants to kill himself, had to go", safety.WISH: None, safety.THOUGHTS: None,
         safety.ATTEMPT: None},
        PLAN | attestation() | {"attestation.responsible": "His brother. Said he would end it"},
    ],
)  # fmt: skip
def test_words_of_crisis_count_in_every_free_text_of_the_safety_answers(
    client: FlaskClient, key: str, told: dict[str, Any]
) -> None:
    answer = post(client, key, body(**told)).get_json()
    assert [each["code"] for each in answer["ask_now"]] == ["words"]


def test_what_was_asked_about_in_a_form_does_not_settle_the_words_of_an_addition(
    client: FlaskClient, key: str
) -> None:
    reference = post(client, key, body()).get_json()["reference"]
    asked = Said(at=NOW, answers={safety.DANGER: NO}, asked_again=frozenset(Question))
    with write() as session:
        row = referrals.get_locked(session, reference)
        row.answers = row.answers | {"safety": row.answers["safety"] + answers.write_safety([asked])}
    added = add(client, key, body(reason="Wants to kill himself.")).get_json()
    assert [each["code"] for each in added["ask_now"]] == ["words"]
