"""The database as every test finds it: the first network's clinics, the cast, and nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from portal.db import Base, db, ring
from portal.models import ContentKeyRow
from tests.cast import gather

Rows = Sequence[Mapping[str, Any]]


@dataclass
class Stage:
    """One application's database: set once, and cleared and set again from memory before every later test."""

    keys: Rows = ()
    """The content keys under which the rows are sealed."""
    rows: Mapping[sa.Table, Rows] = field(default_factory=dict)

    def set(self) -> None:
        """Bring the database to its beginning, whatever stands in it."""
        with db.engine.begin() as connection:
            known = self.rows if read(connection, table_of(ContentKeyRow)) == self.keys else {}
            clear(connection, few=known)
            for table, rows in known.items():
                connection.execute(table.insert(), rows)
            if connection.dialect.name == "postgresql":
                number_from(connection, known)
        if not known:
            if self.keys:
                # A test before made a key: a ring that has not noticed would seal everything with an older one.
                ring().check()
            gather()
            self.remember()

    def remember(self) -> None:
        with db.engine.connect() as connection:
            found = {table: read(connection, table) for table in tables()}
            self.keys = read(connection, table_of(ContentKeyRow))
        self.rows = {table: rows for table, rows in found.items() if rows}


def table_of(model: type[Base]) -> sa.Table:
    return Base.metadata.tables[model.__tablename__]


def tables() -> list[sa.Table]:
    """Return the tables that are cleared, parents first."""
    # The content keys stay, as they do for good: the application has unwrapped them.
    return [table for table in Base.metadata.sorted_tables if table is not table_of(ContentKeyRow)]


def read(connection: sa.Connection, table: sa.Table) -> Rows:
    rows = connection.execute(table.select().order_by(*table.primary_key)).mappings()
    return [dict(row) for row in rows]


def clear(connection: sa.Connection, *, few: Iterable[sa.Table]) -> None:
    """Empty all tables; to delete is quicker than to truncate where it is about few rows."""
    if connection.dialect.name == "postgresql":
        # No trigger fires here, so that the trails can be emptied too.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in few:
            connection.execute(table.delete())
        if names := ", ".join(filled(connection)):
            connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
        return
    with without_triggers(connection):
        for table in reversed(tables()):
            connection.execute(table.delete())


def filled(connection: sa.Connection) -> Sequence[str]:
    """Name the tables that hold anything: to empty one that is empty takes as long."""
    asked = (
        sa.select(sa.literal(table.name)).where(sa.select(1).select_from(table).exists())
        for table in tables()
    )
    return connection.scalars(sa.union_all(*asked)).all()


def number_from(connection: sa.Connection, rows: Mapping[sa.Table, Rows]) -> None:
    """Let PostgreSQL number new rows from where the rows end."""
    last = {
        table: max((row["id"] for row in rows.get(table, ())), default=0)
        for table in tables()
        if "id" in table.c
    }
    connection.execute(
        sa.select(
            *(
                sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), number or 1, number > 0)
                for table, number in last.items()
            )
        )
    )


@contextmanager
def without_triggers(connection: sa.Connection) -> Iterator[None]:
    """Take the triggers of SQLite away for a while: they keep the trails from being emptied."""
    triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for trigger in triggers:
        connection.execute(sa.text(f"DROP TRIGGER {trigger.name}"))
    yield
    for trigger in triggers:
        connection.execute(sa.text(trigger.sql))
