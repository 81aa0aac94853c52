"""A short request costs little, however it is written; what no page of ours sends is refused and logged once."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.actions import api_keys
from portal.api.bodies import WRONG_MOST
from portal.db import db
from portal.domain.intake import REQUIRED
from portal.domain.safety import SCREENER
from portal.doors.asking import operator
from portal.doors.bounds import FIELDS_MOST, HEAD_MOST_CHARS, QUERY_MOST_BYTES
from tests.build import NOW
from tests.cast import Cast
from tests.html import page

# The stricter one: it refuses characters and numbers that SQLite takes.
pytestmark = pytest.mark.one_database("postgresql")

FORM = "application/x-www-form-urlencoded"
ODD_PATHS = (
    "/clinics/%00", "/clinics/%0d%0aSet-Cookie:x=1", "/clinics/%ff%fe", "/clinics/%2e%2e%2f%2e%2e%2fetc",
    "/../../etc/passwd", "/./clinics/..", "/clinics/..;/staff", "/%2e%2e/%2e%2e/wsgi.py", "/s/%c0%ae%c0%ae",
    f"/s/{'k' * 5000}", f"/r/{'%20' * 2000}", "/refer/%00/patient", "/staff/referrals/%0a", "/%", "/%zz", "/\\",
    "/clinics/\N{PILE OF POO}", "/clinics/a%E2%80%8Bb", "/*",
)  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_paths_are_pages_that_are_not_there(client: FlaskClient, cast: Cast, path: str) -> None:
    for browser in (client, cast.browser("dahlia")):
        for method in ("GET", "POST"):
            answer = browser.open(path, method=method)
            assert answer.status_code in {302, 400, 404, 405}, (method, path)
            assert "Set-Cookie: x" not in str(answer.headers)


@pytest.fixture
def plain(app: Flask) -> FlaskClient:
    """A client that sends the cookies it is told to."""
    return app.test_client(use_cookies=False)


def test_headers_that_are_too_long_are_refused(plain: FlaskClient) -> None:
    for name in ("X-Padding", "Referer", "User-Agent", "Cookie", "Authorization"):
        answer = plain.get("/", headers={name: "x" * HEAD_MOST_CHARS})
        assert answer.status_code == 431, name
        page(answer)


def test_many_cookies_cost_no_question_each(plain: FlaskClient) -> None:
    cookies = "; ".join(f"draft-x{number}=x" for number in range(1000))
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert plain.get("/refer", headers={"Cookie": cookies}).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert 0 < len(asked) < 100


def test_a_browser_with_forty_half_finished_forms_is_welcome(plain: FlaskClient) -> None:
    cookies = "; ".join(f"__Host-draft-{number:016}={'k' * 43}" for number in range(40))
    assert plain.get("/refer", headers={"Cookie": cookies}).status_code == 200


def test_an_address_that_is_too_long_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"/clinics?near={'x' * QUERY_MOST_BYTES}")
    assert answer.status_code == 414
    page(answer)


def test_more_fields_than_any_form_has_are_refused(app: Flask, client: FlaskClient) -> None:
    many = "&".join(f"a{number}=" for number in range(FIELDS_MOST + 1))
    parts = {f"a{number}": "x" for number in range(FIELDS_MOST + 1)}
    answer = client.get(f"/clinics?{many}")
    assert (answer.status_code, "No page of this site has so many fields" in answer.text) == (413, True)
    assert client.post("/refer", data=many, content_type=FORM).status_code == 413
    assert client.post("/refer", data=parts, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize("name", ["email", "password", "words", "csrf_token"])
@pytest.mark.parametrize("path", ["/staff/sign-in", "/refer", "/status"])
def test_a_field_of_heaped_accents_is_not_given_to_anybody_to_compose(
    client: FlaskClient, path: str, name: str
) -> None:
    heap = "\u0315\u0300" * 30_000
    answer = client.post(path, data=f"{name}=a{heap}".encode(), content_type=FORM)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_a_refusal_is_logged_once_by_its_kind(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/", headers={"X-Padding": "secret" * HEAD_MOST_CHARS})
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "headers that are too long" in caplog.text
    assert "secret" not in caplog.text


@pytest.fixture
def headers(app: Flask) -> dict[str, str]:
    key = api_keys.create("Example practice system", actor=operator("shell"), now=NOW)
    return {"Authorization": f"Bearer {key}", "Idempotency-Key": "k", "Content-Type": "application/json"}


def test_a_body_of_a_thousand_wrong_names_is_told_of_some(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    body = json.dumps({f"name{number}": "x" for number in range(1000)})
    answer = client.post("/api/v1/referrals", data=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json is not None
    # Those, and beside them the answers that every referral needs.
    assert len(answer.json["errors"]) <= WRONG_MOST + len(REQUIRED) + len(SCREENER)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"patient":[', '{"patient":{"name":'])
def test_a_body_that_is_nested_deeply_is_refused(
    client: FlaskClient, headers: dict[str, str], opening: str
) -> None:
    body = opening * (200_000 // len(opening))
    answer = client.post("/api/v1/referrals", data=body, headers=headers)
    assert answer.status_code == 400
