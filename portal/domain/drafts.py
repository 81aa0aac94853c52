"""A half-finished referral form as its holder sees it; whoever holds the key goes on with it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from portal.domain import safety, showings
from portal.domain.safety import Rule, Said

ANSWER_MOST = 20_000
"""Characters of one answer that a draft keeps; more than any reader takes, so that its sentence can be said."""
ALL_MOST = 2_000_000
"""Characters of all answers together; every row of every step, filled in well, is a quarter of it."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What opens a draft: the name that stands in its address, and the digest of the key that does not."""

    name: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A new draft: its name for the address, and its key, which only the holder keeps."""

    name: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a form holds once it is saved."""

    typed: Mapping[str, str]
    safety: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The form so far. `typed` holds answers by dotted name exactly as typed, right or wrong."""

    id: int
    key: DraftKey
    typed: Mapping[str, str]
    safety: tuple[Said, ...]
    reference: str | None
    """Of the referral it became; None while it is not sent."""
    amends: str | None = None
    """Reference of the referral whose answers it changes."""
    saved_at: datetime
    expires_at: datetime

    @property
    def said(self) -> dict[str, str]:
        """The safety answers that hold."""
        return safety.current(self.safety)

    @property
    def answers(self) -> dict[str, str]:
        """All answers so far, the safety answers among them."""
        return {**self.typed, **self.said}

    def stops(self, now: datetime) -> frozenset[Rule]:
        """Return the rules for which nothing may be filed now."""
        return safety.stops(self.said, now) | safety.fired(self.typed)

    @property
    def has_answers(self) -> bool:
        """Whether anything was answered beyond the safety question; a wished clinic is no answer."""
        return any(value for name, value in self.typed.items() if _is_answer(name))

    @property
    def seal(self) -> str:
        """What `seal` says of its answers."""
        return seal(self.typed, self.safety)


def seal(typed: Mapping[str, str], said: Iterable[Said]) -> str:
    """Return a digest that is another one when an answer is; the clinic is chosen beside them and is no part of it."""
    answered = sorted((name, value) for name, value in typed.items() if value and _is_answer(name))
    given = [(sorted(each.answers.items()), each.reason) for each in said]
    return sha256(json.dumps([answered, given]).encode()).hexdigest()


def is_full(typed: Mapping[str, str]) -> bool:
    """Tell whether answers are more than a draft keeps: an unbounded one would make every look at it slow."""
    return sum(map(len, typed.values())) > ALL_MOST


def _is_answer(name: str) -> bool:
    return name != "clinic" and not showings.is_note(name)
