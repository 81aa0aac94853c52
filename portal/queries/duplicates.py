"""Other referrals of the same patient: found by blind marks, compared once they are open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain import access, answers, duplicates
from portal.domain.access import Membership, Permission
from portal.domain.intake import Patient
from portal.domain.orders import ActorKind, Submission
from portal.models import PatientMark, Referral
from portal.models.referral import IS_OPEN
from portal.queries import referrals

FIELD = "patient_marks.mark"
COMPARED_MOST = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Other open referrals that may be of the same patient, no more of them than a reader may know."""

    references: tuple[str, ...]
    """Of those that the reader may read, the newest first."""
    elsewhere: bool
    """Whether there is one that the reader may not read."""


def marks(patient: Patient) -> list[str]:
    """Return the blind indexes of a patient."""
    return sorted({ring().index(FIELD, *parts) for parts in duplicates.marks(patient)})


def find_own(session: Session, patient: Patient, submission: Submission) -> str | None:
    """Return the reference of an open referral of this patient that the sender may know of, the newest first.

    Somebody else's is asked for by the same question, opened never and told nobody. What is not equal is what the
    database skips over: index entries of referrals that are not the sender's.
    """
    held: sa.ColumnElement[bool] = Referral.reference.in_(submission.holds)
    if submission.actor.kind is ActorKind.API:
        held = held | referrals.sent_by(submission.actor)
    return next((referral.reference for referral in _same(session, patient, held)), None)


def alike(session: Session, referral_id: int, memberships: Iterable[Membership]) -> Alike:
    """Return the other open referrals of a referral's patient, whoever sent them, as far as a member may know."""
    held = tuple(memberships)
    patient = answers.read(session.get_one(Referral, referral_id).answers).patient
    found = list(_same(session, patient, Referral.id != referral_id))
    known = tuple(other.reference for other in found if _may_read(held, other))
    return Alike(references=known, elsewhere=len(known) < len(found))


def _may_read(memberships: Iterable[Membership], referral: Referral) -> bool:
    return Permission.READ_REFERRALS in access.permissions(
        memberships, referral.clinic_id, taken_on=referral.facts.taken_on
    )


def _same(session: Session, patient: Patient, which: sa.ColumnElement[bool]) -> Iterator[Referral]:
    marked = sa.select(PatientMark.referral_id).where(PatientMark.mark.in_(marks(patient)))
    found = session.scalars(
        sa.select(Referral)
        .where(Referral.id.in_(marked), which, IS_OPEN)
        # Newest first, in an order that no index has: PostgreSQL would walk one through all referrals to fill the limit.
        .order_by(-Referral.id)
        .limit(COMPARED_MOST)
    )
    return (row for row in found if duplicates.is_same(answers.read(row.answers).patient, patient))
