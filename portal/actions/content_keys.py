"""Change the keys under running processes: a new content key and all values sealed anew, or a new wrapping alone.

Nothing is ever unreadable on the way: old content keys stay, each batch is one transaction, and what is left to do is
read from the values themselves, so a rotation that was killed goes on where it was.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import vault
from portal.db import ring, write
from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import ContentKeyRow, Sealed
from portal.queries import content_keys
from portal.vault import Purpose, Wrapping


def begin(wrapping: Wrapping, *, actor: Actor, now: datetime) -> int:
    """Make a new content key and return its number; the newest one's while values of older ones are left."""
    with write() as session:
        newest = content_keys.newest(session)
        if content_keys.count_older(session, newest):
            return newest
        last = session.scalars(sa.select(sa.func.max(ContentKeyRow.number))).one()
        made = vault.new_content_key(wrapping, number=last + 1, purpose=Purpose.SEAL)
        session.add(
            ContentKeyRow(
                number=made.number,
                purpose=made.purpose,
                wrapping=made.wrapping,
                wrapped=made.wrapped,
                created_at=now,
            )
        )
        _note(session, actor, now, {"content_key": made.number})
        return made.number


def seal_anew(column: Sealed[Any], *, number: int) -> int:
    """Seal some values of one column with the newest content key; return how many, 0 when none is left."""
    with write() as session:
        rows = session.execute(
            content_keys.older(column, number)
            .order_by(column.owner.id)
            .limit(column.rows_at_once)
            .with_for_update()
        ).all()
        fresh = [_fresh(column, row) for row in rows]
        if fresh:
            table = column.owner.__table__
            session.connection().execute(
                sa.update(table)
                .where(table.c.id == sa.bindparam("row_id"))
                .values({column.column: sa.bindparam("fresh")}),
                fresh,
            )
        return len(fresh)


def _fresh(column: Sealed[Any], row: sa.Row[*tuple[Any, ...]]) -> dict[str, object]:
    row_id, sealed, *named = row
    place = column.place(*named)
    return {"row_id": row_id, "fresh": ring().seal(ring().open(bytes(sealed), place=place), place=place)}


def rewrap(wrapping: Wrapping, *, actor: Actor, now: datetime) -> int:
    """Wrap every content key with the current wrapping key; return how many. No value is touched."""
    with write() as session:
        rows = session.scalars(sa.select(ContentKeyRow).with_for_update()).all()
        for row, kept in zip(rows, map(content_keys.value, rows), strict=True):
            fresh = vault.rewrapped(wrapping, kept)
            row.wrapping, row.wrapped = fresh.wrapping, fresh.wrapped
        _note(session, actor, now, {"wrapping": rows[0].wrapping})
        return len(rows)


def _note(session: Session, actor: Actor, now: datetime, facts: dict[str, object]) -> None:
    trail.note(session, Act.KEYS_CHANGED, actor=actor, at=now, about=About(facts=facts))
