"""Whether rows and bytes belong together: looked at, nothing changed."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from isocenter.errors import NotFoundError
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database
from isocenter.store.tables import blobs

_CHUNK_BYTES = 1 << 20
PREFIXES = tuple(f"{number:02x}" for number in range(256))


@dataclass(frozen=True, slots=True)
class Consistency:
    """What was found.

    Attributes
    ----------
    rows
        How many blobs the database has.
    missing_keys
        Rows without bytes: something is lost.
    damaged_keys
        Bytes that are not those of their key, where they were read.
    orphans
        How many bytes have no row: a process was killed, the next sweep removes them.
    """

    rows: int
    missing_keys: tuple[str, ...]
    damaged_keys: tuple[str, ...]
    orphans: int

    @property
    def is_whole(self) -> bool:
        """Whether everything that the database names is there."""
        return not self.missing_keys and not self.damaged_keys


def check_consistency(
    database: Database, store: BlobStore, *, read_bytes: bool = False
) -> Consistency:
    """Compare rows and bytes, while others may read and write.

    Parameters
    ----------
    read_bytes
        Also read everything and compare it with its key.

    Raises
    ------
    UnavailableError
        If the store or the database fails.
    """
    rows = orphans = 0
    missing: list[str] = []
    damaged: list[str] = []
    for prefix in PREFIXES:
        # Bytes become visible inside of a write transaction, so that within one both stand still.
        with database.begin() as connection:
            known = keys_of_rows(connection, prefix)
            present = store.keys(prefix)
        rows += len(known)
        orphans += len(present - known)
        missing += sorted(known - present)
        if read_bytes:
            damaged += [key for key in sorted(known & present) if not _is_sound(store, key)]
    return Consistency(rows, tuple(missing), tuple(damaged), orphans)


def keys_of_rows(connection: Connection, prefix: str) -> frozenset[str]:
    """Return the keys that the database names, of those that begin with the prefix."""
    return frozenset(connection.scalars(select(blobs.c.key).where(blobs.c.key.startswith(prefix))))


def _is_sound(store: BlobStore, key: str) -> bool:
    digest = hashlib.sha256()
    try:
        with store.open(key) as reader:
            for offset in range(0, reader.size, _CHUNK_BYTES):
                digest.update(reader.read_at(offset, _CHUNK_BYTES))
    except NotFoundError:
        return True  # it expired meanwhile, with its row
    return digest.hexdigest() == key
