"""What a sent draft leads to; its key opens that to nobody, and only the session that sent it is let in again."""

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.drafts import Draft
from portal.doors.world import now
from portal.queries import replies
from portal.web import opened, written

SEE_OTHER, GONE = 303, 404


def lead_on(draft: Draft, reference: str) -> Response:
    """Lead from a sent draft to the referral that it became or was added to, or say that it was sent."""
    status_key_id = replies.find_senders_key_id(
        db.session(), draft.key.digest, body_digest=opened.sender(), now=now()
    )
    if status_key_id:
        return open_receipt(reference, status_key_id)
    if draft.amends:
        return to_status(reference)
    if opened.find_key_id(reference):
        return _to_receipt(reference)
    return make_response(render_template("intake/sent.html", written=written.answers()), GONE)


def open_receipt(reference: str, status_key_id: int) -> Response:
    """Open a referral in the browser that sent it, by the key that was made for it, and go to the receipt."""
    opened.remember(reference, status_key_id)
    opened.prove(reference)
    return _to_receipt(reference)


def to_status(reference: str) -> Response:
    """Go to the page of a referral that a draft was added to."""
    return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)


def _to_receipt(reference: str) -> Response:
    return redirect(url_for("tracking.receipt", reference=reference), SEE_OTHER)
