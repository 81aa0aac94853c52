"""Every answer tells the browser to run our script alone, to ask nobody else, and to keep nothing private."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import build
from tests.cast import Cast
from tests.doors.conftest import PortalWith
from tests.html import page
from tests.web import practice

# None of these doors asks a table.
pytestmark = pytest.mark.one_database("sqlite")

HTTPS = "https://referrals.example"
ANSWERS = ("/", "/clinics?near=Bethel", "/staff/sign-in", "/nowhere", "/api/v1/clinics", "/api/v1/nowhere")


def policy(answer: TestResponse) -> dict[str, str]:
    """The answer's content security policy, by directive."""
    stated = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (directive.partition(" ") for directive in stated)}


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_forbids_what_it_does_not_need(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    stated = policy(answer)
    assert stated["default-src"] == "'none'"
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert stated[name] == "'none'"
    assert stated["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "http" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_one_script_of_a_page_carries_the_nonce_of_its_answer(client: FlaskClient) -> None:
    answers = [client.get("/"), client.get("/")]
    nonces = []
    for answer in answers:
        scripts = page(answer).findall(".//script")
        nonces.append({script.get("nonce") for script in scripts}.pop())
        assert policy(answer)["script-src"] == f"'nonce-{nonces[-1]}' 'strict-dynamic'"
    assert nonces[0] != nonces[1]
    assert all(len(nonce) >= 22 for nonce in nonces), "128 bits and more"


@pytest.mark.parametrize("path", ["/", "/clinics", "/about"])
def test_a_public_page_may_be_kept_by_somebody_without_a_session(client: FlaskClient, path: str) -> None:
    assert "no-store" not in client.get(path).headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/", "/clinics", "/about", "/staff/queue", "/staff/outbox"])
def test_nothing_is_kept_of_what_a_member_sees(cast: Cast, path: str) -> None:
    answer = cast.browser("dahlia").get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_nothing_is_kept_by_a_browser_that_opened_a_referral(client: FlaskClient) -> None:
    receipt = build.send()
    for path in (f"/s/{receipt.status_key}", f"/r/{receipt.reference}", "/", "/about"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_no_page_of_a_form_is_kept(client: FlaskClient) -> None:
    draft = practice.begin(client)
    for path in ("/refer", "/status", "/staff/sign-in", draft, f"{draft}/patient"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/clinics/nowhere"])
def test_no_error_is_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_every_answer_says_what_it_is_and_text_how_it_is_written(client: FlaskClient) -> None:
    (style, *_) = re.findall(r'"(/assets/[^"]+\.css)"', client.get("/").text)
    kinds = {
        "/": "text/html; charset=utf-8",
        "/nowhere": "text/html; charset=utf-8",
        style: 'text/css; charset="utf-8"',
        "/api/v1/clinics": "application/geo+json",
        "/api/v1/nowhere": "application/problem+json",
        "/api/v1/openapi.json": "application/json",
    }
    for path, kind in kinds.items():
        with client.get(path) as answer:
            assert answer.headers["Content-Type"] == kind, path


def test_the_answer_to_a_system_is_not_kept(client: FlaskClient) -> None:
    assert client.post("/api/v1/referrals").headers["Cache-Control"] == "no-store"


def test_files_are_kept_for_ever_and_shown_by_no_other_site(client: FlaskClient) -> None:
    names = re.findall(r'"(/assets/[^"]+)"', client.get("/").text)
    assert len(names) >= 4
    for name in names:
        answer = client.get(name)
        answer.close()
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_on_https_every_cookie_is_bound_to_this_host_alone(portal_with: PortalWith) -> None:
    browser = portal_with(public_url=HTTPS).test_client()
    form = page(browser.get("/refer", base_url=HTTPS)).find(".//form[@method='post']")
    fields = {field.get("name"): field.get("value", "") for field in form.iter("input")}
    fields |= build.SAFE
    answer = browser.post("/refer", data=fields, base_url=HTTPS)
    assert answer.status_code == 303
    cookies = [*answer.headers.getlist("Set-Cookie"), *_cookies(browser)]
    assert len(cookies) >= 2, "the session's and the draft's"
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


def _cookies(browser: FlaskClient) -> list[str]:
    return browser.get("/status", base_url=HTTPS).headers.getlist("Set-Cookie")


def test_https_is_kept_to_for_a_year_and_http_promises_nothing(app: Flask, portal_with: PortalWith) -> None:
    browser = portal_with(public_url=HTTPS).test_client()
    (file, *_) = re.findall(r'"(/assets/[^"]+)"', browser.get("/", base_url=HTTPS).text)
    for path in ("/", file, "/nowhere", "/api/v1/clinics"):
        with browser.get(path, base_url=HTTPS) as answer:
            told = answer.headers["Strict-Transport-Security"]
            assert told == "max-age=31536000; includeSubDomains", path
        with app.test_client().get(path) as answer:
            assert "Strict-Transport-Security" not in answer.headers, path
