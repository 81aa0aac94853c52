"""A schema of PostgreSQL made beside another, in the same database, and given its name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.schema import CreateSchema, DropSchema

from portal.gateways.aside_file import InUse

NAME = "restoring"
LOCK = 0x706F7274
"""A number for PostgreSQL's advisory locks, which nothing else here takes."""
WAIT_SECONDS = 5
"""How long PostgreSQL may take to see that a client has gone; longer than another restore waits for the lock."""


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
        with self._locked.begin():
            self._locked.execute(CreateSchema(NAME))

    def swap(self) -> str:
        """Give it the name of the schema in use; raise InUse while somebody is connected."""
        _refuse_others(self._locked)
        with self._locked.begin():
            self._rename(self._live, to=self._kept)
            self._rename(NAME, to=self._live)
        return f"the schema {self._kept}"

    def remove(self) -> None:
        """Remove what is left of it, by this process or by one that was killed."""
        with self._locked.begin():
            self._locked.execute(DropSchema(NAME, cascade=True, if_exists=True))

    def _rename(self, name: str, *, to: str) -> None:
        quote = self._locked.dialect.identifier_preparer.quote
        names = {"name": quote(name), "to": quote(to)}
        rename = sa.DDL("ALTER SCHEMA %(name)s RENAME TO %(to)s", context=names)  # type: ignore[no-untyped-call]
        self._locked.execute(rename)


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
            connection.execute(sa.text("SET LOCAL lock_timeout = '1s'"))
            connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
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
    connection.execute("SET search_path TO restoring")
    connection.commit()
