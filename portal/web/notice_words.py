"""Whether somebody was told of a move, in words, and what a member can do about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.domain import access
from portal.domain.access import Membership, Permission
from portal.domain.lifecycle import TAKEN_ON, Move
from portal.domain.notices import NoticeState
from portal.queries.dossier import Told
from portal.queries.outbox import Trouble
from portal.web.queue_words import near

NOUNS: dict[Move, str] = {
    Move.SUBMIT: "the receipt",
    Move.ACCEPT: "the acceptance",
    Move.DECLINE: "the decline",
    Move.TRANSFER: "the transfer",
    Move.ASK: "the question",
    Move.WRITE: "what the clinic wrote",
    Move.WITHDRAW: "the withdrawal",
    Move.CONFIRM_CANCEL: "the cancellation",
    Move.KEEP: "that it goes on",
}
SAID: dict[NoticeState, str] = {
    NoticeState.WAITING: "Mail to the practice goes out soon",
    NoticeState.SENT: "Practice told {when}",
    NoticeState.FAILED: "Mail to the practice did not arrive",
    NoticeState.TO_CALL: "Patient not told: call {phone}",
    NoticeState.CALLED: "Patient told {when} by {who}",
}


TROUBLE: dict[NoticeState, str] = {
    NoticeState.WAITING: "Mail to the practice is late and is tried again",
    NoticeState.FAILED: "Mail to the practice did not arrive",
    NoticeState.TO_CALL: "Patient not told: call",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What a member may do about a notice."""

    verb: str
    button: str
    permission: Permission


ACTS: dict[NoticeState, Act] = {
    NoticeState.TO_CALL: Act(verb="called", button="I called the patient", permission=Permission.LOG_CALLS),
    NoticeState.FAILED: Act(verb="retry", button="Try again", permission=Permission.READ_OUTBOX),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One notice in words; `act` is None when nothing is left to do or the member may not."""

    id: int
    said: str
    detail: str
    open: bool
    act: Act | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TroubleLine:
    """One notice that needs a person; `readable` says whether this member may open its referral."""

    id: int
    reference: str
    readable: bool
    clinic: str
    said: str
    detail: str
    about: str
    act: Act | None


def line(notice: Told, *, phone: str, zone: str, held: Collection[Permission], now: datetime) -> Line:
    """Return one notice as a referral's page says it."""
    when = near(notice.done_at, zone, now) if notice.done_at else ""
    detail = f"About {NOUNS[notice.move]}."
    return Line(
        id=notice.id,
        said=SAID[notice.state].format(when=when, who=notice.done_by, phone=phone),
        detail=f"{detail} {notice.trouble}".strip(),
        open=notice.state in ACTS,
        act=allowed(notice.state, held),
    )


def trouble(found: Trouble, memberships: Iterable[Membership], now: datetime) -> TroubleLine:
    """Return one notice as the outbox says it; without the patient's phone, which stands on the referral's page."""
    held = access.permissions(memberships, found.clinic_id, taken_on=found.status in TAKEN_ON)
    said = TROUBLE[found.state]
    tried = f" Tried {found.tries} times." if found.tries > 1 else ""
    return TroubleLine(
        id=found.notice_id,
        reference=found.reference,
        readable=Permission.READ_REFERRALS in held,
        clinic=found.clinic,
        said=said,
        detail=f"{found.trouble}{tried}".strip(),
        about=f"{NOUNS[found.move].removeprefix('the ').capitalize()}, {near(found.happened_at, found.zone, now)}",
        act=allowed(found.state, held),
    )


def allowed(state: NoticeState, held: Collection[Permission]) -> Act | None:
    """Return what a member with these permissions may do about a notice."""
    act = ACTS.get(state)
    return act if act and act.permission in held else None
