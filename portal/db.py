"""The database: one typed base, its key ring, and the two ways in: a request reads, an action writes by itself."""

import enum
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session

from portal.vault import Ring

BUSY_MILLISECONDS = 10_000
RING = "portal-ring"


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment in UTC, on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: it would be somebody's guess."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back that SQLite forgets."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations can find them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[dict[str, Any]]: sa.JSON,
        enum.StrEnum: sa.Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=32,
            values_callable=lambda kind: [str(member.value) for member in kind],
        ),
    }


# Rows are read by the request and never written by it, so they may outlive a commit.
db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"expire_on_commit": False},
    # An error tells its statement and not the values in it.
    engine_options={"hide_parameters": True},
)


@contextmanager
def write() -> Iterator[Session]:
    """Open an action's own transaction; it commits at the end of the block, or leaves no trace.

    On SQLite it takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads first and writes later
    fails when somebody else has committed in between, and no busy timeout helps.
    """
    # A snapshot that stays open keeps SQLite from emptying its log: it would grow, and every commit work through it.
    db.session.commit()
    with Session(db.engine, expire_on_commit=False) as session, session.begin():
        session.connection(execution_options={"begin_immediate": True})
        yield session
    # What the request read before is old now; its next question starts afresh.
    db.session.rollback()
    db.session.expire_all()


def ring() -> Ring:
    """Return the key ring of the running application's database."""
    found: Ring = current_app.extensions[RING]
    return found


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not begin transactions by itself; `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # FULL: what was acknowledged is on the disk, also after the power fails.
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("begin_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
