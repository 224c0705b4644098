"""Codestreams in picture files: what their headers say, and JPEG 2000 out of its boxes.

What surrounds a codestream can hold anything: names, places, thumbnails, whole other pictures.
What remains decodes to the same pixels.

References
----------
ISO 10918-1 Annex B (JPEG), ISO 14495-1 Annex C (JPEG-LS), ISO 15444-1 Annex A and I (JPEG 2000).
"""

from typing import NamedTuple

from isocenter.dicom.codestreams import jpeg_2000_codestream
from isocenter.dicom.deidentify.jpeg_2000_comments import without_jpeg_2000_comments
from isocenter.errors import CorruptPixelDataError

_SOS = 0xDA
_SEGMENTS_MAX = 100_000
_J2K_SOT, _J2K_CAP = 0xFF90, 0xFF50
_BOXES_MAX = 1000


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
        Bare, without comments.
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
    codestream = without_jpeg_2000_comments(codestream[: end + 2])
    return Jp2(codestream, icc, colour_space, is_plain, _has_capabilities(codestream))


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


def _has_capabilities(data: bytes) -> bool:
    """Return whether the main header has the marker that HTJ2K must have (CAP)."""
    position = 2
    for _ in range(_SEGMENTS_MAX):
        marker = int.from_bytes(data[position : position + 2], "big")
        if marker == _J2K_CAP:
            return True
        if marker == _J2K_SOT or marker >> 8 != 0xFF:
            break
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return False
