"""Clocks in words: what is due, how long is left or over, and the date beside it, in the clinic's zone."""

from datetime import date, timedelta

import pytest

from portal.web.queue_words import Clock, until, until_day
from tests.build import NOW

ALASKA, CALIFORNIA = "America/Anchorage", "America/Los_Angeles"


def said(clock: Clock) -> str:
    return f"{clock.what} {clock.number}, {clock.due}, {clock.state}".replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(minutes=40), "First look in 40 min, due today, 11:40 am, close"),
        (timedelta(hours=3), "First look in 3 h, due today, 2:00 pm, ok"),
        (timedelta(days=2), "First look in 2 days, due Wed 25 Nov, 11:00 am, ok"),
        (timedelta(0), "First look in 0 min, due today, 11:00 am, close"),
        (-timedelta(minutes=75), "First look 1 h 15 min over, due today, 9:45 am, over"),
    ],
)
def test_a_moment_that_is_due_says_how_long_is_left_or_over(left: timedelta, expected: str) -> None:
    assert said(until("First look", NOW + left, ALASKA, NOW)) == expected


def test_a_time_is_told_in_the_clinics_zone() -> None:
    assert said(until("First look", NOW + timedelta(hours=4), CALIFORNIA, NOW)) == (
        "First look in 4 h, due today, 4:00 pm, ok"
    )


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 11, 30), "First visit in 7 days, by Mon 30 Nov, ok"),
        (date(2026, 11, 24), "First visit in 1 day, by Tue 24 Nov, ok"),
        (date(2026, 11, 23), "First visit today, by Mon 23 Nov, close"),
        (date(2026, 11, 21), "First visit 2 days over, by Sat 21 Nov, over"),
    ],
)
def test_a_day_that_is_due_counts_days(due_on: date, expected: str) -> None:
    assert said(until_day("First visit", due_on, ALASKA, NOW)) == expected
