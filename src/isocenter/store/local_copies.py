"""Files of this machine with the bytes of an object store, for programs that want a path.

Decoders run in processes of their own and read files. A copy is compared with its key while it is
made, shared by all who want it, and goes some minutes after its last use, or earlier where others
need the room.
"""

import contextlib
import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from isocenter.errors import UnavailableError
from isocenter.store.blobs import BlobStore
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.local_files import FILE_MODE, FOLDER_MODE, WRITE_FLAGS, safe_errors

KEPT_SECONDS = 300.0
_STEP_BYTES = 1 << 23
_THREADS = 8
_OTHER_BYTES = "the object store gave other bytes than were stored"


class Source(Protocol):
    """What can be read by ranges."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""


@dataclass(slots=True)
class _Copy:
    """One copy; its lock is held while it is made."""

    making: threading.Lock = field(default_factory=threading.Lock)
    size_bytes: int = 0
    borrowers: int = 0
    used_seconds: float = 0.0


def local_paths(store: BlobStore, keys: Sequence[str], folder: Path) -> list[Path]:
    """Return a file for each key: that of the store, or a copy in a folder, made where needed.

    Raises
    ------
    NotFoundError, UnavailableError
        If bytes are not there, are others than were stored, or there is no room.
    """

    def path_of(key: str) -> Path:
        found = store.path_of(key)
        return copy_blob(store, key, folder / key) if found is None else found

    # The same bytes twice are one file; a store far away is asked for several at once.
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs-copy") as threads:
        paths = dict(zip(set(keys), threads.map(path_of, set(keys)), strict=True))
    return [paths[key] for key in keys]


def copy_blob(store: BlobStore, key: str, target: Path) -> Path:
    """Write the bytes of a key to a new file, compare them with the key, and return the file.

    Raises
    ------
    NotFoundError, UnavailableError
        As ``local_paths`` does.
    """
    digest = hashlib.sha256()
    with store.open(key) as reader, safe_errors():
        target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(target, WRITE_FLAGS, FILE_MODE)
        with os.fdopen(descriptor, "wb") as stream:
            for offset in range(0, reader.size, _STEP_BYTES):
                data = reader.read_at(offset, _STEP_BYTES)
                digest.update(data)
                stream.write(data)
    if digest.hexdigest() != key:
        target.unlink()
        raise UnavailableError(_OTHER_BYTES)
    return target


class LocalCopies:
    """Copies by key; for any number of threads.

    Parameters
    ----------
    store
        Where they are kept, for copies alone.
    most_bytes
        What they may take together, besides those in use.
    clock
        Seconds that never go back.
    """

    def __init__(
        self,
        store: LocalBlobs,
        most_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._store.delete(*self._store.keys(""))  # of a process that was killed

    @contextlib.contextmanager
    def borrow(self, key: str, source: Source) -> Iterator[Path]:
        """Give a file with the bytes of a key, which must not be written; it stays for the block.

        Raises
        ------
        UnavailableError
            If the source does not have the bytes of the key, or the disk no room.
        """
        with self._lock:
            copy = self._copies.setdefault(key, _Copy())
            self._copies.move_to_end(key)
            copy.borrowers += 1
        try:
            with copy.making:
                if copy.size_bytes == 0:
                    self._make(key, source)
                    copy.size_bytes = max(1, source.size)
            yield self._store.path_of(key)
        finally:
            with self._lock:
                copy.borrowers -= 1
                copy.used_seconds = self._clock()
            self.trim()

    def trim(self) -> None:
        """Remove copies that nobody used for a while, and those for which there is no room."""
        with self._lock:
            too_old = self._clock() - KEPT_SECONDS
            total = sum(copy.size_bytes for copy in self._copies.values())
            gone = []
            for key, copy in self._copies.items():
                is_too_much = total > self._most_bytes or copy.used_seconds < too_old
                if copy.borrowers == 0 and is_too_much:
                    gone.append(key)
                    total -= copy.size_bytes
            self._remove(gone)

    def forget(self, keys: Collection[str]) -> None:
        """Remove copies of bytes that were deleted; who reads one may go on."""
        with self._lock:
            self._remove([key for key in keys if key in self._copies])

    def close(self) -> None:
        """Remove all copies."""
        with self._lock:
            self._remove(list(self._copies))

    def _remove(self, keys: Collection[str]) -> None:
        for key in keys:
            del self._copies[key]
        self._store.delete(*keys)

    def _make(self, key: str, source: Source) -> None:
        with self._store.new_writer() as writer:
            for offset in range(0, source.size, _STEP_BYTES):
                writer.write(source.read_at(offset, _STEP_BYTES))
            staged = writer.finish()
        if staged.key != key:
            self._store.discard(staged)
            raise UnavailableError(_OTHER_BYTES)
        self._store.publish(staged)
