"""Add to a referral that was sent, or change its answers, instead of filing it twice."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import ledger
from portal.db import write
from portal.domain import amending as deciding
from portal.domain import answers, duplicates, intake, lifecycle
from portal.domain.drafts import Started
from portal.domain.errors import Changed, NotFound, Unfit
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import Move
from portal.domain.orders import ActorKind, Receipt, Submission
from portal.ledger import amending, drafts, files
from portal.ledger import replies as ledger_replies
from portal.models import Event, Referral
from portal.queries import amendments, referrals, replies
from portal.vault import Keys


def begin(reference: str, *, typed: dict[str, str], keep_for: timedelta, now: datetime) -> Started:
    """Begin a form with the answers of a referral, and `typed` beside them; raises Refused when it is closed."""
    with write() as session:
        referral = referrals.get(session, reference)
        lifecycle.after(referrals.facts(session, referral), Move.ADD)
        sent = answers.read(referral.answers)
        started, _row = drafts.begin(
            session,
            typed={**intake.as_typed(sent), **typed},
            said=sent.safety,
            amends_id=referral.id,
            until=now + keep_for,
            now=now,
        )
        return started


def amend(new: NewReferral, reference: str, *, submission: Submission, keys: Keys, now: datetime) -> Receipt:
    """Bring a referral's answers up to new ones in one event, and return its receipt; without a change, no event.

    Answers are laid over those that are there, or replace them all where `submission.shown` says what was seen. Raises
    NotFound when the sender may not know of the referral or it is of another patient, Refused when it is closed,
    Changed when its answers are not as they were shown, Unfit as `amending.problems` says, and what `referrals.submit`
    raises of a draft or a key.
    """
    with write() as session:
        referral = referrals.get_locked(session, reference)
        _check_sender(session, referral, submission)
        # The same key may have come at the same moment, and waited for the referral here.
        earlier = replies.find_receipt(session, submission, keys)
        if earlier:
            return earlier
        fresh = _fresh(session, referral, new, submission)
        _write(session, referral, fresh, submission, now)
        if submission.draft is not None:
            drafts.close(session, submission.draft, referral, now=now)
        reply = ledger_replies.keep(session, submission, referral, added=True)
        return replies.receipt(session, referral, keys, reply)


def _check_sender(session: Session, referral: Referral, submission: Submission) -> None:
    first = referrals.events(session, referral.id)[0]
    own = submission.actor.kind is ActorKind.API and first.actor == str(submission.actor)
    if not own and referral.reference not in submission.holds:
        raise NotFound


def _fresh(session: Session, referral: Referral, new: NewReferral, submission: Submission) -> NewReferral:
    old = answers.read(referral.answers)
    if submission.shown is not None:
        if submission.shown != amendments.last(session, referral.id):
            raise Changed
        fresh = deciding.in_place(old, new)
    elif duplicates.is_same(old.patient, new.patient):
        fresh = deciding.laid_over(old, new)
    else:
        # The answers of one patient are never laid over those of another.
        raise NotFound
    if wrong := deciding.problems(old, fresh):
        raise Unfit(wrong)
    return fresh


def _write(
    session: Session, referral: Referral, fresh: NewReferral, submission: Submission, now: datetime
) -> None:
    status = lifecycle.after(referrals.facts(session, referral), Move.ADD)
    changed = deciding.changes(answers.read(referral.answers), fresh)
    draft = submission.draft
    if not changed and not (draft and files.count(session, draft.id)):
        return
    event = _append(session, referral, status, submission, now)
    if changed:
        amending.amend(session, referral, event, fresh, changed)
    if draft:
        files.hand_over(session, draft_id=draft.id, referral_id=referral.id, event_id=event.id)


def _append(
    session: Session, referral: Referral, status: lifecycle.Status, submission: Submission, now: datetime
) -> Event:
    return ledger.append(
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
