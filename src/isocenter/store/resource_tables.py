"""The tables of resources; what `store/tables.py` says of tables holds here.

A Resource is one upload with a name, a channel, labels and a status. A DICOM one is an Instance
of the archive: it has the UIDs of that Instance, and refers to the same bytes.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from isocenter.store.analysis_tables import metadata

__all__ = ["metadata", "resource_labels", "resources"]

_Id = String(36)
_BlobKey = String(64)
_Uid = String(64)
_Number = BigInteger().with_variant(Integer, "sqlite")

# `name` and `source_path` are what the client calls its file: data, never a path of ours. `note`
# says why a DICOM file is no Instance of the archive; its UIDs are null then. `brought_key` are
# the first bytes of the Instance where Resources brought it, and `brought_version` says that
# bytes beside others came with this one: what goes with the last Resource of an Instance.
resources = Table(
    "resources",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("mimetype", String(128), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("blob_key", _BlobKey, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("channel", Text),
    Column("modality", Text),
    Column("source_path", Text),
    Column("study_uid", _Uid),
    Column("series_uid", _Uid),
    Column("sop_instance_uid", _Uid),
    Column("patient_id", Text),
    Column("frames", Integer, nullable=False),
    Column("brought_key", _BlobKey),
    Column("brought_version", Boolean, nullable=False),
    Column("note", Text),
    Column("metadata", JSON(none_as_null=True)),
    Column("upload_mechanism", String(64), nullable=False),
    Column("idempotency_key", String(200)),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("published_ms", BigInteger),
    Column("published_by", Text),
    UniqueConstraint("owner", "idempotency_key"),
    Index(None, "owner", "number"),
    Index(None, "owner", "status", "number"),
    Index(None, "owner", "channel", "number"),
    Index(None, "owner", "sop_instance_uid"),
    Index(None, "owner", "study_uid"),
    CheckConstraint("status IN ('inbox', 'published', 'archived')", "status"),
    sqlite_autoincrement=True,
)

# `frame_index` counts from 0; -1 is the whole Resource.
resource_labels = Table(
    "resource_labels",
    metadata,
    Column(
        "resource_number",
        _Number,
        ForeignKey("resources.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("frame_index", Integer, primary_key=True, autoincrement=False),
    Column("label", Text, primary_key=True),
    Index(None, "label", "resource_number"),
)
