"""The moves of a referral, as one table; a move that is not in it does not exist.

Later moves (schedule, attend, reopen ...) are rows to add here.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.access import Permission
from portal.domain.lifecycle.names import OPEN, Move, Status


class End(StrEnum):
    """Where a move leads that does not always lead to the same status."""

    SAME = "where it is"
    BEFORE = "where it was before its cancelling was asked"


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
    takes_files: bool = False
    """Whether files may come with it, with words or in their place."""
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
            takes_files=True,
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
            takes_files=True,
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
