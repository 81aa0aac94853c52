"""Keep that a referral from another system was stopped, and what somebody on duty did about a stop."""

from datetime import datetime

import sqlalchemy as sa

from portal.db import write
from portal.domain import reading
from portal.domain.audit import Act
from portal.domain.errors import NotFound, Refused, Unfit
from portal.domain.orders import WORDS_MOST, Actor
from portal.domain.stops import Stop
from portal.ledger import stops, trail
from portal.ledger.trail import About
from portal.models import SafetyEvent
from portal.queries import safety_stops


def stop(stopped: Stop, *, now: datetime) -> None:
    """Keep a stop under its submission key, once; nothing is ever filed under that key."""
    with write() as session:
        if not stops.is_stopped(session, stopped.digest):
            stops.record(session, stopped, now=now)


def close(name: str, words: str, *, actor: Actor, now: datetime) -> None:
    """Keep what a member did about a stop, once.

    Raise Unfit for words that cannot be used, NotFound where there is no stop that this member hears of, and Refused
    where somebody else has closed it.
    """
    try:
        done = reading.text(words, most=WORDS_MOST, lines=True)
    except ValueError as problem:
        raise Unfit({"words": str(problem)}) from None
    with write() as session:
        event = session.scalar(sa.select(SafetyEvent).where(SafetyEvent.name == name).with_for_update())
        if event is None or not safety_stops.hears(session, event, int(actor.id)):
            raise NotFound
        if event.handled_at is not None:
            raise Refused("Somebody else wrote down what was done. Read it here.")
        event.handled_at, event.handled_by_id, event.words = now, int(actor.id), done
        about = About(clinic_id=event.clinic_id, facts={"stop": event.name})
        trail.note(session, Act.STOP_CLOSED, actor=actor, at=now, about=about)
