"""The one way to keep what a system is told, with what it is told of; never commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.orders import ActorKind, Once, Submission
from portal.models import Referral, Reply
from portal.queries import replies


def keep(session: Session, submission: Submission, referral: Referral, *, added: bool) -> Reply | None:
    """Keep what the sender is told of a flushed referral; None for a person, who has pages to look at."""
    if submission.actor.kind is not ActorKind.API:
        return None
    return _write(session, submission, referral.id, replies.compose(session, referral), added=added)


def keep_told(session: Session, once: Once, referral_id: int) -> None:
    """Keep what the sender is told of a move."""
    _write(session, once, referral_id, once.told, added=True)


def _write(
    session: Session, sent: Submission | Once, referral_id: int, told: Mapping[str, Any], *, added: bool
) -> Reply:
    reply = Reply(submission_digest=sent.key_digest, body_digest=replies.body_index(sent))
    reply.referral_id, reply.added = referral_id, added
    reply.told = dict(told)
    session.add(reply)
    return reply
