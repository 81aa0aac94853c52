"""Referrals by reference or key, with what happened to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import ring
from portal.domain import reading
from portal.domain.errors import NotFound
from portal.domain.finding import Sought
from portal.domain.lifecycle import Facts, Move, Status
from portal.domain.orders import Actor
from portal.models import Clinic, Event, PlacementRow, Referral, StatusKey

INTAKE_NAME = "the network's intake team"
SOUGHT_MOST = 20


def find(session: Session, reference: str) -> Referral | None:
    """Return the referral with a reference in its canonical form."""
    return session.scalar(sa.select(Referral).where(Referral.reference == reference))


def get(session: Session, reference: str) -> Referral:
    """Return the referral with a reference in its canonical form; raise NotFound."""
    found = find(session, reference)
    if found is None:
        raise NotFound
    return found


def get_locked(session: Session, reference: str) -> Referral:
    """Return the referral, held against other writers until the transaction ends; raise NotFound."""
    found = session.scalar(sa.select(Referral).where(Referral.reference == reference).with_for_update())
    if found is None:
        raise NotFound
    return found


def get_sent(session: Session, reference: str, actor: Actor) -> Referral:
    """Return a referral that a system sent; raise NotFound for anybody else's, by the same question."""
    found = session.scalar(sa.select(Referral).where(Referral.reference == reference, sent_by(actor)))
    if found is None:
        raise NotFound
    return found


def sent_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Be sent by a system."""
    return Referral.id.in_(sa.select(Event.referral_id).where(Event.number == 1, Event.actor == str(actor)))


def facts(session: Session, referral: Referral) -> Facts:
    """Return what the guards of a move look at, with what the events before have to say of it."""
    if referral.status is not Status.CANCEL_REQUESTED:
        return referral.facts
    asked = (
        sa.select(Event.from_status)
        .where(Event.referral_id == referral.id, Event.move == Move.ASK_TO_CANCEL)
        .order_by(Event.number.desc())
        .limit(1)
    )
    return replace(referral.facts, before=session.scalars(asked).one())


def find_by_submission(session: Session, key_digest: str) -> Referral | None:
    """Return what was made of a submission key before."""
    return session.scalar(sa.select(Referral).where(Referral.submission_digest == key_digest))


def patient_index(name: str, born: date) -> str:
    """Return what a patient's referrals are found by: equal for one name, however it was ordered, and date of birth."""
    return ring().index("referrals.patient_index", reading.name_key(name), born.isoformat())


def sought(session: Session, wanted: Sought) -> Sequence[Referral]:
    """Return the referrals that fit, latest first; one question, whether by reference or by name and date of birth."""
    return session.scalars(
        sa.select(Referral).where(fits(wanted)).order_by(Referral.id.desc()).limit(SOUGHT_MOST)
    ).all()


def fits(wanted: Sought) -> sa.ColumnElement[bool]:
    """Have this reference, or a patient of this name and date of birth."""
    if wanted.born is None:
        return Referral.reference == wanted.reference
    return Referral.patient_index == patient_index(wanted.name, wanted.born)


def events(session: Session, referral_id: int, *, after: int = 0) -> Sequence[Event]:
    """Return the events numbered above `after`, oldest first."""
    return session.scalars(
        sa.select(Event).where(Event.referral_id == referral_id, Event.number > after).order_by(Event.number)
    ).all()


def get_placement(session: Session, referral_id: int) -> PlacementRow:
    """Return the routing decision that holds; every referral has one."""
    return session.scalars(
        sa.select(PlacementRow)
        .where(PlacementRow.referral_id == referral_id)
        .order_by(PlacementRow.id.desc())
        .limit(1)
    ).one()


def find_clinic(session: Session, slug: str) -> Clinic | None:
    """Return a clinic's row, without its offerings."""
    return session.scalar(sa.select(Clinic).where(Clinic.slug == slug))


def clinic_name(session: Session, clinic_id: int | None) -> str:
    """Return a clinic's name; without a clinic it is the network's intake team."""
    return session.scalar(sa.select(Clinic.name).where(Clinic.id == clinic_id)) or INTAKE_NAME


def get_clinic_slug(session: Session, clinic_id: int) -> str:
    """Return a clinic's slug."""
    return session.scalars(sa.select(Clinic.slug).where(Clinic.id == clinic_id)).one()


def find_status_key(session: Session, digest: str, now: datetime) -> StatusKey | None:
    """Return the status key with this digest while it may still be used."""
    return session.scalar(
        sa.select(StatusKey).where(
            StatusKey.digest == digest, StatusKey.revoked_at.is_(None), StatusKey.expires_at > now
        )
    )


def find_valid_status_key(session: Session, key_id: int, now: datetime) -> StatusKey | None:
    """Return a status key by id while it may still be used."""
    return session.scalar(
        sa.select(StatusKey).where(
            StatusKey.id == key_id, StatusKey.revoked_at.is_(None), StatusKey.expires_at > now
        )
    )


def get_reference(session: Session, referral_id: int) -> str:
    """Return a referral's reference."""
    return session.scalars(sa.select(Referral.reference).where(Referral.id == referral_id)).one()


def get_status_key(session: Session, key_id: int) -> StatusKey:
    """Return a status key by id, whatever became of it."""
    return session.get_one(StatusKey, key_id)


def latest_status_key(session: Session, referral_id: int) -> StatusKey:
    """Return the newest status key of a referral; every referral has one."""
    return session.scalars(
        sa.select(StatusKey)
        .where(StatusKey.referral_id == referral_id)
        .order_by(StatusKey.id.desc())
        .limit(1)
    ).one()
