"""Whom the alarm of a stopped form goes to: how the portal calls itself, and the clinic that is the nearest."""

from collections.abc import Mapping

from portal.db import db
from portal.domain import safety, stops
from portal.domain.places import Place
from portal.domain.stops import Alarm
from portal.doors.world import site, world
from portal.queries import directory
from portal.web import place_words


def of(answers: Mapping[str, str]) -> Alarm:
    """Return the alarm for these answers; nobody looks for a clinic while there is nothing to be alarmed about."""
    return Alarm(site=site(), near=_near(answers) if safety.fired(answers) else None)


def _near(answers: Mapping[str, str]) -> str | None:
    typed = answers.get("patient.place", "")
    place = place_words.settle(world().locator.locate(typed), answers.get("use_place", "")) if typed else None
    if not isinstance(place, Place):
        return None
    offers = directory.current(db.session()).offers(place)
    return stops.nearest(offers, answers.get("condition", ""))
