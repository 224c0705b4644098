"""Files of boxes that stand where a bare codestream belongs: JP2 and JPEG XL.

The codestream alone stays; EXIF, XML, UUID and all other boxes go.

References
----------
ISO 15444-1 Annex I (JP2), ISO 18181-2 (JPEG XL container), PS3.5 A.4.4 (codestreams only).
"""

from collections.abc import Iterator

from isocenter.dicom.codestreams import jpeg_xl_codestream
from isocenter.errors import CorruptPixelDataError

_JP2_SIGNATURE = b"\0\0\0\x0cjP  "
_BOXES_MAX = 10_000
# A palette, and how channels come out of it: without them the samples would mean something else.
_PALETTES = frozenset({b"pclr", b"cmap"})


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, first byte of the content and end of each box.

    Raises
    ------
    CorruptPixelDataError
        If a box ends behind the data, or there are too many.
    """
    position = start
    for _ in range(_BOXES_MAX):
        if position + 8 > end:
            return
        length = int.from_bytes(data[position : position + 4], "big")
        content = position + 8
        if length == 1:
            length = int.from_bytes(data[content : content + 8], "big")
            content += 8
        last = position + length if length else end
        if last < content or last > end:
            raise CorruptPixelDataError("a frame is made of boxes that do not fit")
        yield data[position + 4 : position + 8], content, last
        position = last
    raise CorruptPixelDataError("a frame is made of too many boxes")


def bare_jpeg_2000(data: bytes) -> bytes:
    """Return the codestream; the same object where there are no boxes.

    Raises
    ------
    CorruptPixelDataError
        If there is not exactly one, or a palette belongs to it.
    """
    if data[:8] != _JP2_SIGNATURE:
        return data
    streams = []
    for kind, start, end in boxes(data, 0, len(data)):
        if kind == b"jp2h" and any(inner in _PALETTES for inner, _, _ in boxes(data, start, end)):
            raise CorruptPixelDataError("a JPEG 2000 file with a palette stands for a frame")
        if kind == b"jp2c":
            streams.append(data[start:end])
    if len(streams) != 1:
        raise CorruptPixelDataError("a frame is no JPEG 2000 codestream")
    return streams[0]


def bare_jpeg_xl(data: bytes) -> bytes:
    """Return the codestream; the same object where there are no boxes.

    Raises
    ------
    CorruptPixelDataError
        If there is none.
    """
    return jpeg_xl_codestream(data)
