"""Files on disk: which ones the caller means, and reading them safely.

Found names are never trusted: pipes, sockets and devices are not opened for data, linked folders
are not followed, and a file that changes while it is read is noticed. Nothing here knows DICOM,
so that marker and skip logic starts fast.
"""

import os
import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    TooLargeError,
)
from isocenter.limits import DEFAULT, Limits
from isocenter.services.reports import FileOutcome, Status
from isocenter.system_errors import safe_error

# O_NONBLOCK: opening a pipe that nobody writes to must not wait for ever.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_HAS_PREAD = hasattr(os, "pread")


class FileStamp(NamedTuple):
    """What tells whether a file is still the one that was looked at."""

    device: int
    inode: int
    size_bytes: int
    modified_ns: int


class FileSource:
    """A ``ByteSource`` over a regular file.

    Parameters
    ----------
    path
        The file; it is opened at once.
    expected
        The stamp that the file must still have, ``None`` for any.

    Raises
    ------
    NotFoundError, UnavailableError
        If it cannot be opened.
    InvalidInputError
        If it is a pipe, a socket, a device or a folder.
    ConflictError
        If its stamp is another one.
    """

    __slots__ = ("fd", "path", "size", "stamp")

    def __init__(self, path: Path, expected: FileStamp | None = None) -> None:
        self.path = path
        self.fd = -1
        try:
            self.fd = os.open(path, _OPEN_FLAGS)
            status = os.fstat(self.fd)
        except OSError as error:
            self.close()
            raise safe_error(error) from None
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise InvalidInputError("not a regular file")
        self.size = status.st_size
        self.stamp = FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if expected is not None and self.stamp != expected:
            self.close()
            raise ConflictError("it changed while it was read")

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        if length <= 0 or offset >= self.size:
            return b""
        try:
            data = self._read(offset, length)
        except OSError as error:
            raise safe_error(error) from None
        if len(data) == length or offset + len(data) >= self.size:
            return data
        return self._read_on(data, offset, length)

    def _read(self, offset: int, length: int) -> bytes:
        if _HAS_PREAD:
            return os.pread(self.fd, length, offset)
        os.lseek(self.fd, offset, os.SEEK_SET)
        return os.read(self.fd, length)

    def _read_on(self, data: bytes, offset: int, length: int) -> bytes:
        """Return what a short read began; one call moves at most about 2 GiB on Linux."""
        parts = [data]
        got = len(data)
        while got < length:
            try:
                part = self._read(offset + got, length - got)
            except OSError as error:
                raise safe_error(error) from None
            if not part:
                break
            parts.append(part)
            got += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self.fd >= 0:
            fd, self.fd = self.fd, -1
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def find_files(
    paths: Sequence[Path],
    *,
    recursive: bool,
    limits: Limits = DEFAULT,
    on_problem: Callable[[FileOutcome], None] | None = None,
) -> list[Path]:
    """Return the regular files that the paths mean, in natural order, none of them twice.

    Numbers in names are compared as numbers; a folder's files come before its folders. Hidden
    files and folders are left out. ``on_problem`` is told of everything else that is left out:
    ``failed`` what could not be looked at, ``skipped`` what is no file.

    Raises
    ------
    TooLargeError
        If there are more than ``limits.folder_files``.
    """
    finder = _Finder(recursive=recursive, limits=limits, on_problem=on_problem)
    for path in paths:
        finder.add(path)
    return finder.files


_DIGITS = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return a sort key that puts ``slice2`` before ``slice10``; equal only for equal names."""
    # re.split alternates text and digits, so that text is only ever compared with text.
    parts: list[str | int] = list(_DIGITS.split(name))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, name


class _Finder:
    """Walks folders without recursion and keeps what it found."""

    def __init__(
        self,
        *,
        recursive: bool,
        limits: Limits,
        on_problem: Callable[[FileOutcome], None] | None,
    ) -> None:
        self._recursive = recursive
        self._limits = limits
        self._on_problem = on_problem
        self._entries = 0
        self._seen: set[str] = set()
        self.files: list[Path] = []

    def add(self, path: Path) -> None:
        """Take one path of the caller, to whom links are open: they were named."""
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - one system call, no Path in between
        except (OSError, ValueError) as error:
            self._fail(path, error)
            return
        if stat.S_ISDIR(mode):
            self._walk(path)
        elif stat.S_ISREG(mode):
            self._count(1)
            self._take(str(path), os.path.realpath(path))
        else:
            self._tell(path, "failed", "not a regular file")

    def _walk(self, root: Path) -> None:
        pending = [(str(root), os.path.realpath(root))]
        while pending:
            folder, real = pending.pop()
            if real in self._seen:
                continue
            self._seen.add(real)
            pending.extend(reversed(self._look_into(folder, real)))

    def _look_into(self, folder: str, real: str) -> list[tuple[str, str]]:
        """Take the files of one folder and return its folders, both in natural order."""
        folders: list[tuple[str, str]] = []
        try:
            with os.scandir(folder) as listing:
                entries = [entry for entry in listing if not entry.name.startswith(".")]
        except OSError as error:
            self._fail(Path(folder), error)
            return folders
        self._count(len(entries))
        entries.sort(key=lambda entry: natural_key(entry.name))
        for entry in entries:
            name = os.path.join(real, entry.name)  # noqa: PTH118 - the hot loop of a walk
            try:
                if entry.is_dir(follow_symlinks=False):
                    if self._recursive:
                        folders.append((entry.path, name))
                elif entry.is_file(follow_symlinks=False):
                    self._take(entry.path, name)
                else:
                    self._take_special(entry)
            except OSError as error:
                self._fail(Path(entry.path), error)
        return folders

    def _take_special(self, entry: "os.DirEntry[str]") -> None:
        if entry.is_symlink() and entry.is_file():
            self._take(entry.path, os.path.realpath(entry.path))
        elif entry.is_symlink() and entry.is_dir():
            self._tell(Path(entry.path), "skipped", "a linked folder, which is not followed")
        elif entry.is_symlink():
            self._tell(Path(entry.path), "failed", "a link to a file that is not there")
        else:
            self._tell(Path(entry.path), "skipped", "not a regular file")

    def _take(self, path: str, real: str) -> None:
        if real in self._seen:
            return
        self._seen.add(real)
        self.files.append(Path(path))

    def _count(self, entries: int) -> None:
        self._entries += entries
        allowed = self._limits.folder_files
        if self._entries > allowed:
            raise TooLargeError("folder_files", allowed, self._entries, "files")

    def _fail(self, path: Path, error: OSError | ValueError) -> None:
        if isinstance(error, OSError):
            self._tell(path, "failed", str(safe_error(error)))
        else:  # a zero byte in the name
            self._tell(path, "failed", "no possible name of a file")

    def _tell(self, path: Path, status: Status, reason: str) -> None:
        if self._on_problem is not None:
            self._on_problem(FileOutcome(path, status, reason))
