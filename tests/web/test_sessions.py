"""A member is in while their session stands: not when it is idle, over or ended, and not by a copied cookie."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Member, MemberSession
from tests.build import send
from tests.cast import Cast
from tests.html import words
from tests.web.desk import find_form, hidden, open_page, press
from tests.web.device import Device, register, sign_in

QUEUE = "/staff/queue"
IDLE, OVER = timedelta(minutes=15, seconds=1), timedelta(hours=12, seconds=1)
TIMES = (MemberSession.signed_in_at, MemberSession.seen_at, MemberSession.proved_at)


def rows() -> list[MemberSession]:
    # What the browsers did meanwhile is to be seen.
    db.session.rollback()
    return list(db.session.scalars(sa.select(MemberSession).order_by(MemberSession.id)))


def let_pass(span: timedelta, *times: sa.orm.InstrumentedAttribute[object]) -> None:
    """Let time pass for every session, by moving what was noted of it into the past."""
    for row in rows():
        for time in times or TIMES:
            setattr(row, time.key, getattr(row, time.key) - span)
    db.session.commit()


def is_in(browser: FlaskClient) -> bool:
    answer = browser.get(QUEUE)
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def copy(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Another browser with a stolen cookie."""
    cookie, thief = browser.get_cookie("session"), app.test_client()
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    return thief


def sign_out(browser: FlaskClient) -> TestResponse:
    return press(browser, QUEUE, "/staff/sign-out")


def test_fifteen_minutes_of_nothing_sign_a_member_out_and_the_page_says_so(cast: Cast) -> None:
    fern = cast.browser("fern")
    let_pass(IDLE)
    sent_on = fern.get(f"{QUEUE}?tier=urgent")
    assert sent_on.headers["Location"] == "/staff/sign-in?next=/staff/queue?tier%3Durgent"
    assert "Nothing happened here for fifteen minutes." in words(open_page(fern, "/staff/passkey"))
    with fern.session_transaction() as cookie:
        assert "_user_id" not in cookie
    let_pass(-IDLE)
    assert not is_in(fern)


def test_twelve_hours_sign_a_member_out_however_busy(cast: Cast) -> None:
    fern = cast.browser("fern")
    let_pass(OVER, MemberSession.signed_in_at)
    assert not is_in(fern)
    assert "Twelve hours are over" in words(open_page(fern, "/staff/passkey"))


def test_whoever_does_something_stays(cast: Cast) -> None:
    fern = cast.browser("fern")
    for _ in range(3):
        let_pass(timedelta(minutes=10), MemberSession.seen_at)
        assert is_in(fern)


def test_a_page_that_asks_for_news_by_itself_keeps_nobody_signed_in(cast: Cast) -> None:
    fern = cast.browser("fern")
    let_pass(timedelta(minutes=10))
    before = rows()[0].seen_at
    assert fern.get(QUEUE, headers={"X-Refresh": "yes"}).status_code == 200
    assert rows()[0].seen_at == before
    assert is_in(fern)
    assert rows()[0].seen_at > before


def test_being_seen_is_noted_once_a_minute_at_most(cast: Cast) -> None:
    fern = cast.browser("fern")
    before = rows()[0].seen_at
    assert is_in(fern)
    assert rows()[0].seen_at == before


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, cast: Cast) -> None:
    fern = cast.browser("fern")
    thief = copy(app, fern)
    assert is_in(thief)
    assert sign_out(fern).headers["Location"] == "/"
    assert not is_in(thief)
    assert not is_in(fern)


def test_a_copied_cookie_is_dead_when_the_session_was_idle_even_for_public_pages(
    app: Flask, cast: Cast
) -> None:
    thief = copy(app, cast.browser("fern"))
    let_pass(IDLE)
    # The sign-in page would lead on whoever is in.
    assert thief.get("/staff/sign-in").status_code == 200
    assert not is_in(thief)


def test_a_cookie_without_its_session_or_with_another_members_opens_nothing(cast: Cast) -> None:
    fern, dahlia = cast.browser("fern"), cast.browser("dahlia")
    with dahlia.session_transaction() as cookie:
        key = cookie["member_session"]
    with fern.session_transaction() as cookie:
        cookie["member_session"] = key
    assert not is_in(fern)
    with dahlia.session_transaction() as cookie:
        del cookie["member_session"]
    assert not is_in(dahlia)


def test_signing_out_of_an_idle_session_needs_no_signing_in(cast: Cast) -> None:
    fern = cast.browser("fern")
    form = find_form(open_page(fern, QUEUE), "/staff/sign-out")
    let_pass(IDLE)
    assert fern.post("/staff/sign-out", data=hidden(form)).headers["Location"] == "/"
    assert rows()[0].ended_at is not None


def test_the_key_changes_with_every_sign_in_and_the_one_before_is_dead(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    device = Device()
    register(cast.browser("fern"), device)
    sign_in(client, device)
    planted = copy(app, client)
    with client.session_transaction() as cookie:
        before = cookie["member_session"]
    let_pass(IDLE)
    assert not is_in(client)
    assert sign_in(client, device).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["member_session"] != before
    assert is_in(client)
    assert not is_in(planted)


def test_a_cookie_planted_before_the_sign_in_is_not_signed_in_with_it(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    device = Device()
    register(cast.browser("fern"), device)
    open_page(client, "/staff/passkey")
    planter = copy(app, client)
    assert sign_in(client, device).status_code == 303
    assert is_in(client)
    assert not is_in(planter)


def test_signing_out_leaves_a_practice_its_opened_referrals(app: Flask, cast: Cast) -> None:
    fern, receipt = cast.browser("fern"), send()
    fern.get(f"/s/{receipt.status_key}")
    assert fern.get(f"/r/{receipt.reference}").status_code == 200
    let_pass(IDLE)
    assert not is_in(fern)
    assert fern.get(f"/r/{receipt.reference}").status_code == 200


def test_a_member_who_is_disabled_is_out_at_once(cast: Cast) -> None:
    fern = cast.browser("fern")
    db.session.rollback()
    db.session.execute(sa.update(Member).where(Member.email == "fern@example.com").values(active=False))
    db.session.commit()
    assert not is_in(fern)


@pytest.mark.parametrize(("which", "stays"), [("others", True), ("all", False)])
def test_signing_out_everywhere(cast: Cast, which: str, stays: bool) -> None:
    here, there, dahlia = cast.browser("fern"), cast.browser("fern"), cast.browser("dahlia")
    form = find_form(open_page(here, QUEUE), "/staff/sign-out")
    answer = here.post("/staff/sessions/end", data=hidden(form) | {"which": which})
    assert answer.status_code == 303
    assert [is_in(browser) for browser in (here, there, dahlia)] == [stays, False, True]


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/staff/passkey")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()
