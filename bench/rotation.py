"""Sealing every value anew, beside the bare driver writing as many values of the same size back."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench import server
from portal.actions import content_keys as acting
from portal.app import create_app
from portal.db import db, ring
from portal.doors.asking import operator
from portal.doors.world import now, world
from portal.models import Draft, Sealed
from portal.queries import content_keys

DRAFTS = 5_000
TYPED = {"reason": "Two adequate trials without lasting response. " * 12}
ROUNDS = 5


def run() -> list[str]:
    """Measure on a new SQLite database; return what was wrong."""
    with TemporaryDirectory(prefix="portal-bench-") as name:
        server.set_up(Path(name), "")
        with create_app().app_context():
            fill()
            rates = [(rate(write_back), rate(seal_anew)) for _ in range(ROUNDS)]
            left = content_keys.count_older(db.session(), content_keys.newest(db.session()))
            db.session.remove()
            db.engine.dispose()
        bare, sealed = sorted(rates, key=lambda pair: pair[1] / pair[0])[ROUNDS // 2]
        print(
            f"\nValues sealed anew a second, beside the bare driver writing them back ({2 * DRAFTS:,} values, "
            f"{ROUNDS} rounds)\n{sealed / bare:8.3f} {sealed:10,.0f}   flask keys rotate\n"
            f"{1:8.3f} {bare:10,.0f}   the bare driver",
            flush=True,
        )
        return [f"{left:,} values were not sealed anew"] if left else []


def fill() -> None:
    """Put drafts into the database, two sealed values each."""
    moment = now()
    with sa.orm.Session(db.engine) as session, session.begin():
        for _ in range(DRAFTS):
            session.add(
                Draft(
                    name=os.urandom(8).hex(),
                    key_digest=os.urandom(32).hex(),
                    typed=TYPED,
                    safety=[{"immediate_danger": False}],
                    saved_at=moment,
                    expires_at=moment,
                )
            )


def seal_anew() -> int:
    """Do what `flask keys rotate` does; return how many values."""
    number = acting.begin(world().wrapping, actor=operator("bench"), now=now())
    ring().check()
    done = 0
    for column in content_keys.columns():
        while count := acting.seal_anew(column, number=number):
            done += count
    return done


def write_back() -> int:
    """Write every value back as it is, in batches of the same size; return how many."""
    connection = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    rows = connection.execute("SELECT sealed_typed, sealed_safety, id FROM drafts").fetchall()
    for column, place in (("sealed_typed", 0), ("sealed_safety", 1)):
        for start in range(0, len(rows), Sealed.rows_at_once):
            batch = [(row[place], row[2]) for row in rows[start : start + Sealed.rows_at_once]]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"UPDATE drafts SET {column} = ? WHERE id = ?", batch)  # noqa: S608
            connection.execute("COMMIT")
    connection.close()
    return 2 * len(rows)


def rate(work: Callable[[], int]) -> float:
    """Return how many a second."""
    began = time.perf_counter()
    return work() / (time.perf_counter() - began)
