"""What a clinic offers, and as one cell of text, like "mood 18-80: mdd trd; pain: crps"; both ways are inverse."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.domain.reading import OLDEST_AGE_YEARS
from portal.domain.routing import Treats
from portal.domain.vocabulary import Condition, OfferingCode

Code = TypeVar("Code", bound=StrEnum)

_ONE = re.compile(
    r"(?P<code>[a-z]+)(?: +(?P<ages>(?P<low>\d{1,3})?-(?P<high>\d{1,3})?))? *: *(?P<conditions>[a-z_]+[a-z_ ]*)",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """One consultation that a clinic offers, with the conditions and ages it treats."""

    code: OfferingCode
    treats: Treats


def read(cell: str) -> tuple[Offered, ...]:
    """Read a cell, in the order of the codes; raise ValueError with the way out. An empty cell offers nothing."""
    found = [_read_one(part.strip()) for part in cell.split(";") if part.strip()]
    if len({offered.code for offered in found}) < len(found):
        raise ValueError("Name each offering once")
    return tuple(sorted(found, key=lambda offered: offered.code))


def write(offerings: Iterable[Offered]) -> str:
    """Write offerings as one cell."""
    return "; ".join(
        f"{offered.code}{_ages(offered.treats)}: {' '.join(in_order(offered.treats.conditions))}"
        for offered in offerings
    )


def in_order(conditions: frozenset[Condition]) -> tuple[Condition, ...]:
    """Return conditions in the order of the closed list."""
    return tuple(condition for condition in Condition if condition in conditions)


def _read_one(part: str) -> Offered:
    match = _ONE.fullmatch(part)
    if match is None or match["ages"] == "-":
        raise ValueError("Write offerings like: mood 18-80: mdd trd; pain: crps")
    low, high = (int(match[end]) if match[end] else None for end in ("low", "high"))
    if not (low or 0) <= (OLDEST_AGE_YEARS if high is None else high) <= OLDEST_AGE_YEARS:
        raise ValueError(
            f"Ages {match['ages']} leave nobody; write the youngest first, {OLDEST_AGE_YEARS} at most"
        )
    conditions = frozenset(_member(Condition, code) for code in match["conditions"].split())
    return Offered(
        code=_member(OfferingCode, match["code"]),
        treats=Treats(conditions=conditions, min_age=low, max_age=high),
    )


def _member(kind: type[Code], code: str) -> Code:
    try:
        return kind(code)
    except ValueError:
        raise ValueError(f"{code} is not known; use {', '.join(kind)}") from None


def _ages(treats: Treats) -> str:
    low, high = ("" if age is None else str(age) for age in (treats.min_age, treats.max_age))
    return f" {low}-{high}" if low or high else ""
