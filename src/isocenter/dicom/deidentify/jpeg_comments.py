"""JPEG and JPEG-LS streams without comments: COM, APPn, what stands behind the end.

Marker segments are walked, entropy-coded data are stepped over by a search for the next marker;
nothing is decoded. What decides about colours stays, in its shortest form: JFIF, Adobe, and the
colour transform of HP's JPEG-LS.

References
----------
ISO 10918-1 Annex B (markers), ISO 10918-5 (JFIF), ISO 10918-6 (Adobe), ISO 14495-1 Annex C
(JPEG-LS: after FF comes a bit of zero, where JPEG has a byte of zeros).
"""

import re

from isocenter.errors import CorruptPixelDataError

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_RESTARTS = range(0xD0, 0xD8)
_APPLICATION = range(0xE0, 0xF0)
_LS_FRAME = 0xF7
# Frames, tables, restart interval, number of lines, hierarchy; LSE of JPEG-LS.
_NEEDED = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, _LS_FRAME, 0xF8}) - {0xC8}
_MARKERS_MAX = 100_000
_FILL = re.compile(rb"\xff+")
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_LS_MARKER = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]", re.DOTALL)
_JFIF_BYTES, _ADOBE_BYTES, _TRANSFORM_BYTES = 14, 12, 5


def without_jpeg_comments(data: bytes) -> bytes:
    """Return the stream without comments; the same object where it has none.

    Zeros behind the end are padding and stay.

    Raises
    ------
    CorruptPixelDataError
        If it is no JPEG stream, ends inside a segment, or has markers that nobody knows.
    """
    if data[:2] != b"\xff\xd8":
        raise CorruptPixelDataError("a frame is no JPEG stream")
    kept: list[bytes] = []
    start = position = 2  # of what is kept next; of the walk
    is_jpeg_ls = False
    for _ in range(_MARKERS_MAX):
        at, marker = _marker(data, position)
        if marker == _EOI:
            end = at + 2
            if start == 2 and not data[end:].strip(b"\0"):
                return data
            return b"".join([data[:2], *kept, data[start:end]])
        content, position = _segment(data, at + 2)
        if marker == _SOS:
            position = _end_of_scan(data, position, is_jpeg_ls=is_jpeg_ls)
            continue
        is_jpeg_ls = is_jpeg_ls or marker == _LS_FRAME
        if marker in _NEEDED:
            continue
        short = _shortest(marker, data[content:position])
        if short is None or short != data[at:position]:
            kept += [data[start:at], short or b""]
            start = position
    raise CorruptPixelDataError("a JPEG stream has too many marker segments")


def _marker(data: bytes, position: int) -> tuple[int, int]:
    """Return where the marker here begins, fill bytes apart, and its second byte."""
    fill = _FILL.match(data, position)
    if fill is None or fill.end() == len(data):
        raise CorruptPixelDataError("a JPEG stream has no marker where one must be")
    return fill.end() - 1, data[fill.end()]


def _segment(data: bytes, position: int) -> tuple[int, int]:
    """Return first byte of the content and end of a segment."""
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2 or position + length > len(data):
        raise CorruptPixelDataError("a JPEG stream ends inside a marker segment")
    return position + 2, position + length


def _end_of_scan(data: bytes, position: int, *, is_jpeg_ls: bool) -> int:
    found = (_LS_MARKER if is_jpeg_ls else _JPEG_MARKER).search(data, position)
    if found is None:
        raise CorruptPixelDataError("a JPEG stream is cut off")
    return found.start()


def _shortest(marker: int, content: bytes) -> bytes | None:
    """Return what must stay of a segment that is not needed as such, None: nothing.

    Raises
    ------
    CorruptPixelDataError
        If nobody knows whether it is needed.
    """
    if marker == 0xE0 and content[:5] == b"JFIF\0" and len(content) >= _JFIF_BYTES:
        # Its last two bytes are the size of a thumbnail, which follows them.
        return b"\xff\xe0\0\x10" + content[: _JFIF_BYTES - 2] + b"\0\0"
    if marker == 0xEE and content[:5] == b"Adobe" and len(content) >= _ADOBE_BYTES:
        return b"\xff\xee\0\x0e" + content[:_ADOBE_BYTES]
    if marker == 0xE8 and content[:4] == b"mrfx" and len(content) >= _TRANSFORM_BYTES:
        return b"\xff\xe8\0\x07" + content[:_TRANSFORM_BYTES]
    if marker == _COM or marker in _APPLICATION:
        return None
    raise CorruptPixelDataError("a JPEG stream has a marker that nobody knows")
