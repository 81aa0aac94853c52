"""A half-finished referral form as its holder sees it; whoever holds the key goes on with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
