"""What the API answers when a referral is not filed, by the error that says so; each says how to go on."""

from collections.abc import Iterable, Mapping

from flask import Response

from portal.api.problems import problem
from portal.domain.errors import Duplicate, PortalError, Refused, Replayed, SafetyStop, UnderAge, Unfit

MEANS: Mapping[int, str] = {
    400: "The body is not a JSON object",
    401: "The bearer key is missing or not known",
    409: "The same key came before with another body, or this key sent an open referral for the patient before",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "Answers that cannot be used, each named; or nothing may be filed for this patient here",
}
CRISIS = "Call 911 for danger now. Call or text 988 for thoughts of suicide. Alaska Careline: 877-266-4357."
GO_ON = (
    "Nothing was filed, and nothing is ever filed under this Idempotency-Key. When nobody is in danger, or a clinician "
    "has assessed the patient and attests it, send the referral with a new key."
)
STANDS = (
    "What this Idempotency-Key sent before stays as it was, without these answers. When nobody is in danger, or a clinician "
    "has assessed the patient and attests it, send them with a new key and duplicate: add."
)
YOUNG = "The network treats adults. The patient's own clinician knows services for young people."
SAME = (
    "Nothing was filed. Send it again with duplicate: add, to add it to that referral, or with duplicate: separate, "
    "to file another one; the same Idempotency-Key will do."
)
OTHER_BODY = "This Idempotency-Key came before with other answers. Send a new referral with a new key."
CLOSED = "The referral that it was to be added to was closed meanwhile. Send it again to file a new one."


class Stopped(SafetyStop):
    """A stop with what the attestation lacks, so that a clinician can complete it."""

    def __init__(self, rules: Iterable[str], lacking: Mapping[str, str]) -> None:
        super().__init__(rules)
        self.lacking = dict(lacking)


class StoppedLate(Stopped):
    """A stop under a key that has its answer: the referral was filed before."""


def answer(error: PortalError) -> Response:
    """Return the problem for an error that refused a referral; raise it again where it is none of these."""
    match error:
        case Unfit():
            return problem(422, "Some answers cannot be used", errors=error.problems)
        case SafetyStop():
            return _stopped(error)
        case UnderAge():
            return problem(422, "The patient is under 18", detail=YOUNG, type="/problems/under-age")
        case Duplicate():
            return _duplicate(error)
        case Replayed():
            return problem(409, "The key came before", detail=OTHER_BODY, type="/problems/replayed")
        case Refused():
            return problem(409, "The referral is closed", detail=CLOSED, type="/problems/closed")
    raise error


def _stopped(stop: SafetyStop) -> Response:
    return problem(
        422,
        "Stopped for safety",
        detail=f"{CRISIS} {STANDS if isinstance(stop, StoppedLate) else GO_ON}",
        errors=stop.lacking if isinstance(stop, Stopped) else None,
        type="/problems/safety-stop",
        rules=list(stop.rules),
    )


def _duplicate(duplicate: Duplicate) -> Response:
    return problem(
        409,
        "You sent an open referral for this patient before",
        detail=SAME,
        type="/problems/duplicate",
        of=duplicate.reference,
    )
