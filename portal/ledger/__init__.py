"""The one way to write down that something happened to a referral, with the notices this owes; never commits.

Each event leaves an entry in the trail with a digest of what it says, so that a changed event does not fit it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain import notices
from portal.domain.audit import Act
from portal.domain.lifecycle import Move, Status
from portal.domain.notices import Audience, NoticeState
from portal.domain.orders import Actor, Ground
from portal.domain.routing import Placement
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import Event, Notice, PlacementRow, Referral
from portal.queries import chain


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What happened, and where it leaves the referral."""

    move: Move
    actor: Actor
    at: datetime
    to_status: Status
    to_clinic_id: int | None
    words: str = ""
    code: str | None = None
    rule_version: str | None = None


def append(session: Session, referral: Referral, entry: Entry) -> Event:
    """Append one event to a flushed referral, bring the referral up to it, and write the notices it owes."""
    event = Event(
        referral_id=referral.id,
        number=referral.version + 1,
        at=entry.at,
        actor=str(entry.actor),
        move=entry.move,
        from_status=referral.status if referral.version else None,
        to_status=entry.to_status,
        from_clinic_id=referral.clinic_id if referral.version else None,
        to_clinic_id=entry.to_clinic_id,
        code=entry.code or None,
        words=entry.words,
        rule_version=entry.rule_version,
    )
    session.add(event)
    session.flush()
    referral.version = event.number
    referral.status = entry.to_status
    referral.clinic_id = entry.to_clinic_id
    referral.moved_at = entry.at
    session.add_all(_owed(event))
    trail.note(session, Act.MOVED, actor=entry.actor, at=entry.at, about=_about(event))
    return event


def place(session: Session, event: Event, placement: Placement, ground: Ground) -> None:
    """Keep the routing decision that an event carried out, with all it was based on."""
    session.add(
        PlacementRow(
            event_id=event.id,
            referral_id=event.referral_id,
            clinic_id=event.to_clinic_id,
            choice=placement.choice,
            rule_version=placement.rule_version,
            place=asdict(ground.place) if ground.place else {},
            candidates=[asdict(candidate) for candidate in placement.candidates],
        )
    )


def _about(event: Event) -> About:
    kept = [getattr(event, column.key) for column in chain.EVENT_COLUMNS]
    return About(
        referral_id=event.referral_id,
        # Where it stood before, or where it came in.
        clinic_id=event.from_clinic_id if event.number > 1 else event.to_clinic_id,
        facts={"move": event.move, "event": event.number, "digest": chain.of_event(ring(), kept)},
    )


def _owed(event: Event) -> list[Notice]:
    return [
        Notice(
            event_id=event.id,
            referral_id=event.referral_id,
            audience=owed.audience,
            # The form asks for no address of the patient, so telling the patient is a call.
            state=NoticeState.TO_CALL if owed.audience is Audience.PATIENT else NoticeState.WAITING,
            due_at=event.at,
        )
        for owed in notices.due(event.move)
    ]
