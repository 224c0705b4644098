"""RLE and deflated Frames without what stands between and behind their data.

References
----------
PS3.5 Annex G (RLE), A.4.10 and RFC 1951 (deflated Frames).
"""

import zlib
from itertools import accumulate
from struct import pack, unpack_from

from isocenter.dicom.pixel_format import PixelFormat
from isocenter.errors import CorruptPixelDataError

_HEADER_BYTES = 64
_SEGMENTS_MAX = 15
_NOTHING = 128  # a run that stands for no byte
_GROWTH = 2  # runs of one byte take two; more is no encoding, and takes time


def without_rle_padding(data: bytes, pixels: PixelFormat) -> bytes:
    """Return the Frame without bytes that no run needs; the same object where these are zeros.

    Raises
    ------
    CorruptPixelDataError
        If its header contradicts itself.
    """
    if len(data) < _HEADER_BYTES:
        raise CorruptPixelDataError("an RLE frame has no header")
    count, *offsets = unpack_from("<16I", data)
    if not 1 <= count <= _SEGMENTS_MAX:
        raise CorruptPixelDataError("an RLE frame has no segment, or too many")
    starts = offsets[:count]
    if starts[0] < _HEADER_BYTES or starts != sorted(set(starts)) or starts[-1] > len(data):
        raise CorruptPixelDataError("segments of an RLE frame do not follow one another")
    segments = []
    hidden = [data[4 + 4 * count : _HEADER_BYTES], data[_HEADER_BYTES : starts[0]]]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        last = _end_of_runs(data, start, end, pixels)
        segments.append(data[start:last] + b"\0" * ((last - start) % 2))
        hidden.append(data[last:end])
    if not any(part.strip(b"\0") for part in hidden):
        return data
    offsets = list(accumulate(map(len, segments), initial=_HEADER_BYTES))[:-1]
    header = pack(f"<{count + 1}I", count, *offsets)
    return header.ljust(_HEADER_BYTES, b"\0") + b"".join(segments)


def _end_of_runs(data: bytes, start: int, end: int, pixels: PixelFormat) -> int:
    """Return where the runs of a segment end that make up one byte of every pixel.

    Raises
    ------
    CorruptPixelDataError
        If they end before that.
    """
    most = pixels.rows * pixels.columns
    # Packed bits are either as they are, or a byte each; only the end tells which.
    fewest = pixels.frame_bytes if pixels.is_packed else most
    made, last, position = 0, 0, start
    end = min(end, start + _GROWTH * most)
    while position < end and made < most:
        code = data[position]
        if code < _NOTHING:
            made += code + 1
            position += code + 2
        elif code > _NOTHING:
            made += 257 - code
            position += 2
        else:
            position += 1
        if made == fewest or made >= most:
            last = position
    if not start < last <= end:
        raise CorruptPixelDataError("a segment of an RLE frame ends before its pixels do")
    return last


def without_deflate_padding(data: bytes, pixels: PixelFormat) -> bytes:
    """Return the Frame without bytes behind the deflated stream; the same object where all is so.

    Raises
    ------
    CorruptPixelDataError
        If it does not inflate to one Frame.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        native = inflater.decompress(data, pixels.frame_bytes + 2)
    except zlib.error:
        raise CorruptPixelDataError("a frame cannot be decoded") from None
    if not inflater.eof or not 0 <= len(native) - pixels.frame_bytes <= 1:
        raise CorruptPixelDataError("a deflated frame has another length than it must have")
    rest = inflater.unused_data
    return data[: len(data) - len(rest)] if rest.strip(b"\0") else data
