"""Members give their password at a form that tells nothing about members, and leads nowhere else."""

from urllib.parse import urljoin

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.cli.seed import DEMO_PASSWORD
from portal.db import write
from portal.models import Member
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import field_value, find_form, open_page, press
from tests.web.sign_in.walk import CODE, SIGN_IN, code_of, fill, member

# What the sign-in stores is shown on both by the tests of the actions; this is about its pages.
pytestmark = pytest.mark.one_database("sqlite")


def sign_in(
    browser: FlaskClient, *, email: str = "fern@example.com", password: str = DEMO_PASSWORD, at: str = ""
) -> TestResponse:
    form = find_form(open_page(browser, f"{SIGN_IN}{at}"), SIGN_IN)
    fields = {field.get("name"): field.get("value", "") for field in form.findall(".//input")}
    return browser.post(SIGN_IN, data=fields | {"email": email, "password": password})


def give_code(browser: FlaskClient) -> TestResponse:
    return fill(browser, CODE, code=code_of(member("fern")))


def dismiss(email: str) -> None:
    with write() as session:
        session.execute(sa.update(Member).where(Member.email == email).values(active=False))


def test_a_stranger_at_a_members_door_signs_in_and_goes_on_there(client: FlaskClient) -> None:
    sent_on = client.get("/staff/outbox")
    assert sent_on.status_code == 302
    answer = sign_in(client, at="?" + sent_on.headers["Location"].split("?")[1])
    assert answer.headers["Location"] == CODE
    assert give_code(client).headers["Location"] == "/staff/outbox"
    assert client.get("/staff/outbox").status_code == 200


def test_the_door_leads_to_the_queue(cast: Cast) -> None:
    assert cast.browser("fern").get("/staff").headers["Location"] == "/staff/queue"


def test_who_reads_no_referral_is_led_to_the_outbox(cast: Cast) -> None:
    assert cast.browser("ember").get("/staff").headers["Location"] == "/staff/outbox"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("fern@example.com", "not her password"),
        ("nobody@example.com", DEMO_PASSWORD),
        ("no address", DEMO_PASSWORD),
        ("fern@example.com\x00", DEMO_PASSWORD),
        ("fern@example.com", ""),
        ("f" * 10_000, "x" * 10_000),
    ],
)
def test_whatever_is_wrong_the_sentence_is_the_same_and_the_email_stays(
    client: FlaskClient, email: str, password: str
) -> None:
    answer = sign_in(client, email=email, password=password)
    tree = page(answer)
    assert answer.status_code == 422
    assert "That email and password do not match." in words(tree)
    assert field_value(tree, "email").rstrip("\ufffd") == email.rstrip("\x00")
    assert field_value(tree, "password") == ""
    assert client.get("/staff/queue").status_code == 302


def test_a_member_who_left_does_not_sign_in(client: FlaskClient) -> None:
    dismiss("fern@example.com")
    assert "do not match" in words(page(sign_in(client)))


def test_a_member_who_leaves_is_out_at_the_next_page(cast: Cast) -> None:
    fern = cast.browser("fern")
    assert fern.get("/staff/queue").status_code == 200
    dismiss("fern@example.com")
    assert fern.get("/staff/queue").status_code == 302


@pytest.mark.parametrize(
    "way",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, way: str) -> None:
    sign_in(client, at=f"?next={way}")
    answer = give_code(client)
    assert answer.status_code == 303
    landed = urljoin("http://localhost/staff/sign-in", answer.headers["Location"])
    assert landed.startswith("http://localhost/")
    assert not set(landed) & {"\\", "@"}


def test_a_page_left_open_too_long_keeps_the_email_and_signs_nobody_in(client: FlaskClient) -> None:
    answer = client.post(
        SIGN_IN, data={"email": "fern@example.com", "password": DEMO_PASSWORD, "csrf_token": "old"}
    )
    tree = page(answer)
    assert "open too long" in words(tree)
    assert field_value(tree, "email") == "fern@example.com"
    assert client.get("/staff/queue").status_code == 302


def test_nobody_stays_signed_in_on_a_shared_computer(client: FlaskClient) -> None:
    form = find_form(open_page(client, SIGN_IN), SIGN_IN)
    assert "remember" not in {field.get("name") for field in form.findall(".//input")}
    token = next(
        field.get("value") for field in form.findall(".//input") if field.get("name") == "csrf_token"
    )
    answer = client.post(
        SIGN_IN,
        data={"email": "fern@example.com", "password": DEMO_PASSWORD, "csrf_token": token, "remember": "y"},
    )
    assert answer.status_code == 303
    assert "remember_token" not in str(answer.headers)
    assert "remember_token" not in str(give_code(client).headers)


def test_signing_out_is_a_press_and_not_a_link(cast: Cast) -> None:
    fern = cast.browser("fern")
    assert fern.get("/staff/sign-out").status_code == 405
    assert fern.post("/staff/sign-out").status_code == 400
    assert fern.get("/staff/queue").status_code == 200
    assert press(fern, "/staff/queue", "/staff/sign-out").headers["Location"] == "/"
    assert fern.get("/staff/queue").status_code == 302


@pytest.mark.parametrize(
    "body", [f'{{"email": "fern@example.com", "password": "{DEMO_PASSWORD}"}}', "[1, 2]", '"x"', "{"]
)
def test_json_signs_nobody_in(client: FlaskClient, body: str) -> None:
    answer = client.post(f"{SIGN_IN}?include_auth_token", data=body, content_type="application/json")
    assert answer.status_code == 415
    assert client.get("/staff/queue").status_code == 302


def test_whoever_asks_for_json_gets_the_page(app: Flask, client: FlaskClient) -> None:
    json = {"Accept": "application/json"}
    assert client.get(SIGN_IN, headers=json).mimetype == "text/html"
    form = find_form(open_page(client, SIGN_IN), SIGN_IN)
    fields = {field.get("name"): field.get("value", "") for field in form.findall(".//input")}
    typed = fields | {"email": "fern@example.com", "password": DEMO_PASSWORD}
    answer = client.post(f"{SIGN_IN}?include_auth_token", data=typed, headers=json)
    assert (answer.status_code, answer.headers["Location"]) == (303, CODE)
    assert answer.mimetype == "text/html"
