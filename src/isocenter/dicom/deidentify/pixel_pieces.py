"""Pixel Data as pieces, without what hides in it and behind it; nothing is decoded.

Compressed Frames lose their comments, native ones what lies in unused bits; bytes behind the last
Frame go, and offset tables say what is true. Frames that have nothing of the kind are copied from
the source as they are.

References
----------
PS3.5 8.1, 8.2 and A.4; PS3.3 C.7.6.3.1.8 (Extended Offset Table); PS3.15 E.3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack, unpack

from isocenter.dicom.deidentify.codestream_comments import without_comments
from isocenter.dicom.deidentify.unused_bits import has_unused_bits, without_unused_bits
from isocenter.dicom.encapsulation import EXTENDED_LENGTHS, EXTENDED_OFFSETS
from isocenter.dicom.frames import FrameIndex, FrameSpan, read_frame
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA
from isocenter.dicom.overlays import overlay_groups
from isocenter.dicom.part10 import ITEM_START, SEQUENCE_END, element_header, transfer_syntax_of
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import index_pixels, pixel_element, read_sample_format
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import NATIVE
from isocenter.dicom.values import integer
from isocenter.errors import CorruptPixelDataError, NotSupportedError
from isocenter.limits import DEFAULT, Limits

# What this module writes in place of what the source has.
PIXEL_ELEMENTS = frozenset(
    {PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA, EXTENDED_OFFSETS, EXTENDED_LENGTHS}
)

_FRAGMENT_ELEMENTS = frozenset({PIXEL_DATA, EXTENDED_OFFSETS, EXTENDED_LENGTHS})
_VRS = {FLOAT_PIXEL_DATA: "OF", DOUBLE_PIXEL_DATA: "OD"}
_OVERLAY_POSITION, _OVERLAY_DATA = 0x0102, 0x3000
_BASIC_MAX = 0xFFFFFFFE
_ITEM_HEADER_BYTES = 8
# Less than so much of a Frame is not worth a copy of its own.
_RANGE_BYTES_MIN = 4096
_ANCHOR_BYTES = 64


@dataclass(frozen=True, slots=True)
class PixelPieces:
    """Pixel Data with its offset tables, in ascending order of tag.

    Attributes
    ----------
    pieces
        Whole elements, to stand where the source has ``PIXEL_ELEMENTS``.
    changed_frames
        How many Frames have other bytes than in the source.
    warnings
        Sentences for the report, without values.
    """

    pieces: list[Piece]
    changed_frames: int = 0
    warnings: tuple[str, ...] = ()


def clean_pixel_data(
    header: HeaderIndex,
    source: ByteSource,
    limits: Limits = DEFAULT,
    *,
    is_implicit: bool,
    source_index: int = 0,
) -> PixelPieces:
    """Return Pixel Data, or floating point pixels, without anything that is no pixel.

    Parameters
    ----------
    header, source
        The source; its Pixel Data is not read where nothing can hide in it.
    is_implicit
        How the output is encoded.
    source_index
        Of the source, in the ``ByteRange`` values.

    Raises
    ------
    MissingElementError
        If there are no pixels, or nothing says of which size.
    CorruptPixelDataError, InvalidInputError
        If Pixel Data breaks the rules, so that nobody knows what is hidden in it.
    NotSupportedError
        If the encoding is not known, as that of video, or an overlay lies in compressed pixels.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    uid = transfer_syntax_of(header)
    frames = index_pixels(header, source, limits)
    layout = read_sample_format(header.dataset, limits)
    if frames.is_encapsulated == (uid in NATIVE):
        raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
    if frames.is_encapsulated:
        _check_overlays(header.dataset, layout)
        return _Fragments(header, source, frames, source_index).cleaned(uid, layout)
    return _native(header, source, frames, layout, is_implicit=is_implicit, at=source_index)


def _check_overlays(dataset: DataSetIndex, layout: PixelFormat) -> None:
    """Refuse compressed pixels that an overlay shares: only a decoder could take it out."""
    used = range(layout.high_bit + 1 - layout.bits_stored, layout.high_bit + 1)
    for group in overlay_groups(dataset):
        has_data = group << 16 | _OVERLAY_DATA in dataset
        if not has_data and integer(dataset, group << 16 | _OVERLAY_POSITION, 0) not in used:
            raise NotSupportedError("an overlay lies in the compressed pixels; decompress it first")


def _native(
    header: HeaderIndex,
    source: ByteSource,
    frames: FrameIndex,
    layout: PixelFormat,
    *,
    is_implicit: bool,
    at: int,
) -> PixelPieces:
    tag = pixel_element(header.dataset)
    vr, _, offset, _, _ = header.dataset.elements[tag]
    end = frames.spans[-1].offset + frames.spans[-1].length
    wanted = end - offset
    # An implicit source does not say it; of 8 bits both are right (PS3.5 8.2).
    known = vr if vr in ("OB", "OW") else "OW" if layout.bits_allocated > 8 else "OB"
    pieces: list[Piece] = [
        element_header(tag, wanted + wanted % 2, is_implicit=is_implicit, vr=_VRS.get(tag, known))
    ]
    changed = 0
    warnings = []
    start = offset
    for span in frames.spans if has_unused_bits(layout) else ():
        data = source.read_at(span.offset, span.length)
        clean = without_unused_bits(data, layout)
        if clean is not data:
            pieces += [ByteRange(at, start, span.offset - start), clean]
            start = span.offset + span.length
            changed += 1
    pieces.append(ByteRange(at, start, end - start))
    odd_bits = len(frames.spans) * layout.frame_bits % 8
    if odd_bits:
        # Cells that are no whole bytes may leave some bits of the last byte to nobody.
        last = source.read_at(end - 1, 1)[0] & (1 << odd_bits) - 1
        pieces[-1:] = [ByteRange(at, start, end - 1 - start), bytes([last])]
    if wanted % 2:
        pieces.append(b"\0")
    if changed:
        warnings.append(f"bits outside of Bits Stored were cleared in {changed} frame(s)")
    if frames.extra_bytes:
        warnings.append(f"{frames.extra_bytes} byte(s) after the last frame were left out")
    kept = [one for one in pieces if isinstance(one, bytes) or one.length]
    return PixelPieces(kept, changed, tuple(warnings))


class _Fragments:
    """Encapsulated Pixel Data of one source."""

    def __init__(
        self, header: HeaderIndex, source: ByteSource, frames: FrameIndex, source_index: int
    ) -> None:
        self._header = header
        self._source = source
        self._frames = frames
        self._at = source_index

    def cleaned(self, uid: str, layout: PixelFormat) -> PixelPieces:
        """Return the fragments without comments."""
        made: list[list[Piece]] = []
        changed = 0
        for frame_number, span in enumerate(self._frames.spans, 1):
            data = read_frame(self._source, self._frames, frame_number)
            clean = without_comments(data, uid, layout)
            if clean is data:
                made.append(self._ranges(span, 0, len(data)))
                continue
            changed += 1
            made.append(self._around(clean, data, span))
        tables = _tables(self._header, self._source)
        if not changed and tables in _right_tables(self._frames.spans):
            return PixelPieces(_untouched(self._header, self._at))
        warnings = [f"comments were taken out of {changed} frame(s)"] if changed else []
        return PixelPieces(self._put_together(made), changed, tuple(warnings))

    def _ranges(self, span: FrameSpan, start: int, end: int) -> list[Piece]:
        """Return where bytes ``start`` to ``end`` of a Frame lie in the source."""
        ranges: list[Piece] = []
        for offset, length in span.fragments:
            first, last = max(start, 0), min(end, length)
            if first < last:
                ranges.append(ByteRange(self._at, offset + first, last - first))
            start, end = start - length, end - length
        return ranges

    def _around(self, clean: bytes, data: bytes, span: FrameSpan) -> list[Piece]:
        """Return a changed Frame, most of it as a range of the source where that is so.

        A comment stands near an end: the rest need not be held until all Frames are read.
        """
        middle = len(clean) // 2
        at = data.find(clean[middle : middle + _ANCHOR_BYTES])
        tail = len(clean) - middle
        if tail < _RANGE_BYTES_MIN or at < 0 or data[at : at + tail] != clean[middle:]:
            return [clean]
        step = 0
        while step < min(middle, at):
            wider = min(step + _RANGE_BYTES_MIN, middle, at)
            if data[at - wider : at - step] != clean[middle - wider : middle - step]:
                break
            step = wider
        return [clean[: middle - step], *self._ranges(span, at - step, at + tail)]

    def _put_together(self, made: Sequence[Sequence[Piece]]) -> list[Piece]:
        """Return the elements anew, an Item a Frame."""
        lengths = [sum(_size(piece) for piece in pieces) for pieces in made]
        padded = [length + length % 2 for length in lengths]
        offsets = [0]
        for length in padded[:-1]:
            offsets.append(offsets[-1] + _ITEM_HEADER_BYTES + length)
        result: list[Piece] = []
        is_extended = EXTENDED_OFFSETS in self._header.dataset or offsets[-1] > _BASIC_MAX
        if is_extended:
            for tag, values in ((EXTENDED_OFFSETS, offsets), (EXTENDED_LENGTHS, padded)):
                head = element_header(tag, 8 * len(values), is_implicit=False, vr="OV")
                result.append(head + pack(f"<{len(values)}Q", *values))
        result.append(element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB"))
        table = () if is_extended or len(offsets) == 1 else offsets
        result.append(ITEM_START + pack(f"<I{len(table)}I", 4 * len(table), *table))
        for pieces, length, even in zip(made, lengths, padded, strict=True):
            result += [ITEM_START + pack("<I", even), *pieces]
            if length % 2:
                result.append(b"\0")
        return [*result, SEQUENCE_END]


def _untouched(header: HeaderIndex, at: int) -> list[Piece]:
    elements = header.dataset.elements
    return [
        ByteRange(at, elements[tag][1], elements[tag][4] - elements[tag][1])
        for tag in sorted(_FRAGMENT_ELEMENTS & elements.keys())
    ]


def _size(piece: Piece) -> int:
    return piece.length if isinstance(piece, ByteRange) else len(piece)


# Basic Offset Table, Extended Offset Table, its lengths; empty where there is none.
_Tables = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def _tables(header: HeaderIndex, source: ByteSource) -> _Tables:
    """Return what the offset tables of the source say, -1 where they say nothing sensible."""
    dataset = header.dataset
    basic = header.fragments[0]
    return (
        _numbers(source.read_at(basic.offset, basic.length), 4),
        _numbers(dataset.value(EXTENDED_OFFSETS), 8),
        _numbers(dataset.value(EXTENDED_LENGTHS), 8),
    )


def _numbers(raw: bytes, size: int) -> tuple[int, ...]:
    if len(raw) % size:
        return (-1,)
    return unpack(f"<{len(raw) // size}{'I' if size == 4 else 'Q'}", raw)


def _right_tables(spans: Sequence[FrameSpan]) -> tuple[_Tables, ...]:
    """Return all tables that tell the truth about these Frames."""
    starts = tuple(span.offset - spans[0].offset for span in spans)
    lengths = tuple(sum(length for _, length in span.fragments) for span in spans)
    return ((), (), ()), (starts, (), ()), ((), starts, lengths)
