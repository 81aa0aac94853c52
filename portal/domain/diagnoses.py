"""What a diagnosis code says beside the reason for referral; it asks and flags, and never refuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.icd10 import Code
from portal.domain.vocabulary import CONDITION_LABELS, Condition

Starts = tuple[str, ...]
"""Each stands for the code itself and all codes that begin with it."""


class Sense(StrEnum):
    """What a mark on a code asks for."""

    FLAG = "flag"
    """The flag it names is raised: H for a hold, W for what a nurse makes clear."""
    QUERY = "query"
    """The code and the reason for referral are checked with the referrer."""
    SAFETY = "safety"
    """Safety is reviewed first."""
    PATHWAY = "pathway"
    """The code fits, and another service or a sooner visit is thought of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What is known of some codes, in words for the referrer; `flag` is an id such as "H01", or empty."""

    codes: Starts
    sense: Sense
    flag: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Codes of which a patient has one kind or the other (an Excludes1 note of the table)."""

    one: Starts
    other: Starts
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnoses:
    """One version of the map from codes to reasons for referral, which the clinical lead signs off."""

    version: str
    signed_off_by: str
    accepted: Mapping[Condition, Starts]
    marks: tuple[Mark, ...]
    never_together: tuple[Pair, ...]


def mismatch(code: Code, condition: Condition, diagnoses: Diagnoses) -> str | None:
    """Return what to check where a primary diagnosis does not fit the reason for referral, or None where it fits."""
    if code.code.startswith(diagnoses.accepted[condition]):
        return None
    mark = find_mark(code, diagnoses)
    if mark:
        return f"{code}: {mark.said}"
    return (
        f"{code} is not usual for “{CONDITION_LABELS[condition]}”; check the code and the reason for referral"
    )


def find_mark(code: Code, diagnoses: Diagnoses) -> Mark | None:
    """Return the mark on a code, primary or secondary; of several, the one that names it most closely."""
    fitting = (
        (len(start), mark) for mark in diagnoses.marks for start in mark.codes if code.code.startswith(start)
    )
    return max(fitting, key=lambda found: found[0], default=(0, None))[1]


def flags(codes: Iterable[Code], diagnoses: Diagnoses) -> frozenset[str]:
    """Return the ids of the flags that a patient's codes raise, such as "H01"."""
    marks = (find_mark(code, diagnoses) for code in codes)
    return frozenset(mark.flag for mark in marks if mark and mark.flag)


def conflicts(codes: Iterable[Code], diagnoses: Diagnoses) -> tuple[str, ...]:
    """Return a sentence for each two kinds of codes that are never given together."""
    given = [code.code for code in codes]
    return tuple(
        pair.said
        for pair in diagnoses.never_together
        if any(code.startswith(pair.one) for code in given)
        and any(code.startswith(pair.other) for code in given)
    )
