"""Tickets of the ingest pipeline."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of tickets."""
    op.create_table(
        "tickets",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.String(length=16), nullable=False),
        sa.Column("announced_bytes", sa.BigInteger(), nullable=True),
        sa.Column("announced_sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("blob_key", sa.String(length=64), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=True),
        sa.Column("finished_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("study_uid", sa.String(length=64), nullable=True),
        sa.Column("series_uid", sa.String(length=64), nullable=True),
        sa.Column("sop_instance_uid", sa.String(length=64), nullable=True),
        sa.Column("sop_class_uid", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state IN ('issued', 'received', 'stored', 'rejected')", name=op.f("ck_tickets_state")
        ),
        sa.ForeignKeyConstraint(["blob_key"], ["blobs.key"], name=op.f("fk_tickets_blob_key")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
        sa.UniqueConstraint("id", name=op.f("uq_tickets_id")),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("ix_tickets_batch", ["batch"]),
        ("ix_tickets_blob_key", ["blob_key"]),
        ("ix_tickets_owner_number", ["owner", "number"]),
        (
            "ix_tickets_owner_state_number_expires_ms",
            ["owner", "state", "number", "expires_ms"],
        ),
        ("ix_tickets_owner_study_uid", ["owner", "study_uid"]),
        ("ix_tickets_state_expires_ms", ["state", "expires_ms"]),
    ):
        op.create_index(op.f(name), "tickets", columns, unique=False)
