"""Diagnosis codes of ICD-10-CM: a code is taken when the year's table has it and it can be billed."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.domain import reading

TYPED_MOST = 20
CHOICES_MOST = 20
"""Codes to pick from at once; where more stand under a header, the headers one step down are shown."""

# The second sign is a digit in all but the newest categories (QA0); a word without any digit is no code.
_SHAPE = re.compile(r"(?=.*[0-9])([A-Z][A-Z0-9]{2})\.?([A-Z0-9]{0,4})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A code or a header with its words; only what is billable names one diagnosis."""

    code: str
    description: str
    is_billable: bool

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Codes:
    """The table of one release: lines of code, 1 or 0 for billable, and description between tabs, in order.

    In this order a header stands right before all that is under it. The lines stay text, for as objects
    they would take three times the memory and the time to load.
    """

    edition: str
    lines: Sequence[str]

    def find(self, code: str) -> Code | None:
        """Return what the table has under a code written as the table does, like "G90.511"."""
        at = bisect_left(self.lines, f"{code}\t")
        found = next(self._from(at), None)
        return found if found and found.code == code else None

    def under(self, header: str) -> tuple[Code, ...]:
        """Return the billable codes under a header, or what stands one step down where those are many."""
        below = list(self._under(header))
        billable = tuple(code for code in below if code.is_billable)
        return billable if len(billable) <= CHOICES_MOST else tuple(_tops(below))

    def nearest(self, code: str) -> Code | None:
        """Return the longest code or header that a code not in the table begins with."""
        starts = (code[:end].rstrip(".") for end in range(len(code) - 1, 2, -1))
        return next(filter(None, map(self.find, starts)), None)

    def _under(self, header: str) -> Iterator[Code]:
        for code in self._from(bisect_left(self.lines, f"{header}\t") + 1):
            if not code.code.startswith(header):
                return
            yield code

    def _from(self, at: int) -> Iterator[Code]:
        for place in range(at, len(self.lines)):
            code, billable, description = self.lines[place].split("\t")
            yield Code(code=code, description=description, is_billable=billable == "1")


class TooGeneral(ValueError):
    """A header was typed; `children` are the codes to pick from."""

    def __init__(self, header: Code, children: tuple[Code, ...]) -> None:
        choices = "; ".join(map(str, children))
        super().__init__(f"{header.code} ({header.description}) is too general: choose one of {choices}")
        self.header = header
        self.children = children


def read(typed: str, codes: Codes) -> Code:
    """Return the billable code that was typed, in any case, with or without its dot.

    Raises TooGeneral for a header, and ValueError for what is no code of this release.
    """
    code = _written(typed)
    found = codes.find(code)
    if found is None:
        near = codes.nearest(code)
        way = f"the nearest is {near}" if near else "look the diagnosis up by its name"
        raise ValueError(f"{code} is not an ICD-10-CM code ({codes.edition}); {way}")
    if not found.is_billable:
        raise TooGeneral(found, codes.under(code))
    return found


def parted(typed: str, codes: Codes) -> list[str]:
    """Return the codes typed one after another, between commas, semicolons or spaces; "F33 2" is one code."""
    parts = (part.strip() for part in re.split("[,;]", typed))
    return [code for part in parts if part for code in _by_spaces(part, codes)]


def _by_spaces(part: str, codes: Codes) -> list[str]:
    words = part.split()
    found = _find_written(part)
    # "G43 E09" may be one code or two headers: the table knows.
    is_one = (found and codes.find(found)) or not all(map(_find_written, words))
    return [part] if is_one else words


def _written(typed: str) -> str:
    code = _find_written(reading.text(typed, most=TYPED_MOST))
    if code is None:
        raise ValueError("Enter an ICD-10-CM code, like F33.2 or G90.511")
    return code


def _find_written(text: str) -> str | None:
    """Return what may be a code as the table writes it, "F33.2" of "f33 2" and "F33-2"."""
    shape = _SHAPE.fullmatch(re.sub(r"[\s-]", "", text).upper())
    return ".".join(filter(None, shape.groups())) if shape else None


def _tops(below: Sequence[Code]) -> Iterator[Code]:
    """Yield those that stand under none of the others."""
    top = ""
    for code in below:
        if not top or not code.code.startswith(top):
            top = code.code
            yield code
