"""Lookup tables of a Data Set: Modality and VOI LUTs, palettes, also segmented ones.

References
----------
PS3.3 C.11.1.1 (Modality LUT), C.11.2.1.1 (VOI LUT), C.7.6.3.1.5 and C.7.6.3.1.6 (palettes),
C.7.9.2 (Segmented Palette Color Lookup Table).
"""

from dataclasses import dataclass
from struct import unpack_from

import numpy as np
import numpy.typing as npt

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.samples import Array
from isocenter.errors import CorruptPixelDataError

_ENTRIES_MAX = 65536
_LUT_DESCRIPTOR, _LUT_DATA = 0x00283002, 0x00283006
_RED_DESCRIPTOR, _RED_DATA, _RED_SEGMENTS = 0x00281101, 0x00281201, 0x00281221
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Lut:
    """A lookup table; input below the first or above the last entry takes that entry.

    Attributes
    ----------
    first
        The input that takes the first entry.
    entries
        ``(n,)`` or, of a palette, ``(n, 3)``; unsigned, at least one.
    bits
        Of an entry.
    """

    first: int
    entries: npt.NDArray[np.uint16]
    bits: int

    def apply(self, values: Array) -> npt.NDArray[np.uint16]:
        """Return the entries for values; those between two whole numbers take the nearest."""
        if values.dtype.kind == "f":
            values = np.rint(values)
        last = self.first + len(self.entries) - 1
        # Clipped as they are: a difference could overflow the type of the samples.
        inside = np.clip(values.astype(np.float64), self.first, last) - self.first
        return self.entries[inside.astype(np.intp)]


def read_lut(item: DataSetIndex, *, is_signed: bool) -> Lut:
    """Return the LUT of an Item of a Modality LUT or VOI LUT Sequence.

    Parameters
    ----------
    is_signed
        Whether what goes in can be negative; decides how the first input is read where the VR
        does not.

    Raises
    ------
    CorruptPixelDataError
        If descriptor or data are missing or contradict one another.
    """
    count, first, bits = _descriptor(item, _LUT_DESCRIPTOR, is_signed=is_signed)
    entries, bits = _entries(item.value(_LUT_DATA), count, bits)
    return Lut(first, entries, bits)


def read_palette(dataset: DataSetIndex, *, is_signed: bool) -> Lut:
    """Return the Palette Color Lookup Tables as one table of ``(n, 3)`` entries.

    Raises
    ------
    CorruptPixelDataError
        If they are missing or contradict themselves.
    """
    tables = [_palette_table(dataset, colour, is_signed=is_signed) for colour in range(3)]
    longest = max(len(table.entries) for table in tables)
    bits = max(table.bits for table in tables)
    entries = np.empty((longest, 3), np.uint16)
    for colour, table in enumerate(tables):
        # A shorter one goes on with its last entry, as every LUT does.
        entries[:, colour] = np.pad(table.entries, (0, longest - len(table.entries)), "edge")
    if bits > 8 and int(entries.max()) < 256:
        bits = 8  # a common slip: entries of 8 bits under a descriptor that says 16
    return Lut(tables[0].first, entries, bits)


def _palette_table(dataset: DataSetIndex, colour: int, *, is_signed: bool) -> Lut:
    count, first, bits = _descriptor(dataset, _RED_DESCRIPTOR + colour, is_signed=is_signed)
    data = dataset.value(_RED_DATA + colour)
    if data:
        entries, bits = _entries(data, count, bits)
        return Lut(first, entries, bits)
    segments = dataset.value(_RED_SEGMENTS + colour)
    if not segments:
        raise CorruptPixelDataError("a palette without its entries")
    return Lut(first, expand_segments(segments, count, bits), bits)


def _descriptor(item: DataSetIndex, tag: int, *, is_signed: bool) -> tuple[int, int, int]:
    """Return number of entries, first input and bits; 0 entries mean 65536."""
    raw = item.value(tag)
    if len(raw) < 6:
        raise CorruptPixelDataError("a lookup table without its descriptor")
    is_first_signed = is_signed or item.vr(tag) == "SS"
    (count,) = unpack_from("<H", raw, 0)
    (first,) = unpack_from("<h" if is_first_signed else "<H", raw, 2)
    (bits,) = unpack_from("<H", raw, 4)
    if not 1 <= bits <= 16:
        raise CorruptPixelDataError(f"a lookup table with entries of {bits} bits")
    return count or _ENTRIES_MAX, first, bits


def _entries(data: bytes, count: int, bits: int) -> tuple[npt.NDArray[np.uint16], int]:
    """Return the entries and their bits, which some descriptors get wrong."""
    if not data:
        raise CorruptPixelDataError("a lookup table without its entries")
    if len(data) < 2 * count and len(data) >= count:
        # One entry a byte; in words, the first one is the low byte (PS3.3 C.7.6.3.1.6).
        return np.frombuffer(data, np.uint8, count).astype(np.uint16), min(bits, 8)
    entries = np.frombuffer(data, "<u2", min(count, len(data) // 2)).astype(np.uint16)
    if entries.size == 0:
        raise CorruptPixelDataError("a lookup table without its entries")
    return entries, max(bits, int(entries.max()).bit_length())


def expand_segments(data: bytes, count: int, bits: int) -> npt.NDArray[np.uint16]:
    """Return the entries that a Segmented Palette Color Lookup Table tells.

    Raises
    ------
    CorruptPixelDataError
        If the segments end early or tell something impossible.

    References
    ----------
    PS3.3 C.7.9.2.
    """
    size = 1 if bits <= 8 else 2
    stream = np.frombuffer(data, np.uint8 if size == 1 else "<u2", len(data) // size)
    segments = _Segments(stream.astype(np.int64), count, offset_parts=4 // size)
    segments.run(0, len(stream), may_jump=True)
    if not segments.values:
        raise CorruptPixelDataError("a segmented palette without an entry")
    entries = np.clip(segments.values[:count], 0, (1 << 8 * size) - 1)
    return entries.astype(np.uint16)


class _Segments:
    """Runs the segments of one table; what is made is bounded by the number of entries."""

    def __init__(self, stream: npt.NDArray[np.int64], count: int, *, offset_parts: int) -> None:
        self._stream = stream
        self._count = count
        self._offset_parts = offset_parts
        self.values: list[int] = []

    def run(self, at: int, end: int, *, may_jump: bool, segments: int = _ENTRIES_MAX) -> None:
        """Run segments from ``at`` until ``end``, or that many of them."""
        while at + 1 < end and segments and len(self.values) < self._count:
            kind, length = self._take(at, 2)
            segments -= 1
            at += 2
            if kind == _DISCRETE:
                self.values += self._take(at, length)
                at += length
            elif kind == _LINEAR and self.values:
                (last,) = self._take(at, 1)
                before = self.values[-1]
                self.values += [
                    round(before + (last - before) * step / length) for step in range(1, length + 1)
                ]
                at += 1
            elif kind == _INDIRECT and may_jump:
                parts = self._take(at, self._offset_parts)
                self._jump(parts, length)
                at += self._offset_parts
            else:
                raise CorruptPixelDataError("a segmented palette with an impossible segment")

    def _jump(self, parts: list[int], segments: int) -> None:
        """Run earlier segments again; their place is told in bytes, the low part first."""
        part_bytes = 4 // self._offset_parts
        offset = sum(part << 8 * part_bytes * at for at, part in enumerate(parts))
        end = len(self._stream)
        self.run(offset // part_bytes, end, may_jump=False, segments=segments)

    def _take(self, at: int, length: int) -> list[int]:
        if at + length > len(self._stream):
            raise CorruptPixelDataError("a segmented palette that ends early")
        taken: list[int] = self._stream[at : at + length].tolist()
        return taken
