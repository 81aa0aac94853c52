"""The question of a client to the directory, read from an address; each wrong parameter is named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.domain.errors import Unfit
from portal.domain.vocabulary import OfferingCode

FEW, MOST = 20, 500
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
"""A number as machines write it: Python would take the digits of any script, and underscores between them."""
ACCEPTING = {"yes": True, "no": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicQuery:
    """One question: a place as text, or as a point in WGS84 degrees, or none."""

    near: str | None
    lat: float | None
    lon: float | None
    offering: OfferingCode | None
    accepting: bool | None
    limit: int | None


def read(args: MultiDict[str, str]) -> ClinicQuery:
    """Read the parameters; raise Unfit naming every one that cannot be used."""
    values: dict[str, Any] = {}
    wrong = {}
    for name, reader in _READERS.items():
        try:
            values[name] = reader(args[name]) if name in args else None
        except ValueError as problem:
            wrong[name] = str(problem)
    wrong |= {name: said for name, said in _together(args).items() if name not in wrong}
    if wrong:
        raise Unfit(wrong)
    return ClinicQuery(**values)


def _together(args: MultiDict[str, str]) -> dict[str, str]:
    if "near" in args and ("lat" in args or "lon" in args):
        return {"near": "Give near, or lat and lon, but not both"}
    if ("lat" in args) != ("lon" in args):
        return {"lon" if "lat" in args else "lat": "Give both lat and lon"}
    return {}


def _near(typed: str) -> str:
    if not typed.strip():
        raise ValueError("Give a town with its state, a village, a ZIP code or an address, or leave near out")
    return typed


def _degrees(most: int) -> Callable[[str], float]:
    said = f"Give degrees between -{most} and {most}"

    def read_one(typed: str) -> float:
        if not _NUMBER.fullmatch(typed) or abs(float(typed)) > most:
            raise ValueError(said)
        return float(typed)

    return read_one


def _offering(typed: str) -> OfferingCode:
    try:
        return OfferingCode(typed)
    except ValueError:
        raise ValueError(f"Use one of: {', '.join(OfferingCode)}") from None


def _accepting(typed: str) -> bool:
    if typed not in ACCEPTING:
        raise ValueError("Use yes or no")
    return ACCEPTING[typed]


def _limit(typed: str) -> int:
    if (
        not typed.isascii()
        or not typed.isdigit()
        or len(typed) > len(str(MOST))
        or not 1 <= int(typed) <= MOST
    ):
        raise ValueError(f"Use a whole number from 1 to {MOST}")
    return int(typed)


_READERS: dict[str, Callable[[str], object]] = {
    "near": _near,
    "lat": _degrees(90),
    "lon": _degrees(180),
    "offering": _offering,
    "accepting": _accepting,
    "limit": _limit,
}
