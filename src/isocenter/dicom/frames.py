"""Where each Frame of Pixel Data lies: offsets and lengths, computed once, nothing decoded.

References
----------
PS3.5 8.2 and A.4 (native and encapsulated), PS3.3 C.7.6.3.1.8 (Extended Offset Table).
"""

from dataclasses import dataclass
from struct import unpack

from isocenter.dicom.header_index import (
    PIXEL_DATA,
    UNDEFINED,
    DataSetIndex,
    Fragment,
    HeaderIndex,
)
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.values import first_string, integer
from isocenter.errors import (
    CorruptPixelDataError,
    FrameNotFoundError,
    MissingElementError,
    TooLargeError,
)
from isocenter.limits import DEFAULT, Limits

_ROWS, _COLUMNS, _SAMPLES = 0x00280010, 0x00280011, 0x00280002
_BITS_ALLOCATED, _NUMBER_OF_FRAMES = 0x00280100, 0x00280008
_PHOTOMETRIC = 0x00280004
# Two pixels share their colours: four bytes where there would be six (PS3.3 C.7.6.3.1.2).
_SUBSAMPLED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})
_EXTENDED_OFFSETS, _EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002
_ITEM_HEADER_BYTES = 8
# First bytes of a compressed Frame: JPEG and JPEG-LS; JPEG 2000 and HTJ2K; JPEG XL.
_FRAME_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\xff\x0a")


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """One Frame in the source.

    Attributes
    ----------
    offset, length
        In bytes. Native: the samples alone. Encapsulated: from the first Item Tag of the Frame
        to the end of its last fragment.
    fragments
        The Items that hold it; empty for native.
    """

    offset: int
    length: int
    fragments: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Spans of all Frames in order.

    Attributes
    ----------
    extra_bytes
        Bytes of native Pixel Data after the last Frame, the pad byte not counted.
    """

    spans: tuple[FrameSpan, ...]
    is_encapsulated: bool
    extra_bytes: int = 0

    def span(self, frame_number: int) -> FrameSpan:
        """Return the span of a Frame; ``frame_number`` counts from 1.

        Raises
        ------
        FrameNotFoundError
            If there is no such Frame.
        """
        if not 1 <= frame_number <= len(self.spans):
            raise FrameNotFoundError(frame_number, len(self.spans))
        return self.spans[frame_number - 1]


def number_of_frames(dataset: DataSetIndex) -> int:
    """Return the Number of Frames, at least 1.

    Raises
    ------
    InvalidInputError
        If it is no whole number.
    """
    return max(1, integer(dataset, _NUMBER_OF_FRAMES, 1))


def index_frames(header: HeaderIndex, source: ByteSource, limits: Limits = DEFAULT) -> FrameIndex:
    """Return where the Frames of Pixel Data lie.

    Raises
    ------
    MissingElementError
        If there is no Pixel Data or no Rows, Columns, Bits Allocated.
    CorruptPixelDataError
        If Pixel Data is shorter than its Frames, or fragments and Frames do not match.
    TooLargeError
        If there are more Frames than ``limits.header_fragments``.
    """
    dataset = header.dataset
    if PIXEL_DATA not in dataset.elements:
        raise MissingElementError("PixelData")
    frames = number_of_frames(dataset)
    if frames > limits.header_fragments:
        raise TooLargeError("header_fragments", limits.header_fragments, frames, "frames")
    _, _, offset, length, _ = dataset.elements[PIXEL_DATA]
    if length == UNDEFINED:
        return FrameIndex(_encapsulated(header, source, frames), is_encapsulated=True)
    return native_frames(offset, length, frame_bits(dataset, length), frames)


def read_frame(source: ByteSource, index: FrameIndex, frame_number: int) -> bytes:
    """Return one encoded Frame without reading the others.

    Parameters
    ----------
    frame_number
        1-based, 1 <= frame_number <= number of Frames.

    Returns
    -------
    bytes
        The Frame in its stored Transfer Syntax, fragments joined, padding kept. Of 1-bit Frames
        that do not end on a byte, all bytes that hold a bit of it.

    Raises
    ------
    FrameNotFoundError
        If frame_number is outside the index.
    CorruptPixelDataError
        If the source ends early.
    """
    span = index.span(frame_number)
    parts = span.fragments or (Fragment(span.offset, span.length),)
    data = b"".join([source.read_at(offset, length) for offset, length in parts])
    if len(data) != sum(length for _, length in parts):
        raise CorruptPixelDataError("the source ends inside a frame")
    return data


def frame_bits(dataset: DataSetIndex, length: int) -> int:
    """Return how many bits a native Frame has.

    Parameters
    ----------
    length
        Of all Frames, in bytes: it shows whether subsampled colours are.

    Raises
    ------
    MissingElementError, InvalidInputError
        If one of the numbers that tell it is missing or broken.
    """
    bits = (
        integer(dataset, _ROWS)
        * integer(dataset, _COLUMNS)
        * integer(dataset, _SAMPLES, 1)
        * integer(dataset, _BITS_ALLOCATED)
    )
    # Files that keep the name after they were decoded are about as common as right ones.
    is_short = bits * number_of_frames(dataset) > length * 8
    if is_short and first_string(dataset, _PHOTOMETRIC) in _SUBSAMPLED:
        return bits * 2 // 3
    return bits


def native_frames(offset: int, length: int, bits: int, frames: int) -> FrameIndex:
    """Return the spans of Frames of ``bits`` bits, one after the other in a value.

    Parameters
    ----------
    offset, length
        Of the value, in bytes.

    Raises
    ------
    CorruptPixelDataError
        If the value is too short, or a Frame has no bits.
    """
    if bits <= 0:
        raise CorruptPixelDataError("Rows, Columns or Bits Allocated is zero")
    total_bytes = (bits * frames + 7) // 8
    if total_bytes > length:
        raise CorruptPixelDataError(
            f"Pixel Data has {length} bytes, {frames} frame(s) need {total_bytes}"
        )
    spans = []
    for frame_index in range(frames):
        first = bits * frame_index // 8
        last = (bits * (frame_index + 1) + 7) // 8
        spans.append(FrameSpan(offset + first, last - first))
    extra = length - total_bytes - (total_bytes % 2)
    return FrameIndex(tuple(spans), is_encapsulated=False, extra_bytes=max(0, extra))


def _encapsulated(header: HeaderIndex, source: ByteSource, frames: int) -> tuple[FrameSpan, ...]:
    if not header.fragments:
        raise CorruptPixelDataError("encapsulated Pixel Data without a Basic Offset Table item")
    table, *fragments = header.fragments
    if not fragments:
        raise CorruptPixelDataError("encapsulated Pixel Data without a fragment")
    starts = _frame_starts(header.dataset, source, table, fragments, frames)
    spans = []
    for frame_index, first in enumerate(starts):
        last = starts[frame_index + 1] if frame_index + 1 < len(starts) else len(fragments)
        own = tuple(fragments[first:last])
        offset = own[0].offset - _ITEM_HEADER_BYTES
        spans.append(FrameSpan(offset, own[-1].offset + own[-1].length - offset, own))
    return tuple(spans)


def _frame_starts(
    dataset: DataSetIndex,
    source: ByteSource,
    table: Fragment,
    fragments: list[Fragment],
    frames: int,
) -> list[int]:
    """Return for each Frame the 0-based number of its first fragment."""
    if len(fragments) == frames:
        return list(range(frames))
    if frames == 1:
        return [0]
    offsets = _offset_table(dataset, source, table)
    if offsets:
        base = fragments[0].offset
        numbers = {fragment.offset - base: at for at, fragment in enumerate(fragments)}
        starts = [numbers.get(offset - offsets[0], -1) for offset in offsets]
        if len(starts) == frames and -1 not in starts and starts == sorted(set(starts)):
            return starts
        raise CorruptPixelDataError("the offset table does not point at fragments")
    starts = [
        at
        for at, fragment in enumerate(fragments)
        if source.read_at(fragment.offset, 4).startswith(_FRAME_STARTS)
    ]
    if len(starts) == frames and starts[0] == 0:
        return starts
    raise CorruptPixelDataError(f"{len(fragments)} fragments cannot be assigned to {frames} frames")


def _offset_table(dataset: DataSetIndex, source: ByteSource, table: Fragment) -> tuple[int, ...]:
    if _EXTENDED_OFFSETS in dataset.elements:
        raw = dataset.value(_EXTENDED_OFFSETS)
        return unpack(f"<{len(raw) // 8}Q", raw[: len(raw) // 8 * 8])
    raw = source.read_at(table.offset, table.length)
    return unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
