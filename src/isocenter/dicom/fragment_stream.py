"""The fragments of encapsulated Pixel Data as one binary stream, read where they lie.

Video of minutes is one bit stream in one fragment or several (PS3.5 A.4); nothing is joined in
memory.
"""

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, BinaryIO

from isocenter.dicom.header_index import Fragment, HeaderIndex
from isocenter.dicom.streams import ByteSource
from isocenter.errors import CorruptPixelDataError

_BUFFER_BYTES = 1 << 16


def open_fragments(header: HeaderIndex, source: ByteSource) -> BinaryIO:
    """Return all fragments after the offset table as one seekable stream.

    Raises
    ------
    CorruptPixelDataError
        If there is none.
    """
    fragments = [one for one in header.fragments[1:] if one.length]
    if not fragments:
        raise CorruptPixelDataError("encapsulated Pixel Data without a fragment")
    return io.BufferedReader(_Fragments(fragments, source), _BUFFER_BYTES)


class _Fragments(io.RawIOBase):
    def __init__(self, fragments: Sequence[Fragment], source: ByteSource) -> None:
        super().__init__()
        self._fragments = fragments
        self._source = source
        self._starts = [0, *accumulate(one.length for one in fragments)]
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - anything that can be written to
        if self._at >= self._starts[-1]:
            return 0
        number = bisect_right(self._starts, self._at) - 1
        offset, length = self._fragments[number]
        inside = self._at - self._starts[number]
        data = self._source.read_at(offset + inside, min(length - inside, len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
