"""The tables of what is learnt from: annotations, projects, learning sets and their snapshots.

What `store/tables.py` says of tables holds here. A learning set is a list of resources that goes
on changing; a snapshot is what it was at one time, with the bytes that it had: nothing of it ever
changes, and its bytes stay while it is there, whatever becomes of the resources.
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

from isocenter.store.resource_tables import metadata

__all__ = [
    "annotations",
    "learning_set_resources",
    "learning_sets",
    "learning_splits",
    "metadata",
    "project_members",
    "projects",
    "snapshot_files",
    "snapshots",
]

_Id = String(36)
_Number = BigInteger().with_variant(Integer, "sqlite")
_Owner = String(64)
_Key = String(64)
_Document = JSON(none_as_null=True)

# `changed_ms` moves on whenever a list, its splits, or labels and annotations of it change.
learning_sets = Table(
    "learning_sets",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", _Owner, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    UniqueConstraint("owner", "name"),
    sqlite_autoincrement=True,
)

learning_set_resources = Table(
    "learning_set_resources",
    metadata,
    Column("number", _Number, primary_key=True),
    Column(
        "set_number",
        _Number,
        ForeignKey("learning_sets.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "resource_number",
        _Number,
        ForeignKey("resources.number", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("added_ms", BigInteger, nullable=False),
    UniqueConstraint("set_number", "resource_number"),
    sqlite_autoincrement=True,
)

# A part in force has no end; those that were replaced say which parts there were at a time.
learning_splits = Table(
    "learning_splits",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column(
        "set_number",
        _Number,
        ForeignKey("learning_sets.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "resource_number",
        _Number,
        ForeignKey("resources.number", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("name", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ended_ms", BigInteger),
    Column("ended_by", Text),
    Index(None, "set_number", "resource_number", "ended_ms"),
    sqlite_autoincrement=True,
)

projects = Table(
    "projects",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", _Owner, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column(
        "set_number",
        _Number,
        ForeignKey("learning_sets.number", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    UniqueConstraint("owner", "name"),
    sqlite_autoincrement=True,
)

project_members = Table(
    "project_members",
    metadata,
    Column(
        "project_number",
        _Number,
        ForeignKey("projects.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("member", String(254), primary_key=True),
    Column("roles", _Document, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

# `frame_index` counts from 0; none: the annotation is about the whole. `value` is a list of one.
# `about` are further facts that clients gave: model, units, where it was imported from.
annotations = Table(
    "annotations",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("owner", _Owner, nullable=False),
    Column(
        "resource_number",
        _Number,
        ForeignKey("resources.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "project_number", _Number, ForeignKey("projects.number", ondelete="SET NULL"), index=True
    ),
    Column("name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("frame_index", Integer),
    Column("value", _Document),
    Column("geometry", _Document),
    Column("about", _Document, nullable=False),
    Column("status", String(16), nullable=False),
    Column("file_key", _Key, ForeignKey("blobs.key"), index=True),
    Column("file_name", Text),
    Column("file_type", String(64)),
    Column("file_bytes", BigInteger),
    Column("segment_names", _Document),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("approved_ms", BigInteger),
    Column("approved_by", Text),
    CheckConstraint("status IN ('new', 'published')", "status"),
    Index(None, "owner", "number"),
    Index(None, "resource_number", "number"),
    sqlite_autoincrement=True,
)

# `set_changed_ms` is what the set's was. The document and the directory are bytes of the archive
# that clients get, of which the files are the rest; `digest` is of what is in it, not of when.
snapshots = Table(
    "snapshots",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", _Id, nullable=False, unique=True),
    Column(
        "set_number",
        _Number,
        ForeignKey("learning_sets.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("version", Integer, nullable=False),
    Column("set_changed_ms", BigInteger, nullable=False),
    Column("digest", _Key, nullable=False),
    Column("resource_count", Integer, nullable=False),
    Column("splits", _Document, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("directory_offset", BigInteger, nullable=False),
    Column("directory_key", _Key, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("set_number", "version"),
    sqlite_autoincrement=True,
)

# `place` is where the file's header begins in the archive.
snapshot_files = Table(
    "snapshot_files",
    metadata,
    Column(
        "snapshot_number",
        _Number,
        ForeignKey("snapshots.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("place", BigInteger, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("blob_key", _Key, ForeignKey("blobs.key"), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("crc", BigInteger, nullable=False),
)
