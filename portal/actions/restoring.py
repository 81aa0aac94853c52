"""Fill a new database from a backup and leave it safe to use; it is not the portal's yet, so its engine is given."""

from base64 import b64decode
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import MemberSession
from portal.queries import everything
from portal.queries.everything import Batch, NotWhole

Read = Callable[[Any], object]


def fill(engine: sa.Engine, batches: Iterable[Batch]) -> dict[str, int]:
    """Put the rows of a backup into tables that are at its migration; return how many there are in each.

    Raises NotWhole when they do not fit, and then leaves the tables as they were.
    """
    counts: dict[str, int] = {}
    with engine.begin() as connection:
        tables = everything.tables(connection)
        for table in reversed(tables):
            # A migration may have filled them: the keys of a new database are not those of the backup.
            connection.execute(table.delete())
        named = {table.name: table for table in tables}
        for batch in batches:
            table = named.get(batch.table)
            if table is None or set(batch.columns) != set(table.columns.keys()):
                raise NotWhole(f"its table {batch.table} does not fit this version of the portal")
            connection.execute(table.insert(), _rows(table, batch))
            counts[table.name] = counts.get(table.name, 0) + len(batch.rows)
        for table in tables:
            _count_on(connection, table)
    return counts


def settle(engine: sa.Engine, *, actor: Actor, now: datetime, about: About) -> None:
    """End every session that members had when the backup was made, and write down that it was brought back."""
    with Session(engine) as session, session.begin():
        session.execute(
            sa.update(MemberSession)
            .where(MemberSession.ended_at.is_(None))
            .values(ended_at=now, sealed_kept=None)
        )
        trail.note(session, Act.RESTORED, actor=actor, at=now, about=about)


def _rows(table: sa.Table, batch: Batch) -> list[dict[str, object]]:
    reads = [_read(table.columns[name].type) for name in batch.columns]
    return [
        {
            name: None if value is None else read(value)
            for name, read, value in zip(batch.columns, reads, row, strict=True)
        }
        for row in batch.rows
    ]


def _read(kind: sa.types.TypeEngine[Any]) -> Read:
    """Return what turns a value of the lines back into what a column of this type takes."""
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.LargeBinary):
        return b64decode
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number new rows after those that are there; SQLite does so by itself."""
    key = table.primary_key.columns.values()[0]
    if connection.dialect.name != "postgresql" or not isinstance(key.type, sa.Integer):
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
    last = connection.scalar(sa.select(sa.func.max(key)))
    if sequence and last:
        connection.execute(sa.select(sa.func.setval(sequence, last)))
