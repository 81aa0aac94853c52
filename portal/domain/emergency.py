"""Opening a referral without a role at its clinic: what a plea must say, what it gives, and for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain import access, reading
from portal.domain.access import Membership, Permission
from portal.domain.errors import Unfit
from portal.domain.finding import Sought
from portal.domain.letters import Site, Words

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


def letter(site: Site, *, who: str, references: Sequence[str], at: datetime, zone: str) -> Words:
    """Return what a privacy officer is sent: which referrals, who, and when; the reason stays in the portal."""
    local = at.astimezone(ZoneInfo(zone))
    return Words(
        subject=f"{site.name}: a referral was opened in an emergency",
        body=f"{who} opened {', '.join(references)} in an emergency, without a role at its clinic, "
        f"on {local:%A} {local.day} {local:%B %Y} at {local:%H:%M} ({zone}).\n\n"
        f"They may read it for {LASTS // timedelta(minutes=1)} minutes. "
        f"The reason, and what else was opened:\n{site.url}/staff/emergencies\n",
    )
