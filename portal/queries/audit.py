"""The trail as people read it: by page, newest first, with the names of people and clinics and nothing of a patient."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.domain.audit import Act
from portal.models import ApiKey, AuditEntry, AuditSeal, Clinic, Member, Referral

PAGE_ROWS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What to show: None in a field shows all of it."""

    member_id: int | None = None
    """Who acted."""
    act: Act | None = None
    reference: str | None = None
    clinic: str | None = None
    """Slug of the clinic where the referral stood."""
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    places: frozenset[int] | None = None
    """The clinics whose entries the reader may see; None is all, with those of no clinic."""
    before: int | None = None
    """The id before which a page begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One entry, with names for its numbers; `number` and `digest` are those of its seal, None while it has none."""

    id: int
    at: datetime
    actor: str
    member: str | None
    """Name of the member who acted."""
    system: str | None
    """Name of the system that acted."""
    act: Act
    reference: str | None
    clinic: str | None
    whom: str | None
    """Name of the member it was done to."""
    address: str
    request_id: str
    facts: Mapping[str, Any]
    number: int | None
    digest: bytes | None


def page(session: Session, sought: Sought) -> tuple[list[Line], int | None]:
    """Return one page, newest first, and where the next begins, None on the last."""
    found = [Line(**row._mapping) for row in session.execute(_statement(sought).limit(PAGE_ROWS + 1))]
    rows = found[:PAGE_ROWS]
    return rows, rows[-1].id if len(found) > PAGE_ROWS else None


def every(session: Session, sought: Sought, *, most: int | None = None) -> Iterator[Line]:
    """Return all entries, or the newest ones up to a number, newest first, read by pages."""
    left = most
    while left is None or left > 0:
        rows, following = page(session, sought)
        yield from rows[:left]
        left = None if left is None else left - len(rows)
        if following is None:
            return
        sought = replace(sought, before=following)


def members(session: Session) -> Sequence[tuple[int, str]]:
    """Return id and name of everybody who ever could act, by name."""
    return [
        (row.id, row.name) for row in session.execute(sa.select(Member.id, Member.name).order_by(Member.name))
    ]


def _statement(sought: Sought) -> sa.Select[*tuple[Any, ...]]:
    # An actor is kept as text, like "member:7"; the names are found by the same text.
    whom = aliased(Member)
    return (
        sa.select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor,
            Member.name.label("member"),
            ApiKey.name.label("system"),
            AuditEntry.act,
            Referral.reference,
            Clinic.name.label("clinic"),
            whom.name.label("whom"),
            AuditEntry.address,
            AuditEntry.request_id,
            AuditEntry.facts,
            AuditSeal.number,
            AuditSeal.digest,
        )
        .outerjoin(Member, AuditEntry.actor == _named("member:", Member.id))
        .outerjoin(ApiKey, AuditEntry.actor == _named("api:", ApiKey.id))
        .outerjoin(Referral, Referral.id == AuditEntry.referral_id)
        .outerjoin(Clinic, Clinic.id == AuditEntry.clinic_id)
        .outerjoin(whom, whom.id == AuditEntry.member_id)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(*_wanted(sought))
        .order_by(AuditEntry.id.desc())
    )


def _named(kind: str, row_id: sa.orm.InstrumentedAttribute[int]) -> sa.ColumnElement[str]:
    return sa.literal(kind) + sa.cast(row_id, sa.String())


def _wanted(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    fields: tuple[tuple[Any, Callable[[Any], sa.ColumnElement[bool]]], ...] = (
        (sought.member_id, lambda member_id: AuditEntry.actor == f"member:{member_id}"),
        (sought.act, lambda act: AuditEntry.act == act),
        (sought.reference, lambda reference: Referral.reference == reference),
        (sought.clinic, lambda slug: Clinic.slug == slug),
        (sought.since, lambda since: AuditEntry.at >= since),
        (sought.until, lambda until: AuditEntry.at < until),
        (sought.places, lambda places: AuditEntry.clinic_id.in_(sorted(places))),
        (sought.before, lambda before: AuditEntry.id < before),
    )
    return (condition(value) for value, condition in fields if value is not None)
