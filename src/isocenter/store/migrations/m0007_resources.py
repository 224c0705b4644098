"""Resources and their labels."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of resources."""
    op.create_table(
        "resources",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mimetype", sa.String(length=128), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("source_path", sa.Text(), nullable=True),
        sa.Column("study_uid", sa.String(length=64), nullable=True),
        sa.Column("series_uid", sa.String(length=64), nullable=True),
        sa.Column("sop_instance_uid", sa.String(length=64), nullable=True),
        sa.Column("patient_id", sa.Text(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("brought_key", sa.String(length=64), nullable=True),
        sa.Column("brought_version", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("metadata", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("upload_mechanism", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('inbox', 'published', 'archived')", name=op.f("ck_resources_status")
        ),
        sa.ForeignKeyConstraint(["blob_key"], ["blobs.key"], name=op.f("fk_resources_blob_key")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_resources")),
        sa.UniqueConstraint("id", name=op.f("uq_resources_id")),
        sa.UniqueConstraint(
            "owner", "idempotency_key", name=op.f("uq_resources_owner_idempotency_key")
        ),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["blob_key"],
        ["owner", "number"],
        ["owner", "status", "number"],
        ["owner", "channel", "number"],
        ["owner", "sop_instance_uid"],
        ["owner", "study_uid"],
    ):
        op.create_index(op.f(f"ix_resources_{'_'.join(columns)}"), "resources", columns)
    _make_labels()


def _make_labels() -> None:
    op.create_table(
        "resource_labels",
        sa.Column("resource_number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("frame_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_number"],
            ["resources.number"],
            name=op.f("fk_resource_labels_resource_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "resource_number", "frame_index", "label", name=op.f("pk_resource_labels")
        ),
    )
    op.create_index(
        op.f("ix_resource_labels_label_resource_number"),
        "resource_labels",
        ["label", "resource_number"],
    )
