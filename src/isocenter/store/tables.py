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
