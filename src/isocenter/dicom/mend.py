"""Mending of a little endian file that was cut off: what is there becomes whole elements.

The last value is shortened to what is left of it, the lengths of the open sequences and Items
around it are set right, and missing delimiters are added: a change of a few bytes at its end.
"""

from dataclasses import dataclass
from typing import BinaryIO

from isocenter.dicom.byte_order import NUMBER_BYTES
from isocenter.dicom.dictionary import SHORT_VRS
from isocenter.dicom.header_walker import (
    ITEM,
    ITEM_DELIMITER,
    SEQUENCE_DELIMITER,
    UNDEFINED,
    HeaderWalker,
)
from isocenter.dicom.streams import StreamSource
from isocenter.errors import TooLargeError, TruncatedError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

_ITEM_END = b"\xfe\xff\x0d\xe0\0\0\0\0"
_SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"


@dataclass(frozen=True, slots=True)
class _Open:
    """A sequence, Item or encapsulated Pixel Data that the end of the file cuts through.

    ``end`` is None where the length is undefined; else it lies behind the end of the file, or
    the whole would have been stepped over.
    """

    kind: str
    start: int
    end: int | None
    is_implicit: bool


def mend(stream: BinaryIO, start: int, *, is_implicit: bool, limits: Limits = DEFAULT) -> None:
    """Make the stream end with its last element; its Data Set begins at ``start``.

    Raises
    ------
    UnusualEncodingError
        If it is not only cut off but breaks other rules.
    TooLargeError
        If it has more elements or levels than ``limits`` allow.
    """
    mender = _Mender(stream, limits)
    mender.levels.append(_Open("root", start, None, is_implicit))
    position = start
    for _ in range(limits.header_elements):
        if position >= mender.size:
            break
        try:
            position = mender.step(position)
        except TruncatedError:
            # The cut goes through the header of an element, Item or delimiter: nothing of it stays.
            stream.truncate(position)
            break
    else:
        allowed = limits.header_elements
        raise TooLargeError("header_elements", allowed, allowed + 1, "elements")
    mender.close_levels()


class _Mender:
    """Walks to the place where the file is cut, keeping what is open there."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        source = StreamSource(stream)
        self._walker = HeaderWalker(source, limits)
        self.size = source.size
        self.levels: list[_Open] = []

    def step(self, position: int) -> int:
        """Return where to go on after the element, Item or delimiter here, or inside it."""
        level = self.levels[-1]
        tag, length = self._walker.tag_at(position)
        if level.kind in ("root", "item"):
            if tag == ITEM_DELIMITER and level.kind == "item":
                self.levels.pop()
                return position + 8
            return self._element(position, is_implicit=level.is_implicit)
        if tag == SEQUENCE_DELIMITER:
            self.levels.pop()
            return position + 8
        if tag != ITEM or (level.kind == "fragments" and length == UNDEFINED):
            raise UnusualEncodingError("no Item where one must be", position)
        return self._item(position + 8, length, level)

    def _item(self, value: int, length: int, level: _Open) -> int:
        if length != UNDEFINED and value + length <= self.size:
            return value + length
        if level.kind == "fragments":
            return self._shorten(value, length_bytes=4, number_bytes=2)
        self._need(ITEM, value, 8)
        is_implicit = self._walker.item_is_implicit(value, parent_is_implicit=level.is_implicit)
        return self._open("item", value, length, is_implicit=is_implicit)

    def _element(self, position: int, *, is_implicit: bool) -> int:
        walker = self._walker
        tag, vr, value, length = walker.header_at(position, is_implicit=is_implicit)
        self._need(tag, value, 0)
        if tag >> 16 == ITEM >> 16:
            raise UnusualEncodingError("an item or delimiter between elements", position)
        if length != UNDEFINED and value + length <= self.size:
            return value + length
        if walker.holds_fragments(tag, vr, is_implicit=is_implicit) and length == UNDEFINED:
            return self._open("fragments", value, length, is_implicit=is_implicit)
        if vr == "SQ" or (
            length == UNDEFINED and walker.holds_items(tag, vr, value, is_implicit=is_implicit)
        ):
            return self._open("sequence", value, length, is_implicit=is_implicit)
        if length == UNDEFINED:
            raise UnusualEncodingError("undefined length on a VR that has none", position)
        length_bytes = 2 if not is_implicit and vr in SHORT_VRS else 4
        number_bytes = NUMBER_BYTES.get(vr[:2], 2)
        return self._shorten(value, length_bytes=length_bytes, number_bytes=number_bytes)

    def _need(self, tag: int, position: int, needed_bytes: int) -> None:
        if position + needed_bytes > self.size:
            raise TruncatedError(tag, needed_bytes, max(0, self.size - position))

    def _open(self, kind: str, value: int, length: int, *, is_implicit: bool) -> int:
        end = None if length == UNDEFINED else value + length
        self.levels.append(_Open(kind, value, end, is_implicit))
        allowed = self._limits.header_depth
        if len(self.levels) > 2 * allowed + 2:
            raise TooLargeError("header_depth", allowed, allowed + 1, "levels")
        return value

    def _shorten(self, value: int, *, length_bytes: int, number_bytes: int) -> int:
        """Keep the whole numbers of the value that are left, set its length, return its end."""
        left = self.size - value
        left -= left % number_bytes
        self._write_length(value, left, length_bytes)
        self.size = value + left
        self._stream.truncate(self.size)
        return self.size

    def _write_length(self, value: int, length: int, length_bytes: int = 4) -> None:
        self._stream.seek(value - length_bytes)
        self._stream.write(length.to_bytes(length_bytes, "little"))

    def close_levels(self) -> None:
        """End what is still open, from the inside out."""
        for level in reversed(self.levels[1:]):
            end = self._stream.seek(0, 2)
            if level.end is not None:
                self._write_length(level.start, end - level.start)
            else:
                self._stream.write(_ITEM_END if level.kind == "item" else _SEQUENCE_END)
