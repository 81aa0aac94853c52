"""The one way to mark whom a referral is for, so that another one of the same patient is found; never commits."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.intake import Patient
from portal.models import PatientMark
from portal.queries import duplicates


def mark(session: Session, referral_id: int, patient: Patient) -> None:
    """Mark a new referral."""
    session.add_all(PatientMark(referral_id=referral_id, mark=each) for each in duplicates.marks(patient))


def mark_again(session: Session, referral_id: int, patient: Patient) -> None:
    """Mark a referral by what its patient is called now; what they were called before still finds it."""
    known = set(session.scalars(sa.select(PatientMark.mark).where(PatientMark.referral_id == referral_id)))
    session.add_all(
        PatientMark(referral_id=referral_id, mark=each)
        for each in duplicates.marks(patient)
        if each not in known
    )
