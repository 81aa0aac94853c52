"""Tries are counted in the database, before they are looked at, and the same for emails without a member."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import second_factors, sign_in_tries
from portal.db import db, write
from portal.domain.audit import Source
from portal.domain.back_off import Counted, TooSoon
from portal.domain.orders import Actor, ActorKind
from portal.models import SignInTry
from tests.build import NOW
from tests.cast import Cast

FERN = "fern@example.com"
SOMEWHERE = "192.0.2.7"
MINUTE = timedelta(minutes=1)


def begin(email: str = FERN, address: str = SOMEWHERE, *, after: timedelta = timedelta(0)) -> bool:
    try:
        sign_in_tries.begin(email, address, now=NOW + after)
    except TooSoon:
        return False
    return True


def fail(address: str = SOMEWHERE, *, after: timedelta = timedelta(0)) -> None:
    stranger = Actor(ActorKind.STRANGER, "", Source(address=address))
    sign_in_tries.failed(stranger, how="password", member_id=None, now=NOW + after)


@pytest.mark.parametrize("email", [FERN, "nobody@example.com", "", "\x00", "x" * 10_000])
def test_five_tries_are_free_and_then_there_is_a_wait(app: Flask, email: str) -> None:
    assert [begin(email) for _ in range(7)] == [True] * 5 + [False] * 2
    assert begin(email, after=timedelta(seconds=29)) is False
    assert begin(email, after=timedelta(seconds=31)) is True
    assert begin(email, after=timedelta(seconds=32)) is False


def test_the_wait_says_until_when(app: Flask) -> None:
    for _ in range(5):
        begin()
    with pytest.raises(TooSoon) as wait:
        sign_in_tries.begin(FERN, SOMEWHERE, now=NOW)
    assert wait.value.until == NOW + timedelta(seconds=30)


def test_a_try_that_must_wait_is_not_counted(app: Flask) -> None:
    for _ in range(50):
        begin()
    assert begin(after=MINUTE) is True


def test_an_email_is_one_however_it_is_written(app: Flask) -> None:
    for _ in range(5):
        begin("Fern@Example.COM")
    assert begin(" fern@example.com ") is False


def test_a_success_forgets_the_tries_of_the_account(app: Flask) -> None:
    for _ in range(4):
        begin()
    sign_in_tries.succeeded(FERN)
    assert [begin() for _ in range(6)] == [True] * 5 + [False]


def test_an_address_that_fails_for_many_accounts_waits_too(app: Flask) -> None:
    for _ in range(30):
        fail()
    assert begin("dahlia@example.com") is False
    assert begin("dahlia@example.com", "192.0.2.8") is True
    assert begin("dahlia@example.com", after=timedelta(minutes=20)) is True


def test_an_hour_later_an_address_starts_anew(app: Flask) -> None:
    for _ in range(29):
        fail()
    fail(after=timedelta(hours=2))
    assert begin(after=timedelta(hours=2)) is True


def test_after_a_hundred_failures_only_another_proof_helps(app: Flask) -> None:
    for day in range(100):
        assert begin(after=timedelta(days=day)) is True
    assert begin(after=timedelta(days=3650)) is False
    sign_in_tries.succeeded(FERN)
    assert begin(after=timedelta(days=3650)) is True


def test_letters_are_counted_apart_from_sign_ins(app: Flask) -> None:
    for _ in range(3):
        sign_in_tries.begin(FERN, SOMEWHERE, now=NOW, counted=Counted.LETTER)
    with pytest.raises(TooSoon):
        sign_in_tries.begin(FERN, SOMEWHERE, now=NOW, counted=Counted.LETTER)
    assert begin() is True


def test_what_is_kept_names_neither_email_nor_address(app: Flask) -> None:
    begin()
    rows = db.session.scalars(sa.select(SignInTry)).all()
    assert len(rows) == 2
    assert not [row.key for row in rows if "fern" in row.key or SOMEWHERE in row.key]


def at_once(app: Flask, count: int, act: object) -> None:
    start = Barrier(count)

    def run() -> None:
        with app.app_context():
            start.wait()
            act()  # type: ignore[operator]

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_tries_that_come_at_once_are_all_counted(app: Flask) -> None:
    let_through: list[bool] = []
    at_once(app, 8, lambda: let_through.append(begin()))
    assert sorted(let_through) == [False] * 3 + [True] * 5


def test_of_two_who_show_one_code_at_once_one_comes_in(app: Flask, cast: Cast) -> None:
    fern, used = cast.member_id("fern"), []
    at_once(app, 4, lambda: used.append(second_factors.use_step(fern, 1000)))
    assert sorted(used) == [False, False, False, True]
    assert second_factors.use_step(fern, 999) is False
    assert second_factors.use_step(fern, 1001) is True


def test_a_count_made_by_one_worker_is_seen_by_the_next(app: Flask) -> None:
    for _ in range(5):
        begin()
    with write() as session:
        assert {row.failures for row in session.scalars(sa.select(SignInTry))} == {5, 0}
    db.session.remove()
    assert begin() is False


def test_a_right_password_takes_back_its_own_try_and_no_other(app: Flask) -> None:
    for _ in range(4):
        begin()
    for _ in range(3):
        assert begin() is True
        sign_in_tries.was_right(FERN)
    assert [begin(), begin()] == [True, False]
