"""Bytes with a size and random access: what the header index reads from.

A range of a source that is copied untouched is a value (``ByteRange``), so that ``dicom/`` can
describe an output file without touching a path; ``services/outputs.py`` copies it in the kernel.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


class ByteSource(Protocol):
    """Immutable bytes: ``read_at`` returns fewer bytes than asked only at the end."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""


class BytesSource:
    """A ``ByteSource`` over bytes in memory."""

    __slots__ = ("_data", "size")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        return self._data[offset : offset + length]


class StreamSource:
    """A ``ByteSource`` over a seekable binary stream, which nobody else may move meanwhile."""

    __slots__ = ("_stream", "size")

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        self._stream.seek(offset)
        return self._stream.read(length)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``offset`` to ``offset + length`` of a source, to be copied as they are.

    ``source_index`` counts from 0 in the list of sources that the function was given.
    """

    source_index: int
    offset: int
    length: int


Piece = bytes | ByteRange


def read_pieces(pieces: Iterable[Piece], sources: list[ByteSource]) -> Iterator[bytes]:
    """Yield the bytes of each piece, for callers that hold everything in memory."""
    for piece in pieces:
        if isinstance(piece, ByteRange):
            yield sources[piece.source_index].read_at(piece.offset, piece.length)
        else:
            yield piece
