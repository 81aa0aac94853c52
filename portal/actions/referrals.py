"""Take a referral in: routed, written and acknowledged in one transaction, once however often it is sent."""

from datetime import datetime
from random import SystemRandom

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import ledger
from portal.db import write
from portal.domain import answers, reference, routing, tiering
from portal.domain.errors import Duplicate, SafetyStop, Unfit
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import Move, Status
from portal.domain.orders import Ground, Receipt, Submission
from portal.domain.routing import Placement
from portal.ledger import drafts, files, patients, stops
from portal.ledger import replies as ledger_replies
from portal.models import Clinic, Event, Referral, StatusKey
from portal.queries import duplicates, findings, referrals, replies, rules
from portal.vault import Keys, StatusLink

_CHANCE = SystemRandom()


def submit(new: NewReferral, *, submission: Submission, ground: Ground, keys: Keys, now: datetime) -> Receipt:
    """File a referral, place it, and owe the notices; the same submission key again returns the first receipt.

    Raises Replayed when the key came before with other answers, SafetyStop when it or its draft was stopped, Changed
    when another tab changed it, Unfit when the clinic that the referrer chose does not suit, and Duplicate when the
    sender has sent an open referral for this patient before and has not said that this is another one.
    """
    link = keys.new_status_link(now)
    try:
        return _submit_once(new, submission=submission, ground=ground, keys=keys, link=link, now=now)
    except (IntegrityError, Duplicate):
        # Two sends at the same moment, or a reference drawn twice: a second look finds the first send, or draws anew.
        return _submit_once(new, submission=submission, ground=ground, keys=keys, link=link, now=now)


def _submit_once(
    new: NewReferral, *, submission: Submission, ground: Ground, keys: Keys, link: StatusLink, now: datetime
) -> Receipt:
    with write() as session:
        return replies.find_receipt(session, submission, keys) or _file(
            session, new, submission=submission, ground=ground, link=link, now=now
        )


def _file(
    session: Session,
    new: NewReferral,
    *,
    submission: Submission,
    ground: Ground,
    link: StatusLink,
    now: datetime,
) -> Receipt:
    _refuse(session, new, submission)
    placement = _placed(new, ground, now)
    clinic = referrals.find_clinic(session, placement.chosen) if placement.chosen else None
    referral = _referral(new, submission, clinic, now)
    session.add(referral)
    session.flush()
    event = _append(session, referral, placement, submission, now)
    ledger.place(session, event, placement, ground)
    patients.mark(session, referral.id, new.patient)
    if submission.draft is not None:
        drafts.close(session, submission.draft, referral, now=now)
        files.hand_over(session, draft_id=submission.draft.id, referral_id=referral.id, event_id=event.id)
    key = StatusKey(referral_id=referral.id, salt=link.salt, digest=link.digest, expires_at=link.expires_at)
    session.add(key)
    reply = ledger_replies.keep(session, submission, referral, added=False)
    session.flush()
    told = reply.told if reply else {}
    return Receipt(reference=referral.reference, status_key=link.key, status_key_id=key.id, told=told)


def _append(
    session: Session, referral: Referral, placement: Placement, submission: Submission, now: datetime
) -> Event:
    return ledger.append(
        session,
        referral,
        ledger.Entry(
            move=Move.SUBMIT,
            actor=submission.actor,
            at=now,
            to_status=Status.RECEIVED,
            to_clinic_id=referral.clinic_id,
            rule_version=placement.rule_version,
        ),
    )


def _refuse(session: Session, new: NewReferral, submission: Submission) -> None:
    if submission.draft is None and stops.is_stopped(session, submission.key_digest):
        raise SafetyStop
    earlier = None if submission.separate else duplicates.find_own(session, new.patient, submission)
    if earlier:
        raise Duplicate(earlier)


def _placed(new: NewReferral, ground: Ground, now: datetime) -> Placement:
    placement = routing.rank(routing.wanted(new, rules.local_day(now)), ground.offers, new.clinic)
    if new.clinic and placement.chosen != new.clinic:
        # The clinic may have closed since the preview; a choice is never overruled in silence.
        raise Unfit({"clinic": "That clinic does not suit this referral now; choose another"})
    return placement


def _referral(new: NewReferral, submission: Submission, clinic: Clinic | None, now: datetime) -> Referral:
    found = findings.of(new, rules.local_day(now))
    promised = rules.promises(now, found.tier, clinic)
    return Referral(
        reference=reference.draw(_CHANCE),
        submission_digest=submission.key_digest,
        body_digest=replies.body_index(submission),
        patient_index=referrals.patient_index(new.patient.name, new.patient.date_of_birth),
        status=Status.RECEIVED,
        version=0,
        clinic_id=clinic.id if clinic else None,
        tier=found.tier,
        tier_rank=found.tier.rank,
        condition=new.condition,
        answers=answers.write(new),
        findings=tiering.write(found),
        received_at=now,
        moved_at=now,
        first_look_due_at=promised.first_look_at,
        due_at=promised.first_look_at,
    )
