"""The one way to write down that a form was stopped for safety, and to alarm those who must act; never commits."""

from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.letters import stopped
from portal.domain.stops import TOLD, Stop
from portal.ledger import letters
from portal.models import Clinic, Referral, SafetyEvent
from portal.queries.safety_stops import hearers

ALARM_AGAIN_AFTER = timedelta(minutes=15)


def record(session: Session, stop: Stop, *, now: datetime) -> None:
    """Keep the event, without identity when nobody was named; else alarm who is on duty, at once.

    They are not mailed again of what the same form told a moment ago, while nobody has seen to that.
    """
    who = {name: stop.typed[name].strip() for name in TOLD if stop.typed.get(name, "").strip()}
    clinic_id = _find_clinic_id(session, stop)
    is_news = not _is_alarmed(session, stop, clinic_id, since=now - ALARM_AGAIN_AFTER)
    event = SafetyEvent(
        name=uuid4().hex[:16],
        at=now,
        rules=" ".join(sorted(stop.rules)),
        submission_digest=stop.digest,
        clinic_id=clinic_id,
        referral_id=stop.referral_id,
    )
    event.who = who or None
    session.add(event)
    if who and is_news:
        for member_id in hearers(session, clinic_id):
            letters.owe(session, member_id, stopped(stop.site), now=now)


def _is_alarmed(session: Session, stop: Stop, clinic_id: int | None, *, since: datetime) -> bool:
    """Tell whether an open stop of the same key and clinic has named somebody, by all of these rules."""
    told = session.scalars(
        sa.select(SafetyEvent.rules).where(
            SafetyEvent.submission_digest == stop.digest,
            SafetyEvent.clinic_id.is_not_distinct_from(clinic_id),
            SafetyEvent.sealed_who.is_not(None),
            SafetyEvent.handled_at.is_(None),
            SafetyEvent.at > since,
        )
    )
    return any(set(stop.rules) <= set(rules.split()) for rules in told)


def _find_clinic_id(session: Session, stop: Stop) -> int | None:
    """Return the clinic that holds the referral now, whatever the form says; else the one it would have gone to."""
    if stop.referral_id is not None:
        return session.scalar(sa.select(Referral.clinic_id).where(Referral.id == stop.referral_id))
    return session.scalar(sa.select(Clinic.id).where(Clinic.slug == stop.clinic)) if stop.clinic else None


def is_stopped(session: Session, digest: str) -> bool:
    """Tell whether a submission key was ever stopped."""
    found = sa.select(SafetyEvent.id).where(SafetyEvent.submission_digest == digest)
    return session.scalars(found.limit(1)).first() is not None
