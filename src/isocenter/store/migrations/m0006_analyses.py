"""Analyses of Studies: orders, and the reports that came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of analyses, and an index for Studies that came to rest."""
    _make_orders()
    _make_reports()
    op.create_index("ix_studies_changed_ms", "studies", ["changed_ms"], unique=False)


def _make_orders() -> None:
    op.create_table(
        "analysis_orders",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("analysis", sa.String(length=64), nullable=False),
        sa.Column("study_changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("log", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_ms", sa.BigInteger(), nullable=True),
        sa.Column("listed_ms", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'queued', 'done', 'failed')",
            name=op.f("ck_analysis_orders_state"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_analysis_orders")),
        sa.UniqueConstraint("id", name=op.f("uq_analysis_orders_id")),
        sa.UniqueConstraint(
            "owner",
            "study_uid",
            "analysis",
            "study_changed_ms",
            "run",
            name=op.f("uq_analysis_orders_owner_study_uid_analysis_study_changed_ms_run"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_analysis_orders_state_due_ms"), "analysis_orders", ["state", "due_ms"])
    op.create_index(
        op.f("ix_analysis_orders_owner_acknowledged_ms_number"),
        "analysis_orders",
        ["owner", "acknowledged_ms", "number"],
    )


def _make_reports() -> None:
    op.create_table(
        "analysis_reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("report_type", sa.String(length=16), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"], ["blobs.key"], name=op.f("fk_analysis_reports_blob_key")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["analysis_orders.id"],
            name=op.f("fk_analysis_reports_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_reports")),
    )
    op.create_index(op.f("ix_analysis_reports_order_id"), "analysis_reports", ["order_id"])
    op.create_index(op.f("ix_analysis_reports_blob_key"), "analysis_reports", ["blob_key"])
