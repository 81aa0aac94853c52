"""All rows of a database as lines of JSON, the same on every database; read in one moment, and nothing left out.

A table begins with a line that names it and its columns, each row is a list of its values, and the last line counts
the rows of every table. Moments are in UTC, bytes in base64. Tables are asked for, not taken from the models, so that
the rows of an older version can be read too.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from portal.db import db
from portal.models import Referral, Sealed
from portal.vault import Ring

ROWS_AT_ONCE = 100
"""A row may hold a piece of a file, 256 KiB."""
MIGRATION_TABLE = "alembic_version"


class NotWhole(Exception):
    """The lines do not hold what their last one counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Some rows of one table, as they stand in the lines."""

    table: str
    columns: list[str]
    rows: list[list[object]]


@contextmanager
def snapshot() -> Iterator[sa.Connection]:
    """Open the database as it is at one moment; others go on writing, unseen."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def find_migration(connection: sa.Connection) -> str | None:
    """Return the revision that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def tables(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables that the database has, those that others point to first."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    for column in (column for table in metadata.sorted_tables for column in table.columns):
        if isinstance(column.type, sa.JSON):
            # Where nothing stands, nothing is put back, and not JSON's own null.
            column.type.none_as_null = True
    return [table for table in metadata.sorted_tables if table.name != MIGRATION_TABLE]


def count_referrals(session: Session) -> int:
    """Return how many referrals there are; none where there is no table for them yet."""
    if not sa.inspect(session.connection()).has_table(Referral.__tablename__):
        return 0
    return session.scalars(sa.select(sa.func.count()).select_from(Referral)).one()


def lines(connection: sa.Connection) -> Iterator[bytes]:
    """Yield every row, each as a line."""
    counts: dict[str, int] = {}
    for table in tables(connection):
        counts[table.name] = 0
        yield _line({"table": table.name, "columns": table.columns.keys()})
        asked = sa.select(table).order_by(*table.primary_key)
        for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(asked):
            counts[table.name] += 1
            yield _line(list(row))
    yield _line({"rows": counts})


def batches(plain: Iterable[bytes]) -> Iterator[Batch]:
    """Yield the rows of lines that come in parts of any size; raise NotWhole at the end when the counts differ."""
    counts: dict[str, int] = {}
    promised = None
    batch = Batch(table="", columns=[], rows=[])
    for said in map(json.loads, _split(plain)):
        if isinstance(said, list):
            batch.rows.append(said)
            counts[batch.table] += 1
        if batch.rows and (isinstance(said, dict) or len(batch.rows) == ROWS_AT_ONCE):
            yield batch
            batch = Batch(table=batch.table, columns=batch.columns, rows=[])
        if isinstance(said, dict) and "table" in said:
            batch = Batch(table=said["table"], columns=said["columns"], rows=[])
            counts[batch.table] = 0
        elif isinstance(said, dict):
            promised = said["rows"]
    if counts != promised:
        raise NotWhole("its tables do not hold the rows that were counted when it was made")


def open_sealed(session: Session, ring: Ring) -> int:
    """Open every sealed value and return how many there are; raise Tampered or KeyTrouble where one does not open."""
    count = 0
    for sealed in Sealed.everywhere:
        column = getattr(sealed.owner, sealed.column)
        asked = sa.select(column, *(getattr(sealed.owner, name) for name in sealed.named_by)).where(
            column.is_not(None)
        )
        for value, *named in session.execute(asked.execution_options(yield_per=ROWS_AT_ONCE)):
            ring.open(value, place=sealed.place(*named))
            count += 1
    return count


def _line(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_text).encode() + b"\n"


def _text(value: object) -> str:
    if isinstance(value, datetime):
        # SQLite forgets the zone; what stands there is UTC.
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} cannot be written as text")


def _split(plain: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in plain:
        *whole, rest = (rest + part).split(b"\n")
        yield from whole
    if rest:
        raise NotWhole("its last line is cut off")
