"""The database as every test finds it: the first network's clinics, the cast, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.db import Base, db
from portal.models import ContentKeyRow
from tests.cast import gather

Rows = Sequence[Mapping[str, Any]]


@dataclass
class Stage:
    """One application's database: set once, and cleared and set again from memory before every later test."""

    keys: Rows = ()
    """The content keys under which the rows are sealed."""
    rows: Mapping[sa.Table, Rows] | None = None

    def set(self) -> None:
        """Bring the database to its beginning, whatever stands in it."""
        with db.engine.begin() as connection:
            keys = read(connection, table_of(ContentKeyRow))
            known = self.rows if keys == self.keys else None
            clear(connection)
            for table, rows in (known or {}).items():
                connection.execute(table.insert(), rows)
            if connection.dialect.name == "postgresql":
                number_from(connection, known or {})
        if known is None:
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


def clear(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        # No trigger fires here, so that the trails can be emptied too. To delete some rows is quicker than to
        # truncate a table, which makes new files for it.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql(";".join(str(table.delete()) for table in tables()))
        return
    with without_triggers(connection):
        for table in reversed(tables()):
            connection.execute(table.delete())


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
