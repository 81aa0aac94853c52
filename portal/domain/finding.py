"""What one referral, or one patient's, is asked for by: its reference, or a full name with the date of birth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain import reading
from portal.domain import reference as references
from portal.domain.errors import Unfit

NAME_MOST = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """A reference, or else a name and a date of birth that must both be right."""

    reference: str | None = None
    name: str = ""
    born: date | None = None

    @property
    def way(self) -> str:
        """By what it is sought, for the trail, which holds nothing that was typed."""
        return "reference" if self.reference else "name and date of birth"


def read(typed: Mapping[str, str], today: date) -> Sought:
    """Return what is sought from `reference`, `name` and `date_of_birth`; raise Unfit naming what cannot be used.

    A reference is enough; beside one, name and date of birth are not looked at.
    """
    if typed["reference"].strip():
        found = references.read(typed["reference"])
        if found is None:
            raise Unfit({"reference": "Check the reference: it has eight characters, like 6QY4-C5M2"})
        return Sought(reference=found)
    if not (typed["name"].strip() or typed["date_of_birth"].strip()):
        raise Unfit({"reference": "Enter the reference, or the full name and the date of birth"})
    return _read_patient(typed, today)


def _read_patient(typed: Mapping[str, str], today: date) -> Sought:
    wrong: dict[str, str] = {}
    name, born = "", None
    try:
        name = reading.name(typed["name"], most=NAME_MOST)
    except ValueError as problem:
        wrong["name"] = str(problem)
    try:
        born = reading.birth_date(typed["date_of_birth"], today)
    except ValueError as problem:
        wrong["date_of_birth"] = str(problem)
    if wrong:
        raise Unfit(wrong)
    return Sought(name=name, born=born)
