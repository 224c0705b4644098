"""Files of the local store: opened without surprises, hashed, forced, removed."""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.system_errors import safe_error

FILE_MODE = 0o600
FOLDER_MODE = 0o700
CHUNK_BYTES = 1 << 20
READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
_IS_WINDOWS = os.name == "nt"
# What file systems say that cannot give this file a second name.
_NO_LINK_HERE = {
    errno.EXDEV,
    errno.EPERM,
    errno.EACCES,
    errno.EMLINK,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
}
# Some file systems have nothing to force about a folder.
_NOTHING_TO_FORCE = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF}


@contextlib.contextmanager
def safe_errors(gone: str | None = None) -> Iterator[None]:
    """Turn errors of the system into those of our tree, without a path.

    Parameters
    ----------
    gone
        The sentence of the ``NotFoundError`` for what is not there; without it, something of the
        store itself is missing, and that is an ``UnavailableError``.
    """
    try:
        yield
    except FileNotFoundError:
        if gone is None:
            raise UnavailableError("a file or folder of the store is missing") from None
        raise NotFoundError(gone) from None
    except OSError as error:
        raise safe_error(error) from None


def make_folders(folder: Path, names: Iterable[str]) -> None:
    """Make a folder and folders in it, durably; those that are there already stay as they are."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    for name in names:
        (folder / name).mkdir(mode=FOLDER_MODE, exist_ok=True)
    force_folder(folder)
    force_folder(folder.parent)


def force_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if _IS_WINDOWS:
        return  # folders cannot be opened there; NTFS journals names itself
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NOTHING_TO_FORCE:
            raise
    finally:
        os.close(fd)


def link_alone(path: Path, second: Path) -> bool:
    """Give a regular file a second name; return whether that is possible and there is no third.

    Through a third name somebody could change bytes that are called immutable.

    Raises
    ------
    InvalidInputError
        If it is no regular file.
    """
    _check_regular(path.lstat())
    try:
        os.link(path, second, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINK_HERE:
            return False
        raise
    status = second.lstat()
    _check_regular(status)  # the name may have been given to something else meanwhile
    if status.st_nlink == 2:
        return True
    second.unlink()
    return False


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading, without following a link.

    Raises
    ------
    InvalidInputError
        If it is no regular file.
    """
    stream = os.fdopen(os.open(path, READ_FLAGS), "rb", buffering=0)
    try:
        _check_regular(os.fstat(stream.fileno()))
    except BaseException:
        stream.close()
        raise
    return stream


def hash_stream(stream: BinaryIO) -> tuple[str, int]:
    """Return SHA-256 and length; other threads run meanwhile."""
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(CHUNK_BYTES))
    size_bytes = 0
    while length := stream.readinto(buffer):  # type: ignore[attr-defined]  # unbuffered ones have it
        digest.update(buffer[:length])
        size_bytes += length
    return digest.hexdigest(), size_bytes


def folders_in(folder: Path) -> list[Path]:
    """Return the folders in a folder, without links."""
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def remove_old(paths: Iterable[Path], older_than_ms: int) -> tuple[int, int]:
    """Remove files that were last changed before a time; return how many, and their bytes."""
    removed = removed_bytes = 0
    for path in paths:
        with contextlib.suppress(FileNotFoundError):  # another process sweeps, too
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and status.st_mtime_ns < older_than_ms * 1_000_000:
                path.unlink()
                removed += 1
                removed_bytes += status.st_size
    return removed, removed_bytes


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InvalidInputError("only regular files can be taken over")
