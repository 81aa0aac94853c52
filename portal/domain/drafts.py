"""A half-finished referral form as its holder sees it; whoever holds the key goes on with it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from portal.domain.intake import SafetyAnswer


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What opens a draft: the name that stands in its address, and the digest of the key that does not."""

    name: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The form so far. `typed` holds answers by dotted name exactly as typed, right or wrong."""

    id: int
    key: DraftKey
    typed: Mapping[str, str]
    safety: tuple[SafetyAnswer, ...]
    reference: str | None
    """Of the referral it became; None while it is not sent."""
    saved_at: datetime
    expires_at: datetime

    @property
    def stopped(self) -> bool:
        """Whether the last safety answer says that somebody is in danger now."""
        return self.safety[-1].immediate_danger

    @property
    def has_answers(self) -> bool:
        """Whether anything was answered beyond the safety question; a wished clinic is no answer."""
        return any(value for name, value in self.typed.items() if name != "clinic")

    @property
    def seal(self) -> str:
        """What `seal` says of its answers."""
        return seal(self.typed, self.safety)


def seal(typed: Mapping[str, str], safety: Iterable[SafetyAnswer]) -> str:
    """Return a digest that is another one when an answer is; the clinic is chosen beside them and is no part of it."""
    answered = sorted((name, value) for name, value in typed.items() if value and name != "clinic")
    said = [(answer.immediate_danger, answer.reason) for answer in safety]
    return sha256(json.dumps([answered, said]).encode()).hexdigest()
