"""How migrations run: inside the application, on one connection: the one that is given, or one of its engine's."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.db import UtcDateTime


def render_type(kind: str, obj: Any, _autogen: object) -> str | Literal[False]:
    """Write our types as what the database stores, so that a migration never needs the application's code."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, sa.Enum) and issubclass(obj.enum_class or object, enum.Enum):
        return f"sa.String(length={obj.length})"
    return False


@contextmanager
def tables_may_be_made_anew(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite drop a table that others point to, which is how it alters one; what points nowhere then is an error."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Inside a transaction this pragma does nothing, so it goes by the driver, before one begins.
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = raw.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"the migration left rows that point nowhere: {lost[:3]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    migrate = current_app.extensions["migrate"]
    # A restore brings up a database that is not the application's yet.
    given = context.config.attributes.get("connection")
    opened = migrate.db.engine.connect() if given is None else nullcontext(given)
    with opened as connection, tables_may_be_made_anew(connection):
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            render_item=render_type,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
