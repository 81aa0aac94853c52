"""What one may ask of a queue and what it answers: filters, tallies, rows, and the place where a page begins."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from portal.domain.access import Membership
from portal.domain.lifecycle import RULES, WAITING_ON, Move, Status, ways
from portal.domain.vocabulary import Condition, Tier, WaitingOn

INTAKE = "intake"
"""Stands for a clinic's slug where the network's intake queue is meant."""
TURNS = frozenset({Move.SUBMIT, Move.ASK_TO_CANCEL, Move.KEEP}) | {
    rule.move
    for rule in RULES.values()
    if any(WAITING_ON[start] is not WAITING_ON[end] for start, end in ways(rule))
}
"""The moves after which it is somebody else's turn, or may be, or something else is asked of us."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Held(StrEnum):
    """Who holds a referral, as one member sees it."""

    ME = "me"
    NOBODY = "nobody"
    SOMEBODY = "somebody"


class Due(StrEnum):
    """Whether the first look is late."""

    OVER = "over"
    IN_TIME = "in_time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """The member who asks, and what they are where."""

    member_id: int
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many open referrals agree in everything that one may filter by."""

    clinic_id: int | None
    clinic: str
    clinic_name: str
    tier: Tier
    status: Status
    held: Held
    due: Due
    count: int

    @property
    def waiting(self) -> WaitingOn:
        """Whose turn it is."""
        return WAITING_ON[self.status]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What to show: nothing chosen in a field shows all of it, several values show any of them."""

    clinic: frozenset[str] = frozenset()
    tier: frozenset[Tier] = frozenset()
    status: frozenset[Status] = frozenset()
    waiting: frozenset[WaitingOn] = frozenset()
    held: frozenset[Held] = frozenset()
    due: frozenset[Due] = frozenset()

    def keep(self, tally: Tally) -> bool:
        """Tell whether these filters show what a tally counts."""
        return all(
            not chosen or value in chosen
            for chosen, value in (
                (self.clinic, tally.clinic),
                (self.tier, tally.tier),
                (self.status, tally.status),
                (self.waiting, tally.waiting),
                (self.held, tally.held),
                (self.due, tally.due),
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """The place in the queue after which a page begins; it stands however the queue changes."""

    tier_rank: int
    due_at: datetime
    id: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.tier_rank}.{(self.due_at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor from an address; anything else is the beginning."""
    found = re.fullmatch(r"([0-9]{1,4})\.([0-9]{1,17})\.([0-9]{1,18})", text)
    if found is None:
        return None
    rank, due, row_id = (int(part) for part in found.groups())
    return Cursor(tier_rank=rank, due_at=_EPOCH + timedelta(microseconds=due), id=row_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """One open referral as the queue shows it: who it is about stands in initials and age."""

    id: int
    reference: str
    initials: str | None
    age: int | None
    """None, as are the initials, when what is kept of the patient cannot be opened."""
    condition: Condition | None
    """None for a viewer who may not read it."""
    tier: Tier
    status: Status
    clinic: str
    zone: str
    state: str
    holder: str | None
    turn: Move
    """The move that made it the turn of whoever it waits on."""
    turn_at: datetime
    latest: Move
    """What happened last."""
    received_at: datetime
    first_look_due_at: datetime
    first_looked_at: datetime | None
    patient_not_told: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a queue. `tallies` count all that is open to the viewer, `found` what the filters leave."""

    rows: tuple[QueueRow, ...]
    tallies: tuple[Tally, ...]
    found: int
    following: Cursor | None
    """Where the next page begins; None on the last."""
