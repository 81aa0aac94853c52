"""Notices that need a person: mail that did not arrive, and patients whom nobody has told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.access import TABLE, Membership, Permission
from portal.domain.lifecycle import Move
from portal.domain.notices import Audience, NoticeState
from portal.models import Event, Notice, Referral

MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One notice that a person must look after."""

    notice_id: int
    reference: str
    clinic_id: int | None
    audience: Audience
    move: Move
    state: NoticeState
    happened_at: datetime
    tries: int
    trouble: str


def troubled(session: Session, memberships: Iterable[Membership]) -> Sequence[Trouble]:
    """Return what failed and whom nobody told, oldest first, at the clinics where one may read the outbox."""
    rows = session.execute(
        sa.select(
            Notice.id.label("notice_id"),
            Referral.reference,
            Referral.clinic_id,
            Notice.audience,
            Event.move,
            Notice.state,
            Event.at.label("happened_at"),
            Notice.tries,
            Notice.trouble,
        )
        .join(Event, Event.id == Notice.event_id)
        .join(Referral, Referral.id == Notice.referral_id)
        .where(Notice.state.in_((NoticeState.FAILED, NoticeState.TO_CALL)), _at_clinics_of(memberships))
        .order_by(Event.at, Notice.id)
        .limit(MOST)
    )
    return [Trouble(**row._mapping) for row in rows]


def notices(session: Session, referral_id: int) -> Sequence[Notice]:
    """Return all notices of a referral, oldest first."""
    return session.scalars(
        sa.select(Notice).where(Notice.referral_id == referral_id).order_by(Notice.id)
    ).all()


def _at_clinics_of(memberships: Iterable[Membership]) -> sa.ColumnElement[bool]:
    reading = [held for held in memberships if Permission.READ_OUTBOX in TABLE[held.role]]
    if any(held.clinic_id is None for held in reading):
        return sa.true()
    return Referral.clinic_id.in_([held.clinic_id for held in reading])
