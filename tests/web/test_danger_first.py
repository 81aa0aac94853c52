"""Whoever tells a danger is shown whom to call first, whatever becomes of the post, and what cannot be trusted keeps nothing."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.intake import FIELDS
from portal.domain.intake.tried import RESPONSES
from portal.domain.safety import DANGER
from portal.models import Draft, Letter, SafetyEvent
from tests.build import SAFE
from tests.html import page, words
from tests.web.practice import begin, contents, fill_all, fill_step, open_page, send

EMERGENCY = "now.medical_emergency"
CRISIS_WORDS = "The patient wants to die."
TOKENS = pytest.mark.parametrize("token", ["stale", "missing"])


def spoil(client: FlaskClient, form: dict[str, str], token: str) -> dict[str, str]:
    """Make the token of a form one of an ended session, or leave it out."""
    client.delete_cookie("session")
    return {name: value for name, value in form.items() if token == "stale" or name != "csrf_token"}


def kept() -> list[Any]:
    """Return all that a post could have written: drafts as they are sealed, stops, and mails."""
    db.session.rollback()
    drafts = sa.select(Draft.name, Draft.sealed_typed, Draft.sealed_safety, Draft.saved_at)
    counts = [
        db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in (SafetyEvent, Letter)
    ]
    return [*map(tuple, db.session.execute(drafts)), *counts]


def calls(answer: TestResponse) -> list[str]:
    main = page(answer).find(".//main")
    return [link.get("href") for link in main.iter("a") if "call" in link.get("class", "").split()]


@TOKENS
def test_a_danger_at_the_gate_is_answered_whatever_the_token_is(client: FlaskClient, token: str) -> None:
    form = contents(open_page(client, "/refer"), "/refer") | SAFE | {DANGER: "yes"}
    before = kept()
    twice = spoil(client, form, token) | {DANGER: ["no", "yes"]}
    answer = client.post("/refer", data=twice)
    assert (answer.status_code, calls(answer)[0]) == (400, "tel:911")
    assert page(answer).find(".//*[@role='alert']/h1").get("autofocus") is not None
    assert kept() == before
    again = client.post("/refer", data=contents(page(answer)))
    assert str(again.location).startswith("/refer/")
    assert client.get(str(again.location)).location.endswith("/stopped")


@TOKENS
@pytest.mark.parametrize(
    ("step", "told"),
    [("checklist", {EMERGENCY: "yes"}), ("safety", {DANGER: "yes"}), ("asked-again", {DANGER: "yes"})],
)
def test_a_danger_on_a_later_page_is_answered_and_what_was_typed_can_be_kept(
    client: FlaskClient, step: str, told: dict[str, str], token: str
) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill_step(client, draft, "reason", reason=CRISIS_WORDS)
    path = f"{draft}/{step}"
    own = path if step == "safety" else None
    typed = {"medicines.0.name": "Lithium"} if step == "checklist" else {}
    form = contents(open_page(client, path), own) | typed | told
    before = kept()
    answer = client.post(path, data=spoil(client, form, token))
    assert answer.status_code == 400
    assert {"tel:911", "tel:988"} <= set(calls(answer))
    assert "was not kept, and no clinic was told of it" in words(page(answer))
    assert kept() == before
    client.post(path, data=contents(page(answer)))
    assert client.get(draft).location == f"{draft}/stopped"
    db.session.rollback()
    assert db.session.scalars(sa.select(SafetyEvent)).one().who
    assert typed.items() <= db.session.scalars(sa.select(Draft)).one().typed.items()


@TOKENS
def test_without_a_danger_the_form_is_shown_again_as_it_was_typed(client: FlaskClient, token: str) -> None:
    form = contents(open_page(client, "/refer"), "/refer") | SAFE
    answer = client.post("/refer", data=spoil(client, form, token))
    assert answer.status_code == 400
    assert calls(answer) == []
    assert SAFE.items() <= contents(page(answer), "/refer").items()


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_is_refused_as_ever(client: FlaskClient, header: dict[str, str]) -> None:
    before = kept()
    answer = client.post("/refer", data={DANGER: "yes"}, headers=header)
    assert answer.status_code == 403
    assert "That came from another site" in words(page(answer))
    assert calls(answer) == []
    assert kept() == before


def test_a_form_that_is_gone_or_sent_still_answers_a_danger(client: FlaskClient) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/checklist")) | {EMERGENCY: "yes"}
    stranger = client.application.test_client().post(f"{draft}/checklist", data=form)
    send(client, draft)
    before = kept()
    for answer in (stranger, client.post(f"{draft}/checklist", data=form)):
        assert (answer.status_code, calls(answer)[0]) == (400, "tel:911")
        assert FIELDS[EMERGENCY].label in words(page(answer).find(".//main"))
    assert kept() == before


def test_what_was_typed_in_rows_stands_there_to_be_copied_too(client: FlaskClient) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/tried")) | {
        "trials.0.name": "Sertraline",
        "trials.0.response": "none",
    }
    stranger = client.application.test_client()
    said = words(page(stranger.post(f"{draft}/tried", data=form)).find(".//main"))
    assert "Treatment 1, name Sertraline" in said
    assert f"Treatment 1, response {RESPONSES['none']}" in said


@TOKENS
def test_a_stopped_form_leads_to_its_own_crisis_page(client: FlaskClient, token: str) -> None:
    draft = begin(client)
    form = contents(open_page(client, f"{draft}/checklist")) | {EMERGENCY: "yes"}
    client.post(f"{draft}/checklist", data=form)
    answer = client.post(f"{draft}/checklist", data=spoil(client, form, token))
    assert (answer.status_code, answer.location) == (303, f"{draft}/stopped")


def test_what_the_script_saves_is_refused_without_a_page(client: FlaskClient) -> None:
    draft = begin(client)
    form = contents(open_page(client, f"{draft}/checklist")) | {EMERGENCY: "yes"}
    answer = client.post(f"{draft}/checklist/typed", data=spoil(client, form, "stale"))
    assert (answer.status_code, answer.json) == (400, {"saved": None})
