"""The migrations build what the models say, on both databases, up and down, and seeding twice changes nothing."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from portal.app import hang_ring
from portal.db import Base, db
from portal.queries import referrals
from tests.build import send, stored
from tests.cast import gather


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_the_migrations_build_what_the_models_say(app: Flask) -> None:
    assert differences() == []


def test_the_migrations_go_down_and_up_again(app: Flask) -> None:
    db.session.remove()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}
    upgrade()
    # The content keys are new ones.
    hang_ring(app)
    assert differences() == []


def test_what_stood_in_plain_is_sealed_and_reads_the_same(app: Flask) -> None:
    receipt = send()
    before = stored(receipt.reference)
    answers, index = before.answers, before.patient_index
    db.session.remove()
    downgrade(revision="1ffab95b478f")
    with db.engine.connect() as connection:
        (plain,) = connection.execute(sa.text("SELECT answers FROM referrals")).scalars()
        assert "Cedar Sampleton" in str(plain)
    upgrade()
    # The content keys are new ones.
    hang_ring(app)
    after = stored(receipt.reference)
    assert after.answers == answers
    assert after.patient_index != index
    assert after.patient_index == referrals.patient_index("Sampleton, Cedar", date(1985, 3, 27))
    if db.engine.dialect.name == "sqlite":
        # Whoever still reads would keep the log from being written into the file.
        db.session.remove()
        with db.engine.connect() as connection:
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert not busy
        assert b"Cedar Sampleton" not in Path(str(db.engine.url.database)).read_bytes()


def test_seeding_twice_changes_nothing(app: Flask) -> None:
    def rows() -> dict[str, list[tuple[object, ...]]]:
        with db.engine.connect() as connection:
            return {
                table.name: [
                    tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
            }

    before = rows()
    gather()
    assert rows() == before
