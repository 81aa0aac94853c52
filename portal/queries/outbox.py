"""Notices that need a person: mail that did not arrive, and patients whom nobody has told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access
from portal.domain.access import Membership, Permission
from portal.domain.lifecycle import Move, Status
from portal.domain.notices import Audience, NoticeState
from portal.models import Clinic, Event, Letter, Notice, Referral
from portal.queries.referrals import INTAKE_NAME
from portal.queries.rules import get_targets
from portal.vault import Tampered

MOST = 200
LATELY = timedelta(days=30)
CANNOT_BE_OPENED = "an address that cannot be opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One notice that a person must look after."""

    notice_id: int
    referral_id: int
    reference: str
    clinic_id: int | None
    status: Status
    clinic: str
    zone: str
    audience: Audience
    move: Move
    state: NoticeState
    happened_at: datetime
    tries: int
    trouble: str


def troubled(session: Session, memberships: Iterable[Membership]) -> Sequence[Trouble]:
    """Return mails that failed or are stuck, then patients whom nobody told, each oldest first.

    Only of clinics where one of these memberships may read the outbox.
    """
    rows = session.execute(
        sa.select(
            Notice.id.label("notice_id"),
            Referral.id.label("referral_id"),
            Referral.reference,
            Referral.clinic_id,
            Referral.status,
            sa.func.coalesce(Clinic.name, INTAKE_NAME).label("clinic"),
            sa.func.coalesce(Clinic.zone, get_targets().intake_zone).label("zone"),
            Notice.audience,
            Event.move,
            Notice.state,
            Event.at.label("happened_at"),
            Notice.tries,
            Notice.trouble,
        )
        .join(Event, Event.id == Notice.event_id)
        .join(Referral, Referral.id == Notice.referral_id)
        .outerjoin(Clinic, Clinic.id == Referral.clinic_id)
        .where(_needs_a_person(), _at_clinics_of(memberships))
        # Mail first: it is rare, and a long list of calls must not push it out.
        .order_by(Notice.state == NoticeState.TO_CALL, Event.at, Notice.id)
        .limit(MOST)
    )
    return [Trouble(**row._mapping) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Undelivered:
    """A mail with a link, to somebody without an account, that did not arrive."""

    address: str
    at: datetime
    trouble: str


def undelivered(session: Session, memberships: Iterable[Membership], *, now: datetime) -> list[Undelivered]:
    """Return the letters to an address that were given up lately, newest first.

    They are of no clinic, so only for who may read the outbox in the whole network.
    """
    if access.reach(memberships, Permission.READ_OUTBOX, taken_on=False) is not None:
        return []
    given_up = sa.select(Letter).where(
        Letter.state == NoticeState.FAILED,
        Letter.sealed_address.is_not(None),
        Letter.due_at > now - LATELY,
    )
    return [
        Undelivered(address=_address(letter), at=letter.due_at, trouble=letter.trouble)
        for letter in session.scalars(given_up.order_by(Letter.due_at.desc()).limit(MOST))
    ]


def _address(letter: Letter) -> str:
    try:
        return letter.address or ""
    except Tampered:
        return CANNOT_BE_OPENED


def find_reference(session: Session, notice_id: int) -> str | None:
    """Return the reference of the referral that a notice is about."""
    return session.scalar(
        sa.select(Referral.reference)
        .join(Notice, Notice.referral_id == Referral.id)
        .where(Notice.id == notice_id)
    )


def _needs_a_person() -> sa.ColumnElement[bool]:
    # A mail that failed once is tried again by itself, but while no mail goes out staff should know.
    stuck = sa.and_(Notice.state == NoticeState.WAITING, Notice.trouble != "")
    return Notice.state.in_((NoticeState.FAILED, NoticeState.TO_CALL)) | stuck


def _at_clinics_of(memberships: Iterable[Membership]) -> sa.ColumnElement[bool]:
    places = access.reach(memberships, Permission.READ_OUTBOX, taken_on=False)
    return sa.true() if places is None else Referral.clinic_id.in_(sorted(places))
