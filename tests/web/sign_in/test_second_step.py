"""After the password comes a code; it works once, and nothing is seen before it."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import write
from portal.domain.audit import Act
from portal.models import AuditEntry, Member, Passkey
from portal.web.sign_in import pending
from tests.build import NOW
from tests.cast import Cast
from tests.html import page, words
from tests.web.sign_in.walk import CODE, RECOVERY, SET_UP, SIGN_IN, code_of, fill, give_password, member

LONG_AGO = 1.0
INSIDE = ("/staff", "/staff/queue", "/staff/outbox", "/staff/account", "/staff/account/recovery-codes")


def test_password_and_code_sign_a_member_in(client: FlaskClient) -> None:
    assert give_password(client).headers["Location"] == CODE
    assert fill(client, CODE, code=code_of(member("fern"))).headers["Location"] == "/staff"
    assert client.get("/staff/queue").status_code == 200


def test_nothing_is_seen_between_password_and_code(client: FlaskClient) -> None:
    give_password(client)
    for path in INSIDE:
        assert client.get(path).status_code == 302, path


def test_a_code_works_once_also_in_another_browser(app: Flask, client: FlaskClient) -> None:
    code = code_of(member("fern"))
    give_password(client)
    assert fill(client, CODE, code=code).status_code == 303
    thief = app.test_client()
    give_password(thief)
    answer = fill(thief, CODE, code=code)
    assert answer.status_code == 422
    assert "does not fit, or it was used before" in words(page(answer))
    assert thief.get("/staff/queue").status_code == 302


def test_a_code_before_the_last_one_is_used_up_too(app: Flask, client: FlaskClient) -> None:
    give_password(client)
    fill(client, CODE, code=code_of(member("fern"), ahead=1))
    other = app.test_client()
    give_password(other)
    assert fill(other, CODE, code=code_of(member("fern"))).status_code == 422


@pytest.mark.parametrize("ahead", [-2, 2, 100])
def test_a_code_of_another_time_does_not_fit(client: FlaskClient, ahead: int) -> None:
    give_password(client)
    assert fill(client, CODE, code=code_of(member("fern"), ahead=ahead)).status_code == 422


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "١٢٣٤٥٦", "1" * 10_000, "\x00", "12 34", "-12345"])
def test_what_is_no_code_is_refused(client: FlaskClient, typed: str) -> None:
    give_password(client)
    assert fill(client, CODE, code=typed).status_code == 422


def test_a_code_may_be_typed_in_two_groups(client: FlaskClient) -> None:
    code = code_of(member("fern"))
    give_password(client)
    assert fill(client, CODE, code=f" {code[:3]} {code[3:]} ").status_code == 303


def test_somebody_elses_code_does_not_fit(client: FlaskClient) -> None:
    give_password(client, "fern")
    assert fill(client, CODE, code=code_of(member("dahlia"))).status_code == 422


@pytest.mark.parametrize("path", [CODE, RECOVERY, SET_UP])
def test_without_a_password_there_is_no_second_step(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Location"] == SIGN_IN


@pytest.mark.parametrize("path", [CODE, RECOVERY])
def test_the_password_counts_for_ten_minutes(client: FlaskClient, path: str) -> None:
    give_password(client)
    with client.session_transaction() as session:
        session[pending.KEY] = session[pending.KEY] | {"until": LONG_AGO}
    assert client.get(path).headers["Location"] == SIGN_IN


def test_a_member_disabled_in_between_is_not_let_in(client: FlaskClient) -> None:
    code = code_of(member("fern"))
    give_password(client)
    form = {"code": code, "csrf_token": "x"}
    with write() as session:
        session.execute(sa.update(Member).where(Member.email == "fern@example.com").values(active=False))
    assert client.post(CODE, data=form).headers["Location"] == SIGN_IN


def test_who_has_only_a_passkey_is_led_to_it_and_not_to_setting_up_an_app(client: FlaskClient) -> None:
    with write() as session:
        fern = session.scalars(sa.select(Member).where(Member.email == "fern@example.com")).one()
        fern.tf_totp_secret = fern.tf_primary_method = None
        session.add(
            Passkey(
                user_id=fern.id, credential_id=b"1", public_key=b"2", backup_state=False, device_type="x",
                create_datetime=NOW, lastuse_datetime=NOW, name="Phone", usage="first",
            )
        )  # fmt: skip
    assert give_password(client).headers["Location"].startswith("/staff/passkey")
    assert client.get(SET_UP).headers["Location"].startswith("/staff/passkey")


def test_a_page_left_open_too_long_takes_the_next_code(client: FlaskClient) -> None:
    give_password(client)
    answer = client.post(CODE, data={"code": code_of(member("fern")), "csrf_token": "old"})
    assert answer.status_code == 400
    assert "open too long" in words(page(answer))


def test_each_failure_is_in_the_trail_with_its_kind_and_never_what_was_typed(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    give_password(client, password="not her password")
    give_password(client, "nobody")
    give_password(client)
    fill(client, CODE, code="123456")
    fill(client, RECOVERY, code="AAAAA")
    with write() as session:
        noted = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    fern = cast.member_id("fern")
    assert [(entry.act, entry.facts, entry.member_id) for entry in noted] == [
        (Act.SIGN_IN_FAILED, {"how": "password"}, fern),
        (Act.SIGN_IN_FAILED, {"how": "password"}, None),
        (Act.SIGN_IN_FAILED, {"how": "code"}, fern),
        (Act.SIGN_IN_FAILED, {"how": "recovery code"}, fern),
    ]
    assert {entry.address for entry in noted} == {"127.0.0.1"}
