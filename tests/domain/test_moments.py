"""Months, days and moments are read as people write them, and none that is still to come."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import moments

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
"""Noon in Anchorage."""
ANCHORAGE = "America/Anchorage"


@pytest.mark.parametrize(
    "typed",
    "3 2024|03/2024|2024-03|2024 3|March 2024|mar 2024|2024 March|march, 2024|3.2024|2024-03-15|3 15 2024".split(
        "|"
    ),
)
def test_a_month_may_be_written_as_people_write_it(typed: str) -> None:
    assert moments.month(typed, TODAY) == date(2024, 3, 1)


def test_this_month_counts_and_september_may_be_cut_to_four_letters() -> None:
    assert moments.month("11 2026", TODAY) == date(2026, 11, 1)
    assert moments.month("Sept 2025", TODAY) == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2024", "month and a year"),
        ("March", "month and a year"),
        ("13 2024", "month and a year"),
        ("3 24", "month and a year"),
        ("12 2026", "future"),
        ("11 24 2026", "future"),
        ("3 1884", "more than 120 years"),
        ("", "Enter an answer"),
    ],
)
def test_a_month_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moments.month(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11 2 2026", date(2026, 11, 2)),
        ("2026-11-02", date(2026, 11, 2)),
        ("Nov 2, 2026", date(2026, 11, 2)),
        ("Today", TODAY),
        ("yesterday", date(2026, 11, 22)),
        ("11/23/2026", TODAY),
        ("11022026", date(2026, 11, 2)),
        ("2.11.2026", date(2026, 2, 11)),
        ("13.11.2026", date(2026, 11, 13)),
        ("Sept 3rd 2026", date(2026, 9, 3)),
    ],
)
def test_a_day_up_to_today_is_read(typed: str, day: date) -> None:
    assert moments.past_date(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("11 24 2026", "future"),
        ("tomorrow", "full date"),
        ("2 30 2026", "exists"),
        ("11 2", "full date"),
        ("11/16/26", "year with four digits"),
        ("1 1 1900", "120 years"),
    ],
)
def test_a_day_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moments.past_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("2019", "2019"),
        ("3 2019", "2019-03"),
        ("March 2019", "2019-03"),
        ("2019-03", "2019-03"),
        ("3 27 2019", "2019-03-27"),
        ("yesterday", "2026-11-22"),
        ("2026", "2026"),
    ],
)
def test_a_time_is_kept_as_exactly_as_it_was_given(typed: str, given: str) -> None:
    assert moments.past_time(typed, TODAY) == given
    assert moments.past_time(given, TODAY) == given


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027", "future"),
        ("1 2027", "future"),
        ("1884", "120 years"),
        ("0000", "120 years"),
        ("long ago", "like 2019, 3 2019 or 3 27 2019"),
        ("3 27 19", "year with four digits"),
    ],
)
def test_a_time_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moments.past_time(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("today 2:30 am", (23, 11, 30)),
        ("Today at 11 AM", (23, 20, 0)),
        ("today, 9 a.m.", (23, 18, 0)),
        ("yesterday 14:30", (22, 23, 30)),
        ("11 22 2026 2:30 pm", (22, 23, 30)),
        ("11 22 2026 14:30", (22, 23, 30)),
        ("2026-11-22T14:30", (22, 23, 30)),
        ("2026-11-22T14:30:59", (22, 23, 30)),
        ("2026-11-22T23:30Z", (22, 23, 30)),
        ("2026-11-22T18:30:00-05:00", (22, 23, 30)),
        ("Nov 22, 2026 at 12 pm", (22, 21, 0)),
        ("22 Nov 2026 12:05 am", (22, 9, 5)),
        ("today 12:00 pm", (23, 21, 0)),
        ("noon", (23, 21, 0)),
        ("yesterday at noon", (22, 21, 0)),
        ("now", (23, 21, 0)),
        ("Just now", (23, 21, 0)),
        ("an hour ago", (23, 20, 0)),
        ("2 hours ago", (23, 19, 0)),
        ("1 hr ago", (23, 20, 0)),
        ("30 minutes ago", (23, 20, 30)),
    ],
)
def test_a_moment_is_read_on_the_clocks_of_its_zone(typed: str, moment: tuple[int, int, int]) -> None:
    day, hour, minute = moment
    read = moments.past_moment(typed, now=NOON, zone=ANCHORAGE)
    assert (read, read.tzinfo) == (datetime(2026, 11, day, hour, minute, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("today", "day and a time"),
        ("11 22 2026", "day and a time"),
        ("11 22 2026 14", "day and a time"),
        ("2:30 am", "Write the day first, then the time"),
        ("11/16/26 9:15", "year with four digits"),
        ("today 25:00", "day and a time"),
        ("today 13 pm", "day and a time"),
        ("today 0 am", "day and a time"),
        ("today 9:75", "day and a time"),
        ("someday 9:15", "day first"),
        ("2 weeks ago", "day and a time"),
        ("today 12:01 pm", "This is in the future: in Anchorage it is 12:00 pm now"),
        ("11 24 2026 1 am", "future"),
        ("12 31 9999 11 pm", "future"),
        ("9999-12-31T23:00:00-09:00", "day first|future"),
        ("2026-11-23T21:01Z", "future"),
        ("1 1 1900 9:00", "120 years"),
        ("1900-01-01T09:00Z", "120 years"),
        ("3 8 2026 2:30 am", "set forward"),
    ],
)
def test_a_moment_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moments.past_moment(typed, now=NOON, zone=ANCHORAGE)


def test_of_an_hour_shown_twice_the_first_is_meant() -> None:
    read = moments.past_moment("11 1 2026 1:30 am", now=NOON, zone=ANCHORAGE)
    assert read == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_today_is_that_of_the_zone_and_not_of_greenwich() -> None:
    late = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert moments.past_moment("today 1 pm", now=late, zone=ANCHORAGE).day == 23


@given(st.text(alphabet="0123456789 :/-TZampty,.", max_size=40) | st.datetimes().map(str))
def test_nothing_that_is_read_lies_in_the_future(typed: str) -> None:
    with suppress(ValueError):
        assert moments.past_moment(typed, now=NOON, zone=ANCHORAGE) <= NOON
    with suppress(ValueError):
        assert moments.past_date(typed, TODAY) <= TODAY
    with suppress(ValueError):
        assert moments.month(typed, TODAY) <= TODAY
