"""What another site makes is refused before it is read; links from other sites open pages, and no more."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.doors import entry
from portal.doors.entry import Entry
from tests.build import SAFE, TYPED, send
from tests.cast import Cast
from tests.doors.conftest import PortalWith
from tests.house.test_routes import paths
from tests.html import page, words
from tests.web import practice
from tests.web.desk import field_value, open_page

# None of these doors asks a table.
pytestmark = pytest.mark.one_database("sqlite")

HTTPS = "https://referrals.example"
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
)


@pytest.mark.parametrize("said", FOREIGN)
def test_another_site_posts_to_no_form(app: Flask, cast: Cast, said: dict[str, str]) -> None:
    dahlia, reference = cast.browser("dahlia"), send().reference
    tried = 0
    for rule, path in paths(app, "POST", reference):
        if entry.entry_of(app, rule.endpoint) is not Entry.API_KEY:
            answer = dahlia.post(path, headers=said, data={"words": "x"})
            assert answer.status_code == 403, path
            assert "That came from another site" in words(page(answer))
            tried += 1
    assert tried > 10


@pytest.mark.parametrize(
    "said", [{}, OURS, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}]
)
def test_our_own_forms_and_quiet_browsers_come_to_the_token(
    client: FlaskClient, said: dict[str, str]
) -> None:
    typed = practice.contents(practice.open_page(client, "/refer"), "/refer")
    typed |= SAFE
    assert client.post("/refer", data=typed, headers=said).status_code == 303
    assert client.post("/refer", data=typed | {"csrf_token": "x"}, headers=said).status_code == 400


def test_the_public_address_alone_is_ours_behind_a_proxy(portal_with: PortalWith) -> None:
    browser = portal_with(public_url=HTTPS).test_client()
    for origin, status in ((HTTPS, 400), ("http://referrals.example", 403), (f"{HTTPS}:8443", 403)):
        answer = browser.post("/refer", base_url=HTTPS, headers={"Origin": origin})
        assert answer.status_code == status, origin


def test_a_system_with_a_bearer_key_needs_no_origin(client: FlaskClient) -> None:
    answer = client.post("/api/v1/referrals", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 401


def test_no_page_is_shown_inside_another(app: Flask, cast: Cast) -> None:
    dahlia, reference = cast.browser("dahlia"), send().reference
    for said in ("iframe", "frame", "embed", "object"):
        headers = {"Sec-Fetch-Dest": said, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
        for path in ("/staff/queue", f"/staff/referrals/{reference}", "/refer"):
            assert dahlia.get(path, headers=headers).status_code == 403, (said, path)


def test_another_site_reads_no_page_in_passing(cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    for mode in ("no-cors", "cors", "websocket"):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": "image"}
        assert dahlia.get("/staff/queue", headers=headers).status_code == 403, mode


def test_a_link_from_a_mail_or_another_site_opens_its_page(client: FlaskClient) -> None:
    receipt = send()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get(f"/s/{receipt.status_key}", headers=headers).status_code == 303
    assert client.get("/clinics?near=Bethel", headers=headers).status_code == 200


def test_what_was_typed_in_our_own_form_is_shown_to_be_copied(cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    token = field_value(open_page(dahlia, "/staff/queue"), "csrf_token")
    typed = {"words": "A long and careful answer.", "csrf_token": token}
    wrong_name = {"Origin": "https://old-name.example"}
    answer = dahlia.post(f"/staff/referrals/{send().reference}/ask", data=typed, headers=wrong_name)
    assert answer.status_code == 403
    assert "A long and careful answer." in words(page(answer))


def test_the_words_of_another_site_are_not_shown_under_our_name(client: FlaskClient) -> None:
    client.get("/refer")
    typed = TYPED | {"reason": "Call 907-555-0199 at once.", "csrf_token": "x"}
    answer = client.post("/refer", data=typed, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "0199" not in answer.text


def test_a_refusal_is_logged_once_and_without_what_it_brought(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.post(
            "/status?next=secret",
            data={"link": "https://x/s/secret"},
            headers={"Origin": "https://secret.example"},
        )
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "made by another site" in caplog.text
    assert "secret" not in caplog.text
