"""After some wrong tries there is a wait; it is told, it is the same for everybody, and it locks no member out for good."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import write
from portal.domain.back_off import NEVER
from portal.models import Member, SignInTry
from tests.build import NOW
from tests.html import page, without_nonce, words
from tests.web.desk import field_value
from tests.web.sign_in.walk import CODE, RECOVERY, code_of, fill, give_password, member, sign_in


def guess(browser: FlaskClient, name: str = "fern", times: int = 5) -> TestResponse:
    return [give_password(browser, name, password="wrong") for _ in range(times)][-1]


@pytest.mark.parametrize("name", ["fern", "nobody"])
def test_the_sixth_try_waits_whoever_it_is_and_the_email_is_kept(client: FlaskClient, name: str) -> None:
    guess(client, name)
    answer = give_password(client, name)
    tree = page(answer)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Try again in 1 minute." in words(tree)
    assert field_value(tree, "email") == f"{name}@example.com"
    assert field_value(tree, "password") == ""


def test_no_answer_tells_whether_there_is_a_member(app: Flask) -> None:
    with write() as session:
        session.execute(sa.update(Member).where(Member.email == "dahlia@example.com").values(active=False))
        session.execute(sa.update(Member).where(Member.email == "birch@example.com").values(password=None))
    told = []
    for name in ("fern", "dahlia", "birch", "nobody"):
        browser, seen = app.test_client(), []
        for _ in range(7):
            answer = give_password(browser, name, password="wrong")
            text = re.sub(r'value="[^"]*"', "", without_nonce(answer.text)).replace(name, "x")
            seen.append((answer.status_code, re.sub(r"in \d+", "in", text)))
        told.append(seen)
    assert [status for status, _ in told[0]] == [422] * 5 + [429] * 2
    assert all(seen == told[0] for seen in told)


def test_the_wait_is_the_accounts_and_not_the_browsers(app: Flask, client: FlaskClient) -> None:
    guess(client)
    assert give_password(app.test_client()).status_code == 429
    assert give_password(client, "dahlia").status_code == 303


def test_codes_and_recovery_codes_count_with_passwords(client: FlaskClient) -> None:
    guess(client, times=1)
    give_password(client)
    for _ in range(2):
        fill(client, CODE, code="000000")
        fill(client, RECOVERY, code="AAAAA")
    answer = fill(client, CODE, code=code_of(member("fern")))
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers


def test_the_password_again_does_not_start_the_count_of_codes_anew(client: FlaskClient) -> None:
    for _ in range(5):
        give_password(client)
        fill(client, CODE, code="000000")
    assert give_password(client).status_code == 429


def test_a_sign_in_forgets_the_tries_before_it(app: Flask, client: FlaskClient) -> None:
    guess(client, times=2)
    assert sign_in(client).status_code == 303
    assert guess(app.test_client()).status_code == 422


def test_after_the_wait_the_right_password_comes_in(client: FlaskClient) -> None:
    guess(client)
    with write() as session:
        session.execute(sa.update(SignInTry).values(blocked_until=NOW.replace(year=2020)))
    assert sign_in(client).status_code == 303


def test_a_hundred_failures_say_what_helps(client: FlaskClient) -> None:
    guess(client)
    with write() as session:
        row = session.scalars(sa.select(SignInTry).where(SignInTry.blocked_until.is_not(None))).one()
        row.blocked_until = row.last_at + NEVER
    answer = give_password(client)
    assert answer.status_code == 429
    assert "chooses a new password by mail, or uses a passkey" in words(page(answer))
