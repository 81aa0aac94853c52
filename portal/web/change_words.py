"""What was changed in a referral's answers, in words: how many, which, and what stood there before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.domain.amending import Change
from portal.domain.intake import FIELDS, GATE, ROWS
from portal.web import answer_words

NOTHING = "Nothing"
NAMED_MOST = 3
"""More than these are counted, not named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLine:
    """One answer with what it was and what it is."""

    label: str
    before: str
    after: str


def lines(changes: Sequence[Change], zone: str) -> list[ChangeLine]:
    """Return the changes in words, in the order of the form; moments as the clocks of the zone show them."""
    return [
        ChangeLine(
            label=label(change.name),
            before=_value(change.name, change.before, zone),
            after=_value(change.name, change.after, zone),
        )
        for change in changes
    ]


def count(changes: Sequence[Change]) -> str:
    """Return "2 answers"."""
    return "1 answer" if len(changes) == 1 else f"{len(changes)} answers"


def named(changes: Sequence[Change]) -> str:
    """Return "2 answers: PHQ-9, total; Medicines taken now", with no more names than one reads."""
    names = [label(change.name) for change in changes[:NAMED_MOST]]
    if len(changes) > NAMED_MOST:
        names.append(f"{len(changes) - NAMED_MOST} more")
    return f"{count(changes)}: {'; '.join(names)}"


def label(name: str) -> str:
    """Return what the form calls an answer."""
    return ROWS[name].label if name in ROWS else {**GATE, **FIELDS}[name].label


def _value(name: str, given: Any, zone: str) -> str:
    if given is None or given == []:
        return NOTHING
    if name in GATE:
        return answer_words.of_gate(name, given, zone)
    return answer_words.listed(ROWS[name], given) if name in ROWS else answer_words.value(FIELDS[name], given)
