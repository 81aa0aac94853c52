"""The count of adequate trials with its working, as a page shows it; it judges treatments and nobody who took them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.intake import Known, Typed
from portal.domain.intake.checks import row_problems
from portal.domain.intake.reason import MOOD
from portal.domain.intake.referral import read_rows
from portal.domain.intake.tried import TRIALS
from portal.domain.resistance import Working
from portal.queries import findings
from portal.web import words

ABOUT = "Counted from the rows by the network's rule; payers count in their own ways. It says how treatments were given, and nothing about the person who took them."


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many trials count, and why each does or does not."""

    said: str
    rows: tuple[Working, ...]
    about: str = ABOUT


def count(rows: Iterable[Mapping[str, Any]], condition: str, today: date) -> Count | None:
    """Return the count where depression is referred and something was tried."""
    told = list(rows)
    if not told or condition not in MOOD:
        return None
    found = findings.count_trials(told, today)
    return Count(said=f"{words.capital(found.said)}.", rows=found.rows)


def find(typed: Typed, known: Known) -> Count | None:
    """Return the same of a form that is not whole yet, None while a row has something that cannot be used."""
    if row_problems(typed, TRIALS, known):
        return None
    return count(read_rows(typed, TRIALS, known), typed.get("condition", ""), known.today)
