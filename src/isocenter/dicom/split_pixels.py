"""The pixels of one Frame as Pixel Data of its own: ranges of the source, bits cut where needed.

References
----------
PS3.5 8.1.1, 8.2 and A.4 (native and encapsulated), PS3.3 C.7.6.24 and C.7.6.25 (Float and Double
Float Pixel Data).
"""

from collections.abc import Iterator
from typing import NamedTuple

from isocenter.dicom.frames import (
    FrameIndex,
    frame_bits,
    index_frames,
    native_frames,
    number_of_frames,
)
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex, HeaderIndex
from isocenter.dicom.part10 import ITEM_START, SEQUENCE_END, element_header, transfer_syntax_of
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import NATIVE
from isocenter.dicom.values import integer
from isocenter.errors import CorruptPixelDataError

_BITS_ALLOCATED = 0x00280100
# Float and Double Float Pixel Data, which are native always.
_FLOATS = {0x7FE00008: "OF", 0x7FE00009: "OD"}


class PixelIndex(NamedTuple):
    """Where the Frames lie, and in which element."""

    tag: int
    frames: FrameIndex
    bits: int  # of one native Frame
    bits_allocated: int


def has_pixels(dataset: DataSetIndex) -> bool:
    """Return whether there is Pixel Data, or one of its float kinds."""
    return PIXEL_DATA in dataset or any(tag in dataset for tag in _FLOATS)


def index_pixels(header: HeaderIndex, source: ByteSource) -> PixelIndex:
    """Return where the Frames of Pixel Data, or of one of its float kinds, lie.

    Raises
    ------
    CorruptPixelDataError, MissingElementError, TooLargeError
        As ``index_frames`` does; also if Pixel Data is not encoded as the Transfer Syntax says.
    """
    dataset = header.dataset
    if PIXEL_DATA not in dataset:
        for tag in _FLOATS:
            if tag in dataset:
                _, _, offset, length, _ = dataset.elements[tag]
                bits = frame_bits(dataset, length)
                frames = native_frames(offset, length, bits, number_of_frames(dataset))
                return PixelIndex(tag, frames, bits, integer(dataset, _BITS_ALLOCATED))
    frames = index_frames(header, source)
    if frames.is_encapsulated == (transfer_syntax_of(header) in NATIVE):
        raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
    if frames.is_encapsulated:
        return PixelIndex(PIXEL_DATA, frames, 0, 0)
    length = dataset.elements[PIXEL_DATA][3]
    bits = frame_bits(dataset, length)
    return PixelIndex(PIXEL_DATA, frames, bits, integer(dataset, _BITS_ALLOCATED))


def pixel_pieces(
    index: PixelIndex, source: ByteSource, frame_number: int, *, is_implicit: bool
) -> Iterator[Piece]:
    """Yield the element of one Frame; the source is number 0 of the ranges."""
    span = index.frames.span(frame_number)
    if index.frames.is_encapsulated:
        yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
        yield ITEM_START + bytes(4)
        yield ByteRange(0, span.offset, span.length)
        yield SEQUENCE_END
        return
    vr = _FLOATS.get(index.tag) or ("OW" if index.bits_allocated > 8 else "OB")
    length = (index.bits + 7) // 8
    padded = length + length % 2
    yield element_header(index.tag, padded, is_implicit=is_implicit, vr=vr)
    first_bit = index.bits * (frame_number - 1) % 8
    if first_bit or index.bits % 8:
        yield cut_bits(source.read_at(span.offset, span.length), first_bit, index.bits)
    else:
        yield ByteRange(0, span.offset, span.length)
    yield bytes(padded - length)


def cut_bits(held: bytes, first_bit: int, bits: int) -> bytes:
    """Return ``bits`` bits from bit ``first_bit`` of the bytes on, the rest of the last byte 0.

    The first bit is the least significant one of the first byte (PS3.5 8.1.1).
    """
    number = int.from_bytes(held, "little") >> first_bit
    return (number & ((1 << bits) - 1)).to_bytes((bits + 7) // 8, "little")
