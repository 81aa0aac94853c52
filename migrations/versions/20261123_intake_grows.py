"""files, amendments, safety events, and mails to those without an account

Revision ID: c41f0a9d7e23
Revises: b7d1c2e85a10
Create Date: 2026-11-23 18:30:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c41f0a9d7e23"
down_revision = "b7d1c2e85a10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _files()
    _safety_events()
    _amendments()
    _replies()
    _queue("'accepted', 'cancel_requested', 'in_triage', 'info_requested', 'received'")
    with op.batch_alter_table("drafts") as batch:
        batch.add_column(sa.Column("amends_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_drafts_amends_id"), "referrals", ["amends_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_drafts_key_digest"), ["key_digest"])
    with op.batch_alter_table("letters") as batch:
        batch.add_column(sa.Column("sealed_address", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("referrals") as batch:
        batch.add_column(sa.Column("sealed_findings", sa.LargeBinary(), nullable=True))


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sealed_title", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_files_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_files_event_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_files_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("name", name=op.f("uq_files_name")),
    )
    op.create_index(op.f("ix_files_draft_id"), "files", ["draft_id"])
    op.create_index(op.f("ix_files_referral_id"), "files", ["referral_id"])
    op.create_table(
        "file_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_name"], ["files.name"], name=op.f("fk_file_parts_file_name"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_parts")),
        sa.UniqueConstraint("file_name", "number", name=op.f("uq_file_parts_file_name_number")),
    )


def _safety_events() -> None:
    op.create_table(
        "safety_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.String(length=40), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("sealed_who", sa.LargeBinary(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_safety_events_clinic_id")),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["members.id"], name=op.f("fk_safety_events_handled_by_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_safety_events_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_events")),
        sa.UniqueConstraint("name", name=op.f("uq_safety_events_name")),
    )
    op.create_index(op.f("ix_safety_events_at"), "safety_events", ["at"])
    op.create_index(op.f("ix_safety_events_referral_id"), "safety_events", ["referral_id"])
    op.create_index(op.f("ix_safety_events_submission_digest"), "safety_events", ["submission_digest"])


def _amendments() -> None:
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("sealed_changes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_amendments_event_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_amendments_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("event_id", name=op.f("uq_amendments_event_id")),
    )
    op.create_index(op.f("ix_amendments_referral_id"), "amendments", ["referral_id"])
    op.create_table(
        "patient_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_patient_marks_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_marks")),
        sa.UniqueConstraint("referral_id", "mark", name=op.f("uq_patient_marks_referral_id_mark")),
    )
    op.create_index(op.f("ix_patient_marks_mark"), "patient_marks", ["mark"])


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("sealed_told", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_replies_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_replies_submission_digest")),
    )


def _queue(open_statuses: str) -> None:
    op.drop_index("ix_referrals_queue", "referrals")
    is_open = sa.text(f"status IN ({open_statuses})")
    op.create_index(
        "ix_referrals_queue",
        "referrals",
        ["clinic_id", "tier_rank", "due_at", "id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    _queue("'accepted', 'in_triage', 'info_requested', 'received'")
    with op.batch_alter_table("referrals") as batch:
        batch.drop_column("sealed_findings")
    with op.batch_alter_table("letters") as batch:
        batch.drop_column("sealed_address")
    with op.batch_alter_table("drafts") as batch:
        batch.drop_constraint(op.f("uq_drafts_key_digest"), type_="unique")
        batch.drop_constraint(op.f("fk_drafts_amends_id"), type_="foreignkey")
        batch.drop_column("amends_id")
    for table in ("replies", "patient_marks", "amendments", "safety_events", "file_parts", "files"):
        op.drop_table(table)
