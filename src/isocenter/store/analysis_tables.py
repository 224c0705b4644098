"""The tables of analyses; what `store/tables.py` says of tables holds here.

An order is one analysis of one Study as it was at one time; its row is also the report of what
became of it. What an analysis made are its reports.
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
    UniqueConstraint,
)

from isocenter.store.ingest_tables import metadata
from isocenter.store.tables import studies

__all__ = ["analysis_orders", "analysis_reports", "metadata"]

_Id = String(36)
_Number = BigInteger().with_variant(Integer, "sqlite")

# `study_changed_ms` is when the Study had changed last; `run` is 0 for what the server ordered by
# itself, and counts what people ordered. `due_ms` is when a waiting one is tried (again).
# `listed_ms` and `acknowledged_ms` are when its owner was told of the end and said so.
analysis_orders = Table(
    "analysis_orders",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", String(64), nullable=False),
    Column("study_uid", String(64), nullable=False),
    Column("analysis", String(64), nullable=False),
    Column("study_changed_ms", BigInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("job_id", _Id),
    Column("due_ms", BigInteger),
    Column("error", Text),
    Column("log", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    Column("listed_ms", BigInteger),
    Column("acknowledged_ms", BigInteger),
    UniqueConstraint("owner", "study_uid", "analysis", "study_changed_ms", "run"),
    Index(None, "state", "due_ms"),
    Index(None, "owner", "acknowledged_ms", "number"),
    CheckConstraint("state IN ('waiting', 'queued', 'done', 'failed')", "state"),
    sqlite_autoincrement=True,
)

analysis_reports = Table(
    "analysis_reports",
    metadata,
    Column("id", _Id, primary_key=True),
    Column(
        "order_id",
        _Id,
        ForeignKey("analysis_orders.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("report_type", String(16), nullable=False),
    Column("blob_key", String(64), ForeignKey("blobs.key"), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

# Studies that came to rest lately are looked for every few seconds.
Index("ix_studies_changed_ms", studies.c.changed_ms)
