"""A body as the referral it stands for; a danger stops first, then everything that is wrong is said at once."""

from datetime import datetime

from portal.actions import safety_stops
from portal.api.bodies import Body
from portal.api.refusals import Stopped
from portal.db import db
from portal.domain import intake, stops
from portal.domain.errors import SafetyStop, UnderAge, Unfit
from portal.domain.intake import Known, NewReferral, gate
from portal.domain.places import Place
from portal.domain.safety import Said
from portal.domain.stops import Stop
from portal.doors.world import site, world
from portal.queries import directory, rules

ATTESTATION = frozenset(field.name for field in gate.ATTESTATION_FIELDS)


def read(body: Body, *, digest: str, now: datetime) -> NewReferral:
    """Return the referral; raise Unfit, UnderAge, and Stopped as `stop` does."""
    known = rules.known(now)
    said, wrong = stop(body, digest=digest, now=now)
    wrong = {**body.wrong, **wrong}
    new = None
    try:
        new = intake.read(body.typed, safety=(said,), clinic=body.clinic, known=known)
    except Unfit as unfit:
        wrong = {**unfit.problems, **wrong}
    except UnderAge:
        if not wrong:
            raise
    if wrong or new is None:
        raise Unfit(wrong)
    return new


def stop(body: Body, *, digest: str, now: datetime) -> tuple[Said, dict[str, str]]:
    """Return the safety answers, and what is wrong with them; raise Stopped for a danger, once it is written down
    under the key's digest."""
    known = rules.known(now)
    answers, wrong = _gate(body, known)
    said = Said(at=now, answers=answers)
    try:
        intake.check_stops(body.typed, (said,), known)
    except SafetyStop as stopped:
        safety_stops.stop(_stop(stopped, body, digest), now=now)
        lacking = {name: told for name, told in wrong.items() if name in ATTESTATION}
        raise Stopped(stopped.rules, lacking) from None
    return said, wrong


def _gate(body: Body, known: Known) -> tuple[dict[str, str], dict[str, str]]:
    answers, wrong = gate.read(body.said, known)
    if gate.is_attesting(body.said):
        attested, open_questions = gate.read_attestation(body.said, known)
        return answers | attested, wrong | open_questions
    return answers, wrong


def _stop(stop: SafetyStop, body: Body, digest: str) -> Stop:
    return Stop(
        rules=stop.rules,
        digest=digest,
        typed=body.typed,
        clinic=body.clinic or _near(body),
        site=site(),
    )


def _near(body: Body) -> str | None:
    """Return the slug of the clinic whose staff are alarmed where none is wished for."""
    place = world().locator.locate(body.typed.get("patient.place", ""))
    if not isinstance(place, Place):
        return None
    offers = directory.current(db.session()).offers(place)
    return stops.nearest(offers, body.typed.get("condition", ""))
