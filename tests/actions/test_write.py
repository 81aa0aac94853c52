"""A request reads, writes, and leaves nothing open that grows."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db, write
from portal.models import Clinic

PIECE_BYTES, LOG_BYTES = 400_000, 4_194_304
"""What one write brings here, and what SQLite lets its log grow to before it empties it."""


@pytest.mark.one_database("sqlite")
def test_the_log_is_emptied_though_every_request_reads_before_it_writes(app: Flask) -> None:
    log = Path(f"{db.engine.url.database}-wal")
    with write() as session:
        session.execute(sa.text("CREATE TABLE ballast (piece BLOB)"))
    fill_the_log()
    before = log.stat().st_size
    for _ in range(4):
        fill_the_log()
    with write() as session:
        session.execute(sa.text("DROP TABLE ballast"))
    assert log.stat().st_size < before + LOG_BYTES


def fill_the_log() -> None:
    for _ in range(LOG_BYTES // PIECE_BYTES):
        db.session.execute(sa.text("SELECT count(*) FROM ballast")).scalar_one()
        with write() as session:
            session.execute(sa.text("DELETE FROM ballast"))
            session.execute(sa.text("INSERT INTO ballast VALUES (zeroblob(:size))"), {"size": PIECE_BYTES})


def test_what_was_read_before_a_write_is_read_anew_after_it(app: Flask) -> None:
    clinic = db.session.scalars(sa.select(Clinic)).first()
    assert clinic
    with write() as session:
        session.execute(sa.update(Clinic).where(Clinic.id == clinic.id).values(name="Another name"))
        assert clinic.name != "Another name"
    assert clinic.name == "Another name"
