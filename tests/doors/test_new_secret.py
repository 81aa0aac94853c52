"""A new SECRET_KEY ends the sessions, and locks nobody out."""

from flask import Flask

from portal import vault
from tests.cast import Cast
from tests.doors.conftest import PortalWith
from tests.web.sign_in import walk


def test_a_new_secret_ends_sessions_and_keeps_passwords_and_apps(
    app: Flask, cast: Cast, portal_with: PortalWith
) -> None:
    cookie = cast.browser("fern").get_cookie("session")
    assert cookie is not None
    other = portal_with(secret_key=vault.new_key()).test_client()
    other.set_cookie("session", cookie.value)
    assert other.get("/staff/queue").status_code == 302
    assert walk.sign_in(other).headers["Location"] == "/staff"
    assert other.get("/staff/queue").status_code == 200
