"""What a system is told of a referral that it sent, in JSON's kinds; told again to the same key as it was first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain import answers, completeness, intake, safety, tiering
from portal.domain.errors import Replayed
from portal.domain.intake import NewReferral
from portal.domain.orders import Once, Receipt, Submission
from portal.domain.routing import REASON_LABELS, Reason
from portal.domain.safety import Question
from portal.models import PlacementRow, Referral, Reply, StatusKey
from portal.queries import referrals, rules
from portal.vault import Keys

CALL = "Call 911 for danger now. Call or text 988 for thoughts of suicide."
PROMPTS: Mapping[Question, str] = {
    Question.WORDS: f"Words of crisis stand in a text. Is anyone in danger now? {CALL}",
    Question.ITEM_9: (
        f"PHQ-9 item 9 tells of thoughts of death, and the screener has none. Is anyone in danger now? {CALL}"
    ),
}
"""What the form asks once more on a page of its own; a system has filed, and whoever reads its answer is asked."""


def find(session: Session, submission_digest: str) -> Reply | None:
    """Return what was told to a submission key before."""
    return session.scalar(sa.select(Reply).where(Reply.submission_digest == submission_digest))


def find_receipt(session: Session, submission: Submission, keys: Keys) -> Receipt | None:
    """Return the receipt that a submission key has had before; raise Replayed when it came with other answers."""
    reply = find(session, submission.key_digest)
    found = session.get(Referral, reply.referral_id) if reply else None
    found = found or referrals.find_by_submission(session, submission.key_digest)
    if found is None:
        return None
    if (reply or found).body_digest != body_index(submission):
        raise Replayed
    return receipt(session, found, keys, reply)


def find_senders_key_id(
    session: Session, submission_digest: str, *, body_digest: str, now: datetime
) -> int | None:
    """Return the id of the status key that was made when a referral was filed, while it may be used.

    None also where the referral was filed by another body, which for a form stands for whoever sent it.
    """
    found = referrals.find_by_submission(session, submission_digest)
    if found is None or found.body_digest != _index(body_digest):
        return None
    first = sa.select(sa.func.min(StatusKey.id)).where(StatusKey.referral_id == found.id)
    key_id = session.scalars(first).one()
    key = referrals.find_valid_status_key(session, key_id, now)
    return key.id if key else None


def find_told(session: Session, once: Once) -> Mapping[str, Any] | None:
    """Return what the key of a move was told before; raise Replayed when it came with something else."""
    reply = find(session, once.key_digest)
    if reply is not None and reply.body_digest != body_index(once):
        raise Replayed
    return reply.told if reply else None


def receipt(session: Session, referral: Referral, keys: Keys, reply: Reply | None) -> Receipt:
    """Return the receipt of a referral that is there, with its newest status key."""
    key = referrals.latest_status_key(session, referral.id)
    return Receipt(
        reference=referral.reference,
        status_key=keys.status_key(key.salt),
        status_key_id=key.id,
        again=True,
        added=bool(reply and reply.added),
        told=reply.told if reply else {},
    )


def body_index(sent: Submission | Once) -> str:
    """Return what stands for the body that came under a key."""
    return _index(sent.body_digest)


def _index(body_digest: str) -> str:
    # A digest alone would let a thief of the database try answers until one fits.
    return ring().index("referrals.body_digest", body_digest)


def compose(session: Session, referral: Referral) -> dict[str, Any]:
    """Return what a system is told of a referral as it is now."""
    new = answers.read(referral.answers)
    placement = referrals.get_placement(session, referral.id)
    clinic = referrals.get_clinic_slug(session, placement.clinic_id) if placement.clinic_id else None
    return {
        "reference": referral.reference,
        "clinic": clinic,
        "queue": referrals.clinic_name(session, placement.clinic_id),
        "tier": referral.tier.value,
        "rules": _rules(referral),
        "first_look_by": referral.first_look_due_at.isoformat(),
        "missing": _missing(new, clinic or ""),
        "ask_now": ask_now(_doubts(new)),
        "explanation": _explanation(placement),
    }


def ask_now(doubts: Iterable[Question]) -> list[dict[str, str]]:
    """Return what a system is to ask the patient at once."""
    return [{"code": doubt.value, "words": PROMPTS[doubt]} for doubt in sorted(doubts)]


def _rules(referral: Referral) -> list[dict[str, str]]:
    """Return the triage rules that fired, the deciding one first; none before there were any."""
    fired = tiering.read(referral.findings).fired if referral.findings else ()
    return [{"id": rule, "words": tiering.SAYS[rule]} for rule in fired]


def _missing(new: NewReferral, clinic: str) -> list[dict[str, Any]]:
    meter = completeness.measure(intake.as_typed(new), safety.current(new.safety), clinic, rules.get_wanted())
    return [{"what": each.what, "any_of": list(each.any_of), "why": each.why} for each in meter.missing]


def _doubts(new: NewReferral) -> frozenset[Question]:
    texts, words = intake.texts(intake.as_typed(new), new.safety), rules.get_triage().crisis_words
    found = safety.doubts(
        safety.current(new.safety), texts=texts, words=words, item_9=int(new.more.get("phq9.item_9", 0))
    )
    return found - safety.settled(new.safety, found=safety.find_marks(texts, words))


def _explanation(placement: PlacementRow) -> dict[str, Any]:
    return {
        "choice": placement.choice,
        "rule_version": placement.rule_version,
        "place": {name: placement.place.get(name) for name in ("label", "precision", "source")},
        "candidates": [_judged(candidate) for candidate in placement.candidates],
    }


def _judged(candidate: Mapping[str, Any]) -> dict[str, Any]:
    reasons = [{"code": code, "words": REASON_LABELS[Reason(code)]} for code in candidate["reasons"]]
    return {**candidate, "reasons": reasons}
