"""A member's own page, and changing the password there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.cli.seed import DEMO_PASSWORD
from tests.cast import NAMES, Cast
from tests.html import page, words
from tests.web.desk import field_value, open_page
from tests.web.sign_in.walk import fill, give_password, last_letter

# What the sign-in stores is shown on both by the tests of the actions; this is about its pages.
pytestmark = pytest.mark.one_database("sqlite")

CHANGE = "/staff/account/password"
NEW = "a heron walks on thin ice"


def change(browser: FlaskClient, **typed: str) -> int:
    return fill(
        browser, CHANGE, **({"old": DEMO_PASSWORD, "password": NEW, "again": NEW} | typed)
    ).status_code


@pytest.mark.parametrize("name", NAMES)
def test_everybody_has_an_account_page(cast: Cast, name: str) -> None:
    said = words(open_page(cast.browser(name), "/staff/account"))
    for part in ("Password", "Authenticator app", "Recovery codes You have none", "Passkeys", "signed in"):
        assert part in said


def test_a_changed_password_is_the_only_one_and_its_member_hears_of_it(app: Flask, cast: Cast) -> None:
    fern = cast.browser("fern")
    assert change(fern) == 303
    assert "Your password is changed" in words(open_page(fern, "/staff/account"))
    assert last_letter().startswith("Your password was changed")
    stranger = app.test_client()
    assert give_password(stranger).status_code == 422
    assert give_password(stranger, password=NEW).status_code == 303


def test_a_changed_password_ends_every_other_session(cast: Cast) -> None:
    fern, elsewhere = cast.browser("fern"), cast.browser("fern")
    change(fern)
    assert fern.get("/staff/queue").status_code == 200
    assert elsewhere.get("/staff/queue").status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "not hers"}, "not your present password"),
        ({"old": ""}, "not your present password"),
        ({"again": "something else"}, "differ"),
        ({"password": DEMO_PASSWORD, "again": DEMO_PASSWORD}, "other than the one you have now"),
        ({"password": "fern specimen", "again": "fern specimen"}, "easy to guess"),
    ],
)
def test_what_does_not_change_it_says_why_and_shows_no_password(
    app: Flask, cast: Cast, typed: dict[str, str], said: str
) -> None:
    fern = cast.browser("fern")
    whole = {"old": DEMO_PASSWORD, "password": NEW, "again": NEW} | typed
    answer = fill(fern, CHANGE, **whole)
    tree = page(answer)
    assert answer.status_code == 422
    assert said in words(tree)
    assert [field_value(tree, name) for name in ("old", "password", "again")] == ["", "", ""]
    assert give_password(app.test_client()).status_code == 303


def test_the_present_password_cannot_be_guessed_there(cast: Cast) -> None:
    fern = cast.browser("fern")
    assert [change(fern, old=f"guess {number}") for number in range(6)] == [422] * 5 + [429]
    assert change(fern) == 429


def test_password_managers_and_phones_are_told_what_each_field_is(client: FlaskClient, cast: Cast) -> None:
    def tokens(browser: FlaskClient, path: str) -> list[str | None]:
        fields = [field for field in open_page(browser, path).iter("input") if field.get("autocomplete")]
        return [field.get("autocomplete") for field in fields]

    assert tokens(client, "/staff/sign-in") == ["username", "current-password"]
    assert tokens(client, "/staff/new-password") == ["username"]
    fern = cast.browser("fern")
    assert tokens(fern, CHANGE) == ["username", "current-password", "new-password", "new-password"]
    give_password(client)
    assert tokens(client, "/staff/second-step") == ["one-time-code"]
