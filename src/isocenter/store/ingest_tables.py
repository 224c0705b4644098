"""The tables of the ingest pipeline; what `store/tables.py` says of tables holds here.

A ticket is the leave to send one content. Its row is also the report of what became of that
content, and, while the content waits for being registered or lies in quarantine, what refers to
its bytes.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from isocenter.store.tables import metadata

__all__ = ["metadata", "tickets"]

_Id = String(36)
_Digest = String(64)
_Uid = String(64)
_Number = BigInteger().with_variant(Integer, "sqlite")

# `announced_*` is what the client said before it sent anything, `sha256` and `size_bytes` what
# came. `name` is what the client calls its file: data, shown to its owner alone. `policy` is what
# the owner chose for this content, `""` where the server's setting decides.
tickets = Table(
    "tickets",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("batch", _Id, index=True),
    Column("name", Text),
    Column("state", String(16), nullable=False),
    Column("policy", String(16), nullable=False),
    Column("announced_bytes", BigInteger),
    Column("announced_sha256", _Digest),
    Column("size_bytes", BigInteger),
    Column("sha256", _Digest),
    Column("blob_key", _Digest, ForeignKey("blobs.key"), index=True),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("received_ms", BigInteger),
    Column("finished_ms", BigInteger),
    Column("outcome", String(16)),
    Column("reason", String(32)),
    Column("detail", Text),
    Column("study_uid", _Uid),
    Column("series_uid", _Uid),
    Column("sop_instance_uid", _Uid),
    Column("sop_class_uid", _Uid),
    Index(None, "owner", "number"),
    # With the time of expiry, so that open tickets are counted without reading rows.
    Index(None, "owner", "state", "number", "expires_ms"),
    Index(None, "owner", "study_uid"),
    Index(None, "state", "expires_ms"),
    CheckConstraint("state IN ('issued', 'received', 'stored', 'rejected')", "state"),
    sqlite_autoincrement=True,
)
