"""The receipt of a sent referral: a sheet for the chart, with the link that follows it; the patient stands in initials."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for

from portal.db import db
from portal.domain.intake import Referrer
from portal.domain.lifecycle import OPEN, Status
from portal.domain.listings import Listing
from portal.domain.vocabulary import Tier
from portal.doors.world import world
from portal.queries import directory, referrals
from portal.queries.tracking import Followed
from portal.web import routing_words, status_page, words
from portal.web.promise_words import Promised, promised

PROMISING = OPEN - {Status.CANCEL_REQUESTED}
"""Where a referral is still to be read, or its patient to be seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptPage:
    """What the sheet places."""

    reference: str
    received: str
    is_new: bool
    """Whether it still stands as it was sent; later the status page says more."""
    ended: str
    """How it stands where nothing of what was promised holds any more; empty before."""
    clinic: Listing | None
    phone: str
    clinic_name: str
    tier: Tier
    promised: Promised
    why: str
    next_best: str | None
    patient: str
    referrer: Referrer
    link: str
    link_ends: str


def read(followed: Followed, key_id: int, *, proven: bool) -> ReceiptPage:
    """Return the receipt for the holder of a status key; with the year of birth, if they proved to know the patient."""
    clinic = directory.current(db.session()).find(followed.clinic or "")
    times = promised(followed.received_at, followed.tier, clinic)
    key = referrals.get_status_key(db.session(), key_id)
    path = url_for("tracking.open_link", key=world().keys.status_key(key.salt))
    return ReceiptPage(
        reference=followed.reference,
        received=words.stamp(followed.received_at, times.zone),
        is_new=followed.facts.status is Status.RECEIVED,
        ended="" if followed.facts.status in PROMISING else status_page.stands(followed),
        clinic=clinic,
        phone=status_page.phone(clinic),
        clinic_name=followed.clinic_name,
        tier=followed.tier,
        promised=times,
        why=routing_words.why(followed.decision.placement, followed.decision.place),
        next_best=_next_best(followed),
        patient=f"{followed.patient_initials}, born {followed.birth_year}."
        if proven
        else followed.patient_initials,
        referrer=followed.referrer,
        link=f"{world().settings.public_url.rstrip('/')}{path}",
        link_ends=words.long_date(key.expires_at.astimezone(ZoneInfo(times.zone)).date()),
    )


def _next_best(followed: Followed) -> str | None:
    runner_up = routing_words.find_runner_up(followed.decision.placement)
    if runner_up is None or runner_up.distance_km is None:
        return None
    said = "Suggested was" if runner_up is followed.decision.placement.kept[0] else "Next best:"
    return f"{said} {runner_up.name}, {routing_words.distance(runner_up)}."
