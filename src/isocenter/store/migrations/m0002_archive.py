"""The archive: Patients, Studies, Series, Instances, and what they are searched by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the archive."""
    _make_archive_owners()
    _make_query_tags()
    _make_changes()
    _make_patients()
    _make_search_values()
    _make_studies()
    _make_series()
    _make_metadata_chunks()
    _make_instances()
    _make_instance_versions()


def _make_archive_owners() -> None:
    op.create_table(
        "archive_owners",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_archive_owners")),
        sa.UniqueConstraint("owner", name=op.f("uq_archive_owners_owner")),
    )


def _make_query_tags() -> None:
    op.create_table(
        "query_tags",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("vr", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("level", "attribute", name=op.f("pk_query_tags")),
    )


def _make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["archive_owners.number"], name=op.f("fk_changes_owner")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_owner_number"), "changes", ["owner", "number"], unique=False)


def _make_patients() -> None:
    op.create_table(
        "patients",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["archive_owners.number"], name=op.f("fk_patients_owner")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_patients")),
        sa.UniqueConstraint(
            "owner", "patient_id", "issuer", name=op.f("uq_patients_owner_patient_id_issuer")
        ),
    )


def _make_search_values() -> None:
    op.create_table(
        "search_values",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("item", _NUMBER, nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=1), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["archive_owners.number"], name=op.f("fk_search_values_owner")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_values")),
    )
    op.create_index(
        op.f("ix_search_values_level_item_attribute_part"),
        "search_values",
        ["level", "item", "attribute", "part"],
        unique=False,
    )
    op.create_index(
        op.f("ix_search_values_owner_level_attribute_part_value_item"),
        "search_values",
        ["owner", "level", "attribute", "part", "value", "item"],
        unique=False,
    )


def _make_studies() -> None:
    op.create_table(
        "studies",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("patient_number", _NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("study_date", sa.String(length=8), nullable=False),
        sa.Column("study_time", sa.String(length=13), nullable=False),
        sa.Column("accession_number", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("instances", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["archive_owners.number"], name=op.f("fk_studies_owner")
        ),
        sa.ForeignKeyConstraint(
            ["patient_number"], ["patients.number"], name=op.f("fk_studies_patient_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_studies")),
        sa.UniqueConstraint("owner", "uid", name=op.f("uq_studies_owner_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_studies_owner_accession_number"),
        "studies",
        ["owner", "accession_number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_studies_owner_patient_id"), "studies", ["owner", "patient_id"], unique=False
    )
    op.create_index(
        op.f("ix_studies_owner_study_date_number"),
        "studies",
        ["owner", "study_date", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_studies_owner_study_id"), "studies", ["owner", "study_id"], unique=False
    )
    op.create_index(op.f("ix_studies_patient_number"), "studies", ["patient_number"], unique=False)


def _make_series() -> None:
    op.create_table(
        "series",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("study_number", _NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("series_number", sa.BigInteger(), nullable=True),
        sa.Column("instances", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["archive_owners.number"], name=op.f("fk_series_owner")),
        sa.ForeignKeyConstraint(
            ["study_number"], ["studies.number"], name=op.f("fk_series_study_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_series")),
        sa.UniqueConstraint("owner", "uid", name=op.f("uq_series_owner_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_series_owner_number"), "series", ["owner", "number"], unique=False)
    op.create_index(op.f("ix_series_owner_modality"), "series", ["owner", "modality"], unique=False)
    op.create_index(
        op.f("ix_series_study_number_modality"),
        "series",
        ["study_number", "modality"],
        unique=False,
    )


def _make_metadata_chunks() -> None:
    op.create_table(
        "metadata_chunks",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("series_number", _NUMBER, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("plain_bytes", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_number"], ["series.number"], name=op.f("fk_metadata_chunks_series_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_metadata_chunks")),
    )
    op.create_index(
        op.f("ix_metadata_chunks_series_number"), "metadata_chunks", ["series_number"], unique=False
    )


def _make_instances() -> None:
    op.create_table(
        "instances",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("owner", _NUMBER, nullable=False),
        sa.Column("series_number", _NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sop_class_uid", sa.String(length=64), nullable=False),
        sa.Column("transfer_syntax_uid", sa.String(length=64), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("instance_number", sa.BigInteger(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("frame_offsets", sa.LargeBinary(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("chunk_number", _NUMBER, nullable=False),
        sa.Column("chunk_position", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("stored_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["blob_key"], ["blobs.key"], name=op.f("fk_instances_blob_key")),
        sa.ForeignKeyConstraint(
            ["chunk_number"], ["metadata_chunks.number"], name=op.f("fk_instances_chunk_number")
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["archive_owners.number"], name=op.f("fk_instances_owner")
        ),
        sa.ForeignKeyConstraint(
            ["series_number"], ["series.number"], name=op.f("fk_instances_series_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_instances")),
        sa.UniqueConstraint("owner", "uid", name=op.f("uq_instances_owner_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_instances_blob_key"), "instances", ["blob_key"], unique=False)
    op.create_index(
        op.f("ix_instances_chunk_number_chunk_position"),
        "instances",
        ["chunk_number", "chunk_position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instances_owner_number"), "instances", ["owner", "number"], unique=False
    )
    op.create_index(
        op.f("ix_instances_owner_sop_class_uid"),
        "instances",
        ["owner", "sop_class_uid"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instances_series_number_instance_number"),
        "instances",
        ["series_number", "instance_number"],
        unique=False,
    )


def _make_instance_versions() -> None:
    op.create_table(
        "instance_versions",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("instance", _NUMBER, nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("stored_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"], ["blobs.key"], name=op.f("fk_instance_versions_blob_key")
        ),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instances.number"],
            name=op.f("fk_instance_versions_instance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_instance_versions")),
    )
    op.create_index(
        op.f("ix_instance_versions_blob_key"), "instance_versions", ["blob_key"], unique=False
    )
    op.create_index(
        op.f("ix_instance_versions_instance"),
        "instance_versions",
        ["instance"],
        unique=False,
    )
