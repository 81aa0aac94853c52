"""What a referral can be, and what can be done with it: the same word in the table, the route, the button and the test."""

from enum import StrEnum

from portal.domain.vocabulary import WaitingOn


class Status(StrEnum):
    """Where a referral stands."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    INFO_REQUESTED = "info_requested"
    ACCEPTED = "accepted"
    CANCEL_REQUESTED = "cancel_requested"
    """Its clinic has taken the patient on, and somebody asks to cancel: travel may be booked."""
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The status in words."""
        return self.value.replace("_", " ").capitalize()


WAITING_ON: dict[Status, WaitingOn] = {
    Status.RECEIVED: WaitingOn.US,
    Status.IN_TRIAGE: WaitingOn.US,
    Status.INFO_REQUESTED: WaitingOn.REFERRER,
    Status.ACCEPTED: WaitingOn.US,
    Status.CANCEL_REQUESTED: WaitingOn.US,
    Status.DECLINED: WaitingOn.NOBODY,
    Status.CANCELLED: WaitingOn.NOBODY,
}
OPEN = frozenset(status for status, whose in WAITING_ON.items() if whose is not WaitingOn.NOBODY)
TAKEN_ON = frozenset({Status.ACCEPTED, Status.CANCEL_REQUESTED})
"""Where a clinic has taken the patient on."""


class Move(StrEnum):
    """A verb of a referral: the same word in the table, the route, the button and the test."""

    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE = "release"
    ACCEPT = "accept"
    DECLINE = "decline"
    TRANSFER = "transfer"
    ASK = "ask"
    ANSWER = "answer"
    ADD = "add"
    """Say or send more of one's own accord."""
    WRITE = "write"
    """Write to the practice, which need not answer."""
    WITHDRAW = "withdraw"
    ASK_TO_CANCEL = "ask_to_cancel"
    CONFIRM_CANCEL = "confirm_cancel"
    KEEP = "keep"
    """Take back that it shall be cancelled."""


LOOKS = frozenset({Move.ASK, Move.ACCEPT, Move.DECLINE})
"""The moves by which a clinic shows that somebody has looked at what was sent."""
