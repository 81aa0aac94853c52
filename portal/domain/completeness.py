"""Which missing answers will delay triage at a clinic, and why; nothing here stops anybody from sending."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.intake import ROWS, Typed
from portal.domain.intake.field import LISTED
from portal.domain.intake.table import grouped
from portal.domain.safety import SCREENER, YES


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One thing that a clinic will ask for when it is missing."""

    what: str
    any_of: tuple[str, ...]
    """Names of answers or rows, any of which is enough."""
    why: str
    code: str
    """The reason with which staff would ask for it."""
    step: str
    conditions: frozenset[str] = frozenset()
    clinics: frozenset[str] = frozenset()
    only_if_screen_is_positive: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """How complete a referral is for one clinic."""

    wanted: int
    missing: tuple[Wanted, ...]

    @property
    def given(self) -> int:
        """How many of the wanted things are there."""
        return self.wanted - len(self.missing)


def measure(typed: Typed, said: Typed, clinic: str, all_wanted: Iterable[Wanted]) -> Meter:
    """Return what a clinic (its slug, or nothing for the intake team) wants of these answers, and what is missing."""
    wanted = [each for each in all_wanted if _applies(each, typed, said, clinic)]
    return Meter(wanted=len(wanted), missing=tuple(each for each in wanted if not _is_given(each, typed)))


def _applies(wanted: Wanted, typed: Typed, said: Typed, clinic: str) -> bool:
    if wanted.only_if_screen_is_positive and not any(said.get(name) == YES for name in SCREENER):
        return False
    fits = not wanted.conditions or typed.get("condition", "") in wanted.conditions
    return fits and (not wanted.clinics or clinic in wanted.clinics)


def _is_given(wanted: Wanted, typed: Typed) -> bool:
    return any(
        grouped(typed, ROWS[name]) if name in ROWS else typed.get(name, "").strip() not in {"", LISTED}
        for name in wanted.any_of
    )
