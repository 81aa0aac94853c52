"""A clinic as the directory lists it, and as one row of a CSV file; reading and writing are inverse.

An empty cell is a fact that nobody confirmed; it stays empty and is never filled by a guess.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import holidays

from portal.domain import offerings, reading
from portal.domain.errors import Unfit
from portal.domain.offerings import Offered

STATES = frozenset(holidays.country_holidays("US").subdivisions)
"""The two-letter states and territories whose holidays are known; a clinic's clocks need them."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ZIP = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_WEBSITE = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One clinic of the directory; None is a fact that nobody confirmed.

    `lat` and `lon` are WGS84 degrees, the middle of the city while `street` is not known; `phone` is E.164;
    `offerings` are in the order of their codes.
    """

    slug: str
    name: str
    network: str
    street: str | None
    city: str
    state: str
    zip: str | None
    lat: float | None
    lon: float | None
    zone: str
    phone: str | None
    hours: str | None
    website: str | None
    accepting: bool
    accepting_note: str | None
    offerings: tuple[Offered, ...]
    checked_on: date
    checked_by: str
    source: str


def read(row: Mapping[str, str]) -> Listing:
    """Read one row by column name; raise Unfit naming every column that cannot be used."""
    values: dict[str, Any] = {}
    wrong = {}
    for column, reader in _READERS.items():
        try:
            values[column] = reader(row[column])
        except ValueError as problem:
            wrong[column] = str(problem)
    if not wrong:
        wrong = _point_problems(values["lat"], values["lon"])
    if wrong:
        raise Unfit(wrong)
    return Listing(**values)


def write(listing: Listing) -> dict[str, str]:
    """Write a listing as one row; reading it gives the same listing."""
    return {column: _cell(getattr(listing, column)) for column in COLUMNS}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return repr(value)
        case tuple():
            return offerings.write(value)
    return str(value)


def _text(most: int) -> Callable[[str], str]:
    return lambda cell: reading.text(cell, most=most)


def _maybe(reader: Callable[[str], object]) -> Callable[[str], object]:
    return lambda cell: reader(cell) if cell.strip() else None


def _like(pattern: re.Pattern[str], most: int, otherwise: str) -> Callable[[str], str]:
    def read_cell(cell: str) -> str:
        clean = reading.text(cell, most=most)
        if not pattern.fullmatch(clean):
            raise ValueError(otherwise)
        return clean

    return read_cell


def _state(cell: str) -> str:
    if cell.strip() not in STATES:
        raise ValueError("Use the two letters of a state, like AK")
    return cell.strip()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(cell: str) -> str:
    if cell.strip() not in _zones():
        raise ValueError("Use the name of a time zone, like America/Anchorage")
    return cell.strip()


def _degrees(most: int) -> Callable[[str], float]:
    def read_cell(cell: str) -> float:
        try:
            degrees = float(cell)
        except ValueError:
            degrees = math.nan
        # A comparison with "not a number" is never true, so this refuses it too.
        if not abs(degrees) <= most:
            raise ValueError(f"Use degrees between -{most} and {most}, like {most / 2}")
        return degrees

    return read_cell


def _point_problems(lat: float | None, lon: float | None) -> dict[str, str]:
    if (lat is None) != (lon is None):
        return {"lat" if lat is None else "lon": "Give both lat and lon, or neither"}
    if (lat, lon) == (0, 0):
        return {"lat": "0, 0 lies in the Atlantic; leave lat and lon empty when the point is not known"}
    return {}


def _yes_or_no(cell: str) -> bool:
    if cell.strip() not in {"yes", "no"}:
        raise ValueError("Write yes or no")
    return cell.strip() == "yes"


def _date(cell: str) -> date:
    clean = cell.strip()
    try:
        if _ISO_DATE.fullmatch(clean):
            return date.fromisoformat(clean)
    except ValueError:
        pass
    raise ValueError("Use a date that exists, like 2026-11-22")


_READERS: dict[str, Callable[[str], object]] = {
    "slug": _like(_SLUG, 80, "Use small letters, digits and single hyphens, like example-clinic-nome"),
    "name": _text(160),
    "network": _text(160),
    "street": _maybe(_text(200)),
    "city": _text(80),
    "state": _state,
    "zip": _maybe(_like(_ZIP, 10, "Write a ZIP code with all its digits, like 99503")),
    "lat": _maybe(_degrees(90)),
    "lon": _maybe(_degrees(180)),
    "zone": _zone,
    "phone": _maybe(reading.phone),
    "hours": _maybe(_text(400)),
    "website": _maybe(_like(_WEBSITE, 200, "Write a full web address, like https://clinic.example/")),
    "accepting": _yes_or_no,
    "accepting_note": _maybe(_text(300)),
    "offerings": offerings.read,
    "checked_on": _date,
    "checked_by": _text(120),
    "source": _text(300),
}
COLUMNS = tuple(_READERS)
