"""A few tries are free, then waits double, and an account is never tried more than a hundred times in a row."""

from datetime import timedelta

import pytest

from portal.domain.back_off import NEVER, RULES, Counted, origin

ACCOUNT = RULES[Counted.ACCOUNT]
WAITS = [
    (0, 0),
    (1, 0),
    (4, 0),
    (5, 30),
    (6, 60),
    (7, 120),
    (8, 240),
    (9, 480),
    (10, 900),
    (50, 900),
    (99, 900),
]


@pytest.mark.parametrize(("failures", "seconds"), WAITS)
def test_waits_of_an_account_double_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert ACCOUNT.wait(failures) == timedelta(seconds=seconds)


def test_after_a_hundred_failures_nobody_tries_again() -> None:
    assert ACCOUNT.wait(100) == ACCOUNT.wait(1000) == NEVER


def test_an_address_that_many_share_is_never_shut_for_good() -> None:
    rule = RULES[Counted.ADDRESS]
    assert rule.wait(29) == timedelta(0)
    assert rule.wait(30) > timedelta(0)
    assert rule.wait(10**9) == timedelta(minutes=15)


@pytest.mark.parametrize("counted", list(Counted))
def test_no_wait_is_shorter_than_the_one_before(counted: Counted) -> None:
    waits = [RULES[counted].wait(failures) for failures in range(200)]
    assert waits == sorted(waits)


def test_a_customer_with_many_addresses_of_the_new_kind_counts_as_one() -> None:
    assert origin("2001:db8:1:2:aaaa::1") == origin("2001:db8:1:2:bbbb::9")
    assert origin("2001:db8:1:2::1") != origin("2001:db8:1:3::1")
    assert origin("192.0.2.1") != origin("192.0.2.2")
    assert origin("") == ""
