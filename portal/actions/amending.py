"""Add to a referral that was sent, or change its answers, instead of filing it twice."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import ledger
from portal.db import write
from portal.domain import answers, lifecycle
from portal.domain.errors import NotFound
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import Move
from portal.domain.orders import ActorKind, Receipt, Submission
from portal.ledger import amending, drafts, files, patients
from portal.models import Referral
from portal.queries import referrals, rules
from portal.vault import Keys


def amend(
    new: NewReferral, reference: str, *, submission: Submission, keys: Keys, whole: bool, now: datetime
) -> Receipt:
    """Bring a referral's answers up to new ones in one event, and return its receipt; without a change, no event.

    `whole`: the new answers replace all, else they are laid over what is there. Raises NotFound when the sender may
    not know of the referral, Refused when it is closed, and SafetyStop, Changed as `referrals.submit` does.
    """
    with write() as session:
        referral = referrals.get_locked(session, reference)
        _check_sender(session, referral, submission)
        status = lifecycle.after(referrals.facts(session, referral), Move.ADD)
        old = answers.read(referral.answers)
        fresh = amending.merged(old, new, whole=whole)
        changed = amending.changes(old, fresh)
        brought = submission.draft is not None and files.count(session, submission.draft.id) > 0
        if changed or brought:
            event = ledger.append(
                session,
                referral,
                ledger.Entry(
                    move=Move.ADD,
                    actor=submission.actor,
                    at=now,
                    to_status=status,
                    to_clinic_id=referral.clinic_id,
                ),
            )
            if changed:
                amending.amend(session, referral, event, fresh, changed, today=rules.local_day(now))
                patients.mark_again(session, referral.id, fresh.patient)
            if submission.draft is not None:
                files.hand_over(
                    session, draft_id=submission.draft.id, referral_id=referral.id, event_id=event.id
                )
        if submission.draft is not None:
            drafts.close(session, submission.draft, referral, now=now)
        key = referrals.latest_status_key(session, referral.id)
        return Receipt(
            reference=referral.reference,
            status_key=keys.status_key(key.salt),
            status_key_id=key.id,
            again=True,
        )


def _check_sender(session: Session, referral: Referral, submission: Submission) -> None:
    first = referrals.events(session, referral.id)[0]
    own = submission.actor.kind is ActorKind.API and first.actor == str(submission.actor)
    if not own and referral.reference not in submission.holds:
        raise NotFound
