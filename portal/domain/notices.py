"""Who must be told of which move, and what became of it; the ledger reads the table when it writes an event."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.lifecycle import Move


class Audience(StrEnum):
    """Who is told."""

    REFERRER = "referrer"
    PATIENT = "patient"


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    TO_CALL = "to_call"
    """Nobody has an address: a person must call."""
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice that an event owes to somebody."""

    audience: Audience
    move: Move


_BOTH = (Audience.REFERRER, Audience.PATIENT)

# A clinic is told by its queue, where the referral stands from the same commit on.
TOLD: dict[Move, tuple[Audience, ...]] = {
    Move.SUBMIT: _BOTH,
    Move.CLAIM: (),
    Move.RELEASE: (),
    Move.ACCEPT: _BOTH,
    Move.DECLINE: _BOTH,
    Move.TRANSFER: _BOTH,
    Move.ASK: (Audience.REFERRER,),
    Move.ANSWER: (),
    Move.ADD: (),
    Move.WRITE: (Audience.REFERRER,),
    Move.WITHDRAW: _BOTH,
    Move.ASK_TO_CANCEL: (),
    Move.CONFIRM_CANCEL: _BOTH,
    # Whoever took it back, the practice hears that its wish does not stand.
    Move.KEEP: (Audience.REFERRER,),
}


def due(move: Move) -> tuple[Owed, ...]:
    """Return what a move owes: the referrer is always told of accept, decline and transfer."""
    return tuple(Owed(audience, move) for audience in TOLD[move])
