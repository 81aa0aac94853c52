"""The open referrals that a member may read, in the order they are to be looked at; no patient's name leaves here."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain import access, answers, reading
from portal.domain.access import Permission
from portal.domain.intake import Patient
from portal.domain.lifecycle import WAITING_ON, Move
from portal.domain.notices import NoticeState
from portal.domain.queue import (
    INTAKE,
    TURNS,
    Cursor,
    Due,
    Filters,
    Held,
    Page,
    QueueRow,
    Tally,
    Viewer,
)
from portal.models import Clinic, Event, Member, Notice, Referral
from portal.models.referral import IS_OPEN
from portal.queries.readable import Condition, at, readable
from portal.queries.referrals import INTAKE_NAME
from portal.queries.rules import get_targets
from portal.vault import Tampered

PAGE_ROWS = 50


def page(session: Session, *, viewer: Viewer, filters: Filters, after: Cursor | None, now: datetime) -> Page:
    """Return one page of what a member may read, most urgent first, then first due, then first received."""
    tallies = _tallies(session, viewer, now)
    shown = [tally for tally in tallies if filters.keep(tally)]
    found = session.execute(
        statement(viewer, filters, {tally.clinic_id for tally in shown}, after, now)
    ).all()
    rows = found[:PAGE_ROWS]
    last = rows[-1].Referral if len(found) > PAGE_ROWS else None
    return Page(
        rows=tuple(_row(row, viewer, now) for row in rows),
        tallies=tallies,
        found=sum(tally.count for tally in shown),
        following=Cursor(tier_rank=last.tier_rank, due_at=last.due_at, id=last.id) if last else None,
    )


def statement(
    viewer: Viewer, filters: Filters, clinic_ids: set[int | None], after: Cursor | None, now: datetime
) -> sa.Select[*tuple[Any, ...]]:
    """Return the question for one page and one row more, over the index of open referrals."""
    place = sa.tuple_(Referral.tier_rank, Referral.due_at, Referral.id)
    asked: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Referral,
            Clinic,
            Member.name.label("holder"),
            Event.move,
            Event.at,
            _latest_move().label("latest"),
            _not_told().label("not_told"),
        )
        .outerjoin(Clinic, Clinic.id == Referral.clinic_id)
        .outerjoin(Member, Member.id == Referral.holder_id)
        .join(Event, sa.and_(Event.referral_id == Referral.id, Event.number == _latest_turn()))
        .where(IS_OPEN, readable(viewer.memberships), *_wanted(filters, clinic_ids, viewer, now))
        .order_by(Referral.tier_rank, Referral.due_at, Referral.id)
        .limit(PAGE_ROWS + 1)
    )
    if after is None:
        return asked
    return asked.where(place > (after.tier_rank, after.due_at, after.id))


def _tallies(session: Session, viewer: Viewer, now: datetime) -> tuple[Tally, ...]:
    held = sa.case(
        (Referral.holder_id == viewer.member_id, Held.ME.value),
        (Referral.holder_id.is_(None), Held.NOBODY.value),
        else_=Held.SOMEBODY.value,
    )
    due = sa.case((_is_over(now), Due.OVER.value), else_=Due.IN_TIME.value)
    keys = (Referral.clinic_id, Clinic.slug, Clinic.name, Referral.tier, Referral.status)
    rows = session.execute(
        sa.select(*keys, held.label("held"), due.label("due"), sa.func.count().label("number"))
        .outerjoin(Clinic, Clinic.id == Referral.clinic_id)
        .where(IS_OPEN, readable(viewer.memberships))
        .group_by(*keys, "held", "due")
    )
    return tuple(
        Tally(
            clinic_id=row.clinic_id,
            clinic=row.slug or INTAKE,
            clinic_name=row.name or INTAKE_NAME,
            tier=row.tier,
            status=row.status,
            held=Held(row.held),
            due=Due(row.due),
            count=row.number,
        )
        for row in rows
    )


def _wanted(filters: Filters, clinic_ids: set[int | None], viewer: Viewer, now: datetime) -> list[Condition]:
    holders = {
        Held.ME: Referral.holder_id == viewer.member_id,
        Held.NOBODY: Referral.holder_id.is_(None),
        Held.SOMEBODY: Referral.holder_id != viewer.member_id,
    }
    dues = {Due.OVER: _is_over(now), Due.IN_TIME: sa.not_(_is_over(now))}
    awaited = sorted(status for status, whose in WAITING_ON.items() if whose in filters.waiting)
    fields = (
        (filters.clinic, at(clinic_ids)),
        (filters.tier, Referral.tier.in_(sorted(filters.tier))),
        (filters.status, Referral.status.in_(sorted(filters.status))),
        (filters.waiting, Referral.status.in_(awaited)),
        (filters.held, sa.or_(sa.false(), *(holders[who] for who in sorted(filters.held)))),
        (filters.due, sa.or_(sa.false(), *(dues[when] for when in sorted(filters.due)))),
    )
    return [condition for chosen, condition in fields if chosen]


def _is_over(now: datetime) -> Condition:
    return sa.and_(Referral.first_looked_at.is_(None), Referral.first_look_due_at < now)


def _latest_turn() -> sa.ScalarSelect[int]:
    earlier = sa.orm.aliased(Event)
    return (
        sa.select(sa.func.max(earlier.number))
        .where(earlier.referral_id == Referral.id, earlier.move.in_(sorted(TURNS)))
        .scalar_subquery()
    )


def _latest_move() -> sa.ScalarSelect[Move]:
    last = sa.orm.aliased(Event)
    return (
        sa.select(last.move)
        .where(last.referral_id == Referral.id, last.number == Referral.version)
        .scalar_subquery()
    )


def _not_told() -> sa.Exists:
    return sa.exists().where(Notice.referral_id == Referral.id, Notice.state == NoticeState.TO_CALL)


def _row(row: sa.Row[*tuple[Any, ...]], viewer: Viewer, now: datetime) -> QueueRow:
    referral, clinic, targets = row.Referral, row.Clinic, get_targets()
    taken_on = referral.facts.taken_on
    held = access.permissions(viewer.memberships, referral.clinic_id, taken_on=taken_on)
    zone = clinic.zone if clinic else targets.intake_zone
    patient = _patient(referral)
    today = now.astimezone(ZoneInfo(zone)).date()
    return QueueRow(
        id=referral.id,
        reference=referral.reference,
        initials=reading.initials(patient.name) if patient else None,
        age=reading.age_years(patient.date_of_birth, today) if patient else None,
        condition=referral.condition if Permission.READ_CLINICAL in held else None,
        tier=referral.tier,
        status=referral.status,
        clinic=clinic.name if clinic else INTAKE_NAME,
        zone=zone,
        state=clinic.state if clinic else targets.intake_state,
        holder=row.holder,
        turn=row.move,
        turn_at=row.at,
        latest=row.latest,
        received_at=referral.received_at,
        first_look_due_at=referral.first_look_due_at,
        first_looked_at=referral.first_looked_at,
        patient_not_told=row.not_told,
    )


def _patient(referral: Referral) -> Patient | None:
    """Return who it is about; None when that was changed or moved: one such row must not hide all others."""
    try:
        return answers.read(referral.answers).patient
    except Tampered:
        return None
