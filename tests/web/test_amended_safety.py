"""Safety answers of a referral that was sent: what becomes another one is shown, seen by staff, and looked at by the rules."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain import answers, safety
from portal.domain.safety import NO, YES
from tests.build import SAFE, stored
from tests.cast import Cast
from tests.golden import PLAN
from tests.html import words
from tests.papers import pdf
from tests.web import practice
from tests.web.practice import contents, fill, fill_all, fill_step, open_page, refer
from tests.web.test_amending import open_answers, press
from tests.web.test_attestation import attest, begin_with

ATTEMPT = SAFE | {safety.ATTEMPT: YES, safety.ATTEMPT_RECENT: NO}
CLEARED = dict.fromkeys(PLAN, NO)
EVER = "6. Ever did, started or prepared to do anything to end their life"


@pytest.fixture
def reference(client: FlaskClient) -> str:
    return refer(client)


def answer_again(client: FlaskClient, draft: str, said: dict[str, str], reason: str = "") -> TestResponse:
    return fill(client, f"{draft}/safety", said | {"safety.reason": reason})


def amend_high_risk(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    answer_again(client, draft, PLAN)
    attest(client, draft)
    assert press(client, draft).location == f"/r/{reference}"


def test_a_safety_answer_alone_is_a_change_that_staff_see(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    draft = open_answers(client, reference)
    answer_again(client, draft, ATTEMPT)
    page = words(open_page(client, f"{draft}/check"))
    assert "Was that within the past 3 months? No Before: Nothing" in page
    assert f"{EVER} Yes Before: No" in page
    press(client, draft)
    referral = stored(reference)
    assert (referral.tier, referral.version) == ("soon", 2)
    assert "You changed 2 answers" in client.get(f"/r/{reference}").text
    staff = words(open_page(cast.browser("dahlia"), f"/staff/referrals/{reference}"))
    assert f"changed 2 answers: {EVER}" in staff
    assert f"{EVER} Yes Before: No" in staff


def test_an_attested_high_risk_makes_what_was_sent_urgent(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    amend_high_risk(client, reference)
    assert stored(reference).tier == "urgent"
    staff = words(open_page(cast.browser("dahlia"), f"/staff/referrals/{reference}"))
    assert "Who assessed the patient Birch Placebo, MD Before: Nothing" in staff
    assert "12:01 am Before: Nothing" in staff


def test_a_danger_is_taken_back_with_a_reason_and_the_tier_stays(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    amend_high_risk(client, reference)
    draft = open_answers(client, reference)
    answer_again(client, draft, CLEARED, "It was another patient's screener.")
    press(client, draft)
    referral = stored(reference)
    assert (referral.tier, referral.version) == ("urgent", 3)
    staff = words(open_page(cast.browser("dahlia"), f"/staff/referrals/{reference}"))
    assert "It was another patient's screener." in staff


def test_a_safety_answer_goes_with_the_files_that_are_added(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    answer_again(client, draft, ATTEMPT)
    form = contents(open_page(client, f"{draft}/files"), f"{draft}/files")
    client.post(f"{draft}/files", data=form | {"files": (BytesIO(pdf()), "Letter.pdf")})
    press(client, draft)
    assert stored(reference).tier == "soon"


def test_a_form_begun_before_does_not_take_back_what_another_told(
    app: Flask, client: FlaskClient, reference: str
) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "reason", reason="Worse since Monday.")
    other = app.test_client()
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update({"opened": mine["opened"], "proven": mine["proven"]})
    amend_high_risk(other, reference)
    press(client, draft)
    assert said(reference)[safety.PLAN] == YES
    assert stored(reference).answers["reason"] == "Worse since Monday."
    draft = open_answers(client, reference)
    assert client.get(f"{draft}/check").status_code == 200


def test_one_that_answers_safety_anew_without_knowing_of_it_is_refused(
    app: Flask, client: FlaskClient, reference: str
) -> None:
    draft = open_answers(client, reference)
    answer_again(client, draft, ATTEMPT)
    other = app.test_client()
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update({"opened": mine["opened"], "proven": mine["proven"]})
    amend_high_risk(other, reference)
    answer = press(client, draft)
    assert answer.status_code == 409
    assert "nothing takes it back without a reason" in answer.text
    assert said(reference)[safety.PLAN] == YES


def test_a_second_form_that_is_added_tells_of_the_danger(client: FlaskClient, reference: str) -> None:
    draft = high_risk_form(client)
    answer = add(client, draft)
    assert answer.location == f"/r/{reference}"
    assert stored(reference).tier == "urgent"


def test_a_second_form_takes_no_danger_back_unless_its_own_history_says_why(client: FlaskClient) -> None:
    reference = str(practice.send(client, high_risk_form(client)).location).split("/")[2]
    answer = add(client, fill_all(client))
    assert (answer.status_code, "nothing takes it back without a reason" in answer.text) == (422, True)
    assert stored(reference).version == 1
    draft = high_risk_form(client)
    answer_again(client, draft, CLEARED, "It was another patient's screener.")
    assert add(client, draft).location == f"/r/{reference}"
    assert said(reference)[safety.PLAN] == NO
    assert stored(reference).tier == "urgent"


def test_a_referral_is_not_made_into_another_patients(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "patient", name="Fern Testerly", date_of_birth="8 14 1979", phone="907-555-0166")
    answer = press(client, draft)
    assert answer.status_code == 409
    assert "This is another patient: send a new referral." in answer.text
    assert stored(reference).version == 1
    fill_step(client, draft, "patient", name="Cedar Samplton", date_of_birth="8 14 1979")
    press(client, draft)
    assert stored(reference).answers["patient"]["date_of_birth"] == "1979-08-14"


def high_risk_form(client: FlaskClient) -> str:
    draft = begin_with(client, PLAN)
    attest(client, draft)
    for step in practice.STEPS:
        fill_step(client, draft, step)
    return draft


def add(client: FlaskClient, draft: str) -> TestResponse:
    question = str(practice.send(client, draft).location)
    assert "/same/" in question
    return fill(client, question, {"duplicate": "add"})


def said(reference: str) -> dict[str, str]:
    return safety.current(answers.read(stored(reference).answers).safety)
