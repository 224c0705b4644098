"""Where the Frames of an Instance lie, in a few bytes that are kept and never computed again.

Native Frames need a start and a length only. Of encapsulated ones the lengths of all fragments are
kept, four bytes each: fragments follow one another with eight bytes of Item header between them,
so that a sum gives the place of each.

References
----------
PS3.5 8.1.1 (packed bits), 8.2, A.4 (native and encapsulated).
"""

from struct import Struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from isocenter.dicom.frames import FrameIndex, frame_bits, index_frames, number_of_frames
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, HeaderIndex
from isocenter.dicom.samples import pixel_element, read_sample_format
from isocenter.dicom.streams import ByteSource
from isocenter.errors import CorruptPixelDataError, FrameNotFoundError, TooLargeError
from isocenter.limits import DEFAULT, Limits

_ITEM_HEADER_BYTES = 8
_NATIVE, _WHOLE, _PARTS = b"N", b"E", b"F"
# Kind, number of Frames, offset of the first; then bits of a native Frame, or fragments.
_HEAD = Struct("<cIQQ")


class FrameRanges(NamedTuple):
    """The bytes that hold one Frame.

    Attributes
    ----------
    ranges
        Offset and length of each part, in order.
    first_bit, bits
        Where a native Frame begins in its first byte, and how many bits it has; 0 of others.
    """

    ranges: tuple[tuple[int, int], ...]
    first_bit: int = 0
    bits: int = 0


def pack_frames(header: HeaderIndex, source: ByteSource, limits: Limits = DEFAULT) -> bytes:
    """Return where the Frames lie, as ``find_frame`` reads it.

    Raises
    ------
    MissingElementError
        If there are no pixels, or what tells their size is missing.
    CorruptPixelDataError, InvalidInputError
        If header and pixels contradict one another.
    TooLargeError
        If there are more Frames than ``limits.header_fragments``.
    """
    dataset = header.dataset
    element = pixel_element(dataset)
    _, _, offset, length, _ = dataset.elements[element]
    if length == UNDEFINED:
        if element != PIXEL_DATA:
            raise CorruptPixelDataError("floating point samples in fragments")
        return _pack_fragments(index_frames(header, source, limits))
    frames = number_of_frames(dataset)
    if frames > limits.header_fragments:
        raise TooLargeError("header_fragments", limits.header_fragments, frames, "frames")
    if element == PIXEL_DATA:
        bits = frame_bits(dataset, length)
    else:
        bits = read_sample_format(dataset, limits).frame_bits
    needed = (bits * frames + 7) // 8
    if bits <= 0 or needed > length:
        raise CorruptPixelDataError(
            f"Pixel Data has {length} bytes, {frames} frame(s) need {needed}"
        )
    return _HEAD.pack(_NATIVE, frames, offset, bits)


def count_frames(table: bytes) -> int:
    """Return how many Frames a table has; an empty one has none."""
    return int(_HEAD.unpack_from(table)[1]) if table else 0


def find_frame(table: bytes, frame_number: int) -> FrameRanges:
    """Return the bytes of a Frame; ``frame_number`` counts from 1.

    Raises
    ------
    FrameNotFoundError
        If there is no such Frame.
    """
    frames = count_frames(table)
    if not 1 <= frame_number <= frames:
        raise FrameNotFoundError(frame_number, frames)
    kind, _, offset, number = _HEAD.unpack_from(table)
    if kind == _NATIVE:
        first_bit = number * (frame_number - 1)
        first, last = first_bit // 8, (first_bit + number + 7) // 8
        return FrameRanges(((offset + first, last - first),), first_bit % 8, number)
    lengths = np.frombuffer(table, "<u4", number, _HEAD.size)
    first, last = frame_number - 1, frame_number
    if kind == _PARTS:
        starts = np.frombuffer(table, "<u4", frames, _HEAD.size + lengths.nbytes)
        first = int(starts[frame_number - 1])
        last = int(starts[frame_number]) if frame_number < frames else number
    at = offset + int(lengths[:first].sum(dtype=np.uint64)) + _ITEM_HEADER_BYTES * first
    ranges = []
    for length in map(int, lengths[first:last]):
        ranges.append((at, length))
        at += length + _ITEM_HEADER_BYTES
    return FrameRanges(tuple(ranges))


def read_ranges(source: ByteSource, found: FrameRanges) -> bytes:
    """Return an encoded Frame, fragments joined; packed bits begin with its first bit.

    Raises
    ------
    CorruptPixelDataError
        If the source ends early.
    """
    data = b"".join([source.read_at(offset, length) for offset, length in found.ranges])
    if len(data) != sum(length for _, length in found.ranges):
        raise CorruptPixelDataError("the source ends inside a frame")
    if found.first_bit or found.bits % 8:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        own = bits[found.first_bit : found.first_bit + found.bits]
        return np.packbits(own, bitorder="little").tobytes()
    return data


def _pack_fragments(index: FrameIndex) -> bytes:
    fragments = [fragment for span in index.spans for fragment in span.fragments]
    offset = at = fragments[0].offset
    for fragment in fragments:
        if fragment.offset != at:
            raise CorruptPixelDataError("fragments do not follow one another")
        at += fragment.length + _ITEM_HEADER_BYTES
    frames = len(index.spans)
    kind = _WHOLE if len(fragments) == frames else _PARTS
    head = _HEAD.pack(kind, frames, offset, len(fragments))
    lengths = _words([fragment.length for fragment in fragments])
    if kind == _WHOLE:
        return head + lengths.tobytes()
    counts = _words([len(span.fragments) for span in index.spans])
    starts = np.zeros(frames, "<u4")
    starts[1:] = np.cumsum(counts[:-1])
    return head + lengths.tobytes() + starts.tobytes()


def _words(numbers: list[int]) -> npt.NDArray[np.uint32]:
    return np.asarray(numbers, "<u4")
