"""A password is looked at as it was typed, for as long as its member keeps it, and shown to nobody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.cli.seed import DEMO_PASSWORD
from portal.db import write
from portal.models import Member
from tests.build import NOW
from tests.cast import Cast
from tests.web.desk import open_page
from tests.web.sign_in.walk import CODE, SIGN_IN, fill, give_password, last_letter

# What the sign-in stores is shown on both by the tests of the actions; this is about its pages.
pytestmark = pytest.mark.one_database("sqlite")


@pytest.mark.parametrize(
    "typed",
    [
        DEMO_PASSWORD.upper(),
        DEMO_PASSWORD.capitalize(),
        DEMO_PASSWORD[:-1],
        f"{DEMO_PASSWORD} ",
        f" {DEMO_PASSWORD}",
        f"{DEMO_PASSWORD}\0",
        f"{DEMO_PASSWORD}{'k' * 100}",
    ],
)
def test_a_password_is_neither_trimmed_nor_cut_nor_changed_in_case(client: FlaskClient, typed: str) -> None:
    assert give_password(client, password=typed).status_code == 422


def test_an_old_password_is_as_good_as_a_new_one(client: FlaskClient) -> None:
    with write() as session:
        session.execute(sa.update(Member).values(created_at=NOW - timedelta(days=3650)))
    assert give_password(client).headers["Location"] == CODE


def test_every_field_of_a_password_hides_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(client, "/staff/new-password", email="fern@example.com")
    link = next(line for line in last_letter().splitlines() if "/staff/new-password/" in line)
    fern = cast.browser("fern")
    pages = [
        (client, SIGN_IN, 1),
        (client, link.removeprefix("http://127.0.0.1:8000"), 1),
        (fern, "/staff/account/password", 2),
        (fern, "/staff/verify", 1),
    ]
    for browser, path, least in pages:
        fields = [
            field
            for field in open_page(browser, path).iter("input")
            if "password" in f"{field.get('name')} {field.get('autocomplete')}"
        ]
        assert len(fields) >= least, path
        assert {field.get("type") for field in fields} == {"password"}, path
