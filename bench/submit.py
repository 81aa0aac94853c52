"""Submitting a referral beside the bare driver, which writes the same rows into the same tables, as durably."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from flask import Flask

from bench import figures, letter, rows, server, unsealed
from bench.connection import Connection
from bench.crew import Operations, crew
from bench.figures import Round
from bench.rows import TABLES, Copier, Database
from portal.app import create_app
from portal.db import db

CLIENTS = 8
DRIVER = "the bare driver, in as many processes"
ACTION = "portal.actions.referrals.submit alone, in as many processes"
UNSEALED = "the same action with nothing sealed"
DOOR = "POST /api/v1/referrals"


def run_on_sqlite(*, rounds: int) -> list[str]:
    """Measure on a new SQLite database; return what was wrong."""
    with TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        return run(rows.sqlite(str(folder / "portal.sqlite3")), folder, rounds)


def run_on_postgres(url: str, *, rounds: int) -> list[str]:
    """Measure on an empty PostgreSQL database; return what was wrong."""
    with TemporaryDirectory(prefix="portal-bench-") as name:
        return run(rows.postgres(url), Path(name), rounds)


def run(database: Database, folder: Path, rounds: int) -> list[str]:
    """Measure on an empty database, then look whether all that was acknowledged is there."""
    server.set_up(folder, database.url)
    app = create_app()
    with server.running() as port:
        key = server.flask("api-keys", "create", "Benchmark").strip()
        reference = letter.send(Connection(port), key)
        sizes = count(app)
        prepare = partial(operations, database, app, port=port, key=key, reference=reference)
        with crew(prepare, size=CLIENTS) as turn:
            played = figures.play(turn, [DRIVER, UNSEALED, ACTION, DOOR], rounds=rounds)
        title = (
            f"Referrals submitted a second, as a share of the bare driver's, on {database.name}\n"
            f"({CLIENTS} clients, each transaction durable; granian with {server.WORKERS} workers, {rounds} rounds)"
        )
        print(figures.table(title, played, peer=DRIVER), flush=True)
        title = f"What sealing costs: submits a second, as a share of the same action with nothing sealed, on {database.name}"
        print(figures.table(title, [only(each) for each in played], peer=UNSEALED), flush=True)
        return [*not_durable(database, app), *lost(count(app), sizes, played)]


def only(turns: Round) -> Round:
    """Return a round with the two actions alone."""
    return {name: turns[name] for name in (UNSEALED, ACTION)}


def operations(database: Database, app: Flask, *, port: int, key: str, reference: str) -> Operations:
    """Return the ways to write one referral."""
    return {
        DRIVER: Copier(database, reference).write,
        UNSEALED: letter.action(unsealed.create()),
        ACTION: letter.action(app),
        DOOR: partial(letter.send, Connection(port), key),
    }


def count(app: Flask) -> Mapping[str, int]:
    """Return how many rows each table has."""
    with app.app_context():
        session = db.session()
        sizes = {
            table: session.scalar(sa.select(sa.func.count(_of_a_referral(table)))) or 0 for table in TABLES
        }
        # Clients are copies of this process, and a connection cannot be shared.
        db.session.remove()
        db.engine.dispose()
    return sizes


def _of_a_referral(table: str) -> sa.Column[int]:
    # The trail also tells of what has no referral, like the key that was made.
    columns = db.metadata.tables[table].c
    return columns.get("referral_id", columns.id)


def not_durable(database: Database, app: Flask) -> list[str]:
    """Return which of the two would lose an acknowledged write when the power fails."""
    driver = database.connect()
    with app.app_context(), db.engine.connect() as portal:
        said = {
            "the bare driver": {ask: driver.execute(ask).fetchone()[0] for ask in database.durable},
            "the portal": {ask: portal.exec_driver_sql(ask).scalar() for ask in database.durable},
        }
    driver.close()
    return [
        f"on {database.name} {who} is not as durable as it is said to be: {answers}"
        for who, answers in said.items()
        if answers != database.durable
    ]


def lost(sizes: Mapping[str, int], for_one: Mapping[str, int], played: list[Round]) -> list[str]:
    """Return which tables hold another number of rows than was acknowledged."""
    sent = 1 + sum(turn.count for each in played for turn in each.values())
    return [
        f"{table} has {sizes[table]:,} rows for {sent:,} referrals, not {for_one[table] * sent:,}"
        for table in TABLES
        if sizes[table] != for_one[table] * sent
    ]
