"""Keep that a referral from another system was stopped, and what somebody on duty did about a stop."""

from datetime import datetime

from portal.db import write
from portal.domain.stops import Stop
from portal.ledger import stops


def stop(stopped: Stop, *, now: datetime) -> None:
    """Keep a stop under its submission key, once; nothing is ever filed under that key."""
    with write() as session:
        if not stops.is_stopped(session, stopped.digest):
            stops.record(session, stopped, now=now)
