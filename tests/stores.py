"""Every engine of the store, for suites that hold all of them to the same promises."""

import hashlib
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isocenter.store.blobs import BlobStore, StagedBlob
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.blobs_s3 import S3Blobs, open_s3
from isocenter.store.database import Database, open_database
from tests.servers import object_store, postgres

HOUR_MS = 3_600_000


@dataclass
class Clock:
    """A clock that stands still until somebody moves it."""

    now_ms: int = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


MakeStore = Callable[[Path, Clock], BlobStore]
MakeDatabase = Callable[[Path], Database]


def local_blobs(folder: Path, clock: Clock) -> LocalBlobs:
    return LocalBlobs(folder / "blobs", clock)


def sqlite_database(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'database.sqlite3'}")


def s3_blobs(folder: Path, clock: Clock) -> S3Blobs:
    """Return a store over the bucket of a folder, with files of its own beside it."""
    note = folder / "bucket"
    if not note.exists():
        note.write_text(object_store().bucket().bucket)
    place = object_store().place(note.read_text())
    return S3Blobs(open_s3(place), folder / f"local-{uuid.uuid4().hex}", clock)


def postgres_database(folder: Path) -> Database:
    return open_database(postgres().url_of(folder))


BLOB_STORES: dict[str, MakeStore] = {"local": local_blobs, "s3": s3_blobs}
DATABASES: dict[str, MakeDatabase] = {"sqlite": sqlite_database, "postgres": postgres_database}


def key_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stage(store: BlobStore, *parts: bytes) -> StagedBlob:
    with store.new_writer() as writer:
        for part in parts:
            writer.write(part)
        return writer.finish()


def put(store: BlobStore, data: bytes) -> str:
    staged = stage(store, data)
    store.publish(staged)
    return staged.key


def read_all(store: BlobStore, key: str) -> bytes:
    with store.open(key) as reader:
        return reader.read_at(0, reader.size + 1)


def files_under(folder: Path) -> list[Path]:
    return sorted(
        Path(root) / name for root, _, names in os.walk(folder, followlinks=False) for name in names
    )
