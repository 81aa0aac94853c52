"""How people write places: folding of names, states, and the readings of a typed line. Nothing here knows any place."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUERY = 200
"""Longer texts are no place; reading them would only cost time."""

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AS": "American Samoa", "AZ": "Arizona", "AR": "Arkansas",
    "CA": "California", "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware",
    "DC": "District of Columbia", "FM": "Federated States of Micronesia", "FL": "Florida",
    "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana",
    "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MH": "Marshall Islands", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
    "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "MP": "Northern Mariana Islands", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PW": "Palau", "PA": "Pennsylvania", "PR": "Puerto Rico",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VI": "Virgin Islands", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

_APOSTROPHES = re.compile("['`´‘’ʻʼʹ′]")  # noqa: RUF001 - these are the marks people really paste.
_WORD = re.compile(r"[a-z0-9]+")
_SPELT_OUT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


def fold(name: str) -> str:
    """Reduce a name to what all its spellings share: "St. Mary’s" and "Saint Marys" become "saint marys"."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name))
        name = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = _WORD.findall(name.casefold().replace("'", "").replace("`", ""))
    return " ".join(_SPELT_OUT.get(word, word) for word in words)


_STATE_CODES = {fold(written): code for code, name in STATES.items() for written in (name, code)} | {
    "d c": "DC"
}
_LONGEST_STATE_WORDS = max(len(name.split()) for name in _STATE_CODES)

_COUNTRY = re.compile(r"[\s,]+(?:usa|u\.s\.a\.?|us|u\.s\.|united states(?: of america)?)$", re.IGNORECASE)
_COUNTY = re.compile(r"\b(?:county|borough|parish|census area|municipality|municipio)$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_ZIP_AT_END = re.compile(r"(?:^|[\s,])(\d{5})(?:[- ]?\d{4})?$")
_ZIP_AT_START = re.compile(r"(\d{5})(?:-\d{4})?[\s,]+(?=\D+$)")
_POINT = re.compile(r"([+-]?\d{1,2}(?:\.\d+)?)°?(?:\s*,\s*|\s+(?=[+-]))([+-]?\d{1,3}(?:\.\d+)?)°?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to read a line as a town: the words that may be its name, in which state, and what stood before."""

    town: str
    state: str | None = None
    county: str | None = None
    before: str = ""
    """What was written left of the town: a street, a house number, a post box."""


def tidy(text: str) -> str:
    """Return the text on one line, without control characters; empty when there is too much of it to be a place."""
    if len(text) > LONGEST_QUERY:
        return ""
    composed = unicodedata.normalize("NFKC", text)
    visible = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} else letter for letter in composed
    )
    return _COUNTRY.sub("", " ".join(visible.split()).strip(" ,;."))


def find_point(text: str) -> tuple[float, float] | None:
    """Read "61.22,-149.90" as degrees north and east; None when it is off the globe, or at (0, 0)."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    on_the_globe = abs(lat) <= 90 and abs(lon) <= 180
    return (lat, lon) if on_the_globe and (round(lat, 2) or round(lon, 2)) else None


def split_zip(text: str) -> tuple[str | None, str]:
    """Return the ZIP that ends the text (without its +4) and the rest; a number in front is a house, not a ZIP."""
    match = _ZIP_AT_END.search(text)
    return (match[1], text[: match.start()].strip(" ,")) if match else (None, text)


def split_leading_zip(text: str) -> tuple[str | None, str]:
    """Return the five digits that start a text with no other digit, and the rest; it may be a house number too."""
    match = _ZIP_AT_START.match(text)
    return (match[1], text[match.end() :]) if match else (None, text)


def find_state(text: str) -> str | None:
    """Return the two-letter code of a state written in full or short."""
    return _STATE_CODES.get(fold(text))


def readings(text: str) -> Iterator[Reading]:
    """Yield the ways to read a line without its ZIP, most literal first ("Port Washington" before "Port" in WA)."""
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    if not parts:
        return
    state = find_state(parts[-1])
    if state and len(parts) > 1:
        yield _reading(parts[:-1], state)
    yield _reading(parts, None)
    words = parts[-1].split()
    for count in range(min(_LONGEST_STATE_WORDS, len(words) - 1), 0, -1):
        state = find_state(" ".join(words[-count:]))
        if state:
            yield _reading([*parts[:-1], " ".join(words[:-count])], state)
            return


def believable_readings(text: str) -> Iterator[Reading]:
    """Yield the readings that leave out nothing but a street: "London, Ontario" is no London in a town called Ontario."""
    for reading in readings(text):
        if not reading.before or reading.state or _DIGIT.search(reading.before):
            yield reading


def _reading(parts: list[str], state: str | None) -> Reading:
    county = None
    if len(parts) > 1 and _COUNTY.search(parts[-1]):
        *parts, county = parts
    return Reading(town=parts[-1], state=state, county=county, before=", ".join(parts[:-1]))


def street_readings(reading: Reading) -> Iterator[Reading]:
    """Yield the towns that may end an address written without a comma, longest name first."""
    words = reading.town.split() if _DIGIT.search(reading.town) else []
    for count in range(min(4, len(words) - 1), 0, -1):
        before = f"{reading.before} {' '.join(words[:-count])}".strip()
        yield Reading(
            town=" ".join(words[-count:]), state=reading.state, county=reading.county, before=before
        )
