"""The states of a referral and its moves, as one table; `after` is the only way from one state to the next.

A move that is not in the table does not exist: the page, the form door, the machine door and the tests all read
this table. Later moves (schedule, attend, reopen ...) are rows to add here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.access import Permission
from portal.domain.errors import Refused
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


class End(StrEnum):
    """Where a move leads that does not always lead to the same status."""

    SAME = "where it is"
    BEFORE = "where it was before its cancelling was asked"


LOOKS = frozenset({Move.ASK, Move.ACCEPT, Move.DECLINE})
"""The moves by which a clinic shows that somebody has looked at what was sent."""


class Need(StrEnum):
    """What a move asks of the person who makes it."""

    WORDS = "words"
    CODE = "code"
    CLINIC = "clinic"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of the table."""

    move: Move
    button: str
    start: frozenset[Status]
    end: Status | End
    permission: Permission | None = None
    """What a member needs; None: members do not make this move."""
    by_referrer: bool = False
    needs: frozenset[Need] = frozenset()
    needs_clinic: bool = False
    """Whether a clinic must hold it: the intake team takes responsibility for nobody's treatment."""


_S = Status
_BEFORE_ACCEPTANCE = frozenset({_S.RECEIVED, _S.IN_TRIAGE, _S.INFO_REQUESTED})

RULES: dict[Move, Rule] = {
    rule.move: rule
    for rule in (
        Rule(
            move=Move.ACCEPT,
            button="Accept for consultation",
            start=frozenset({_S.IN_TRIAGE}),
            end=_S.ACCEPTED,
            permission=Permission.ACCEPT,
            needs=frozenset({Need.WORDS}),
            needs_clinic=True,
        ),
        Rule(
            move=Move.CLAIM,
            button="Claim",
            start=frozenset({_S.RECEIVED}),
            end=_S.IN_TRIAGE,
            permission=Permission.CLAIM,
        ),
        Rule(
            move=Move.ASK,
            button="Ask the referrer",
            start=frozenset({_S.IN_TRIAGE}),
            end=_S.INFO_REQUESTED,
            permission=Permission.ASK,
            needs=frozenset({Need.WORDS, Need.CODE}),
        ),
        Rule(
            move=Move.ANSWER,
            button="Record an answer",
            start=frozenset({_S.INFO_REQUESTED}),
            end=_S.IN_TRIAGE,
            permission=Permission.ANSWER_FOR_REFERRER,
            by_referrer=True,
            needs=frozenset({Need.WORDS}),
        ),
        Rule(
            move=Move.CONFIRM_CANCEL,
            button="Confirm the cancellation",
            start=frozenset({_S.CANCEL_REQUESTED}),
            end=_S.CANCELLED,
            permission=Permission.WITHDRAW_FOR_PATIENT,
            needs=frozenset({Need.WORDS}),
        ),
        Rule(
            move=Move.KEEP,
            button="Keep the referral",
            start=frozenset({_S.CANCEL_REQUESTED}),
            end=End.BEFORE,
            permission=Permission.WITHDRAW_FOR_PATIENT,
            by_referrer=True,
        ),
        Rule(
            move=Move.WRITE,
            button="Write to the referrer",
            start=OPEN,
            end=End.SAME,
            permission=Permission.ASK,
            needs=frozenset({Need.WORDS}),
        ),
        Rule(
            move=Move.ADD,
            button="Add for the referrer",
            start=OPEN,
            end=End.SAME,
            permission=Permission.ANSWER_FOR_REFERRER,
            by_referrer=True,
            needs=frozenset({Need.WORDS}),
        ),
        Rule(
            move=Move.TRANSFER,
            button="Transfer",
            start=_BEFORE_ACCEPTANCE | {_S.ACCEPTED},
            end=_S.RECEIVED,
            permission=Permission.TRANSFER,
            needs=frozenset({Need.WORDS, Need.CODE, Need.CLINIC}),
        ),
        Rule(
            move=Move.RELEASE,
            button="Release",
            start=frozenset({_S.IN_TRIAGE}),
            end=_S.RECEIVED,
            permission=Permission.CLAIM,
        ),
        Rule(
            move=Move.DECLINE,
            button="Decline",
            start=frozenset({_S.IN_TRIAGE, _S.ACCEPTED}),
            end=_S.DECLINED,
            permission=Permission.DECLINE,
            needs=frozenset({Need.WORDS, Need.CODE}),
        ),
        Rule(
            move=Move.WITHDRAW,
            button="Withdraw for the patient",
            start=_BEFORE_ACCEPTANCE,
            end=_S.CANCELLED,
            permission=Permission.WITHDRAW_FOR_PATIENT,
            by_referrer=True,
            needs=frozenset({Need.WORDS}),
        ),
        Rule(
            move=Move.ASK_TO_CANCEL,
            button="Record a wish to cancel",
            start=frozenset({_S.ACCEPTED}),
            end=_S.CANCEL_REQUESTED,
            permission=Permission.WITHDRAW_FOR_PATIENT,
            by_referrer=True,
            needs=frozenset({Need.WORDS}),
        ),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the guards look at."""

    status: Status
    holder_id: int | None = None
    at_clinic: bool = True
    """False in the network's intake queue."""
    before: Status | None = None
    """Where it stood when its cancelling was asked; None while nobody asks."""

    @property
    def taken_on(self) -> bool:
        """Whether a clinic has taken the patient on."""
        return self.status in TAKEN_ON


def after(facts: Facts, move: Move) -> Status:
    """Return the status that a move leads to; raise Refused when the table has no such way."""
    rule = RULES.get(move)
    if rule is None or facts.status not in rule.start:
        raise Refused(f"A referral that is {facts.status.label.lower()} cannot be moved by “{move.value}”.")
    if rule.needs_clinic and not facts.at_clinic:
        raise Refused("No clinic has this referral yet. Transfer it to the clinic that is to accept it.")
    return _end(rule, facts)


def _end(rule: Rule, facts: Facts) -> Status:
    if rule.end is End.SAME:
        return facts.status
    if rule.end is not End.BEFORE:
        return rule.end
    if facts.before is None:
        raise Refused("Nobody asked to cancel this referral.")
    return facts.before


def ways(rule: Rule) -> Iterator[tuple[Status, Status]]:
    """Yield each status that a move starts from, with each that it may lead to from there."""
    for start in rule.start:
        if rule.end is End.BEFORE:
            yield from ((start, end) for end in RULES[Move.ASK_TO_CANCEL].start)
        else:
            yield start, start if rule.end is End.SAME else rule.end


def offered(facts: Facts, held: Collection[Permission], member_id: int) -> tuple[Rule, ...]:
    """Return, in the table's order, exactly the moves that this member may make now."""
    return tuple(rule for rule in RULES.values() if _fits_member(rule, facts, held, member_id))


def offered_to_referrer(facts: Facts) -> tuple[Rule, ...]:
    """Return the moves that the holder of the status link may make now."""
    return tuple(rule for rule in RULES.values() if rule.by_referrer and facts.status in rule.start)


def _fits_member(rule: Rule, facts: Facts, held: Collection[Permission], member_id: int) -> bool:
    if facts.status not in rule.start or (rule.needs_clinic and not facts.at_clinic):
        return False
    if rule.move is Move.RELEASE and facts.holder_id != member_id:
        return Permission.RELEASE_OTHERS in held
    return rule.permission in held
