"""What the triage rules look at: the answers that hold, what was counted and looked up for them, and the day."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain import reading, safety
from portal.domain.intake import NewReferral
from portal.domain.safety import YES
from portal.domain.vocabulary import Condition, Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class TriageRules:
    """One version of the numbers, with codes and phrases of crisis in lower case."""

    version: str
    signed_off_by: str
    numbers: Mapping[str, int]
    cancer_codes: tuple[str, ...]
    crisis_words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What is worked out from the answers by other tables."""

    adequate_trials: int
    code_flags: tuple[tuple[str, str], ...] = ()
    """The flags that diagnosis codes raise, each after the answer in which the code stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One referral as the rules see it. Who pays, language, sex and place stand in no rule."""

    said: Mapping[str, str]
    """The safety answers."""
    more: Mapping[str, Any]
    condition: Condition
    asked: Tier
    age: int
    counted: Counted
    today: date
    rules: TriageRules

    def score(self, name: str) -> float:
        """Return a number that was given, -1 where none was."""
        value = self.more.get(name)
        return float(value) if isinstance(value, int | float) else -1

    def is_yes(self, name: str) -> bool:
        """Tell whether an answer is yes."""
        return YES in (self.said.get(name), self.more.get(name))

    def at_least(self, name: str, number: str) -> bool:
        """Tell whether a score reaches a number of the rules."""
        return self.score(name) >= self.rules.numbers[number]

    def days_since(self, name: str) -> float:
        """Return how many days ago a date was, endless where none was given; a month counts from its last day."""
        value = self.more.get(name)
        return (self.today - _latest_day(value)).days if value else float("inf")

    @property
    def tried_enough(self) -> bool:
        """Whether several treatments were tried that count as adequate."""
        return self.counted.adequate_trials >= self.rules.numbers["several"]

    @property
    def codes(self) -> tuple[str, ...]:
        """The diagnosis codes, the primary one first."""
        primary = self.more.get("diagnosis.code")
        return (*([primary] if primary else []), *self.more.get("diagnosis.others", ()))


def _latest_day(kept: str) -> date:
    if len(kept) > len("2026-11"):
        return date.fromisoformat(kept)
    year, month = map(int, kept.split("-"))
    return date(year, month, monthrange(year, month)[1])


def of(new: NewReferral, *, counted: Counted, today: date, rules: TriageRules) -> Case:
    """Return the case that a referral is."""
    return Case(
        said=safety.current(new.safety),
        more=new.more,
        condition=new.condition,
        asked=new.priority,
        age=reading.age_years(new.patient.date_of_birth, today),
        counted=counted,
        today=today,
        rules=rules,
    )
