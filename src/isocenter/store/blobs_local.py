"""Blobs as files: ``ab/abcd...`` by key, and ``incoming/`` for what is not complete.

A write goes to a temporary file while it is hashed, is forced onto the disk, gets its key as its
name by one rename, and the folder is forced. Whatever is killed at whatever moment: a name of 64
digits has the bytes of that hash, all of them (DESIGN 4). There are 256 folders, made at the
beginning, so that publishing never waits for new ones to become durable.

Waiting for the disk is most of the time of small files: 400 of them take 0.4 s side by side and
3.5 s one after another. So files and folders are forced, and files removed, by several threads.
"""

import contextlib
import hashlib
import os
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Self, TypeVar

from isocenter.store.blobs import StagedBlob, Swept, check_key, is_key
from isocenter.store.local_files import (
    CHUNK_BYTES,
    FILE_MODE,
    READ_FLAGS,
    WRITE_FLAGS,
    folders_in,
    force_folder,
    hash_stream,
    link_alone,
    make_folders,
    open_regular,
    remove_old,
    safe_errors,
)

_INCOMING = "incoming"
_PREFIXES = tuple(f"{number:02x}" for number in range(256))
_DISK_THREADS = 8
_HASH_THREADS = 2
_OPEN_FILES = 64  # complete ones that wait for the disk
_GATHERED_BYTES = 1 << 18
_BESIDE_BYTES = 1 << 20  # below, waking another thread takes longer than it saves
_EARLY_BYTES = 1 << 25
_LARGE_BYTES = 1 << 23  # forced before ``finish`` returns, not while somebody holds a transaction
_NO_BYTES = "there are no bytes of this key"
_T = TypeVar("_T")
_HAS_PREAD = hasattr(os, "pread")
_force_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class LocalBlobs:
    """A ``BlobStore`` in one folder.

    Parameters
    ----------
    folder
        Made, with mode 0700, where it is missing; nobody else may write there.
    clock
        Milliseconds since 1970 UTC: the times that ``sweep`` compares.

    Raises
    ------
    UnavailableError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._incoming = folder / _INCOMING
        self._clock = clock
        self._disk = ThreadPoolExecutor(_DISK_THREADS, thread_name_prefix="blobs-disk")
        self._hashing = ThreadPoolExecutor(_HASH_THREADS, thread_name_prefix="blobs-hash")
        self._places = threading.BoundedSemaphore(_OPEN_FILES)
        self._lock = threading.Lock()
        # What this process stages, a sweep leaves it alone; and what of it is being forced.
        self._staging: dict[str, Future[None] | None] = {}
        with safe_errors():
            make_folders(folder, (_INCOMING, *_PREFIXES))

    def new_writer(self) -> "LocalBlobWriter":
        """Return a writer for bytes of unknown length."""
        token = self._new_token()
        try:
            with safe_errors():
                fd = os.open(self._incoming / token, WRITE_FLAGS, FILE_MODE)
        except BaseException:
            self._forget(token)
            raise
        return LocalBlobWriter(self, token, fd)

    def stage_file(self, path: Path) -> StagedBlob:
        """Take over a file: by a second name for it where possible, else by copying."""
        token = self._new_token()
        try:
            with safe_errors("there is no such file"):
                if link_alone(path, self._incoming / token):
                    return self._adopt(token)
        except BaseException:
            self._remove_part(token)
            raise
        self._forget(token)
        return self._copy(path)

    def open_staged(self, staged: StagedBlob) -> "LocalBlobReader":
        """Return an open file that has no key as its name yet."""
        return LocalBlobReader(self._incoming / staged.token)

    def publish(self, *staged: StagedBlob) -> None:
        """Rename the files to their keys and force the folders, all at once."""
        now_ns = self._clock() * 1_000_000
        paths = {blob.token: self._path(blob.key) for blob in staged}
        with safe_errors():
            self._wait(staged)
            for token, target in paths.items():
                _rename(self._incoming / token, target, now_ns)
            self._side_by_side(force_folder, {path.parent for path in paths.values()})
        for token in paths:
            self._forget(token)

    def discard(self, *staged: StagedBlob) -> None:
        """Remove staged files."""
        for blob in staged:
            future = self._staging.get(blob.token)
            if future is not None:
                wait([future])
        self._side_by_side(self._remove_part, [blob.token for blob in staged])

    def open(self, key: str) -> "LocalBlobReader":
        """Return an open file."""
        return LocalBlobReader(self._path(key))

    def path_of(self, key: str) -> Path:
        """Return the file of a key."""
        path = self._path(key)
        with safe_errors(_NO_BYTES):
            path.lstat()
        return path

    def delete(self, *keys: str) -> None:
        """Remove the files of these keys; a name that power failure brings back is swept."""
        paths = [self._path(key) for key in keys]
        with safe_errors():
            self._side_by_side(_remove, paths)

    def keys(self, prefix: str) -> frozenset[str]:
        """Return the names of all files that are keys."""
        found: set[str] = set()
        with safe_errors():
            for folder in folders_in(self._folder):
                if folder.name != _INCOMING and folder.name.startswith(prefix[:2]):
                    found.update(os.listdir(folder))  # noqa: PTH208 -- no Path is made of them
        return frozenset(name for name in found if is_key(name) and name.startswith(prefix))

    def sweep(self, known_keys: Collection[str], older_than_ms: int, *, prefix: str = "") -> Swept:
        """Remove old files that no row names."""
        known = frozenset(known_keys)
        present: set[str] = set()
        orphans: list[Path] = []
        with safe_errors():
            for folder in folders_in(self._folder):
                if folder.name == _INCOMING or not folder.name.startswith(prefix):
                    continue
                names = set(os.listdir(folder))  # noqa: PTH208 -- no Path is made of known names
                present |= names & known
                orphans += [folder / name for name in names - known]
            removed, removed_bytes = remove_old(orphans, older_than_ms)
        return Swept(removed, removed_bytes, tuple(sorted(known - present)))

    def sweep_staged(self, older_than_ms: int) -> Swept:
        """Remove old temporary files, except those of this process."""
        with safe_errors():
            found = list(self._incoming.iterdir())
            with self._lock:
                left = [path for path in found if path.name not in self._staging]
            removed, removed_bytes = remove_old(left, older_than_ms)
        return Swept(removed, removed_bytes, ())

    def complete(self, staged: StagedBlob, fd: int, early: "Future[None] | None") -> StagedBlob:
        """Have a written file forced and closed; wait for it where that may take long."""
        self._places.acquire()
        forced = self._disk.submit(_force_and_close, fd, early)
        forced.add_done_callback(lambda _: self._places.release())
        with self._lock:
            self._staging[staged.token] = forced
        if staged.size_bytes >= _LARGE_BYTES:
            try:
                with safe_errors():
                    forced.result()
            except BaseException:
                self._remove_part(staged.token)
                raise
        return staged

    def abandon(self, token: str) -> None:
        """Remove the file of a writer that gives up."""
        self._remove_part(token)

    def hash_beside(self, update: Callable[[memoryview], None], view: memoryview) -> Future[None]:
        """Hash on another core."""
        return self._hashing.submit(update, view)

    def force_beside(self, force: Callable[[int], None], fd: int) -> Future[None]:
        """Force a file while it is written."""
        return self._disk.submit(force, fd)

    def close(self) -> None:
        """Wait for what is being forced, and end the threads."""
        self._disk.shutdown()
        self._hashing.shutdown()

    def _path(self, key: str) -> Path:
        check_key(key)
        return self._folder / key[:2] / key

    def _new_token(self) -> str:
        token = str(uuid.uuid4())
        with self._lock:
            self._staging[token] = None
        return token

    def _forget(self, token: str) -> None:
        with self._lock:
            self._staging.pop(token, None)

    def _remove_part(self, token: str) -> None:
        with contextlib.suppress(OSError):  # a sweep takes what cannot be removed now
            (self._incoming / token).unlink()
        self._forget(token)

    def _side_by_side(self, function: Callable[[_T], None], values: Collection[_T]) -> None:
        """Call a function for each value in threads; for a single one without waking any."""
        if len(values) == 1:
            function(*values)
            return
        list(self._disk.map(function, values))

    def _wait(self, staged: Collection[StagedBlob]) -> None:
        """Return when all these files are on the disk."""
        for blob in staged:
            future = self._staging.get(blob.token)
            if future is not None:
                future.result()

    def _copy(self, path: Path) -> StagedBlob:
        with contextlib.ExitStack() as stack:
            with safe_errors("there is no such file"):
                source = stack.enter_context(open_regular(path))
            writer = stack.enter_context(self.new_writer())
            while chunk := source.read(CHUNK_BYTES):
                writer.write(chunk)
            return writer.finish()

    def _adopt(self, token: str) -> StagedBlob:
        """Hash a file that has a name of ours already, while the disk takes it."""
        path = self._incoming / token
        path.chmod(FILE_MODE)
        fd = os.open(path, os.O_RDWR | READ_FLAGS)
        with os.fdopen(fd, "rb", buffering=0) as stream:
            forced = self._disk.submit(os.fsync, stream.fileno())
            try:
                key, size_bytes = hash_stream(stream)
            finally:
                wait([forced])
            forced.result()
        return StagedBlob(key, size_bytes, token)


class LocalBlobWriter:
    """A ``BlobWriter`` to a temporary file; small writes are gathered."""

    def __init__(self, store: LocalBlobs, token: str, fd: int) -> None:
        self._store = store
        self._token = token
        self._fd = fd
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self._gathered = bytearray()
        self._unforced_bytes = 0
        self._early: Future[None] | None = None

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""
        return self._size_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards."""
        assert self._fd >= 0, "written after finish or discard"
        with memoryview(data).cast("B") as view:
            self._size_bytes += len(view)
            if not self._gathered and len(view) >= _GATHERED_BYTES:
                self._put(view)
                return
            self._gathered += view
        if len(self._gathered) >= _GATHERED_BYTES:
            self._put_gathered()

    def finish(self) -> StagedBlob:
        """Return the key; a small file may still be on its way to the disk, ``publish`` waits."""
        assert self._fd >= 0, "finished after finish or discard"
        self._put_gathered()
        fd, self._fd = self._fd, -1
        return self._store.complete(
            StagedBlob(self._hash.hexdigest(), self._size_bytes, self._token), fd, self._early
        )

    def discard(self) -> None:
        """Remove the file, unless it was finished."""
        if self._fd < 0:
            return
        fd, self._fd = self._fd, -1
        if self._early is not None:
            wait([self._early])
        os.close(fd)
        self._store.abandon(self._token)

    def _put_gathered(self) -> None:
        with memoryview(self._gathered) as view:
            self._put(view)
        self._gathered.clear()

    def _put(self, view: memoryview) -> None:
        """Hash and write the bytes, side by side where they are many; force them now and then."""
        try:
            with safe_errors():
                if len(view) < _BESIDE_BYTES:
                    self._hash.update(view)
                    _write_all(self._fd, view)
                else:
                    hashed = self._store.hash_beside(self._hash.update, view)
                    try:
                        _write_all(self._fd, view)
                    finally:
                        wait([hashed])
                    hashed.result()
                self._force_early(len(view))
        except BaseException:
            self.discard()
            raise

    def _force_early(self, size_bytes: int) -> None:
        self._unforced_bytes += size_bytes
        if self._unforced_bytes < _EARLY_BYTES or not (self._early is None or self._early.done()):
            return
        if self._early is not None:
            self._early.result()
        self._unforced_bytes = 0
        self._early = self._store.force_beside(_force_data, self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


class LocalBlobReader:
    """A ``BlobReader`` of one open file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with safe_errors(_NO_BYTES):
            self._fd = os.open(path, READ_FLAGS)
        self._size = os.fstat(self._fd).st_size

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    @property
    def path(self) -> Path:
        """The file; it must not be written."""
        return self._path

    @contextlib.contextmanager
    def as_file(self) -> Iterator[Path]:
        """Give the file itself."""
        yield self._path

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        with safe_errors():
            if _HAS_PREAD:
                return os.pread(self._fd, length, offset)
            with self._lock:
                os.lseek(self._fd, offset, os.SEEK_SET)
                return os.read(self._fd, length)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _write_all(fd: int, view: memoryview) -> None:
    rest = view
    while rest:
        rest = rest[os.write(fd, rest) :]


def _rename(part: Path, target: Path, now_ns: int) -> None:
    """Give a complete file its name, also over the same bytes, and the time that sweeps see."""
    try:
        os.utime(part, ns=(now_ns, now_ns))
        part.replace(target)
    except FileNotFoundError:
        # It was renamed already, for a transaction that failed afterwards.
        os.utime(target, ns=(now_ns, now_ns))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _force_and_close(fd: int, early: "Future[None] | None") -> None:
    """Force a file; an error that an earlier attempt met would not be told again, so ask it."""
    try:
        if early is not None:
            early.result()
        os.fsync(fd)
    finally:
        os.close(fd)
