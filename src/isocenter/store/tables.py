"""The tables of the database, as SQLAlchemy Core sees them.

The tables are made by ``migrations/``; a test holds both equal. Times are milliseconds since
1970 UTC. Ids are UUIDs as text. An ``owner`` is ``account:<id>`` or ``cookie:<id>``; every query
that a face asks for filters by it. Every column that refers to bytes has a foreign key to
``blobs.key``: ``store/blob_rows.py`` finds them by it.
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
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_Id = String(36)
_BlobKey = String(64)
_Owner = String(64)
_Uid = String(64)
_Document = JSON(none_as_null=True)
# SQLite takes INTEGER only, and none larger, as the number that a table is ordered by.
_Number = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "accounts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, unique=True),
    Column("password_hash", Text),
    Column("created_ms", BigInteger, nullable=False),
    CheckConstraint("kind IN ('user', 'service')", "kind"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", _Id, primary_key=True),
    Column(
        "account_id", _Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("name", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("scopes", _Document, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("revoked_ms", BigInteger),
    Column("used_ms", BigInteger),
)

# Browsers that act for an account; `browser` is who each of them was before.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", _Id, primary_key=True),
    Column(
        "account_id", _Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("key_id", _Id, ForeignKey("api_keys.id", ondelete="CASCADE"), index=True),
    Column("browser", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

# What an address carries that signs in once.
sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account_id", _Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("key_id", _Id, ForeignKey("api_keys.id", ondelete="CASCADE")),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("owner", _Owner, nullable=False, index=True),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

blobs = Table(
    "blobs",
    metadata,
    Column("key", _BlobKey, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _Id, primary_key=True),
    # Which was added first; clocks of several machines would not say so.
    Column("number", _Number, index=True, unique=True),
    Column("kind", String(64), nullable=False),
    Column("owner", _Owner, nullable=False),
    Column("lane", String(128), nullable=False, server_default=""),
    Column("payload", _Document, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_until_ms", BigInteger),
    Column("worker", String(128)),
    Column("cancel_requested", Boolean, nullable=False, server_default=false()),
    Column("progress_done", BigInteger, nullable=False, server_default=text("0")),
    Column("progress_total", BigInteger, nullable=False, server_default=text("0")),
    Column("label", Text, nullable=False, server_default=""),
    Column("result", _Document),
    Column("error", Text),
    Column("idempotency_key", String(256)),
    Column("created_ms", BigInteger, nullable=False),
    Column("started_ms", BigInteger),
    Column("finished_ms", BigInteger),
    UniqueConstraint("owner", "idempotency_key"),
    Index(None, "state", "created_ms"),
    Index(None, "lane", "state"),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", "state"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("job_id", _Id, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("data", _Document, nullable=False),
)

session_files = Table(
    "session_files",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("session_id", _Id, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("blob_key", _BlobKey, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("facts", _Document, nullable=False),
    Column("job_id", _Id, ForeignKey("jobs.id", ondelete="SET NULL"), index=True),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("session_id", "kind", "name"),
    CheckConstraint("kind IN ('input', 'output')", "kind"),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("principal", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object_kind", String(64), nullable=False),
    Column("object_id", String(128), nullable=False),
    Column("result", String(64), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# The archive. Its tables refer to one another by number, and to who owns them by one, too, because
# an index over long texts would be several times as large. UIDs are unique for each owner.

archive_owners = Table(
    "archive_owners",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Owner, nullable=False, unique=True),
)

patients = Table(
    "patients",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("patient_id", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    UniqueConstraint("owner", "patient_id", "issuer"),
)

# Texts that are searched by have "" where there is no value; `document` is DICOM JSON.
studies = Table(
    "studies",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("patient_number", _Number, ForeignKey("patients.number"), nullable=False, index=True),
    Column("uid", _Uid, nullable=False),
    Column("study_date", String(8), nullable=False),
    Column("study_time", String(13), nullable=False),
    Column("accession_number", Text, nullable=False),
    Column("study_id", Text, nullable=False),
    Column("patient_id", Text, nullable=False),
    Column("series", Integer, nullable=False),
    Column("instances", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    UniqueConstraint("owner", "uid"),
    Index(None, "owner", "study_date", "number"),
    Index(None, "owner", "accession_number"),
    Index(None, "owner", "study_id"),
    Index(None, "owner", "patient_id"),
    sqlite_autoincrement=True,
)

series = Table(
    "series",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("study_number", _Number, ForeignKey("studies.number"), nullable=False),
    Column("uid", _Uid, nullable=False),
    Column("modality", Text, nullable=False),
    Column("series_number", BigInteger),
    Column("instances", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    UniqueConstraint("owner", "uid"),
    Index(None, "study_number", "modality"),
    Index(None, "owner", "modality"),
    Index(None, "owner", "number"),
    sqlite_autoincrement=True,
)

# Metadata of some Instances of one Series: their DICOM JSON, joined and compressed.
metadata_chunks = Table(
    "metadata_chunks",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("series_number", _Number, ForeignKey("series.number"), nullable=False, index=True),
    Column("documents", Integer, nullable=False),
    Column("plain_bytes", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

instances = Table(
    "instances",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("series_number", _Number, ForeignKey("series.number"), nullable=False),
    Column("uid", _Uid, nullable=False),
    Column("sop_class_uid", _Uid, nullable=False),
    Column("transfer_syntax_uid", _Uid, nullable=False),
    Column("blob_key", _BlobKey, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("instance_number", BigInteger),
    Column("frames", Integer, nullable=False),
    Column("frame_offsets", LargeBinary, nullable=False),
    Column("is_plain", Boolean, nullable=False),
    Column("chunk_number", _Number, ForeignKey("metadata_chunks.number"), nullable=False),
    Column("chunk_position", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("stored_ms", BigInteger, nullable=False),
    UniqueConstraint("owner", "uid"),
    Index(None, "series_number", "instance_number"),
    Index(None, "owner", "number"),
    Index(None, "owner", "sop_class_uid"),
    Index(None, "chunk_number", "chunk_position"),
    sqlite_autoincrement=True,
)

# Other bytes under the UID of an Instance, which came later and were kept beside it.
instance_versions = Table(
    "instance_versions",
    metadata,
    Column("number", _Number, primary_key=True),
    Column(
        "instance",
        _Number,
        ForeignKey("instances.number", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("blob_key", _BlobKey, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("stored_ms", BigInteger, nullable=False),
)

# What Studies, Series and Instances are searched by besides their columns; `item` is the number of
# one of them, as `level` says: 1, 2 or 3.
search_values = Table(
    "search_values",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("level", Integer, nullable=False),
    Column("item", _Number, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("part", String(1), nullable=False),
    Column("value", Text, nullable=False),
    Index(None, "owner", "level", "attribute", "part", "value", "item"),
    Index(None, "level", "item", "attribute", "part"),
)

# Attributes that are searched by besides the usual ones.
query_tags = Table(
    "query_tags",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("attribute", Text, primary_key=True),
    Column("vr", String(2), nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("owner", _Number, ForeignKey("archive_owners.number"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("uid", _Uid, nullable=False),
    Index(None, "owner", "number"),
)
