"""What was changed in a referral's answers after it was sent, by the event that changed it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import answers
from portal.domain.amending import Change
from portal.domain.intake import NewReferral
from portal.models import Amendment, Event
from portal.queries import referrals


def of(session: Session, referral_id: int) -> dict[int, tuple[Change, ...]]:
    """Return the changes of each event that made any, by its number, oldest first."""
    rows = session.execute(
        sa.select(Event.number, Amendment)
        .join(Event, Event.id == Amendment.event_id)
        .where(Amendment.referral_id == referral_id)
        .order_by(Event.number)
    )
    return {row.number: tuple(Change(**each) for each in row.Amendment.changes) for row in rows}


def last(session: Session, referral_id: int) -> int:
    """Return the number of the event that changed answers last, 0 where none did."""
    found = session.scalar(
        sa.select(sa.func.max(Event.number))
        .join(Amendment, Amendment.event_id == Event.id)
        .where(Amendment.referral_id == referral_id)
    )
    return found or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A referral's answers as they stand now, and where they are."""

    new: NewReferral
    id: int
    clinic_id: int | None
    last: int
    """What `last` says of it."""
    clinic_name: str


def get_sent(session: Session, reference: str) -> Sent:
    """Return the answers of a referral; raise NotFound."""
    referral = referrals.get(session, reference)
    return Sent(
        new=answers.read(referral.answers),
        id=referral.id,
        clinic_id=referral.clinic_id,
        last=last(session, referral.id),
        clinic_name=referrals.clinic_name(session, referral.clinic_id),
    )
