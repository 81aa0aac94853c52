"""Readers of months, days and moments that have passed, written as people write them; none lies in the future."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain import reading

_MONTH_LAYOUTS = ("%m %Y", "%Y %m", "%B %Y", "%b %Y", "%Y %B", "%Y %b")
_AGO = re.compile(
    r"(?P<count>an?|[0-9]{1,3})\s*(?:(?P<hours>h|hrs?|hours?)|m|mins?|minutes?)\s+ago", re.IGNORECASE
)
_TIME = re.compile(
    r"(?P<day>.*?)[\s,]*(?:\bat)?\s*\b(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::[0-9]{2})?)?\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE | re.DOTALL,
)
_FAR = "The date is more than {years} years ago; check the year"
_LATER = "The date is in the future; check it"


def month(typed: str, today: date) -> date:
    """Return the first day of a month, like "3 2024" or "March 2024"; a full date gives its month."""
    clean = reading.text(typed, most=40)
    found = reading.find_date(clean) or _find_month(clean)
    if found is None:
        raise reading.no_date(clean, "Enter a month and a year, like 3 2024 or March 2024")
    return _passed(found, today).replace(day=1)


def past_date(typed: str, today: date) -> date:
    """Return a full date up to today, month first when all are digits; "today" and "yesterday" are read too."""
    clean = reading.text(typed, most=40)
    found = _find_day(clean, today)
    if found is None:
        raise reading.no_date(clean, "Enter a full date that exists, like 11 2 2026")
    return _passed(found, today)


def past_time(typed: str, today: date) -> str:
    """Return a past day, month or year as exactly as it was given: "2019-03-27", "2019-03" or "2019"."""
    clean = reading.text(typed, most=40)
    if re.fullmatch(r"[0-9]{4}", clean):
        _passed(date(max(int(clean), 1), 1, 1), today)
        return clean
    day = _find_day(clean, today)
    if day:
        return _passed(day, today).isoformat()
    found = _find_month(clean)
    if found is None:
        raise reading.no_date(
            clean, "Enter a year, a month and a year, or a full date, like 2019, 3 2019 or 3 27 2019"
        )
    return _passed(found, today).strftime("%Y-%m")


def past_moment(typed: str, *, now: datetime, zone: str) -> datetime:
    """Return the moment in UTC of a day and a time on the clocks of a zone, like "today 2:30 pm" or "2 hours ago".

    A time that clocks show twice is taken as the first. A moment with its own zone (ISO 8601) is read as such.
    """
    clean = reading.text(typed, most=40)
    found = _find_instant(clean) or _find_ago(clean, now) or _on_clocks(clean, now, ZoneInfo(zone))
    if found > now:
        raise ValueError(f"This is in the future: {_clock(now, zone)}")
    _passed(found.date(), now.date())
    return found


def _find_ago(typed: str, now: datetime) -> datetime | None:
    if typed.casefold() in {"now", "just now"}:
        return now
    found = _AGO.fullmatch(typed)
    if found is None:
        return None
    count = int(found["count"]) if found["count"].isdecimal() else 1
    return now - (timedelta(hours=count) if found["hours"] else timedelta(minutes=count))


def _clock(now: datetime, zone: str) -> str:
    """Return "in Anchorage it is 2:30 pm now"."""
    local = now.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"in {city} it is {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'} now"


def _find_month(typed: str) -> date | None:
    words = reading.spaced(typed)
    # A year of one to three digits is a slip, and strptime would take it for one of the first thousand years.
    if not re.search(r"\b[0-9]{4}\b", words):
        return None
    for layout in _MONTH_LAYOUTS:
        try:
            return datetime.strptime(words, layout).date()  # noqa: DTZ007  (a month has no time zone)
        except ValueError:
            continue
    return None


def _find_day(words: str, today: date) -> date | None:
    said = {"today": today, "yesterday": today - timedelta(days=1)}
    return said.get(words.casefold()) or reading.find_date(words)


def _passed(found: date, today: date) -> date:
    if found > today:
        raise ValueError(_LATER)
    if reading.age_years(found, today) > reading.OLDEST_AGE_YEARS:
        raise ValueError(_FAR.format(years=reading.OLDEST_AGE_YEARS))
    return found


def _find_instant(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _on_clocks(typed: str, now: datetime, zone: ZoneInfo) -> datetime:
    parts = _TIME.fullmatch(re.sub(r"(?<=[0-9])T(?=[0-9])", " ", _spell_noon(typed)))
    clock = parts and _find_time(parts["hour"], parts["minute"], (parts["half"] or "")[:1].lower())
    if not parts or clock is None:
        raise ValueError("Enter a day and a time, like today 2:30 pm or 11 23 2026 14:30")
    today = now.astimezone(zone).date()
    day = _find_day(parts["day"], today)
    if day is None:
        raise reading.no_date(
            parts["day"],
            "Write the day first, then the time, like today 2:30 pm or 11 23 2026 14:30",
        )
    # The ends of the calendar have no time in another zone, so the day is checked before it is turned into one.
    local = datetime.combine(_passed(day, today), clock, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("Clocks were set forward over this time; enter the time they showed")
    return moment


def _spell_noon(typed: str) -> str:
    dated = "today noon" if typed.casefold() == "noon" else typed
    return re.sub(r"\bnoon\b", "12:00 pm", dated, flags=re.IGNORECASE)


def _find_time(hour: str, minute: str | None, half: str) -> time | None:
    # A bare number is no time: it may be the year of a date without one.
    if not half and minute is None:
        return None
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
