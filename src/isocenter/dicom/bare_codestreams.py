"""Codestreams of picture files without what surrounds them: segments, boxes, comments, trailers.

What is taken off can hold anything: names, places, thumbnails, whole other pictures. What remains
decodes to the same pixels, byte for byte.

References
----------
ISO 10918-1 Annex B (JPEG), ISO 14495-1 Annex C (JPEG-LS), ISO 15444-1 Annex A and I (JPEG 2000).
"""

import re
from typing import NamedTuple

from isocenter.dicom.codestreams import jpeg_2000_codestream
from isocenter.errors import CorruptPixelDataError

_SOI, _EOI, _SOS, _COM, _JPEG_LS = 0xD8, 0xD9, 0xDA, 0xFE, 0xF7
_RESTARTS = range(0xD0, 0xD8)
_APPLICATION = range(0xE0, 0xF0)
_ADOBE = 0xEE
_ADOBE_BYTES = 12
# What ends entropy-coded data: FF 00 is a stuffed byte, FF FF a fill byte; JPEG-LS stuffs a bit.
_END_OF_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_END_OF_LS_SCAN = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")
_SEGMENTS_MAX = 100_000
_J2K_SOT, _J2K_COM, _J2K_CAP = 0xFF90, 0xFF64, 0xFF50
_BOXES_MAX = 1000


def bare_jpeg(data: bytes, *, keep_adobe: bool = False) -> bytes:
    """Return a JPEG or JPEG-LS stream without application segments, comments and trailer.

    Parameters
    ----------
    keep_adobe
        Whether the Adobe segment stays, which alone tells decoders that colours are RGB.

    Raises
    ------
    CorruptPixelDataError
        If the stream is none, or ends before its end marker.
    """
    if data[:2] != b"\xff\xd8":
        raise CorruptPixelDataError("no JPEG stream")
    kept = [data[:2]]
    position = 2
    end_of_scan = _END_OF_SCAN
    for _ in range(_SEGMENTS_MAX):
        while data[position : position + 2] == b"\xff\xff":
            position += 1
        if position + 2 > len(data):
            break
        marker = data[position + 1]
        if data[position] != 0xFF or marker in _RESTARTS or marker in (0, 1, _SOI):
            raise CorruptPixelDataError("a JPEG stream has no marker where one must be")
        if marker == _EOI:
            kept.append(b"\xff\xd9")
            return b"".join(kept)
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if end < position + 4 or end > len(data):
            break
        is_adobe = marker == _ADOBE and data[position + 4 : position + 9] == b"Adobe"
        if is_adobe and keep_adobe and end == position + 4 + _ADOBE_BYTES:
            kept.append(data[position:end])
        elif marker == _SOS:
            found = end_of_scan.search(data, end)
            end = found.start() if found else len(data)
            kept.append(data[position:end])
        elif marker not in _APPLICATION and marker != _COM:
            kept.append(data[position:end])
        if marker == _JPEG_LS:
            end_of_scan = _END_OF_LS_SCAN
        position = end
    raise CorruptPixelDataError("a JPEG stream ends before its end marker")


def first_scan(data: bytes) -> int:
    """Return the first parameter of the first scan of a bare stream.

    JPEG-LS: the largest difference that coding makes, 0 for lossless; lossless JPEG: the
    selection value of the predictor (ISO 10918-1 table H.1).

    Raises
    ------
    CorruptPixelDataError
        If there is no scan.
    """
    content = _scan_header(data)
    # Number of components, two bytes for each, then the parameter.
    parameter = content[1 + 2 * content[0] :][:1]
    if not parameter:
        raise CorruptPixelDataError("a JPEG stream has no scan")
    return parameter[0]


def _scan_header(data: bytes) -> bytes:
    """Return the content of the first scan header."""
    position = 2
    for _ in range(_SEGMENTS_MAX):
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if data[position : position + 1] != b"\xff" or end < position + 4:
            break
        if data[position + 1] == _SOS:
            return data[position + 4 : end]
        position = end
    raise CorruptPixelDataError("a JPEG stream has no scan")


class Jp2(NamedTuple):
    """A JPEG 2000 picture.

    Attributes
    ----------
    codestream
        Bare, without the comments of its main header.
    icc
        Profile of the file, ``b""`` where there is none.
    colour_space
        Enumerated one: 16 sRGB, 17 grey, 18 sYCC; 0 where the file names none.
    is_plain
        Whether components are grey or colours as they are: no palette, no opacity.
    is_high_throughput
        Whether it is HTJ2K (ISO 15444-15).
    """

    codestream: bytes
    icc: bytes
    colour_space: int
    is_plain: bool
    is_high_throughput: bool


def bare_jpeg_2000(data: bytes) -> Jp2:
    """Return the codestream of a JP2 file or of a bare one, and what the file says of it.

    Raises
    ------
    CorruptPixelDataError
        If there is none, or it ends before its end marker.
    """
    icc, colour_space, is_plain = b"", 0, True
    codestream = data
    if data[:4] != b"\xff\x4f\xff\x51":
        boxes = _boxes(data)
        codestream = next((content for kind, content in boxes if kind == b"jp2c"), b"")
        header = next((content for kind, content in boxes if kind == b"jp2h"), b"")
        for kind, content in _boxes(header):
            if kind == b"colr" and content[:1] == b"\1":
                colour_space = int.from_bytes(content[3:7], "big")
            elif kind == b"colr" and content[:1] == b"\2":
                icc = content[3:]
            elif kind in (b"pclr", b"cdef", b"cmap"):
                is_plain = False
    codestream = jpeg_2000_codestream(codestream)
    end = codestream.rfind(b"\xff\xd9")
    if end < 0 or codestream[end + 2 :].strip(b"\0"):
        raise CorruptPixelDataError("a JPEG 2000 codestream ends before its end marker")
    codestream, is_high = _without_comments(codestream[: end + 2])
    return Jp2(codestream, icc, colour_space, is_plain, is_high)


def _boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    boxes = []
    position = 0
    for _ in range(_BOXES_MAX):
        if position + 8 > len(data):
            break
        length = int.from_bytes(data[position : position + 4], "big")
        kind, start = data[position + 4 : position + 8], position + 8
        if length == 1:
            length = int.from_bytes(data[start : start + 8], "big")
            start += 8
        end = position + length if length else len(data)
        if end < start:
            break
        boxes.append((kind, data[start:end]))
        position = end
    return boxes


def _without_comments(data: bytes) -> tuple[bytes, bool]:
    """Return the codestream without comments in its main header, and whether it is HTJ2K."""
    kept = [data[:2]]
    position = 2
    is_high = False
    for _ in range(_SEGMENTS_MAX):
        marker = int.from_bytes(data[position : position + 2], "big")
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _J2K_SOT:
            return b"".join([*kept, data[position:]]), is_high
        if marker >> 8 != 0xFF or end < position + 4 or end > len(data):
            break
        is_high = is_high or marker == _J2K_CAP
        if marker != _J2K_COM:
            kept.append(data[position:end])
        position = end
    raise CorruptPixelDataError("a JPEG 2000 codestream ends inside its header")
