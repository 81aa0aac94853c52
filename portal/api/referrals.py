"""Referrals from other systems: the same names, the same reading, the same actions as the form."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal import vault
from portal.actions import amending, referrals, safety_stops
from portal.api import bodies, keys
from portal.api.bodies import ADD, SEPARATE, Body
from portal.api.openapi import Answer, documented, header
from portal.api.problems import problem
from portal.db import db
from portal.domain import intake
from portal.domain.errors import Duplicate, Replayed, SafetyStop, UnderAge, Unfit
from portal.domain.intake import NewReferral, gate
from portal.domain.orders import Ground, Receipt, Submission
from portal.domain.places import Ambiguous, Place
from portal.domain.routing import REASON_LABELS, Reason
from portal.domain.safety import Said
from portal.domain.stops import Stop
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now, site, world
from portal.queries import directory, rules
from portal.queries import referrals as asked

bp = Blueprint("api_referrals", __name__)

KEY_HEADER = "Idempotency-Key"
KEY_MOST = 200
SAME = (
    "Nothing was filed. Send it again with duplicate: add, to add it to that referral, or with duplicate: separate, "
    "to file another one."
)
CRISIS = (
    "Nothing was filed. Call 911 for danger now. Call or text 988 for thoughts of suicide. "
    "Alaska Careline: 877-266-4357."
)


@bp.post("/referrals")
@documented(
    "Send a referral",
    parameters=(
        header(
            KEY_HEADER, {"type": "string", "minLength": 1, "maxLength": KEY_MOST}, "New for each referral"
        ),
    ),
    body="NewReferral",
    answers={201: Answer(means="It is filed, or was before under this key", schema="Receipt")},
    refuses={
        400: "The body is not a JSON object",
        401: "The bearer key is missing or not known",
        409: "The same key came before with another body",
        413: "The body is too large",
        415: "The body is not application/json",
        422: "Answers that cannot be used, each named; or nothing may be filed for this patient here",
    },
)
@enter(Entry.API_KEY)
def submit() -> Response:
    """File one referral; the same Idempotency-Key with the same body returns the first answer."""
    key_id = keys.get_key_id()
    moment = now()
    try:
        return _filed(key_id, bodies.read(), moment)
    except Unfit as unfit:
        return problem(422, "Some answers cannot be used", errors=unfit.problems)
    except SafetyStop as stop:
        rules = ", ".join(stop.rules)
        return problem(
            422, "Stopped for safety", detail=f"{CRISIS} {rules}".strip(), type="/problems/safety-stop"
        )
    except UnderAge:
        said = "The network treats adults. The patient's own clinician knows services for young people."
        return problem(422, "The patient is under 18", detail=said, type="/problems/under-age")
    except Duplicate as duplicate:
        return problem(
            409,
            "You sent an open referral for this patient before",
            detail=SAME,
            type="/problems/duplicate",
            of=duplicate.reference,
        )
    except Replayed:
        return problem(409, f"This {KEY_HEADER} came before with another body")


def _filed(key_id: int, body: Body, moment: datetime) -> Response:
    key = request.headers.get(KEY_HEADER, "")
    if not 0 < len(key) <= KEY_MOST:
        raise Unfit({KEY_HEADER: f"Send a header of 1 to {KEY_MOST} characters, new for each referral"})
    submission = Submission(
        key_digest=vault.digest(f"api:{key_id}:{key}"),
        body_digest=vault.digest(
            json.dumps([sorted(body.typed.items()), sorted(body.said.items()), body.clinic])
        ),
        actor=asking.system(key_id),
        separate=body.duplicate == SEPARATE,
    )
    new = _read(body, submission, moment)
    place = _locate(new.patient.place)
    try:
        receipt = referrals.submit(
            new,
            submission=submission,
            ground=Ground(place=place, offers=directory.current(db.session()).offers(place)),
            keys=world().keys,
            now=moment,
        )
    except Duplicate as duplicate:
        if body.duplicate != ADD:
            raise
        receipt = amending.amend(
            new, duplicate.reference, submission=submission, keys=world().keys, whole=False, now=moment
        )
    answer = jsonify(_answer(receipt, key_id))
    answer.status_code = 201
    answer.headers["Location"] = f"/r/{receipt.reference}"
    return answer


def _read(body: Body, submission: Submission, moment: datetime) -> NewReferral:
    known = rules.known(moment)
    answers, wrong = gate.read(body.said, known)
    if gate.is_attesting(body.said):
        attested, open_questions = gate.read_attestation(body.said, known)
        answers, wrong = answers | attested, wrong | open_questions
    if wrong:
        raise Unfit(wrong)
    said = Said(at=moment, answers=answers)
    try:
        return intake.read(body.typed, safety=(said,), clinic=body.clinic, known=known)
    except SafetyStop as stop:
        stopped = Stop(
            rules=stop.rules, digest=submission.key_digest, typed=body.typed, clinic=body.clinic, site=site()
        )
        safety_stops.stop(stopped, now=moment)
        raise


def _locate(typed: str) -> Place | None:
    """Return the place, None when nobody knows it; raise Unfit when it could be several."""
    found = world().locator.locate(typed)
    if isinstance(found, Ambiguous):
        asked = "; ".join(place.key for place in found.candidates)
        raise Unfit({"patient.place": f"This could be several places. Send one of: {asked}"})
    return found if isinstance(found, Place) else None


def _answer(receipt: Receipt, key_id: int) -> Mapping[str, Any]:
    session = db.session()
    referral = asked.get(session, receipt.reference)
    if receipt.again:
        noting.looked(
            asking.system(key_id), referral_id=referral.id, clinic_id=referral.clinic_id, page="receipt"
        )
    placement = asked.get_placement(session, referral.id)
    chosen = asked.get_clinic_slug(session, placement.clinic_id) if placement.clinic_id else None
    return {
        "reference": referral.reference,
        "clinic": chosen,
        "queue": asked.clinic_name(session, placement.clinic_id),
        "first_look_by": referral.first_look_due_at.isoformat(),
        "explanation": {
            "choice": placement.choice,
            "rule_version": placement.rule_version,
            "place": {name: placement.place.get(name) for name in ("label", "precision", "source")},
            "candidates": [_told(candidate) for candidate in placement.candidates],
        },
        "status_url": f"{world().settings.public_url}/s/{receipt.status_key}",
    }


def _told(candidate: Mapping[str, Any]) -> Mapping[str, Any]:
    reasons = [{"code": code, "words": REASON_LABELS[Reason(code)]} for code in candidate["reasons"]]
    return {**candidate, "reasons": reasons}
