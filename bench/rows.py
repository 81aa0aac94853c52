"""The peer of a submit: the bare driver, which writes the rows of a referral that was really submitted once more."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from portal.db import BUSY_MILLISECONDS

TABLES = (
    "referrals",
    "events",
    "placements",
    "notices",
    "status_keys",
    "patient_marks",
    "replies",
    "audit_entries",
)
"""The tables that a submit writes to; all but the first have a `referral_id`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """How a bare driver is spoken to."""

    name: str
    url: str
    """SQLAlchemy's, for the portal."""
    connect: Callable[[], Any]
    """Return a connection that begins no transaction by itself."""
    begin: str
    mark: str
    """How a statement names a value."""
    durable: Mapping[str, object]
    """Questions about a connection, and the answers of one whose commits survive a power cut."""


def sqlite(path: str) -> Database:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return Database(
        name="SQLite",
        url=f"sqlite:///{path}",
        connect=connect,
        begin="BEGIN IMMEDIATE",
        mark=":{}",
        durable={"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1},
    )


def postgres(url: str) -> Database:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return Database(
        name="PostgreSQL",
        url=url,
        connect=lambda: psycopg.connect(address, autocommit=True),
        begin="BEGIN",
        mark="%({})s",
        durable={"SHOW fsync": "on", "SHOW synchronous_commit": "on", "SHOW full_page_writes": "on"},
    )


class Copier:
    """Writes copies of one referral, each in a durable transaction of its own."""

    def __init__(self, database: Database, reference: str) -> None:
        """Open a connection and read the rows of the referral with this reference."""
        self._database = database
        self._ask = database.connect().cursor().execute
        [referral] = self._read("referrals", "reference", reference)
        rows = [
            (table, row) for table in TABLES[1:] for row in self._read(table, "referral_id", referral["id"])
        ]
        self._copies = [(self._insert(table, row), row) for table, row in [("referrals", referral), *rows]]

    def write(self) -> None:
        """Write one copy; what has to be unique is drawn anew."""
        (to_referrals, referral), (to_events, event), *others = self._copies
        drawn = {
            "reference": secrets.token_urlsafe(7)[:9],
            "submission_digest": secrets.token_hex(32),
            "digest": secrets.token_hex(32),
        }
        self._ask(self._database.begin)
        drawn["referral_id"] = self._ask(to_referrals, referral | drawn).fetchone()[0]
        drawn["event_id"] = self._ask(to_events, event | drawn).fetchone()[0]
        for statement, row in others:
            self._ask(statement, row | drawn)
        self._ask("COMMIT")

    def _read(self, table: str, column: str, value: object) -> list[dict[str, Any]]:
        mark = self._database.mark.format("value")
        found = self._ask(f"SELECT * FROM {table} WHERE {column} = {mark}", {"value": value})  # noqa: S608
        columns = [described[0] for described in found.description]
        return [dict(zip(columns, map(_as_sent, row), strict=True)) for row in found.fetchall()]

    def _insert(self, table: str, row: Mapping[str, Any]) -> str:
        columns = [column for column in row if column != "id"]
        marks = ", ".join(map(self._database.mark.format, columns))
        returning = " RETURNING id" if table in TABLES[:2] else ""
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){returning}"  # noqa: S608


def _as_sent(value: object) -> object:
    """Give JSON back as the text that it was written as."""
    return json.dumps(value) if isinstance(value, dict | list) else value
