"""PBM, PGM and PPM pictures, exactly: no library keeps the bits of all of them.

References
----------
The format's own pages: https://netpbm.sourceforge.net/doc/pnm.html
"""

import re
from typing import NamedTuple

import numpy as np

from isocenter.dicom.pixel_format import Samples
from isocenter.errors import CorruptPixelDataError, TooLargeError
from isocenter.limits import DEFAULT, Limits

_TOKEN = re.compile(rb"(?:\s|#[^\r\n]*(?=[\r\n]))*([0-9]{1,9})")
_COMMENT = re.compile(rb"#[^\r\n]*")
_VALUE_MAX = 0xFFFF


class AnyMap(NamedTuple):
    """One picture: (rows, columns[, 3]) samples, and how many bits they use; 1: 0 is black."""

    samples: Samples
    bits: int


def read_anymap(data: bytes, limits: Limits = DEFAULT) -> AnyMap:
    """Return the first picture of a PBM, PGM or PPM file, plain or raw.

    Raises
    ------
    CorruptPixelDataError
        If it is none, or ends too early.
    TooLargeError
        If it is larger than ``limits.picture_bytes``.
    """
    kind = data[1:2]
    if data[:1] != b"P" or kind not in b"123456" or not kind:
        raise CorruptPixelDataError("no portable anymap")
    numbers, position = [], 2
    is_bitmap = kind in b"14"
    samples: Samples
    for _ in range(2 if is_bitmap else 3):
        found = _TOKEN.match(data, position)
        if found is None:
            raise CorruptPixelDataError("a portable anymap has no size")
        numbers.append(int(found[1]))
        position = found.end()
    columns, rows, *rest = numbers
    highest = rest[0] if rest else 1
    if not columns or not rows or not 0 < highest <= _VALUE_MAX:
        raise CorruptPixelDataError("a portable anymap has a size or range that cannot be")
    colours = 3 if kind in b"36" else 1
    dtype = np.dtype(">u2" if highest > 0xFF else "u1")
    used = rows * columns * colours * dtype.itemsize
    if used > limits.picture_bytes:
        raise TooLargeError("picture_bytes", limits.picture_bytes, used, "bytes")
    shape = (rows, columns, colours) if colours > 1 else (rows, columns)
    if kind == b"4":
        stride = (columns + 7) // 8
        packed = _raw(data, position + 1, np.dtype("u1"), rows * stride).astype("u1")
        samples = np.unpackbits(packed.reshape(rows, stride), axis=1)[:, :columns]
    elif kind in b"56":
        samples = _raw(data, position + 1, dtype, rows * columns * colours)
    else:
        samples = _plain(data[position:], rows * columns * colours, is_bitmap=is_bitmap)
    if samples.size and int(samples.max()) > highest:
        raise CorruptPixelDataError("a portable anymap has values above its range")
    if is_bitmap:
        samples = 1 - samples  # there 1 is black
    if not is_bitmap and highest < 0xFF:
        # Spread over 8 bits, as PNG readers do: every value keeps one of its own.
        samples = (samples.astype("u4") * 0xFF + highest // 2) // highest
        highest = 0xFF
    little = samples.astype(dtype.newbyteorder("<")).reshape(shape)
    return AnyMap(little, highest.bit_length())


def _raw(data: bytes, start: int, dtype: np.dtype[np.generic], count: int) -> Samples:
    if len(data) - start < count * dtype.itemsize:
        raise CorruptPixelDataError("a portable anymap ends too early")
    samples: Samples = np.frombuffer(data, dtype, count, start)
    return samples


def _plain(text: bytes, count: int, *, is_bitmap: bool) -> Samples:
    text = _COMMENT.sub(b" ", text)
    # The digits of a plain bitmap may stand without space between them.
    words = re.findall(rb"[01]", text) if is_bitmap else text.split()
    if len(words) < count or not all(word.isdigit() and len(word) < 6 for word in words[:count]):
        raise CorruptPixelDataError("a portable anymap ends too early or holds no numbers")
    return np.array([int(word) for word in words[:count]], "u4")
