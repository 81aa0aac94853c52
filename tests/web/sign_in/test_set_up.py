"""Whoever has no second factor sets one up after the password, and sees nothing else before."""

from base64 import b64decode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import write
from portal.models import Member
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import open_page
from tests.web.sign_in.walk import (
    CODE,
    SET_UP,
    SIGN_IN,
    code_from,
    code_of,
    fill,
    give_password,
    key_on,
    last_letter,
    member,
)

# What the sign-in stores is shown on both by the tests of the actions; this is about its pages.
pytestmark = pytest.mark.one_database("sqlite")

ANOTHER = "/staff/account/authenticator"


@pytest.fixture
def newcomer(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser in which Fern, who has no second factor, gave her password."""
    with write() as session:
        session.execute(sa.update(Member).values(sealed_totp=None, tf_primary_method=None))
    assert give_password(client).headers["Location"] == SET_UP
    return client


def test_a_newcomer_sees_nothing_before_it_is_set_up(newcomer: FlaskClient) -> None:
    for path in ("/staff", "/staff/queue", "/staff/account", ANOTHER, "/staff/passkeys/new"):
        assert newcomer.get(path).status_code == 302, path
    assert newcomer.get(CODE).headers["Location"] == SET_UP


def test_a_code_of_the_new_app_signs_in_and_leads_to_recovery_codes(
    newcomer: FlaskClient, app: Flask
) -> None:
    key = key_on(open_page(newcomer, SET_UP))
    answer = fill(newcomer, SET_UP, code=code_from(key))
    assert answer.headers["Location"] == "/staff/account/recovery-codes"
    assert newcomer.get("/staff/queue").status_code == 200
    other = app.test_client()
    assert give_password(other).headers["Location"] == CODE
    assert fill(other, CODE, code=code_from(key)).status_code == 422
    assert fill(other, CODE, code=code_from(key, ahead=1)).status_code == 303


def test_a_mistyped_code_keeps_the_picture(newcomer: FlaskClient) -> None:
    key = key_on(open_page(newcomer, SET_UP))
    answer = fill(newcomer, SET_UP, code="000000")
    assert answer.status_code == 422
    assert key_on(page(answer)) == key
    assert fill(newcomer, SET_UP, code=code_from(key)).status_code == 303


def test_the_picture_comes_within_the_page_and_says_what_the_key_says(newcomer: FlaskClient) -> None:
    (picture,) = [
        image for image in open_page(newcomer, SET_UP).iter("img") if "qr" in image.get("class", "")
    ]
    kind, _, drawn = picture.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b"<svg" in b64decode(drawn)


def test_the_secret_is_not_readable_in_the_cookie(newcomer: FlaskClient) -> None:
    key = key_on(open_page(newcomer, SET_UP)).replace("-", "")
    with newcomer.session_transaction() as session:
        held = str(dict(session))
    assert key not in held
    assert key.encode() not in b64decode(f"{held}==", altchars=b"-_", validate=False)


def test_a_cookie_from_before_does_not_replace_what_was_set_up_since(
    newcomer: FlaskClient, app: Flask
) -> None:
    thief = app.test_client()
    give_password(thief)
    stolen = key_on(open_page(thief, SET_UP))
    own = key_on(open_page(newcomer, SET_UP))
    form = {"code": code_from(stolen), "csrf_token": token(thief)}
    fill(newcomer, SET_UP, code=code_from(own))
    assert thief.post(SET_UP, data=form).headers["Location"] == CODE
    assert thief.get("/staff/queue").status_code == 302
    assert code_of(member("fern"), ahead=1) == code_from(own, ahead=1)


def token(browser: FlaskClient) -> str:
    fields = open_page(browser, SET_UP).iter("input")
    return next(str(field.get("value")) for field in fields if field.get("name") == "csrf_token")


def test_another_app_takes_the_place_of_the_first_and_its_member_hears_of_it(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    fern = cast.browser("fern")
    old = code_of(member("fern"), ahead=1)
    key = key_on(open_page(fern, ANOTHER))
    assert fill(fern, ANOTHER, code=code_from(key)).headers["Location"] == "/staff/account"
    assert "is set up" in words(open_page(fern, "/staff/account"))
    give_password(client)
    assert fill(client, CODE, code=old).status_code == 422
    assert fill(client, CODE, code=code_from(key, ahead=1)).status_code == 303
    assert last_letter().startswith("An authenticator app was set up")


def test_nobody_sets_one_up_without_having_signed_in(client: FlaskClient) -> None:
    assert client.get(ANOTHER).headers["Location"].startswith(SIGN_IN)
