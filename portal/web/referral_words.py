"""What a referral's page for staff says, in the order a nurse asks: safety, who, where, what happened."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain import clock, reading
from portal.domain import safety as safety_rules
from portal.domain.lifecycle import WAITING_ON, Move
from portal.domain.orders import ActorKind
from portal.domain.routing import Candidate
from portal.domain.vocabulary import CONDITION_LABELS, WaitingOn
from portal.queries.dossier import Dossier
from portal.queries.rules import get_targets
from portal.queries.status_links import Links
from portal.queries.tracking import Happening
from portal.web import answer_words, change_words, routing_words, timeline, words
from portal.web.queue_words import Clock, local_day, near, until, until_day
from portal.web.routing_words import Judged
from portal.web.timeline import NO_FILES, ByEvent, Entry

DID: dict[Move, str] = {
    Move.SUBMIT: "{who} sent it to {clinic}",
    Move.CLAIM: "{who} claimed it",
    Move.RELEASE: "{who} released it",
    Move.ACCEPT: "{who} accepted it for consultation",
    Move.DECLINE: "{who} declined it",
    Move.TRANSFER: "{who} transferred it to {clinic}",
    Move.ASK: "{who} asked the referrer",
    Move.ANSWER: "{who} answered",
    Move.ADD: "{who} added something",
    Move.WRITE: "{who} wrote to the referrer",
    Move.WITHDRAW: "{who} withdrew it",
    Move.ASK_TO_CANCEL: "{who} asked to cancel it",
    Move.CONFIRM_CANCEL: "{who} confirmed the cancellation",
    Move.KEEP: "{who} kept it going",
}
ASKED_BY = {
    ActorKind.MEMBER: "a member",
    ActorKind.REFERRER: "who holds the link",
    ActorKind.STRANGER: "somebody who gave the reference and the email",
}
TURN = {
    WaitingOn.US: "Waiting on us.",
    WaitingOn.REFERRER: "Waiting on the referrer.",
    WaitingOn.NOBODY: "Closed.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """Who it is about."""

    name: str
    born: str
    age: int
    phone: str
    phone_words: str
    place: str
    condition: str
    """Empty for a reader who may not read it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyLine:
    """One answer to the safety question; `correction` says why an earlier one did not stand."""

    said: str
    danger: bool
    asked: str
    correction: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One clinic that a referral may be transferred to, or may not."""

    slug: str
    name: str
    detail: str
    offered: bool


def patient(dossier: Dossier, now: datetime) -> Patient:
    """Return who it is about, in words."""
    who = dossier.patient
    return Patient(
        name=who.name,
        born=words.long_date(who.date_of_birth),
        age=reading.age_years(who.date_of_birth, local_day(now, dossier.zone)),
        phone=who.phone,
        phone_words=reading.phone_words(who.phone),
        place=dossier.place.label if dossier.place else who.place,
        condition=CONDITION_LABELS[dossier.new.condition] if dossier.new else "",
    )


def safety(dossier: Dossier, now: datetime) -> list[SafetyLine]:
    """Return the answers to the safety question, the one that counts first; none to who may not read them."""
    return [
        SafetyLine(
            said=answer_words.said_at_once(answer),
            danger=bool(safety_rules.fired(answer.answers)),
            asked=near(answer.at, dossier.zone, now),
            correction=answer.reason,
        )
        for answer in reversed(dossier.new.safety if dossier.new else ())
    ]


def standing(dossier: Dossier, member_id: int) -> str:
    """Return who holds it and whose turn it is."""
    turn = TURN[WAITING_ON[dossier.referral.status]]
    if dossier.holder is None:
        return turn
    who = "you" if dossier.referral.holder_id == member_id else dossier.holder
    return f"Held by {who}. {turn}"


def clocks(dossier: Dossier, now: datetime) -> list[Clock]:
    """Return what was promised when the referral was received, and how it stands; nothing once it is closed."""
    referral, zone = dossier.referral, dossier.zone
    if WAITING_ON[referral.status] is WaitingOn.NOBODY:
        return []
    looked_at = referral.first_looked_at
    first = until("First look", referral.first_look_due_at, zone, now)
    if looked_at:
        span = words.duration(looked_at - referral.received_at)
        first = Clock(
            what="First look", number=f"done in {span}", due=near(looked_at, zone, now), state="done"
        )
    target = get_targets().by_tier[referral.tier]
    promised = clock.promises(referral.received_at, target, zone=zone, state=dossier.state)
    call = [until("Call the patient", promised.contact_at, zone, now)] if promised.contact_at else []
    return [first, *call, until_day("First visit", promised.consultation_on, zone, now)]


def ages(dossier: Dossier, now: datetime) -> str:
    """Return how long ago it came and moved."""
    referral, zone = dossier.referral, dossier.zone
    return (
        f"Received {near(referral.received_at, zone, now)}, {words.ago(now - referral.received_at)}. "
        f"Last move {near(referral.moved_at, zone, now)}, {words.ago(now - referral.moved_at)}."
    )


def judged(dossier: Dossier) -> list[Judged]:
    """Return every clinic that routing looked at, best first, with why it was kept or dropped."""
    if dossier.decision is None:
        return []
    placement = dossier.decision.placement
    return [_judged(candidate, placement.chosen) for candidate in placement.candidates]


def _judged(candidate: Candidate, chosen: str | None) -> Judged:
    result = "Chosen." if candidate.slug == chosen else "Kept." if candidate.kept else "Dropped."
    return Judged(
        name=candidate.name,
        far=routing_words.distance(candidate),
        result=f"{result} {routing_words.reasons(candidate)}".strip(),
    )


def choice(candidate: Candidate) -> Choice:
    """Return a clinic as the form of a transfer offers it, or says why it does not."""
    said = (routing_words.distance(candidate), routing_words.reasons(candidate))
    return Choice(
        slug=candidate.slug,
        name=candidate.name,
        detail=". ".join(part for part in said if part),
        offered=candidate.kept,
    )


def links(found: Links, dossier: Dossier, now: datetime) -> str:
    """Return how the links of the practice stand, and who had a new one sent."""
    ends = found.ends_at and words.long_date(local_day(found.ends_at, dossier.zone))
    said = f"The practice follows it by a link that ends on {ends}." if ends else "No link opens it now."
    if found.renewed is None:
        return said
    at, by = found.renewed
    return f"{said} A new one was sent {near(at, dossier.zone, now)}, asked for by {ASKED_BY[by]}."


def history(dossier: Dossier, files: ByEvent = NO_FILES) -> list[Entry]:
    """Return what happened, newest first, with the members by name, and with the files that came with it."""
    return timeline.newest_first(
        dossier.happenings, title=lambda happening: _did(dossier, happening), zone=dossier.zone, files=files
    )


def changes(dossier: Dossier, *, after: int) -> list[Entry]:
    """Return what happened since the event numbered `after`, newest first."""
    return history(dossier)[: max(0, dossier.referral.version - after)]


def _did(dossier: Dossier, happening: Happening) -> str:
    if happening.changed:
        return f"{_who(dossier, happening)} changed {change_words.named(happening.changed)}"
    return DID[happening.move].format(who=_who(dossier, happening), clinic=happening.to_clinic)


def _who(dossier: Dossier, happening: Happening) -> str:
    if happening.by is ActorKind.MEMBER:
        return dossier.people[int(happening.by_id)]
    referrer = dossier.referrer
    by_kind = {ActorKind.REFERRER: referrer.name, ActorKind.API: f"The system of {referrer.practice}"}
    return by_kind.get(happening.by, "The portal")
