"""Pieces of a file, written to a file descriptor: small ones gathered, large ones by the kernel.

``copy_file_range`` copies within the kernel and shares blocks where the file system can; it fails
across file systems on some kernels, where ``sendfile`` comes next; reading and writing works
everywhere.
"""

import errno
import os
from collections.abc import Callable, Iterable

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import ConflictError
from isocenter.services.files import FileSource

OpenSource = Callable[[int], FileSource]
OnBytes = Callable[[int], None]

_BUFFER_BYTES = 1 << 20
_COPY_BYTES = 1 << 26  # so that progress moves and Ctrl+C is heard during a large copy
_SMALL_BYTES = 1 << 16  # below this, a read into the buffer costs less than a flush and a copy
# How file systems and kernels say that they cannot do it this way.
NOT_THIS_WAY = frozenset(
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


class PieceWriter:
    """Writes pieces to one file descriptor.

    Parameters
    ----------
    fd
        Open for writing; it stays open.
    open_source
        Gives an open source for a ``source_index``; it is closed here after use.
    on_bytes
        Is told how many bytes were added; whatever it raises stops the writing.
    """

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
        """Write everything; return the number of bytes.

        Raises
        ------
        ConflictError
            If a source ends before its range does.
        OSError
            If the disk is full and the like.
        """
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
                if is_last or error.errno not in NOT_THIS_WAY:
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
