"""Bytes with a size and random access: what the header index reads from.

A range of a source that is copied untouched is a value (``ByteRange``), so that ``dicom/`` can
describe an output file without touching a path; ``services/outputs.py`` copies it in the kernel.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import IO, Protocol


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

    def __init__(self, stream: IO[bytes]) -> None:
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


class PiecesSource:
    """A ``ByteSource`` over pieces: what a file will hold, before it is written."""

    __slots__ = ("_ends", "_pieces", "_sources", "size")

    def __init__(self, pieces: Sequence[Piece], sources: Sequence[ByteSource]) -> None:
        self._pieces = pieces
        self._sources = sources
        self._ends = list(accumulate(map(piece_length, pieces)))
        self.size = self._ends[-1] if pieces else 0

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        parts: list[bytes] = []
        end = min(offset + length, self.size)
        index = bisect_right(self._ends, offset)
        while offset < end:
            piece = self._pieces[index]
            start = offset - (self._ends[index] - piece_length(piece))
            taken = min(end, self._ends[index]) - offset
            if isinstance(piece, ByteRange):
                source = self._sources[piece.source_index]
                parts.append(source.read_at(piece.offset + start, taken))
                if len(parts[-1]) < taken:
                    break  # the source is shorter than it was said to be
            else:
                parts.append(piece[start : start + taken])
            offset += taken
            index += 1
        return parts[0] if len(parts) == 1 else b"".join(parts)


def piece_length(piece: Piece) -> int:
    """Return how many bytes a piece is."""
    return piece.length if isinstance(piece, ByteRange) else len(piece)


def read_pieces(pieces: Iterable[Piece], sources: list[ByteSource]) -> Iterator[bytes]:
    """Yield the bytes of each piece, for callers that hold everything in memory."""
    for piece in pieces:
        if isinstance(piece, ByteRange):
            yield sources[piece.source_index].read_at(piece.offset, piece.length)
        else:
            yield piece
