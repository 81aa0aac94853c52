"""What lifts a stop is answered for what stood on the page: nothing told in another tab meanwhile is covered by it."""

import pytest
from flask.testing import FlaskClient

from portal.domain import safety
from portal.domain.safety import DANGER, INTENT, NO, YES
from tests.build import SAFE, stored
from tests.golden import PLAN as PLANS
from tests.html import page, words
from tests.web.practice import begin, contents, fill, fill_all, fill_step, open_page, send
from tests.web.test_attestation import ATTESTED, attest, begin_with

CRISIS = "Says: I want to end it."


def shown(client: FlaskClient, path: str) -> dict[str, str]:
    return contents(open_page(client, path), path if path.endswith("/safety") else None)


def test_an_attestation_answers_only_for_the_dangers_that_it_was_shown(client: FlaskClient) -> None:
    draft = begin_with(client, PLANS)
    first_tab = shown(client, f"{draft}/assessed")
    fill(client, f"{draft}/safety", {INTENT: YES})
    answer = client.post(f"{draft}/assessed", data=first_tab | ATTESTED)
    assert answer.status_code == 422
    told = words(page(answer))
    assert "The answers changed in another tab" in told
    assert "4. Had some intention of acting on the thoughts: yes" in told
    assert client.get(draft).location == f"{draft}/stopped"
    assert attest(client, draft).location == draft


def test_a_reason_takes_back_only_a_danger_that_stood_on_the_page(client: FlaskClient) -> None:
    draft = begin_with(client, PLANS)
    first_tab = shown(client, f"{draft}/safety")
    fill(client, f"{draft}/safety", {DANGER: YES})
    cleared = dict.fromkeys(PLANS, NO) | {"safety.reason": "Another patient's screener."}
    answer = client.post(f"{draft}/safety", data=first_tab | cleared)
    assert answer.status_code == 422
    assert "Another patient's screener." in words(page(answer))
    assert client.get(draft).location == f"{draft}/stopped"
    fill(client, f"{draft}/safety", cleared)
    assert client.get(draft).location.endswith("/patient")


@pytest.mark.parametrize("reason", ["", "Another patient's screener."])
def test_a_danger_that_is_told_beside_one_that_is_taken_back_is_taken_at_once(
    client: FlaskClient, reason: str
) -> None:
    draft = begin_with(client, PLANS)
    first_tab = shown(client, f"{draft}/safety")
    attest(client, draft)
    told = dict.fromkeys(PLANS, NO) | {DANGER: YES, "safety.reason": reason}
    assert client.post(f"{draft}/safety", data=first_tab | told).location == f"{draft}/stopped"
    assert "911" in client.get(f"{draft}/stopped").text


def test_no_danger_is_answered_only_for_the_words_that_stood_there(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill_step(client, draft, "reason", reason=CRISIS)
    first_tab = shown(client, f"{draft}/asked-again")
    fill_step(client, draft, "reason", reason=f"{CRISIS} Has a rope.")
    answer = client.post(f"{draft}/asked-again", data=first_tab | {DANGER: NO})
    assert (answer.status_code, "The answers changed in another tab" in answer.text) == (422, True)
    assert client.get(draft).location == f"{draft}/asked-again"
    assert client.post(f"{draft}/asked-again", data=first_tab | {DANGER: YES}).location == f"{draft}/stopped"


def test_the_same_words_of_crisis_in_another_text_are_asked_about_anew(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill_step(client, draft, "reason", reason="Never wanted to kill himself.")
    fill(client, f"{draft}/asked-again", {DANGER: NO})
    assert client.get(draft).location == f"{draft}/check"
    fill_step(client, draft, "reason", reason="Wanted to kill himself.")
    assert client.get(draft).location == f"{draft}/asked-again"


def test_words_of_crisis_count_in_the_lines_of_the_safety_questions(client: FlaskClient) -> None:
    draft = begin_with(client, {DANGER: NO, safety.NOT_ASKED: "Wants to kill himself, had to go"})
    assert client.get(draft).location == f"{draft}/asked-again"


def test_words_of_crisis_count_in_an_attestation_and_in_a_reason(client: FlaskClient) -> None:
    draft = begin_with(client, PLANS)
    attest(client, draft, responsible="His brother. Said he would end it")
    assert client.get(draft).location == f"{draft}/asked-again"
    draft = begin(client, danger="yes")
    fill(client, f"{draft}/safety", SAFE | {"safety.reason": "He would rather kill himself than wait"})
    assert client.get(draft).location == f"{draft}/asked-again"


def test_once_answered_it_is_sent(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill_step(client, draft, "reason", reason=CRISIS)
    fill(client, f"{draft}/asked-again", {DANGER: NO})
    assert stored(str(send(client, draft).location).split("/")[2]).answers["reason"] == CRISIS


def test_a_page_that_is_shown_again_for_another_reason_does_not_count_as_seen(client: FlaskClient) -> None:
    draft = begin_with(client, PLANS)
    first_tab = shown(client, f"{draft}/safety")
    fill(client, f"{draft}/safety", {DANGER: YES})
    cleared = dict.fromkeys(PLANS, NO) | {"safety.reason": "Another patient's screener."}
    again = client.post(f"{draft}/safety", data=first_tab | cleared | {"csrf_token": ""})
    assert again.status_code == 400
    client.post(f"{draft}/safety", data=contents(page(again), f"{draft}/safety") | cleared)
    assert client.get(draft).location == f"{draft}/stopped"
