"""The wrapped content keys, and how much stands sealed under which."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.models import ContentKeyRow, Sealed
from portal.vault import ContentKey, Purpose, sealed_under

HEAD_LETTERS = len(sealed_under(0))


def wrapped(session: Session) -> list[ContentKey]:
    """Return every content key, oldest first."""
    rows = session.scalars(sa.select(ContentKeyRow).order_by(ContentKeyRow.number))
    return [value(row) for row in rows]


def value(row: ContentKeyRow) -> ContentKey:
    """Return a row as the vault takes it."""
    return ContentKey(
        number=row.number, purpose=row.purpose, wrapping=row.wrapping, wrapped=bytes(row.wrapped)
    )


def newest(session: Session) -> int:
    """Return the number of the content key that seals now."""
    number = session.scalar(
        sa.select(sa.func.max(ContentKeyRow.number)).where(ContentKeyRow.purpose == Purpose.SEAL)
    )
    return int(number or 0)


def columns() -> tuple[Sealed[Any], ...]:
    """Return every column that holds sealed values."""
    return tuple(Sealed.everywhere)


def older(column: Sealed[Any], number: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the question for id, value and row names of the values that are not under a content key."""
    owner, stored = column.owner, getattr(column.owner, column.column)
    names = [getattr(owner, name) for name in column.named_by]
    return sa.select(owner.id, stored, *names).where(
        stored.is_not(None), sa.func.substr(stored, 1, HEAD_LETTERS) != sealed_under(number)
    )


def count_older(session: Session, number: int) -> int:
    """Return how many values are not sealed under a content key."""
    return sum(
        session.scalars(sa.select(sa.func.count()).select_from(older(column, number).subquery())).one()
        for column in columns()
    )


def count_under(session: Session, number: int) -> int:
    """Return how many values are sealed under a content key."""
    return sum(_count_under(session, column, number) for column in columns())


def _count_under(session: Session, column: Sealed[Any], number: int) -> int:
    stored = getattr(column.owner, column.column)
    return session.scalars(
        sa.select(sa.func.count())
        .select_from(column.owner)
        .where(sa.func.substr(stored, 1, HEAD_LETTERS) == sealed_under(number))
    ).one()
