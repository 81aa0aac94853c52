"""The one way to keep what a system is told, with what it is told of; never commits."""

from sqlalchemy.orm import Session

from portal.domain.orders import ActorKind, Submission
from portal.models import Referral, Reply
from portal.queries import replies


def keep(session: Session, submission: Submission, referral: Referral, *, added: bool) -> Reply | None:
    """Keep what the sender is told of a flushed referral; None for a person, who has pages to look at."""
    if submission.actor.kind is not ActorKind.API:
        return None
    reply = Reply(submission_digest=submission.key_digest, body_digest=replies.body_index(submission))
    reply.referral_id, reply.added = referral.id, added
    reply.told = replies.compose(session, referral)
    session.add(reply)
    return reply
