"""Other referrals of the same patient: found by blind marks, compared once they are open."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain import answers, duplicates
from portal.domain.intake import Patient
from portal.domain.orders import ActorKind, Submission
from portal.models import Event, PatientMark, Referral
from portal.models.referral import IS_OPEN

FIELD = "patient_marks.mark"
COMPARED_MOST = 50


def marks(patient: Patient) -> list[str]:
    """Return the blind indexes of a patient."""
    return sorted({ring().index(FIELD, *parts) for parts in duplicates.marks(patient)})


def find_own(session: Session, patient: Patient, submission: Submission) -> str | None:
    """Return the reference of an open referral of this patient that the sender may know of, the newest first."""
    held: sa.ColumnElement[bool] = Referral.reference.in_(submission.holds)
    if submission.actor.kind is ActorKind.API:
        held = held | Referral.id.in_(
            sa.select(Event.referral_id).where(Event.number == 1, Event.actor == str(submission.actor))
        )
    return next((referral.reference for referral in _same(session, patient, held)), None)


def others(session: Session, referral: Referral) -> list[Referral]:
    """Return the other open referrals of a referral's patient, whoever sent them."""
    patient = answers.read(referral.answers).patient
    return list(_same(session, patient, Referral.id != referral.id))


def _same(session: Session, patient: Patient, which: sa.ColumnElement[bool]) -> Iterator[Referral]:
    marked = sa.select(PatientMark.referral_id).where(PatientMark.mark.in_(marks(patient)))
    found = session.scalars(
        sa.select(Referral)
        .where(Referral.id.in_(marked), which, IS_OPEN)
        .order_by(Referral.id.desc())
        .limit(COMPARED_MOST)
    )
    return (row for row in found if duplicates.is_same(answers.read(row.answers).patient, patient))
