"""seal patient data, and make the trails append-only

Revision ID: b7d1c2e85a10
Revises: a000d8a77924
Create Date: 2026-11-23 15:10:00

Makes the first content keys, and seals what stood in plain. On SQLite what was there is overwritten (`secure_delete`);
on PostgreSQL a `VACUUM FULL` and old backups are the operator's. Altering `events` or `audit_entries` in batch mode
drops their triggers on SQLite: such a migration makes them anew.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from portal import vault
from portal.domain import reading
from portal.doors.world import world_of

revision = "b7d1c2e85a10"
down_revision = "a000d8a77924"
branch_labels = None
depends_on = None

SEALED = (
    # table, columns, what names a row
    ("drafts", ("typed", "safety"), ("name",)),
    ("events", ("words",), ("referral_id", "number")),
    ("placements", ("place", "candidates"), ("event_id",)),
    ("referrals", ("answers",), ("reference",)),
)
FIXED = {
    "events": "id, referral_id, number, at, actor, move, from_status, to_status, from_clinic_id, to_clinic_id, code, "
    "rule_version",
    "audit_entries": "id, at, actor, act, referral_id, clinic_id, member_id, address, request_id, facts",
}
"""The columns that nothing may change; only the words of an event are ever sealed anew."""
SIX_YEARS = {"sqlite": "datetime('now', '-6 years')", "postgresql": "now() - interval '6 years'"}


def upgrade() -> None:
    ring = _make_keys()
    for table, columns, named_by in SEALED:
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(f"sealed_{column}", sa.LargeBinary(), nullable=True))
        _rewrite(table, columns, named_by, lambda plain, place: ring.seal(_written(plain), place=place))
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.alter_column(f"sealed_{column}", existing_type=sa.LargeBinary(), nullable=False)
                batch.drop_column(column)
    _index_patients(ring)
    for table in FIXED:
        _protect(table)


def downgrade() -> None:
    ring = _ring()
    for table in FIXED:
        _unprotect(table)
    with op.batch_alter_table("referrals") as batch:
        batch.drop_index(op.f("ix_referrals_patient_index"))
        batch.drop_column("patient_index")
    for table, columns, named_by in SEALED:
        kind = sa.Text() if table == "events" else sa.JSON()
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(column, kind, nullable=True))
        _rewrite(
            table, columns, named_by, lambda sealed, place: _read(ring.open(sealed, place=place)), down=True
        )
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.alter_column(column, existing_type=kind, nullable=False)
                batch.drop_column(f"sealed_{column}")


def _make_keys() -> vault.Ring:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")
    wrapping = world_of(current_app).wrapping
    for number, purpose in enumerate(vault.Purpose, start=1):
        made = vault.new_content_key(wrapping, number=number, purpose=purpose)
        op.get_bind().execute(
            _table("content_keys", "number", "purpose", "wrapping", "wrapped", "created_at").insert(),
            {
                "number": made.number,
                "purpose": made.purpose.value,
                "wrapping": made.wrapping,
                "wrapped": made.wrapped,
                "created_at": datetime.now(UTC),
            },
        )
    return _ring()


def _ring() -> vault.Ring:
    def load() -> list[vault.ContentKey]:
        rows = op.get_bind().execute(sa.text("SELECT number, purpose, wrapping, wrapped FROM content_keys"))
        return [
            vault.ContentKey(
                number=row.number,
                purpose=vault.Purpose(row.purpose),
                wrapping=row.wrapping,
                wrapped=bytes(row.wrapped),
            )
            for row in rows
        ]

    return vault.Ring(world_of(current_app).wrapping, load)


def _rewrite(
    table: str,
    columns: tuple[str, ...],
    named_by: tuple[str, ...],
    turn: Callable[[Any, str], Any],
    *,
    down: bool = False,
) -> None:
    """Fill the new columns of every row from the old ones."""
    sealed = tuple(f"sealed_{column}" for column in columns)
    source, target = (sealed, columns) if down else (columns, sealed)
    rows = _table(table, "id", *named_by, *columns, *sealed)
    for row in op.get_bind().execute(sa.select(rows)).mappings().all():
        name = ":".join(str(row[part]) for part in named_by)
        fresh = {
            new: turn(row[old], f"{table}.{stored}:{name}")
            for new, old, stored in zip(target, source, sealed, strict=True)
        }
        op.get_bind().execute(rows.update().where(rows.c.id == row["id"]).values(fresh))


def _index_patients(ring: vault.Ring) -> None:
    with op.batch_alter_table("referrals") as batch:
        batch.add_column(sa.Column("patient_index", sa.String(length=32), nullable=True))
    rows = _table("referrals", "id", "reference", "sealed_answers", "body_digest", "patient_index")
    for row in op.get_bind().execute(sa.select(rows)).mappings().all():
        place = f"referrals.sealed_answers:{row['reference']}"
        patient = json.loads(ring.open(row["sealed_answers"], place=place))["patient"]
        born = date.fromisoformat(patient["date_of_birth"]).isoformat()
        fresh = {
            "patient_index": ring.index("referrals.patient_index", reading.name_key(patient["name"]), born),
            "body_digest": ring.index("referrals.body_digest", row["body_digest"]),
        }
        op.get_bind().execute(rows.update().where(rows.c.id == row["id"]).values(fresh))
    with op.batch_alter_table("referrals") as batch:
        batch.alter_column("patient_index", existing_type=sa.String(length=32), nullable=False)
        batch.create_index(op.f("ix_referrals_patient_index"), ["patient_index"])


def _protect(table: str) -> None:
    dialect = op.get_bind().dialect.name
    young = f"OLD.at > {SIX_YEARS[dialect]}" if table == "audit_entries" else "true"
    if dialect == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {FIXED[table]} ON {table} {refusal}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {young} {refusal}")
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    call = f"EXECUTE FUNCTION {table}_refuse()"
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {FIXED[table]} ON {table} FOR EACH ROW {call}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW WHEN ({young}) {call}"
    )
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")


def _unprotect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{what}")
    else:
        op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "created_at": sa.DateTime(timezone=True),
        **dict.fromkeys(("typed", "safety", "place", "candidates", "answers"), sa.JSON()),
    }
    return sa.table(
        name,
        *(
            sa.column(column, kinds.get(column, sa.LargeBinary() if column.startswith("sealed_") else None))
            for column in columns
        ),
    )


def _written(plain: object) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _read(text: bytes) -> Any:
    return json.loads(text)
