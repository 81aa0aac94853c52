"""The antidepressants that the network counts, and which of them a typed name means; what is unsure is never counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

SURE_LETTERS = 6
"""A name shorter than this with a slip in it could be too many others."""
SLIPS_SURE = 1
SLIPS_GUESSED = 3

_STRENGTH = re.compile(r"\b[0-9]+\s*(mg|mcg|g|h|hr)?\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Medicine:
    """A medicine with its daily doses for adults in mg, or with the reason why it is not counted."""

    name: str
    of: str
    """The medicine of which this is another form, or its own name: trials of both are one medicine's."""
    least_mg: float | None = None
    most_mg: float | None = None
    instead: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Antidepressants:
    """One version of the table, which the clinical lead signs off."""

    version: str
    signed_off_by: str
    weeks_least: int
    trials_least: int
    forms: frozenset[str]
    """Words after a name, such as "hcl" and "xr", that change nothing about which medicine it is."""
    names: Mapping[str, Medicine]
    """Every medicine by each of its names, folded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a typed name means: `medicine` where that is sure, else a `guess` to ask about, else neither."""

    medicine: Medicine | None = None
    guess: Medicine | None = None


def recognise(typed: str, table: Antidepressants) -> Reading:
    """Return the medicine that a name means, whatever its case, salt, form and strength, and with one slip at most.

    Two medicines that a slip could both make leave it unsure.
    """
    named = fold(typed)
    plain = " ".join(_STRENGTH.sub(" ", named).split())
    bare = " ".join(word for word in plain.split() if word not in table.forms)
    exact = next(filter(None, map(table.names.get, (named, plain, bare))), None)
    # Both names of one medicine are often written, as in "Zoloft (sertraline)".
    each = {table.names.get(word) for word in bare.split()}
    medicine = exact or (each.pop() if len(each) == 1 else None)
    return Reading(medicine=medicine) if medicine else _nearest(bare, table)


def fold(name: str) -> str:
    """Return a name as it is compared: its words without case and signs."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return " ".join(word for word in words if word not in {"and", "with"})


def _nearest(spelled: str, table: Antidepressants) -> Reading:
    cutoff = min(SLIPS_GUESSED, len(spelled) // 2)
    near = process.extract(spelled, table.names.keys(), scorer=OSA.distance, score_cutoff=cutoff, limit=None)
    if not near:
        return Reading()
    guess = table.names[near[0][0]]
    could_be = {table.names[name].name for name, slips, _ in near if slips <= SLIPS_SURE}
    is_sure = len(could_be) == 1 and len(spelled) >= SURE_LETTERS
    return Reading(medicine=guess) if is_sure else Reading(guess=guess)
