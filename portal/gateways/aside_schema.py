"""A schema of PostgreSQL made beside another, in the same database, and given its name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from portal.gateways.aside_file import InUse

NAME = "restoring"
LOCK = 0x706F7274
"""A number for PostgreSQL's advisory locks, which nothing else here takes."""
WAIT_SECONDS = 3
"""How long PostgreSQL may take to see that a client has gone."""


class Schema:
    """The new schema; `locked` is the one connection that makes it, moves it and removes it."""

    def __init__(self, locked: sa.Connection, kept: str) -> None:
        """Take the connection, and what will be added to the old schema's name."""
        self._locked = locked
        self._live = locked.scalars(sa.text("SELECT coalesce(current_schema(), 'public')")).one()
        self._kept = f"{self._live}_{kept}"
        locked.rollback()
        self.engine = sa.create_engine(locked.engine.url, poolclass=sa.NullPool)
        event.listen(self.engine, "connect", _point_to_schema, insert=True)

    def make(self) -> None:
        """Make it empty."""
        self.remove()
        self._execute("CREATE SCHEMA {}", NAME)

    def swap(self) -> str:
        """Give it the name of the schema in use; raise InUse while somebody is connected."""
        _refuse_others(self._locked)
        with self._locked.begin():
            self._locked.exec_driver_sql(self._named("ALTER SCHEMA {} RENAME TO {}", self._live, self._kept))
            self._locked.exec_driver_sql(self._named("ALTER SCHEMA {} RENAME TO {}", NAME, self._live))
        return f"the schema {self._kept}"

    def remove(self) -> None:
        """Remove what is left of it, by this process or by one that was killed."""
        self._execute("DROP SCHEMA IF EXISTS {} CASCADE", NAME)

    def _execute(self, statement: str, name: str) -> None:
        with self._locked.begin():
            self._locked.exec_driver_sql(self._named(statement, name))

    def _named(self, statement: str, *names: str) -> str:
        return statement.format(*map(self._locked.dialect.identifier_preparer.quote, names))


@contextmanager
def beside(url: sa.URL, name: str) -> Iterator[Schema]:
    """Make an empty schema beside the one in use, which would be kept under its name and this one."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as locked:
        _lock(locked)
        _refuse_others(locked)
        schema = Schema(locked, name)
        try:
            schema.make()
            yield schema
        finally:
            locked.rollback()
            schema.remove()


def _lock(connection: sa.Connection) -> None:
    """Hold a lock until the connection ends, and with it the process."""
    try:
        with connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise InUse("Another restore is at work.") from None
        raise


def _refuse_others(locked: sa.Connection) -> None:
    """Raise InUse while another client is connected to the database; one that is just going is waited for."""
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with locked.begin():
            count = locked.scalars(others).one()
        if not count:
            return
        if time.monotonic() > deadline:
            raise InUse(
                f"Others have the database open (connections: {count}). Stop the portal's web server and its "
                "worker first."
            )
        time.sleep(0.05)


def _point_to_schema(connection: psycopg.Connection, _record: object) -> None:
    connection.execute(f"SET search_path TO {NAME}")
    connection.commit()
