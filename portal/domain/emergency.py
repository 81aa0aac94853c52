"""Opening a referral without a role at its clinic: what a plea must say, what it gives, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain import access, reading
from portal.domain.access import Membership, Permission
from portal.domain.errors import Unfit
from portal.domain.finding import Sought

GRANTED = frozenset({Permission.READ_REFERRALS, Permission.READ_CLINICAL})
"""Reading, and no move."""
LASTS = timedelta(minutes=60)
MISSES_MOST, MISSES_WITHIN = 5, timedelta(hours=1)
"""So many pleas that open nothing may somebody make: this is no way to find out who is a patient."""
REASON_WORDS_LEAST, REASON_MOST = 4, 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Plea:
    """What somebody must see at once, and why."""

    sought: Sought
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A member's leave to read one referral for a while."""

    id: int
    referral_id: int
    reference: str
    member_id: int
    member: str
    at: datetime
    until: datetime


def read_reason(typed: str) -> str:
    """Return the reason; raise Unfit when it says too little to be judged afterwards."""
    try:
        reason = reading.text(typed, most=REASON_MOST, lines=True)
        if len(reason.split()) < REASON_WORDS_LEAST:
            raise ValueError("Say in a few words more what happened and why it cannot wait")
    except ValueError as problem:
        raise Unfit({"reason": str(problem)}) from None
    return reason


def held(
    memberships: Iterable[Membership], by_role: frozenset[Permission], grant: Grant | None
) -> frozenset[Permission]:
    """Return what somebody may do on a referral: a grant adds reading while a role still allows to break glass."""
    if grant is None or not access.anywhere(memberships, Permission.BREAK_GLASS):
        return by_role
    return by_role | GRANTED
