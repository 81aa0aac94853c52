"""Referrals from other systems: the same names, the same reading, the same actions as the form."""

import json

from flask import Blueprint, Response, jsonify

from portal import vault
from portal.actions import amending, referrals
from portal.api import bodies, keys, reading, refusals
from portal.api.bodies import ADD, SEPARATE, Body
from portal.api.openapi import Answer, documented, header
from portal.api.refusals import Stopped, StoppedLate
from portal.db import db
from portal.domain.errors import Duplicate, PortalError, Replayed, Unfit
from portal.domain.orders import Ground, Receipt, Submission
from portal.domain.places import Ambiguous, Place
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import directory, replies
from portal.queries import referrals as asked

bp = Blueprint("api_referrals", __name__)


@bp.post("/referrals")
@documented(
    "Send a referral",
    parameters=(
        header(keys.HEADER, keys.SCHEMA, "New for each referral; the same one again is the same send"),
    ),
    body="NewReferral",
    answers={
        200: Answer(means="It was added to the referral that you sent before", schema="Receipt"),
        201: Answer(means="It is filed; the same key again is answered alike", schema="Receipt"),
    },
    refuses=refusals.MEANS,
)
@enter(Entry.API_KEY)
def submit() -> Response:
    """File one referral, or add to one; the same Idempotency-Key with the same body returns the first answer."""
    key_id = keys.get_key_id()
    try:
        body = bodies.read()
        submission = _submission(key_id, body)
        # Asked first: what could be filed then may be refused by now, and is filed all the same.
        receipt = _find_receipt(body, submission)
        return _answer(receipt or _filed(body, submission), key_id)
    except PortalError as error:
        return refusals.answer(error)


def _submission(key_id: int, body: Body) -> Submission:
    key = keys.get_once("referral")
    # What to do with a duplicate is no answer: after a 409 the same key goes on with it.
    answers = [sorted(body.typed.items()), sorted(body.said.items()), body.clinic]
    return Submission(
        key_digest=vault.digest(f"api:{key_id}:{key}"),
        body_digest=vault.digest(json.dumps(answers)),
        actor=asking.system(key_id),
        separate=body.duplicate == SEPARATE,
    )


def _find_receipt(body: Body, submission: Submission) -> Receipt | None:
    try:
        return replies.find_receipt(db.session(), submission, world().keys)
    except Replayed:
        try:
            # Other answers may tell of a danger, whatever key they come under.
            reading.stop(body, digest=submission.key_digest, now=now())
        except Stopped as stopped:
            raise StoppedLate(stopped.rules, stopped.lacking) from None
        raise


def _filed(body: Body, submission: Submission) -> Receipt:
    new = reading.read(body, digest=submission.key_digest, now=now())
    place = _locate(new.patient.place)
    ground = Ground(place=place, offers=directory.current(db.session()).offers(place))
    try:
        return referrals.submit(new, submission=submission, ground=ground, keys=world().keys, now=now())
    except Duplicate as duplicate:
        if body.duplicate != ADD:
            raise
        return amending.amend(new, duplicate.reference, submission=submission, keys=world().keys, now=now())


def _locate(typed: str) -> Place | None:
    """Return the place, None when nobody knows it; raise Unfit when it could be several."""
    found = world().locator.locate(typed)
    if isinstance(found, Ambiguous):
        several = "; ".join(place.key for place in found.candidates)
        raise Unfit({"patient.place": f"This could be several places. Send one of: {several}"})
    return found if isinstance(found, Place) else None


def _answer(receipt: Receipt, key_id: int) -> Response:
    referral = asked.get(db.session(), receipt.reference)
    if receipt.again:
        noting.looked(
            asking.system(key_id), referral_id=referral.id, clinic_id=referral.clinic_id, page="receipt"
        )
    # A referral that was sent before replies were kept has none.
    told = receipt.told or replies.compose(db.session(), referral)
    # The newest link: one that was ended meanwhile would open nothing.
    answer = jsonify({**told, "status_url": f"{world().settings.public_url}/s/{receipt.status_key}"})
    answer.status_code = 200 if receipt.added else 201
    answer.headers["Location"] = f"/r/{receipt.reference}"
    return answer
