"""Times and distances in words; no number is parted from its unit, no relative time stands without a date."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain.nearest import KM_PER_MILE

NBSP = "\N{NO-BREAK SPACE}"
ZONE_NAMES = {
    "America/Anchorage": "Alaska time",
    "America/Los_Angeles": "Pacific time",
    "America/Phoenix": "Arizona time",
    "America/Denver": "Mountain time",
    "America/Chicago": "Central time",
    "America/New_York": "Eastern time",
    "Pacific/Honolulu": "Hawaii time",
}
MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 24
DAYS_IN_HOURS_FROM = 48


def day(value: date, *, year: bool = False) -> str:
    """Return "Tuesday 24 November", with the year when asked."""
    return f"{value:%A} {value.day}{NBSP}{value:%B}" + (f" {value.year}" if year else "")


def long_date(value: date) -> str:
    """Return "27 March 1985"."""
    return f"{value.day}{NBSP}{value:%B} {value.year}"


def clock_time(moment: datetime, zone: str) -> str:
    """Return "2:30 pm"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local:%M}{NBSP}{'am' if local.hour < 12 else 'pm'}"


def when(moment: datetime, zone: str) -> str:
    """Return "Tuesday 24 November, 2:30 pm"."""
    return f"{day(moment.astimezone(ZoneInfo(zone)).date())}, {clock_time(moment, zone)}"


def stamp(moment: datetime, zone: str) -> str:
    """Return "Tuesday 24 November 2026, 2:30 pm Alaska time", as it stands on paper for years."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), year=True)}, {clock_time(moment, zone)} {zone_name(zone)}"


def zone_name(zone: str) -> str:
    """Return "Alaska time"; a zone without a common name is told by its own."""
    return ZONE_NAMES.get(zone, zone)


def duration(span: timedelta) -> str:
    """Return a length like "40 min", "2 h 10 min", "22 h" or "3 days"; never negative."""
    minutes = int(abs(span).total_seconds() // 60)
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if hours >= DAYS_IN_HOURS_FROM:
        return f"{hours // HOURS_PER_DAY}{NBSP}days"
    if hours >= HOURS_PER_DAY or (hours and not rest):
        return f"{hours}{NBSP}h"
    return f"{hours}{NBSP}h {rest}{NBSP}min" if hours else f"{rest}{NBSP}min"


def ago(span: timedelta) -> str:
    """Return "22 h ago", or "just now" within a minute."""
    return "just now" if span < timedelta(minutes=1) else f"{duration(span)} ago"


def capital(words: str) -> str:
    """Return words as they stand after a full stop."""
    return words[:1].upper() + words[1:]


def miles(km: float) -> str:
    """Return "398 miles", "1 mile" or "less than 1 mile"."""
    count = round(km / KM_PER_MILE)
    if count < 1:
        return f"less than 1{NBSP}mile"
    return f"{count:,}{NBSP}{'mile' if count == 1 else 'miles'}"


def together(one: str, names: Sequence[str]) -> str:
    """Return "rule N1", "rules N1 and N2" or "rules U7, N1 and N2"."""
    *first, last = names
    return f"{one}s {', '.join(first)} and {last}" if first else f"{one} {last}"
