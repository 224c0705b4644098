"""Bytes and their rows, held together: what services call instead of ``BlobStore.publish``.

The order is what makes it safe. To keep: the rows of ``blobs`` first, which locks each key
against others, then the bytes become visible, then the caller adds what refers to them; all in
one transaction. To drop: the caller's transaction removes what referred to the keys; after its
end, a second transaction removes the rows of ``blobs`` that nothing refers to, and their bytes.
Killed anywhere, there may be bytes without a row, or a row to which nothing refers; ``sweep``
removes both. There is never a reference without its bytes.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, exists, func, select, text

from isocenter.store.blobs import BlobStore, StagedBlob, Swept
from isocenter.store.database import Database
from isocenter.store.learning_tables import metadata
from isocenter.store.prepared import Prepared, Value
from isocenter.store.tables import blobs

_KEYS_AT_ONCE = 200  # others write between one transaction and the next
_SWEPT_AT_ONCE = 5_000  # rows that one transaction of a sweep looks at, more or less
_REFERENCES = tuple(
    column
    for table in metadata.sorted_tables
    for column in table.columns
    if column.references(blobs.c.key)
)
# Also a row that is there already is written, because that locks it in PostgreSQL.
_ADD_ROW = Prepared(
    text(
        "INSERT INTO blobs (key, size_bytes, created_ms) VALUES (:key, :size_bytes, :created_ms)"
        " ON CONFLICT (key) DO UPDATE SET size_bytes = excluded.size_bytes"
    )
)


def keep(
    connection: Connection, store: BlobStore, staged: Sequence[StagedBlob], now_ms: int
) -> None:
    """Publish staged bytes with their rows, within the caller's write transaction.

    The caller adds the rows that refer to them in the same transaction.

    Raises
    ------
    UnavailableError
        If the bytes cannot be published; the transaction must not be committed then.
    """
    if not staged:
        return
    rows: dict[str, dict[str, Value]] = {
        blob.key: {"key": blob.key, "size_bytes": blob.size_bytes, "created_ms": now_ms}
        for blob in staged
    }
    # In one order everywhere, so that two transactions never wait for one another.
    _ADD_ROW.run_many(connection, [rows[key] for key in sorted(rows)])
    store.publish(*staged)


def drop_unused(database: Database, store: BlobStore, keys: Iterable[str]) -> int:
    """Remove bytes and rows of those keys that nothing refers to; return how many were removed.

    Called after the transaction that removed references to them; other keys stay.

    Raises
    ------
    UnavailableError
        If bytes cannot be removed; ``sweep`` tries again.
    """
    wanted = sorted(set(keys))
    dropped = 0
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        with database.begin() as connection:
            dropped += _drop(connection, store, wanted[start : start + _KEYS_AT_ONCE])
    return dropped


def sweep(database: Database, store: BlobStore, older_than_ms: int) -> Swept:
    """Remove what killed processes left, and report rows without bytes.

    Large stores take many short transactions instead of a long one; others write in between.

    Parameters
    ----------
    older_than_ms
        A time; bytes that were written later stay, because their rows may be about to come.

    Raises
    ------
    UnavailableError
        If the store or the database fails.
    """
    swept = [store.sweep_staged(older_than_ms)]
    with database.read() as connection:
        rows = connection.scalar(select(func.count()).select_from(blobs)) or 0
    for prefix in _prefixes(rows):
        with database.begin() as connection:
            query = select(blobs.c.key).where(blobs.c.key.startswith(prefix))
            keys = set(connection.scalars(query))
            unused = _unused(connection, prefix)
            for start in range(0, len(unused), _KEYS_AT_ONCE):
                _drop(connection, store, unused[start : start + _KEYS_AT_ONCE])
            swept.append(store.sweep(keys.difference(unused), older_than_ms, prefix=prefix))
    return Swept(
        sum(part.removed for part in swept),
        sum(part.removed_bytes for part in swept),
        tuple(key for part in swept for key in part.missing_keys),
    )


def _prefixes(rows: int) -> list[str]:
    """Return beginnings of keys that cut this many rows into parts of a bearable size."""
    digits = 0 if rows <= _SWEPT_AT_ONCE else 1 if rows <= 16 * _SWEPT_AT_ONCE else 2
    return [f"{number:0{digits}x}" for number in range(16**digits)] if digits else [""]


def _unused(connection: Connection, prefix: str) -> list[str]:
    query = select(blobs.c.key).where(blobs.c.key.startswith(prefix))
    for column in _REFERENCES:
        query = query.where(~exists().where(column == blobs.c.key))
    return list(connection.scalars(query))


def _drop(connection: Connection, store: BlobStore, keys: Sequence[str]) -> int:
    """Remove the unused ones of these keys; their rows are locked before it is asked."""
    connection.execute(select(blobs.c.key).where(blobs.c.key.in_(keys)).with_for_update())
    query = select(blobs.c.key).where(blobs.c.key.in_(keys))
    for column in _REFERENCES:
        query = query.where(~exists().where(column == blobs.c.key))
    unused = list(connection.scalars(query))
    if unused:
        connection.execute(delete(blobs).where(blobs.c.key.in_(unused)))
        store.delete(*unused)
    return len(unused)
