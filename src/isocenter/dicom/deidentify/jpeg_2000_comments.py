"""JPEG 2000 and HTJ2K codestreams without comments, and without what stands behind their end.

Markers of the main header and of each tile-part header are walked; the length that a tile-part
states leads to the next one, so that no packet is read. Lengths that change are written anew, in
SOT and in TLM.

References
----------
ISO 15444-1 Annex A (markers), ISO 15444-2 (its extensions), ISO 15444-15 (CAP, CPF).
"""

import re
from dataclasses import dataclass
from struct import pack_into

from isocenter.errors import CorruptPixelDataError

_SOC, _SOT, _SOD, _EOC = b"\xff\x4f", 0xFF90, 0xFF93, b"\xff\xd9"
_COM, _TLM = 0xFF64, 0xFF55
# Size, COD, COC, QCD, QCC, RGN, POC, PLM, PLT, PPM, PPT, CRG; CAP, PRF, CPF of later parts.
_NEEDED = frozenset(
    {0xFF51, 0xFF52, 0xFF53, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F, 0xFF57, 0xFF58, 0xFF60, 0xFF61}
    | {0xFF63, 0xFF50, 0xFF56, 0xFF59}
    | set(range(0xFF70, 0xFF7A))
)
_MARKERS_MAX = 100_000
_SOT_BYTES = 12
_END = re.compile(rb"\xff\xd9")


def without_jpeg_2000_comments(data: bytes) -> bytes:
    """Return the bare codestream without comments; the same object where it has none.

    Zeros behind the end are padding and stay.

    Raises
    ------
    CorruptPixelDataError
        If it is no such codestream, or its lengths do not fit.
    """
    if data[:2] != _SOC:
        raise CorruptPixelDataError("a frame is no JPEG 2000 codestream")
    header, position = _header(data, 2, _SOT)
    made = bytearray(_SOC + header.without_comments)
    lengths: list[tuple[int, int]] = []
    while data[position : position + 2] == b"\xff\x90":
        part, position = _tile_part(data, position)
        lengths.append((part.before, len(part.data)))
        made += part.data
        if len(lengths) > _MARKERS_MAX:
            raise CorruptPixelDataError("a JPEG 2000 codestream has too many tile-parts")
    assert lengths, "a main header ends where a tile-part begins"
    has_end = data[position : position + 2] == _EOC
    end = position + 2 if has_end else position
    if len(made) == position and not data[end:].strip(b"\0"):
        return data
    _set_lengths(made, header.tables, lengths)
    return bytes(made + _EOC)


@dataclass(frozen=True, slots=True)
class _Header:
    """Marker segments between two markers that are no segments.

    Attributes
    ----------
    tables
        Where, in the codestream without comments, the content of each TLM begins and ends.
    """

    without_comments: bytes
    tables: list[tuple[int, int]]


def _header(data: bytes, position: int, last: int) -> tuple[_Header, int]:
    """Return the segments up to the marker that ends them, and where that begins."""
    kept: list[bytes] = []
    tables: list[tuple[int, int]] = []
    start, shorter = position, 0
    for _ in range(_MARKERS_MAX):
        marker = int.from_bytes(data[position : position + 2], "big")
        if marker == last:
            return _Header(b"".join([*kept, data[start:position]]), tables), position
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        end = position + 2 + length
        if length < 2 or end > len(data):
            raise CorruptPixelDataError("a JPEG 2000 codestream ends inside its header")
        if marker == _COM:
            kept.append(data[start:position])
            start = end
            shorter += end - position
        elif marker == _TLM:
            tables.append((position + 4 - shorter, end - shorter))
        elif marker not in _NEEDED:
            raise CorruptPixelDataError("a JPEG 2000 codestream has a marker that nobody knows")
        position = end
    raise CorruptPixelDataError("a JPEG 2000 codestream has too many marker segments")


@dataclass(frozen=True, slots=True)
class _TilePart:
    """A tile-part without comments, and the length that it had."""

    data: bytes
    before: int


def _tile_part(data: bytes, position: int) -> tuple[_TilePart, int]:
    """Return the tile-part that begins here, and where the next one does."""
    if data[position + 2 : position + 4] != b"\0\x0a" or position + _SOT_BYTES > len(data):
        raise CorruptPixelDataError("a JPEG 2000 codestream has a broken tile-part")
    stated = int.from_bytes(data[position + 6 : position + 10], "big")
    header, body = _header(data, position + _SOT_BYTES, _SOD)
    if stated:
        end = position + stated
    else:
        # The last one goes on to the end; no packet holds a marker of 0xFF90 and above.
        found = _END.search(data, body + 2)
        end = found.start() if found else len(data)
    if end < body + 2 or end > len(data):
        raise CorruptPixelDataError("a JPEG 2000 codestream ends inside a tile-part")
    made = bytearray(data[position : position + _SOT_BYTES])
    made += header.without_comments + data[body:end]
    if stated:
        pack_into(">I", made, 6, len(made))
    return _TilePart(bytes(made), end - position), end


def _set_lengths(
    made: bytearray, tables: list[tuple[int, int]], lengths: list[tuple[int, int]]
) -> None:
    """Write the lengths of the tile-parts into the TLM segments, in the order of these.

    Raises
    ------
    CorruptPixelDataError
        If they name other lengths than the tile-parts have.
    """
    number = 0
    # TLM segments are numbered, and their entries go on from one to the next.
    for start, end in sorted(tables, key=lambda table: made[table[0]]):
        sizes = made[start + 1]
        index_bytes, length_bytes = sizes >> 4 & 3, 4 if sizes & 0x40 else 2
        step = index_bytes + length_bytes
        if index_bytes == 3 or (end - start - 2) % step:
            raise CorruptPixelDataError("a JPEG 2000 codestream has broken tile-part lengths")
        for at in range(start + 2 + index_bytes, end, step):
            told = int.from_bytes(made[at : at + length_bytes], "big")
            before, after = lengths[number] if number < len(lengths) else (-1, 0)
            if told != before:
                raise CorruptPixelDataError("tile-parts have other lengths than their table says")
            made[at : at + length_bytes] = after.to_bytes(length_bytes, "big")
            number += 1
