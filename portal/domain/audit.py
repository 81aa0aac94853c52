"""What is written down of who did what, and from where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=6 * 366)
"""Six years, however many of them are leap years. Source: 45 CFR 164.316(b)(2)(i)."""


class Act(StrEnum):
    """One kind of act."""

    LISTED = "listed"
    """Saw a list of referrals."""
    LOOKED = "looked"
    """Opened one referral."""
    MOVED = "moved"
    """Changed a referral; the event's number is among the facts."""
    CALLED = "called"
    LINK_RENEWED = "link renewed"
    """Had a new status link sent to the practice."""
    STOP_CLOSED = "stop closed"
    """Wrote down what was done about a form that was stopped for safety."""
    EXPORTED = "exported"
    BROKE_GLASS = "broke glass"
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    REFUSED = "refused"
    """Asked for what they may not."""
    MEMBER_CHANGED = "member changed"
    """Invited, given or taken a role, disabled, a second factor made or removed."""
    KEYS_CHANGED = "keys changed"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    FILE_REMOVED = "file removed"
    """The virus scanner found something harmful in it, later than it came."""
    REMOVED = "removed"
    """Took away what its days were over for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where somebody acts from: the network address and the request, both empty for what the portal does by itself."""

    address: str = ""
    request_id: str = ""


NOWHERE = Source()


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The newest link of the chain: what is also kept where the database's thief does not reach."""

    number: int
    digest: bytes
    at: datetime
    """When it was sealed."""
