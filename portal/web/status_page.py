"""A referral as the practice that sent it reads it: whose turn, where it stands, what comes next, what happened."""

from dataclasses import dataclass

from flask import url_for

from portal.db import db
from portal.domain import lifecycle, reading
from portal.domain.lifecycle import WAITING_ON, Move, Status
from portal.domain.listings import Listing
from portal.domain.vocabulary import WaitingOn
from portal.doors.world import now
from portal.queries import directory, tracking
from portal.queries.files import Kept
from portal.queries.tracking import Followed, Happening
from portal.web import file_words, timeline, words
from portal.web.file_words import Line
from portal.web.promise_words import Promised, promised
from portal.web.timeline import ByEvent, Entry

TURNS = {
    WaitingOn.US: "The clinic's",
    WaitingOn.REFERRER: "Yours: the clinic asked a question",
    WaitingOn.NOBODY: "Nobody's: this referral is closed",
}
TEAMS_TURN = "The network's intake team's"
STANDS = {
    Status.RECEIVED: "Received. It waits to be read.",
    Status.IN_TRIAGE: "Being read by the clinic.",
    Status.INFO_REQUESTED: "Waiting for your answer.",
    Status.ACCEPTED: "Accepted for consultation.",
    Status.CANCEL_REQUESTED: "Accepted, and asked to be cancelled.",
    Status.DECLINED: "Declined.",
    Status.CANCELLED: "Cancelled.",
}
WITHDRAWN = "Withdrawn."
NEXT = {
    Status.RECEIVED: "{reads}",
    Status.IN_TRIAGE: "The clinic decides, or asks you something. Either way a mail tells you.",
    Status.INFO_REQUESTED: "The clinic goes on reading once you answer; nothing is declined for waiting.",
    Status.ACCEPTED: "The clinic calls the patient and offers a first visit no later than {visit}.",
    Status.CANCEL_REQUESTED: "The clinic cancels visits and travel, then confirms. Until then you can take it back.",
    Status.DECLINED: "The reason stands below. You decide what comes next with the patient. You may send a new referral when things change.",
    Status.CANCELLED: "Nothing. You may send a new referral at any time.",
}
BEFORE_ACCEPTANCE = lifecycle.RULES[Move.WITHDRAW].start
VISIT = "To be offered for a date no later than {visit}, if the clinic accepts."
LATE = "It was to be read by {look}, and that is over. It is not lost; call the clinic when it cannot wait."
LATE_AT_TEAM = "It was to be read by {look}, and that is over. It is not lost: the intake team still has it."


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the clinic asked last, and when."""

    words: str
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusPage:
    """What the page places; no patient is named."""

    reference: str
    version: int
    turn: str
    clinic_name: str
    phone: str
    stands: str
    follows: str
    promised: Promised
    question: Question | None
    moves: frozenset[Move]
    """What may be done here now."""
    visit: str
    """By when a first visit is to be offered; empty once that is settled."""
    entries: list[Entry]
    hides_files: bool
    """Whether files stand there without their names, for a reader who may not know the patient."""


def read(followed: Followed, *, proven: bool) -> StatusPage:
    """Return the page of a referral as it is now, for a reader who proved to know its patient or did not."""
    clinic = directory.current(db.session()).find(followed.clinic or "")
    times = promised(followed.received_at, followed.tier, clinic)
    status = followed.facts.status
    moves = frozenset(rule.move for rule in lifecycle.offered_to_referrer(followed.facts))
    return StatusPage(
        reference=followed.reference,
        version=followed.version,
        turn=_turn(followed),
        clinic_name=followed.clinic_name,
        phone=phone(clinic),
        stands=stands(followed),
        follows=_follows(followed, times),
        promised=times,
        question=_question(followed.happenings, times.zone) if Move.ANSWER in moves else None,
        moves=moves,
        visit=VISIT.format(visit=times.visit) if clinic and status in BEFORE_ACCEPTANCE else "",
        entries=timeline.for_referrer(
            followed.happenings, zone=times.zone, files=_files(followed, proven=proven)
        ),
        hides_files=bool(followed.files) and not proven,
    )


def _files(followed: Followed, *, proven: bool) -> ByEvent:
    def say(kept: Kept) -> Line:
        way = url_for("downloads.of_status", reference=followed.reference, name=kept.name)
        return file_words.line(kept, open_url=way) if proven else file_words.unnamed(kept)

    return file_words.by_event(followed.files, say)


def stands(followed: Followed) -> str:
    """Return where a referral stands, as sentences; one that is over says how it ended."""
    if followed.happenings[-1].move is Move.WITHDRAW:
        return WITHDRAWN
    return STANDS[followed.facts.status]


def _turn(followed: Followed) -> str:
    whose = WAITING_ON[followed.facts.status]
    return TEAMS_TURN if whose is WaitingOn.US and followed.clinic is None else TURNS[whose]


def _follows(followed: Followed, times: Promised) -> str:
    status, said = followed.facts.status, NEXT[followed.facts.status]
    if status is Status.RECEIVED and times.look_at < now():
        said = LATE if followed.clinic else LATE_AT_TEAM
    return said.format(reads=times.reads, look=times.look, visit=times.visit)


def phone(clinic: Listing | None) -> str:
    """Return a clinic's phone, or that it is not confirmed; nothing for the network's intake team."""
    if clinic is None:
        return ""
    return (
        f"Phone {reading.phone_words(clinic.phone)}"
        if clinic.phone
        else "Phone not yet confirmed by the clinic"
    )


def _question(happenings: tuple[Happening, ...], zone: str) -> Question:
    asked = next(happening for happening in reversed(happenings) if happening.move is Move.ASK)
    return Question(words=timeline.detail(asked), when=words.when(asked.at, zone))


def changes_since(followed: Followed, version: int) -> list[str]:
    """Return what happened after a version, as sentences."""
    return timeline.changes(happening for happening in followed.happenings if happening.number > version)


def get(reference: str) -> Followed:
    """Return the referral afresh, also where this request has read it before."""
    session = db.session()
    # What was read before a move was refused is older than the reason why.
    session.rollback()
    return tracking.get_followed(session, reference)
