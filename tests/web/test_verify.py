"""Ten minutes after a member showed who they are, what is sensitive asks again, and goes on where they were."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.cli.seed import DEMO_PASSWORD
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import find_form, hidden, open_page, press
from tests.web.device import NEW, Device, ask, register
from tests.web.test_sessions import TIMES, is_in, let_pass, rows

VERIFY = "/staff/verify"
SIGNED_IN, _SEEN, PROVED = TIMES
TEN_MINUTES = timedelta(minutes=10, seconds=1)


@pytest.fixture
def fern(cast: Cast) -> FlaskClient:
    """Fern, who showed a while ago that it is her."""
    browser = cast.browser("fern")
    let_pass(TEN_MINUTES, PROVED)
    return browser


def test_the_password_leads_on_to_the_page_that_was_asked_for(fern: FlaskClient) -> None:
    sent_on = fern.get(NEW)
    assert sent_on.headers["Location"] == f"{VERIFY}?next={NEW}"
    answer = press(fern, sent_on.headers["Location"], VERIFY, password=DEMO_PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, NEW)
    assert fern.get(NEW).status_code == 200


def test_a_passkey_does_as_well(cast: Cast) -> None:
    fern, device = cast.browser("fern"), Device()
    register(fern, device)
    let_pass(TEN_MINUTES, PROVED)
    form = find_form(open_page(fern, f"{VERIFY}?next={NEW}"), VERIFY)
    asked = fern.post("/staff/passkey/ask", data=hidden(form)).get_json()
    assert len(asked["allowCredentials"]) == 1
    answer = fern.post(VERIFY, data=hidden(form) | {"credential": device.sign(asked)})
    assert answer.headers["Location"] == NEW
    assert fern.get(NEW).status_code == 200


def test_another_members_passkey_shows_nothing(cast: Cast) -> None:
    fern, dahlias = cast.browser("fern"), Device()
    register(cast.browser("dahlia"), dahlias)
    register(fern, Device())
    let_pass(TEN_MINUTES, PROVED)
    form = find_form(open_page(fern, VERIFY), VERIFY)
    asked = fern.post("/staff/passkey/ask", data=hidden(form)).get_json()
    answer = fern.post(VERIFY, data=hidden(form) | {"credential": dahlias.sign(asked)})
    assert answer.status_code == 422
    assert fern.get(NEW).status_code == 302


@pytest.mark.parametrize("password", ["", "not her password", f"{DEMO_PASSWORD}x"])
def test_a_wrong_password_shows_nothing_and_signs_nobody_out(fern: FlaskClient, password: str) -> None:
    answer = press(fern, VERIFY, VERIFY, password=password)
    assert answer.status_code == 422
    assert "That is not your password." in words(page(answer))
    assert fern.get(NEW).status_code == 302
    assert is_in(fern)


def test_guessing_has_to_wait(fern: FlaskClient) -> None:
    statuses = [press(fern, VERIFY, VERIFY, password=f"guess {number}").status_code for number in range(6)]
    assert statuses[:5] == [422] * 5
    assert statuses[5] == 429
    # The right one too: nobody learns which it was.
    assert press(fern, VERIFY, VERIFY, password=DEMO_PASSWORD).status_code == 429


@pytest.mark.parametrize("way", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_it_leads_nowhere_else(fern: FlaskClient, way: str) -> None:
    answer = press(fern, f"{VERIFY}?next={way}", VERIFY, password=DEMO_PASSWORD)
    assert answer.headers["Location"] == "/staff/account"


def test_a_button_without_a_page_of_its_own_leads_back_to_the_account(fern: FlaskClient) -> None:
    form = find_form(open_page(fern, "/staff/account"), "/staff/sessions/end")
    answer = fern.post("/staff/sessions/end", data=hidden(form) | {"which": "all"})
    assert answer.headers["Location"] == f"{VERIFY}?next=/staff/account"
    assert is_in(fern)


def test_being_busy_is_no_proof(cast: Cast) -> None:
    fern = cast.browser("fern")
    let_pass(TEN_MINUTES)
    assert is_in(fern)
    assert fern.get(NEW).status_code == 302


def test_proof_is_not_shared_with_another_browser_of_the_same_member(cast: Cast) -> None:
    here, there = cast.browser("fern"), cast.browser("fern")
    let_pass(TEN_MINUTES, PROVED)
    press(here, VERIFY, VERIFY, password=DEMO_PASSWORD)
    assert here.get(NEW).status_code == 200
    assert there.get(NEW).status_code == 302


def test_proof_does_not_make_twelve_hours_longer(cast: Cast) -> None:
    fern = cast.browser("fern")
    let_pass(timedelta(hours=11), SIGNED_IN)
    press(fern, VERIFY, VERIFY, password=DEMO_PASSWORD)
    let_pass(timedelta(hours=1, seconds=1), SIGNED_IN)
    assert not is_in(fern)


def test_secrets_are_not_kept_for_later(app: Flask, fern: FlaskClient) -> None:
    path = "/staff/account/authenticator"
    token = hidden(find_form(open_page(fern, VERIFY), VERIFY))["csrf_token"]
    assert fern.post(path, data={"csrf_token": token, "code": "123456"}).status_code == 302
    assert all(row.sealed_kept is None for row in rows())


def test_a_stale_page_asks_again_with_words(cast: Cast) -> None:
    answer = cast.browser("fern").post(VERIFY, data={"password": DEMO_PASSWORD, "csrf_token": "old"})
    assert answer.status_code == 400
    assert "open too long" in words(page(answer))


def test_what_makes_a_passkey_asks_first(fern: FlaskClient, cast: Cast) -> None:
    fresh = cast.browser("fern")
    fields, _ = ask(fresh, NEW, name="Key ring")
    let_pass(TEN_MINUTES, PROVED)
    assert fresh.post(f"{NEW}/ask", data=fields).status_code == 302
    assert fresh.post(NEW, data=fields).status_code == 302
