"""When somebody must act: business hours and days of a clinic, in its own time zone and with its holidays.

Hours are Monday to Friday, 9 am to 5 pm local, as long as a clinic has not confirmed its own; pages say "assumed".
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a tier promises: a first look in business hours or business days, then a call and a first visit."""

    first_look_hours: int
    """Business hours."""
    first_look_days: int
    """Business days; counted in whole days when hours are 0."""
    contact_hours: int
    """Hours on the wall, within which the clinic must be open; 0 promises no call before the visit is offered."""
    consultation_days: int
    """Calendar days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promises:
    """The moments by which things happen, aware UTC."""

    first_look_at: datetime
    contact_at: datetime | None
    consultation_on: date
    after_look_at: datetime
    """What is due once somebody has looked: the call where one is promised, else the end of the visit's day."""


def promises(received_at: datetime, target: Target, *, zone: str, state: str) -> Promises:
    """Return what is promised for a referral received at an aware moment, by a clinic in a zone and state."""
    local = received_at.astimezone(ZoneInfo(zone))
    look = (
        _add_hours(local, target.first_look_hours, state)
        if target.first_look_hours
        else _add_days(local, target.first_look_days, state)
    )
    call = _last_open(look, local + timedelta(hours=target.contact_hours), state)
    visit = _at(local + timedelta(days=target.consultation_days), CLOSES)
    return Promises(
        first_look_at=look.astimezone(UTC),
        contact_at=call.astimezone(UTC) if target.contact_hours else None,
        consultation_on=visit.date(),
        after_look_at=(call if target.contact_hours else visit).astimezone(UTC),
    )


def is_business_day(day: date, state: str) -> bool:
    """Tell whether a day is neither a weekend nor a holiday of a state (its own holidays included)."""
    return day.weekday() < SATURDAY and day not in _holidays(state, day.year)


@cache
def _holidays(state: str, year: int) -> frozenset[date]:
    # Working out a year's holidays costs a third of a millisecond, and a promise asks for several days.
    return frozenset(holidays.country_holidays("US", subdiv=state, years=year))


def _opening(moment: datetime, state: str) -> datetime:
    """Return the moment itself when it is in business hours, else the next opening."""
    if is_business_day(moment.date(), state) and moment.time() < CLOSES:
        return max(moment, _at(moment, OPENS))
    following = _at(moment + timedelta(days=1), OPENS)
    return following if is_business_day(following.date(), state) else _opening(following, state)


def _last_open(first: datetime, limit: datetime, state: str) -> datetime:
    """Return the last moment from `first` to `limit` at which the clinic is open, or its next opening after both."""
    moment = limit
    while moment > first:
        if is_business_day(moment.date(), state) and moment.time() >= OPENS:
            return max(first, min(moment, _at(moment, CLOSES)))
        moment = _at(moment - timedelta(days=1), CLOSES)
    return _opening(max(first, limit), state)


def _add_hours(moment: datetime, hours: int, state: str) -> datetime:
    left = timedelta(hours=hours)
    moment = _opening(moment, state)
    while moment + left > _at(moment, CLOSES):
        left -= _at(moment, CLOSES) - moment
        moment = _opening(_at(moment, CLOSES), state)
    return moment + left


def _add_days(moment: datetime, days: int, state: str) -> datetime:
    moment = _opening(moment, state)
    for _ in range(days):
        moment = _next_business_day(moment, state)
    return moment


def _next_business_day(moment: datetime, state: str) -> datetime:
    moment += timedelta(days=1)
    return moment if is_business_day(moment.date(), state) else _next_business_day(moment, state)


def _at(moment: datetime, wall: time) -> datetime:
    return datetime.combine(moment.date(), wall, tzinfo=moment.tzinfo)
