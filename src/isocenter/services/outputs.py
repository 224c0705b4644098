"""Names of outputs, and writing them so that no half object is ever visible (DESIGN 4).

Everything is written to a hidden temporary file in the target's own folder, forced onto the disk,
and only then given its name, never over a file that is there already. Bulk bytes are copied by
the kernel.
"""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Self

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import ConflictError, IsocenterError
from isocenter.services.files import FileSource, safe_error

TEMPORARY_PREFIX = ".isocenter-"
TEMPORARY_SUFFIX = ".part"

_BUFFER_BYTES = 1 << 20
_COPY_BYTES = 1 << 26  # so that progress moves and Ctrl+C is heard during a large copy
_SMALL_BYTES = 1 << 16  # below this, a read into the buffer costs less than a flush and a copy
_IS_WINDOWS = os.name == "nt"
_WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
# How file systems and kernels say that they cannot do it this way.
_NOT_THIS_WAY = frozenset(
    {
        errno.EXDEV,
        errno.EINVAL,
        errno.ENOSYS,
        errno.EOPNOTSUPP,
        errno.ENOTSUP,
        errno.EPERM,
        errno.EBADF,
        errno.ENOTSOCK,
    }
)
_NO_LINKS_HERE = _NOT_THIS_WAY | {errno.EMLINK, errno.EACCES}

OpenSource = Callable[[int], FileSource]
OnBytes = Callable[[int], None]


class Placed(NamedTuple):
    """The name that a file gets; not ``is_new`` where that file was there already."""

    path: Path
    size_bytes: int
    is_new: bool


class _Written(NamedTuple):
    """A complete temporary file and the name that it shall get."""

    temporary: str
    target: Path


def write_pieces(
    target: Path,
    pieces: Iterable[Piece],
    open_source: OpenSource,
    *,
    overwrite: bool = False,
    durable: bool = True,
    on_bytes: OnBytes | None = None,
) -> int:
    """Write one file as a whole or not at all; return its length in bytes.

    Parameters
    ----------
    target
        The final name; its folder exists.
    pieces
        Bytes, and ranges of sources that are copied untouched.
    open_source
        Gives an open source for a ``source_index``; it is closed here after use.
    overwrite
        Whether a file of this name may be replaced.
    durable
        Whether to wait until the file and its name are on the disk.
    on_bytes
        Is told how many bytes were added; whatever it raises stops the writing.

    Raises
    ------
    ConflictError
        If the name is taken, or a source ends before its range does.
    UnavailableError, NotFoundError
        If the disk is full, the folder read-only or missing, and the like.
    """
    with Batch(durable=durable, on_bytes=on_bytes) as batch:
        size_bytes = batch.write(target, pieces, open_source)
        batch.publish(overwrite=overwrite)
    return size_bytes


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return the first of ``stem.suffix``, ``stem_1.suffix``, ... that does not exist."""
    path = folder / f"{stem}{suffix}"
    number = 0
    while os.path.lexists(path):
        number += 1
        path = folder / f"{stem}_{number}{suffix}"
    return path


def folder_for(source: Path, roots: Iterable[Path], out: Path | None) -> Path:
    """Return the folder for the outputs of one file: beside it, or in ``out`` by relative name.

    Parameters
    ----------
    source
        A file as ``find_files`` gave it.
    roots
        The files and folders that the caller named.
    out
        The caller's folder for outputs, ``None`` for beside the input.
    """
    if out is None:
        return source.parent
    for root in roots:
        if source != root and source.is_relative_to(root):
            return out / source.parent.relative_to(root)
    return out


def make_folder(folder: Path) -> None:
    """Make a folder and its parents where they are missing.

    Raises
    ------
    UnavailableError
        If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise safe_error(error) from None


class Batch:
    """Several files that get their names together, after the last one is complete.

    On leaving the ``with`` block, whatever was not published is removed; if publishing fails or
    is interrupted, the names that were already given are taken back (not with ``overwrite``,
    where the old file is gone).
    """

    def __init__(self, *, durable: bool = True, on_bytes: OnBytes | None = None) -> None:
        self._durable = durable
        self._on_bytes = on_bytes
        self._written: list[_Written] = []
        self._named: list[_Written] = []
        self._targets: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for written in self._named:
            if _has_its_name(written):
                _remove(written.target)
        for written in self._written:
            _remove(written.temporary)

    def write(self, target: Path, pieces: Iterable[Piece], open_source: OpenSource) -> int:
        """Write a temporary file for ``target``; return its length in bytes.

        Raises
        ------
        ConflictError, UnavailableError, NotFoundError
            As ``write_pieces`` does.
        """
        name = f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}{TEMPORARY_SUFFIX}"
        temporary = os.path.join(target.parent, name)  # noqa: PTH118 - once per output
        # It is remembered before it exists, so that no interrupt can leave it behind.
        self._written.append(_Written(temporary, target))
        try:
            fd = os.open(temporary, _WRITE_FLAGS, 0o666)
            try:
                writer = _Writer(fd, open_source, self._on_bytes)
                return writer.write(pieces)
            finally:
                os.close(fd)
        except OSError as error:
            raise safe_error(error) from None

    def place(
        self,
        folder: Path,
        stem: str,
        suffix: str,
        pieces: Iterable[Piece],
        open_source: OpenSource,
    ) -> Placed:
        """Write a file under the first name of ``free_path`` that is free in this batch too.

        Where a file of one of these names holds exactly these bytes already, that one is the
        output and nothing is written: so the same action can be run again and again.

        Raises
        ------
        ConflictError, UnavailableError, NotFoundError
            As ``write_pieces`` does.
        """
        size_bytes = self.write(folder / f"{stem}{suffix}", pieces, open_source)
        path, temporary = folder / f"{stem}{suffix}", self._written[-1].temporary
        number = 0
        while path in self._targets or os.path.lexists(path):
            if path not in self._targets and _is_same(temporary, path):
                _remove(temporary)
                self._written.pop()
                return Placed(path, size_bytes, is_new=False)
            number += 1
            path = folder / f"{stem}_{number}{suffix}"
        self._targets.add(path)
        self._written[-1] = _Written(temporary, path)
        return Placed(path, size_bytes, is_new=True)

    def publish(self, *, overwrite: bool = False) -> list[Path]:
        """Give all files their names, durably if so wished; return the names.

        Raises
        ------
        ConflictError
            If a name is taken.
        UnavailableError
            If the disk fails.
        """
        try:
            if self._durable:
                for written in self._written:
                    _force_file(written.temporary)
            for written in self._written:
                if overwrite:
                    os.replace(written.temporary, written.target)  # noqa: PTH105
                else:
                    # Remembered first: an interrupt may come right after the name is given.
                    self._named.append(written)
                    _name_new(written.temporary, written.target)
                    _remove(written.temporary)
            if self._durable:
                for folder in {written.target.parent for written in self._written}:
                    _force_folder(folder)
        except FileExistsError:
            raise ConflictError("a file of this name exists already") from None
        except OSError as error:
            raise safe_error(error) from None
        names = [written.target for written in self._written]
        self._named.clear()
        self._written.clear()
        return names


class _Writer:
    """Writes pieces to one file descriptor, small ones gathered, large ones by the kernel."""

    def __init__(self, fd: int, open_source: OpenSource, on_bytes: OnBytes | None) -> None:
        self._fd = fd
        self._open_source = open_source
        self._on_bytes = on_bytes
        self._buffer = bytearray()
        self._size_bytes = 0
        self._source: FileSource | None = None
        self._source_index = -1
        self._ways = [
            way
            for name, way in (
                ("copy_file_range", _copy_file_range),
                ("sendfile", _sendfile),
                ("write", _read_and_write),
            )
            if hasattr(os, name)
        ]

    def write(self, pieces: Iterable[Piece]) -> int:
        """Write everything; return the number of bytes."""
        try:
            for piece in pieces:
                if isinstance(piece, ByteRange):
                    self._add_range(piece)
                else:
                    self._add_bytes(piece)
            self._flush()
        finally:
            self._close_source()
        return self._size_bytes

    def _add_bytes(self, data: bytes) -> None:
        self._buffer += data
        self._tell(len(data))
        if len(self._buffer) >= _BUFFER_BYTES:
            self._flush()

    def _add_range(self, piece: ByteRange) -> None:
        source = self._source_of(piece.source_index)
        if piece.length <= _SMALL_BYTES:
            data = source.read_at(piece.offset, piece.length)
            if len(data) != piece.length:
                raise _shrunk()
            self._add_bytes(data)
            return
        self._flush()
        offset, left = piece.offset, piece.length
        while left:
            copied = self._copy(source, offset, min(left, _COPY_BYTES))
            offset += copied
            left -= copied
            self._tell(copied)

    def _copy(self, source: FileSource, offset: int, length: int) -> int:
        """Copy at most ``length`` bytes the fastest way that works here; return how many."""
        while True:
            way = self._ways[0]
            is_last = len(self._ways) == 1
            try:
                copied = way(source, self._fd, offset, length)
            except OSError as error:
                if is_last or error.errno not in _NOT_THIS_WAY:
                    raise
                copied = 0
            if copied:
                return copied
            # Some kernels answer 0 where they cannot copy; only a plain read knows the end.
            if is_last:
                raise _shrunk()
            del self._ways[0]

    def _source_of(self, source_index: int) -> FileSource:
        if self._source is None or self._source_index != source_index:
            self._close_source()
            self._source = self._open_source(source_index)
            self._source_index = source_index
        return self._source

    def _close_source(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def _flush(self) -> None:
        if self._buffer:
            _write_all(self._fd, self._buffer)
            self._buffer = bytearray()

    def _tell(self, size_bytes: int) -> None:
        self._size_bytes += size_bytes
        if self._on_bytes is not None:
            self._on_bytes(size_bytes)


def _copy_file_range(source: FileSource, fd: int, offset: int, length: int) -> int:
    return os.copy_file_range(source.fd, fd, length, offset)


def _sendfile(source: FileSource, fd: int, offset: int, length: int) -> int:
    return os.sendfile(fd, source.fd, offset, length)


def _read_and_write(source: FileSource, fd: int, offset: int, length: int) -> int:
    data = source.read_at(offset, min(length, _BUFFER_BYTES))
    _write_all(fd, data)
    return len(data)


def _shrunk() -> ConflictError:
    return ConflictError("it changed while it was read")


def _write_all(fd: int, data: bytes | bytearray) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _is_same(temporary: str, path: Path) -> bool:
    """Return whether two files hold the same bytes; what cannot be read is not the same."""
    try:
        with FileSource(Path(temporary)) as ours, FileSource(path) as theirs:
            if ours.size != theirs.size:
                return False
            return all(
                ours.read_at(offset, _BUFFER_BYTES) == theirs.read_at(offset, _BUFFER_BYTES)
                for offset in range(0, ours.size, _BUFFER_BYTES)
            )
    except IsocenterError:
        return False


def _force_file(path: str) -> None:
    fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _force_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if _IS_WINDOWS:
        return  # folders cannot be opened there; NTFS journals names itself
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NOT_THIS_WAY:
            raise
    finally:
        os.close(fd)


def _name_new(temporary: str, target: Path) -> None:
    """Give a file its name, but never that of another; the temporary name may stay."""
    if _IS_WINDOWS:
        os.rename(temporary, target)  # noqa: PTH104 - refuses an existing target there
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS_HERE:
            raise
        # FAT and some network file systems have no links; a look before comes close.
        if os.path.lexists(target):
            raise FileExistsError from None
        os.rename(temporary, target)  # noqa: PTH104


def _has_its_name(written: _Written) -> bool:
    """Return whether the file that now has the name is ours."""
    try:
        ours = os.lstat(written.temporary)
    except FileNotFoundError:
        return True  # it was renamed
    try:
        return os.path.samestat(ours, os.lstat(written.target))
    except OSError:
        return False


def _remove(path: str | Path) -> None:
    """Remove a file that may be gone; what cannot be removed is hidden and never an input."""
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return
