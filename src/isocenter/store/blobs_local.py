"""Blobs as files: ``blobs/ab/cd/abcd...``, and ``incoming/`` for what is not complete.

A write goes to a temporary file while it is hashed, is forced onto the disk, gets its key as its
name by one rename, and the folder is forced. Whatever is killed at whatever moment: a name of 64
digits has the bytes of that hash, all of them (DESIGN 4).
"""

import contextlib
import errno
import hashlib
import os
import stat
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Self

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.store.blobs import StagedBlob, Swept, check_key

_CHUNK_BYTES = 1 << 20
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_THREADS = 8
_PART = ".part"
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
_IS_WINDOWS = os.name == "nt"
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES}


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
        self._incoming = folder / "incoming"
        self._clock = clock
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs")
        self._made_folders: set[Path] = set()
        self._lock = threading.Lock()
        self._own: set[str] = set()  # what this process writes; a sweep leaves it alone
        with _safe_errors():
            self._make_folder(self._incoming)

    def new_writer(self) -> "LocalBlobWriter":
        """Return a writer for bytes of unknown length."""
        token = self._new_token()
        try:
            return LocalBlobWriter(self, token, self._incoming / token)
        except BaseException:
            self._forget(token)
            raise

    def stage_file(self, path: Path) -> StagedBlob:
        """Take over a file: by a second name for it where possible, else by copying."""
        token = self._new_token()
        temporary = self._incoming / token
        try:
            with _safe_errors():
                if not _link(path, temporary):
                    self._forget(token)
                    return self._copy(path)
                return self._adopt(temporary, token)
        except BaseException:
            self._remove_part(token)
            raise

    def publish(self, *staged: StagedBlob) -> None:
        """Rename the files to their keys and force the folders, all folders at once."""
        now_ns = self._clock() * 1_000_000
        folders: set[Path] = set()
        with _safe_errors():
            for blob in staged:
                target = self._path(blob.key)
                temporary = self._incoming / blob.token
                self._make_folder(target.parent)
                os.utime(temporary, ns=(now_ns, now_ns))
                temporary.replace(target)
                folders.add(target.parent)
            list(self._threads.map(force_folder, folders))
        for blob in staged:
            self._forget(blob.token)

    def discard(self, *staged: StagedBlob) -> None:
        """Remove staged files."""
        for blob in staged:
            self._remove_part(blob.token)

    def open(self, key: str) -> "LocalBlobReader":
        """Return an open file."""
        return LocalBlobReader(self._path(key))

    def path_of(self, key: str) -> Path:
        """Return the file of a key."""
        path = self._path(key)
        if not path.is_file():
            raise NotFoundError("there are no bytes of this key")
        return path

    def delete(self, key: str) -> None:
        """Remove the file of a key, durably."""
        path = self._path(key)
        with _safe_errors():
            try:
                path.unlink()
            except FileNotFoundError:
                return
            force_folder(path.parent)

    def sweep(self, known_keys: Collection[str], older_than_ms: int, *, prefix: str = "") -> Swept:
        """Remove old files that no row names."""
        known = frozenset(known_keys)
        present: set[str] = set()
        orphans = []
        with _safe_errors():
            for entry in self._files(prefix):
                if entry.name in known:
                    present.add(entry.name)
                else:
                    orphans.append(entry)
            removed, removed_bytes = _remove_old(orphans, older_than_ms)
        return Swept(removed, removed_bytes, tuple(sorted(known - present)))

    def sweep_staged(self, older_than_ms: int) -> Swept:
        """Remove old temporary files, except those of this process."""
        with _safe_errors(), os.scandir(self._incoming) as entries:
            found = list(entries)
            with self._lock:
                left = [entry for entry in found if entry.name not in self._own]
            removed, removed_bytes = _remove_old(left, older_than_ms)
        return Swept(removed, removed_bytes, ())

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _files(self, prefix: str) -> Iterator[os.DirEntry[str]]:
        """Yield the files of all keys that begin with the prefix."""
        for first in _folders(self._folder):
            if not first.name.startswith(prefix) or first.name == self._incoming.name:
                continue
            for second in _folders(first):
                with os.scandir(second) as entries:
                    yield from entries

    def _path(self, key: str) -> Path:
        check_key(key)
        return self._folder / key[:2] / key[2:4] / key

    def _new_token(self) -> str:
        token = f"{uuid.uuid4()}{_PART}"
        with self._lock:
            self._own.add(token)
        return token

    def _forget(self, token: str) -> None:
        with self._lock:
            self._own.discard(token)

    def _remove_part(self, token: str) -> None:
        self._forget(token)
        with contextlib.suppress(OSError):  # a sweep takes what cannot be removed now
            (self._incoming / token).unlink()

    def _copy(self, path: Path) -> StagedBlob:
        with contextlib.closing(_open_regular(path)) as source, self.new_writer() as writer:
            while chunk := source.read(_CHUNK_BYTES):
                writer.write(chunk)
            return writer.finish()

    def _adopt(self, temporary: Path, token: str) -> StagedBlob:
        """Hash a file that has a name of ours already, and force it onto the disk."""
        fd = os.open(temporary, _READ_FLAGS)
        try:
            key, size_bytes = _hash(fd)
            if hasattr(os, "fchmod"):
                os.fchmod(fd, _FILE_MODE)
            os.fsync(fd)
        finally:
            os.close(fd)
        return StagedBlob(key, size_bytes, token)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder with its parents, durably; what was made once is not looked at again."""
        if folder in self._made_folders:
            return
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            force_folder(folder.parent)
        self._made_folders.add(folder)


class LocalBlobWriter:
    """A ``BlobWriter`` to a temporary file."""

    def __init__(self, store: LocalBlobs, token: str, path: Path) -> None:
        self._store = store
        self._token = token
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        with _safe_errors():
            self._fd = os.open(path, _WRITE_FLAGS, _FILE_MODE)

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""
        return self._size_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards."""
        assert self._fd >= 0, "written after finish or discard"
        self._hash.update(data)
        rest = memoryview(data).cast("B")
        self._size_bytes += len(rest)
        try:
            with _safe_errors():
                while rest:
                    rest = rest[os.write(self._fd, rest) :]
        except BaseException:
            self.discard()
            raise

    def finish(self) -> StagedBlob:
        """Force the file onto the disk and return its key."""
        assert self._fd >= 0, "finished after finish or discard"
        try:
            with _safe_errors():
                os.fsync(self._fd)
        except BaseException:
            self.discard()
            raise
        fd, self._fd = self._fd, -1
        os.close(fd)
        return StagedBlob(self._hash.hexdigest(), self._size_bytes, self._token)

    def discard(self) -> None:
        """Remove the file, unless it was finished."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)
            self._store._remove_part(self._token)  # noqa: SLF001 -- of the same module

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


class LocalBlobReader:
    """A ``BlobReader`` of one open file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with _safe_errors():
                self._fd = os.open(path, _READ_FLAGS)
        except NotFoundError:
            raise NotFoundError("there are no bytes of this key") from None
        self._size = os.fstat(self._fd).st_size

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    @property
    def path(self) -> Path:
        """The file; it must not be written."""
        return self._path

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        with _safe_errors():
            return os.pread(self._fd, length, offset)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _folders(folder: "Path | os.DirEntry[str]") -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if entry.is_dir(follow_symlinks=False)]


def _remove_old(entries: Iterable[os.DirEntry[str]], older_than_ms: int) -> tuple[int, int]:
    """Remove files that were last written before a time; return how many, and their bytes."""
    removed = removed_bytes = 0
    for entry in entries:
        with contextlib.suppress(FileNotFoundError):  # another process sweeps, too
            status = entry.stat(follow_symlinks=False)
            if status.st_mtime_ns < older_than_ms * 1_000_000:
                os.unlink(entry)  # noqa: PTH108 -- an entry is no Path
                removed += 1
                removed_bytes += status.st_size
    return removed, removed_bytes


def force_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if _IS_WINDOWS:
        return  # folders cannot be opened there; NTFS journals names itself
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _link(path: Path, temporary: Path) -> bool:
    """Give a file a second name; return whether that is possible and nobody else has a third.

    Through a third name somebody could change bytes that are called immutable.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise InvalidInputError("only regular files can be taken over")
    try:
        os.link(path, temporary, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINK:
            return False
        raise
    if temporary.lstat().st_nlink == 2:
        return True
    temporary.unlink()
    return False


def _open_regular(path: Path) -> BinaryIO:
    stream = os.fdopen(os.open(path, _READ_FLAGS), "rb", buffering=0)
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise InvalidInputError("only regular files can be taken over")
    return stream


def _hash(fd: int) -> tuple[str, int]:
    """Return SHA-256 and length of a file; the lock of the interpreter is free meanwhile."""
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(_CHUNK_BYTES))
    size_bytes = 0
    with os.fdopen(fd, "rb", buffering=0, closefd=False) as stream:
        while length := stream.readinto(buffer):
            digest.update(buffer[:length])
            size_bytes += length
    return digest.hexdigest(), size_bytes


@contextlib.contextmanager
def _safe_errors() -> Iterator[None]:
    """Turn errors of the system into those of our tree, without a path."""
    try:
        yield
    except FileNotFoundError:
        raise NotFoundError("there is no such file") from None
    except OSError as error:
        raise UnavailableError(
            f"the store failed ({errno.errorcode.get(error.errno or 0, 'unknown error')})"
        ) from None
