"""Referrals from other systems: the same ten names, the same reading, the same action as the form."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal import vault
from portal.actions import referrals
from portal.actions.referrals import Receipt
from portal.api import bodies, keys
from portal.api.bodies import Body
from portal.api.openapi import Answer, documented, header
from portal.api.problems import problem
from portal.db import db
from portal.domain import intake
from portal.domain.errors import Replayed, SafetyStop, UnderAge, Unfit
from portal.domain.intake import NewReferral, SafetyAnswer
from portal.domain.orders import Ground, Submission
from portal.domain.places import Ambiguous, Place
from portal.domain.routing import REASON_LABELS, Reason
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import directory, rules
from portal.queries import referrals as asked

bp = Blueprint("api_referrals", __name__)

KEY_HEADER = "Idempotency-Key"
KEY_MOST = 200
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
    except SafetyStop:
        return problem(422, "Somebody is in immediate danger", detail=CRISIS, type="/problems/safety-stop")
    except UnderAge:
        said = "The network treats adults. The patient's own clinician knows services for young people."
        return problem(422, "The patient is under 18", detail=said, type="/problems/under-age")
    except Replayed:
        return problem(409, f"This {KEY_HEADER} came before with another body")


def _filed(key_id: int, body: Body, moment: datetime) -> Response:
    key = request.headers.get(KEY_HEADER, "")
    if not 0 < len(key) <= KEY_MOST:
        raise Unfit({KEY_HEADER: f"Send a header of 1 to {KEY_MOST} characters, new for each referral"})
    new = _read(body, moment)
    place = _locate(new.patient.place)
    receipt = referrals.submit(
        new,
        submission=Submission(
            key_digest=vault.digest(f"api:{key_id}:{key}"),
            body_digest=vault.digest(json.dumps([dict(sorted(body.typed.items())), body.clinic])),
            actor=asking.system(key_id),
        ),
        ground=Ground(place=place, offers=directory.current(db.session()).offers(place)),
        keys=world().keys,
        now=moment,
    )
    answer = jsonify(_answer(receipt, key_id))
    answer.status_code = 201
    answer.headers["Location"] = f"/r/{receipt.reference}"
    return answer


def _read(body: Body, moment: datetime) -> NewReferral:
    answer = SafetyAnswer(immediate_danger=body.immediate_danger, at=moment)
    return intake.read(body.typed, safety=(answer,), clinic=body.clinic, today=rules.local_day(moment))


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
