"""A draft as it is sent: who sends it, which referrals of theirs may be told of, and that the patient agreed to it."""

import json

from flask import session

from portal import vault
from portal.domain.orders import Submission
from portal.doors import asking
from portal.web import intake_draft, opened
from portal.web.intake_draft import draft

AGREED = "agreed"
"""Names in the session what stands for the answers to which the patient agreed."""
SEPARATE = "separate"
"""Names in the draft what stands for the patient of whom it is another referral; for another patient it says nothing."""
PATIENT = ("patient.name", "patient.date_of_birth", "patient.phone")
"""What a referral sent before is found by."""


def submission(*, shown: int | None = None) -> Submission:
    """Return the draft of this request as it is sent; `shown` is the last change of the referral that it amends."""
    return Submission(
        key_digest=draft().key.digest,
        # Whatever a second send of this draft says, the first one stands, and its receipt is for whoever sent that.
        body_digest=opened.sender(),
        actor=asking.form(),
        draft=draft(),
        # Of others the question would tell, guess by guess, when their patient was born.
        holds=frozenset(opened.proven()),
        separate=draft().typed.get(SEPARATE) == _patient(),
        shown=shown,
    )


def keep_separate() -> None:
    """Keep that this is another referral of the patient that the form names now."""
    intake_draft.keep_typed({SEPARATE: _patient()})


def _patient() -> str:
    return vault.digest(json.dumps([draft().typed.get(name, "") for name in PATIENT]))


def note_agreement() -> None:
    """Note that the patient agreed to the answers as they are: a question in between need not be answered with it."""
    session[AGREED] = _mark()


def is_agreed() -> bool:
    """Tell whether the answers are still those that the patient agreed to."""
    return bool(session.get(AGREED) == _mark())


def _mark() -> str:
    # With the key in it, a cookie that is read by somebody lets no answer be guessed.
    return vault.digest(f"{draft().key.digest}:{draft().seal}")
