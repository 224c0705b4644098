"""Pictures for everybody: PNG, TIFF and BMP of rendered Frames.

They are written here, because a library costs several times as much as the image: the Up filter
suits images whose rows resemble one another and is one subtraction; isal deflates ten times as
fast as zlib and as well as its level 1.

References
----------
PNG Specification (third edition), TIFF Revision 6.0, PS3.3 C.11 for what is in the arrays.
"""

import struct
import zlib
from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from isocenter.dicom.render import Picture
from isocenter.errors import NotSupportedError, TooLargeError

DEEP = frozenset({"png", "tiff"})

_DEFLATE_LEVEL = 1
_UP = 2


def encode_picture(picture: Picture, kind: str) -> bytes:
    """Return a rendered Frame as a picture file.

    Parameters
    ----------
    picture
        ``(rows, columns)`` or ``(rows, columns, 3)``, 8 or 16 bits.
    kind
        ``png``, ``tiff`` or ``bmp``.

    Raises
    ------
    NotSupportedError
        If the kind cannot hold 16 bits.
    TooLargeError
        If the kind cannot hold a picture of this size.
    """
    if picture.dtype != np.uint8 and kind not in DEEP:
        raise NotSupportedError(f"{kind} has no 16 bits")
    return _ENCODERS[kind](picture)


def _png(picture: Picture) -> bytes:
    rows, columns = picture.shape[:2]
    depth = picture.dtype.itemsize * 8
    header = struct.pack(">IIBBBBB", columns, rows, depth, 2 if picture.ndim == 3 else 0, 0, 0, 0)
    lines = _bytes_of(picture, ">")
    filtered = np.empty((rows, lines.shape[1] + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = lines[0]
    np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    data = isal_zlib.compress(filtered, _DEFLATE_LEVEL)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    if len(data) > 0x7FFFFFFF:
        raise TooLargeError("png_chunk_bytes", 0x7FFFFFFF, len(data), "bytes")
    checksum = zlib.crc32(data, zlib.crc32(name))
    return b"".join((struct.pack(">I", len(data)), name, data, struct.pack(">I", checksum)))


def _bytes_of(picture: Picture, order: Literal["<", ">"]) -> npt.NDArray[np.uint8]:
    """Return the bytes of each row, in one byte order."""
    kind = picture.dtype.newbyteorder(order)
    return np.ascontiguousarray(picture, kind).view(np.uint8).reshape(picture.shape[0], -1)


def _bmp(picture: Picture) -> bytes:
    """Return a BMP: 8 bits with a palette of greys, or 24 bits, rows from the bottom up."""
    rows, columns = picture.shape[:2]
    if picture.ndim == 3:
        picture, palette = picture[:, :, ::-1], b""
    else:
        palette = bytes(part for grey in range(256) for part in (grey, grey, grey, 0))
    lines = np.ascontiguousarray(picture[::-1]).reshape(rows, -1)
    padded = np.zeros((rows, -(-lines.shape[1] // 4) * 4), np.uint8)
    padded[:, : lines.shape[1]] = lines
    offset = 14 + 40 + len(palette)
    size = offset + padded.size
    if size > 0xFFFFFFFF:
        raise TooLargeError("bmp_bytes", 0xFFFFFFFF, size, "bytes")
    bits = 24 if not palette else 8
    file_header = struct.pack("<2sIHHI", b"BM", size, 0, 0, offset)
    info = struct.pack(
        *("<IiiHHIIiiII", 40, columns, rows, 1, bits, 0, padded.size, 2835, 2835),
        *(len(palette) // 4, 0),
    )
    return b"".join((file_header, info, palette, padded.tobytes()))


def _tiff(picture: Picture) -> bytes:
    """Return a little-endian TIFF of one strip: Deflate after horizontal differences."""
    rows, columns = picture.shape[:2]
    samples = 3 if picture.ndim == 3 else 1
    bits = picture.dtype.itemsize * 8
    differences = picture.copy()
    differences[:, 1:] -= picture[:, :-1]
    data = isal_zlib.compress(_bytes_of(differences, "<"), _DEFLATE_LEVEL)
    short, long, rational = 3, 4, 5
    first = 8 + len(data) + len(data) % 2
    depths, resolution = first, first + 8
    directory = resolution + 8
    if directory > 0xFFFFFF00:
        raise TooLargeError("tiff_bytes", 0xFFFFFF00, directory, "bytes")
    entries = [
        (256, long, 1, columns),
        (257, long, 1, rows),
        (258, short, samples, depths if samples == 3 else bits),
        (259, short, 1, 8),  # Adobe Deflate
        (262, short, 1, 2 if samples == 3 else 1),
        (273, long, 1, 8),
        (277, short, 1, samples),
        (278, long, 1, rows),
        (279, long, 1, len(data)),
        (282, rational, 1, resolution),
        (283, rational, 1, resolution),
        (296, short, 1, 2),
        (317, short, 1, 2),
    ]
    return b"".join(
        (
            struct.pack("<2sHI", b"II", 42, directory),
            data,
            b"\0" * (len(data) % 2),
            struct.pack("<4H", bits, bits, bits, 0),
            struct.pack("<II", 72, 1),
            struct.pack("<H", len(entries)),
            *(struct.pack("<HHII", *entry) for entry in entries),
            struct.pack("<I", 0),
        )
    )


_ENCODERS: dict[str, Callable[[Picture], bytes]] = {
    "png": _png,
    "bmp": _bmp,
    "tiff": _tiff,
}
