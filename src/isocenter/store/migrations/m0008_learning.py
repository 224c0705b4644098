"""Annotations, projects, learning sets and their snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DOCUMENT = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Make the tables of what is learnt from."""
    _make_learning_sets()
    _make_projects()
    _make_snapshots()
    _make_annotations()
    _make_learning_set_resources()
    _make_learning_splits()
    _make_project_members()
    _make_snapshot_files()


def _make_learning_sets() -> None:
    op.create_table(
        "learning_sets",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learning_sets")),
        sa.UniqueConstraint("id", name=op.f("uq_learning_sets_id")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_learning_sets_owner_name")),
        sqlite_autoincrement=True,
    )


def _make_projects() -> None:
    op.create_table(
        "projects",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("set_number", _NUMBER, nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_number"],
            ["learning_sets.number"],
            name=op.f("fk_projects_set_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_projects")),
        sa.UniqueConstraint("id", name=op.f("uq_projects_id")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_projects_owner_name")),
        sa.UniqueConstraint("set_number", name=op.f("uq_projects_set_number")),
        sqlite_autoincrement=True,
    )


def _make_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("set_number", _NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("resource_count", sa.Integer(), nullable=False),
        sa.Column("splits", _DOCUMENT, nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("directory_offset", sa.BigInteger(), nullable=False),
        sa.Column("directory_key", sa.String(length=64), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_key"], ["blobs.key"], name=op.f("fk_snapshots_directory_key")
        ),
        sa.ForeignKeyConstraint(
            ["set_number"],
            ["learning_sets.number"],
            name=op.f("fk_snapshots_set_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("id", name=op.f("uq_snapshots_id")),
        sa.UniqueConstraint("set_number", "version", name=op.f("uq_snapshots_set_number_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_snapshots_directory_key"), "snapshots", ["directory_key"])


def _make_annotations() -> None:
    op.create_table(
        "annotations",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("resource_number", _NUMBER, nullable=False),
        sa.Column("project_number", _NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("frame_index", sa.Integer(), nullable=True),
        sa.Column("value", _DOCUMENT, nullable=True),
        sa.Column("geometry", _DOCUMENT, nullable=True),
        sa.Column("about", _DOCUMENT, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_type", sa.String(length=64), nullable=True),
        sa.Column("file_bytes", sa.BigInteger(), nullable=True),
        sa.Column("segment_names", _DOCUMENT, nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("approved_ms", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('new', 'published')", name=op.f("ck_annotations_status")),
        sa.ForeignKeyConstraint(["file_key"], ["blobs.key"], name=op.f("fk_annotations_file_key")),
        sa.ForeignKeyConstraint(
            ["project_number"],
            ["projects.number"],
            name=op.f("fk_annotations_project_number"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resource_number"],
            ["resources.number"],
            name=op.f("fk_annotations_resource_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_annotations")),
        sa.UniqueConstraint("id", name=op.f("uq_annotations_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_annotations_file_key"), "annotations", ["file_key"])
    op.create_index(op.f("ix_annotations_owner_number"), "annotations", ["owner", "number"])
    op.create_index(op.f("ix_annotations_project_number"), "annotations", ["project_number"])
    op.create_index(
        op.f("ix_annotations_resource_number_number"), "annotations", ["resource_number", "number"]
    )


def _make_learning_set_resources() -> None:
    op.create_table(
        "learning_set_resources",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("set_number", _NUMBER, nullable=False),
        sa.Column("resource_number", _NUMBER, nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_number"],
            ["resources.number"],
            name=op.f("fk_learning_set_resources_resource_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_number"],
            ["learning_sets.number"],
            name=op.f("fk_learning_set_resources_set_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learning_set_resources")),
        sa.UniqueConstraint(
            "set_number",
            "resource_number",
            name=op.f("uq_learning_set_resources_set_number_resource_number"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_learning_set_resources_resource_number"),
        "learning_set_resources",
        ["resource_number"],
    )


def _make_learning_splits() -> None:
    op.create_table(
        "learning_splits",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("set_number", _NUMBER, nullable=False),
        sa.Column("resource_number", _NUMBER, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_number"],
            ["resources.number"],
            name=op.f("fk_learning_splits_resource_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_number"],
            ["learning_sets.number"],
            name=op.f("fk_learning_splits_set_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learning_splits")),
        sa.UniqueConstraint("id", name=op.f("uq_learning_splits_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_learning_splits_resource_number"), "learning_splits", ["resource_number"]
    )
    op.create_index(
        op.f("ix_learning_splits_set_number_resource_number_ended_ms"),
        "learning_splits",
        ["set_number", "resource_number", "ended_ms"],
    )


def _make_project_members() -> None:
    op.create_table(
        "project_members",
        sa.Column("project_number", _NUMBER, nullable=False),
        sa.Column("member", sa.String(length=254), nullable=False),
        sa.Column("roles", _DOCUMENT, nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_number"],
            ["projects.number"],
            name=op.f("fk_project_members_project_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_number", "member", name=op.f("pk_project_members")),
    )


def _make_snapshot_files() -> None:
    op.create_table(
        "snapshot_files",
        sa.Column("snapshot_number", _NUMBER, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"], ["blobs.key"], name=op.f("fk_snapshot_files_blob_key")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_number"],
            ["snapshots.number"],
            name=op.f("fk_snapshot_files_snapshot_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_number", "place", name=op.f("pk_snapshot_files")),
    )
    op.create_index(op.f("ix_snapshot_files_blob_key"), "snapshot_files", ["blob_key"])
