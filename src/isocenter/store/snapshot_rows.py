"""Snapshots of learning sets and their files as rows, within the transaction of the caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, insert, select

from isocenter.errors import NotFoundError
from isocenter.store.catalog_rows import batches
from isocenter.store.learning_tables import learning_sets, snapshot_files, snapshots

_GONE = "there is no such version of the dataset"
_Files = snapshot_files.c
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a learning set was at one time; columns as in ``learning_tables``."""

    number: int
    id: str
    set_number: int
    version: int
    set_changed_ms: int
    digest: str
    resource_count: int
    splits: Mapping[str, int]
    size_bytes: int
    directory_offset: int
    directory_key: str
    created_ms: int
    created_by: str


class SnapshotFile(NamedTuple):
    """One file of the archive of a snapshot; its header begins at ``place``."""

    place: int
    name: str
    blob_key: str
    size_bytes: int
    crc: int


def add_snapshot(
    connection: Connection, values: Mapping[str, Any], files: Iterable[SnapshotFile]
) -> None:
    """Add a snapshot by the values of its columns, and its files."""
    made = connection.execute(insert(snapshots).values(**values)).inserted_primary_key
    assert made is not None
    rows: list[dict[str, Any]] = []
    for one in files:
        rows.append({"snapshot_number": made[0], **one._asdict()})
        if len(rows) == _ROWS_AT_ONCE:
            connection.execute(insert(snapshot_files), rows)
            rows = []
    if rows:
        connection.execute(insert(snapshot_files), rows)


def list_snapshots(connection: Connection, set_number: int) -> list[Snapshot]:
    """Return the snapshots of a learning set, the newest first."""
    query = select(snapshots).where(snapshots.c.set_number == set_number)
    return _read(connection, query.order_by(snapshots.c.version.desc()))


def snapshot_of_version(connection: Connection, set_number: int, version: int) -> Snapshot | None:
    """Return the snapshot of a version; ``None`` where there is none."""
    query = select(snapshots).where(
        snapshots.c.set_number == set_number, snapshots.c.version == version
    )
    return next(iter(_read(connection, query)), None)


def find_snapshot(connection: Connection, owner: str, snapshot_id: str) -> Snapshot:
    """Return a snapshot.

    Raises
    ------
    NotFoundError
        If the owner has none of this id.
    """
    query = (
        select(snapshots)
        .join(learning_sets, learning_sets.c.number == snapshots.c.set_number)
        .where(learning_sets.c.owner == owner, snapshots.c.id == snapshot_id)
    )
    found = _read(connection, query)
    if not found:
        raise NotFoundError(_GONE)
    return found[0]


def keys_of_snapshots(connection: Connection, set_number: int) -> list[str]:
    """Return the keys of all bytes that the snapshots of a learning set refer to."""
    numbers = select(snapshots.c.number).where(snapshots.c.set_number == set_number)
    files = select(_Files.blob_key).where(_Files.snapshot_number.in_(numbers)).distinct()
    directories = select(snapshots.c.directory_key).where(snapshots.c.set_number == set_number)
    return [*connection.scalars(files), *connection.scalars(directories)]


def known_crcs(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Return the check sums of bytes that some snapshot has already."""
    found: dict[str, int] = {}
    for some in batches(keys):
        query = (
            select(_Files.blob_key, func.min(_Files.crc).label("crc"))
            .where(_Files.blob_key.in_(some))
            .group_by(_Files.blob_key)
        )
        found |= {row.blob_key: row.crc for row in connection.execute(query)}
    return found


def files_from(
    connection: Connection, snapshot_number: int, offset: int, limit: int
) -> list[SnapshotFile]:
    """Return the files of an archive from the one that a byte of it belongs to."""
    columns = (_Files.place, _Files.name, _Files.blob_key, _Files.size_bytes, _Files.crc)
    own = _Files.snapshot_number == snapshot_number
    first = select(func.max(_Files.place)).where(own, _Files.place <= offset).scalar_subquery()
    query = select(*columns).where(own, _Files.place >= first).order_by(_Files.place).limit(limit)
    return [SnapshotFile(*row) for row in connection.execute(query)]


def _read(connection: Connection, query: Select[Any]) -> list[Snapshot]:
    return [Snapshot(**row) for row in connection.execute(query).mappings()]
