"""The migrations build what the models say, on both databases, up and down, and seeding twice changes nothing."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from portal.app import hang_ring
from portal.db import Base, db
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
