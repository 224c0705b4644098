"""Writing Pixel Data: native Frames one after another, encoded ones as fragments with a table.

The offset table is written as zeros and filled in at the end, because only then the lengths are
known; so nothing is held, and the target must be seekable.

References
----------
PS3.5 8.2, A.4 (fragments, Basic Offset Table), PS3.3 C.7.6.3.1.8 (Extended Offset Table).
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import pack
from typing import BinaryIO
from zlib import crc32

import numpy as np

from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, HeaderIndex
from isocenter.dicom.part10 import ITEM_START, SEQUENCE_END, element_header
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.streams import ByteSource, Piece, piece_length
from isocenter.errors import ConflictError, CorruptPixelDataError
from isocenter.limits import DEFAULT, Limits

EXTENDED_OFFSETS, EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002

_BASIC_MAX = 0xFFFFFFFE
_FRAGMENT_MAX = 0xFFFFFFFE
_GROWTH = 2  # no codec here doubles a Frame, beyond its header
_HEADER_BYTES = 4096


def write_native(target: BinaryIO, frames: Iterable[bytes | Samples], pixels: PixelFormat) -> None:
    """Write Pixel Data with native Frames; those of 1-bit pixels come as arrays.

    ``pixels`` tells the length, which must be that of all Frames together; see ``native_bytes``.
    """
    kept = np.empty(0, "u1")
    for frame in frames:
        if isinstance(frame, bytes):
            target.write(frame)
            continue
        # Frames of bits follow one another without a gap, also inside a byte (PS3.5 8.1.1).
        bits = np.concatenate((kept, frame.reshape(-1)))
        whole = bits.size - bits.size % 8
        target.write(np.packbits(bits[:whole], bitorder="little").tobytes())
        kept = bits[whole:]
    if pixels.is_packed:
        target.write(np.packbits(kept, bitorder="little").tobytes())


def native_bytes(pixels: PixelFormat, frames: int) -> int:
    """Return the length of native Pixel Data, without the pad byte."""
    return (pixels.frame_bits * frames + 7) // 8


def native_header(pixels: PixelFormat, frames: int) -> bytes:
    """Return the header of native Pixel Data in Explicit VR."""
    length = native_bytes(pixels, frames)
    vr = "OW" if pixels.bits_allocated > 8 else "OB"
    return element_header(PIXEL_DATA, length + length % 2, is_implicit=False, vr=vr)


def encapsulated_pieces(frames: Sequence[Piece]) -> Iterator[Piece]:
    """Yield one fragment a Frame after a Basic or an Extended Offset Table (PS3.5 A.4)."""
    lengths = [piece_length(frame) + piece_length(frame) % 2 for frame in frames]
    offsets, position = [], 0
    for length in lengths:
        offsets.append(position)
        position += length + 8
    table = b""
    if len(frames) > 1 and offsets[-1] <= _BASIC_MAX:
        table = pack(f"<{len(offsets)}I", *offsets)
    elif len(frames) > 1:
        for tag, numbers in ((EXTENDED_OFFSETS, offsets), (EXTENDED_LENGTHS, lengths)):
            raw = pack(f"<{len(numbers)}Q", *numbers)
            yield element_header(tag, len(raw), is_implicit=False, vr="OV") + raw
    yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
    yield ITEM_START + len(table).to_bytes(4, "little") + table
    for frame, length in zip(frames, lengths, strict=True):
        yield ITEM_START + length.to_bytes(4, "little")
        yield frame
        yield b"\0" * (length - piece_length(frame))
    yield SEQUENCE_END


class FragmentWriter:
    """Writes encapsulated Pixel Data, one fragment a Frame.

    Parameters
    ----------
    frames, frame_bytes
        How many Frames will come, and the length of a native one.

    Attributes
    ----------
    checksums
        Of each Frame as it was written, padded.
    total_bytes
        Of all Frames.
    """

    def __init__(self, target: BinaryIO, frames: int, frame_bytes: int) -> None:
        self._target = target
        self._lengths: list[int] = []
        self.checksums: list[int] = []
        self.total_bytes = 0
        self._frames = frames
        longest = frames * (_GROWTH * frame_bytes + _HEADER_BYTES)
        self._is_extended = longest > _BASIC_MAX
        if self._is_extended:
            for tag in (EXTENDED_OFFSETS, EXTENDED_LENGTHS):
                target.write(element_header(tag, 8 * frames, is_implicit=False, vr="OV"))
                self._table_at = target.tell()
                target.write(bytes(8 * frames))
        target.write(element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB"))
        # One Frame begins where the first fragment does; no table is needed to say so.
        entries = frames if frames > 1 and not self._is_extended else 0
        target.write(ITEM_START + pack("<I", 4 * entries))
        if not self._is_extended:
            self._table_at = target.tell()
        target.write(bytes(4 * entries))

    def add(self, frame: bytes) -> None:
        """Write the next Frame.

        Raises
        ------
        CorruptPixelDataError
            If it is too long for a fragment.
        """
        if len(frame) > _FRAGMENT_MAX:
            raise CorruptPixelDataError("an encoded frame has 4 GiB or more")
        padded = frame + b"\0" * (len(frame) % 2)
        self._target.write(ITEM_START + pack("<I", len(padded)))
        self._target.write(padded)
        self._lengths.append(len(padded))
        self.checksums.append(crc32(padded))
        self.total_bytes += len(frame)

    def finish(self) -> None:
        """Write what ends the fragments, and fill in the table."""
        assert len(self._lengths) == self._frames
        self._target.write(SEQUENCE_END)
        end = self._target.tell()
        offsets = np.zeros(self._frames, "<u8")
        offsets[1:] = np.cumsum(np.asarray(self._lengths[:-1], "<u8") + np.uint64(8))
        if self._is_extended:
            self._target.seek(self._table_at)
            self._target.write(np.asarray(self._lengths, "<u8").tobytes())
            self._target.seek(self._table_at - 12 - 8 * self._frames)
            self._target.write(offsets.tobytes())
        elif self._frames > 1:
            assert int(offsets[-1]) <= _BASIC_MAX
            self._target.seek(self._table_at)
            self._target.write(offsets.astype("<u4").tobytes())
        self._target.seek(end)


def check_written(
    header: HeaderIndex, target: ByteSource, checksums: list[int], limits: Limits = DEFAULT
) -> None:
    """Read every Frame back and compare it with what was to be written.

    Raises
    ------
    ConflictError
        If anything differs: the disk or the memory is at fault.
    """
    frames = index_frames(header, target, limits)
    if len(frames.spans) != len(checksums):
        raise ConflictError("what was written has another number of frames")
    for frame_number, checksum in enumerate(checksums, 1):
        if crc32(read_frame(target, frames, frame_number)) != checksum:
            raise ConflictError("what was written is not what was encoded")
