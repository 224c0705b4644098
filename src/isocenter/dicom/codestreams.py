"""What a compressed Frame says about itself: its first marker segments, nothing decoded.

A codestream that claims another size than the header is refused before it is decoded.

References
----------
ISO 10918-1 Annex B (JPEG), ISO 14495-1 Annex C (JPEG-LS), ISO 15444-1 Annex A (JPEG 2000),
ISO 15444-15 (HTJ2K), ISO 18181-1 (JPEG XL).
"""

from typing import NamedTuple

from isocenter.errors import CorruptPixelDataError

# SOF0-SOF15 but DHT, JPG and DAC; SOF55 is JPEG-LS.
_SOF = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_SOI, _SOS, _EOI = 0xD8, 0xDA, 0xD9
_APP0, _APP14 = 0xE0, 0xEE
_MARKERS_MAX = 10_000
_SIZ, _COD = 0xFF51, 0xFF52
_JP2_SIGNATURE = b"\0\0\0\x0cjP  "
_JXL_SIGNATURE = b"\0\0\0\x0cJXL "


class Codestream(NamedTuple):
    """What the first marker segments say.

    Attributes
    ----------
    process
        Marker of the Frame (``0xC3``: JPEG lossless, ``0xF7``: JPEG-LS), ``0x51`` JPEG 2000.
    bits
        Precision of the samples.
    has_colour_transform
        JPEG 2000: whether components are transformed. JPEG: whether JFIF or Adobe segments say
        that they are YCbCr; None where nothing says so.
    is_reversible
        JPEG 2000: whether the 5-3 wavelet is used.
    """

    process: int
    rows: int
    columns: int
    samples: int
    bits: int
    is_signed: bool = False
    has_colour_transform: bool | None = None
    is_reversible: bool = True


def parse_jpeg(data: bytes) -> Codestream:
    """Return what a JPEG or JPEG-LS stream says up to its first scan.

    Raises
    ------
    CorruptPixelDataError
        If it is none.
    """
    position = 2
    if data[:2] != b"\xff\xd8":
        raise CorruptPixelDataError("a frame is no JPEG stream")
    transform: bool | None = None
    for _ in range(_MARKERS_MAX):
        marker, start, end = _segment(data, position)
        position = end
        if marker == _APP0 and data[start : start + 4] == b"JFIF":
            transform = True
        elif marker == _APP14 and data[start : start + 5] == b"Adobe" and end - start >= 12:
            transform = data[start + 11] != 0
        elif marker in _SOF and end - start >= 6:
            samples = data[start + 5]
            ids = data[start + 6 : start + 6 + 3 * samples : 3]
            if ids == b"RGB":
                transform = False
            return Codestream(
                process=marker,
                rows=int.from_bytes(data[start + 1 : start + 3], "big"),
                columns=int.from_bytes(data[start + 3 : start + 5], "big"),
                samples=samples,
                bits=data[start],
                has_colour_transform=transform,
            )
        elif marker in (_SOS, _EOI):
            break
    raise CorruptPixelDataError("a JPEG stream has no frame header")


def _segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Return marker, first byte of its content and end of the segment here."""
    while data[position : position + 2] == b"\xff\xff":
        position += 1
    if data[position : position + 1] != b"\xff" or position + 2 > len(data):
        raise CorruptPixelDataError("a JPEG stream has no marker where one must be")
    marker = data[position + 1]
    position += 2
    if 0xD0 <= marker <= _EOI:  # RST0-7, SOI, EOI
        return marker, position, position
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2 or position + length > len(data):
        raise CorruptPixelDataError("a JPEG stream ends inside a marker segment")
    return marker, position + 2, position + length


def without_spiff(data: bytes) -> bytes:
    """Return a JPEG-LS stream without the APP8 segments of a SPIFF file around it."""
    position = 2
    while data[position : position + 2] == b"\xff\xe8":
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return data[:2] + data[position:] if position > 2 else data


def jpeg_2000_codestream(data: bytes) -> bytes:
    """Return the bare codestream, also where a JP2 file stands in its place.

    Raises
    ------
    CorruptPixelDataError
        If there is none.
    """
    if data[:8] == _JP2_SIGNATURE:
        start = data.find(b"jp2c")
        data = data[start + 4 :] if start >= 0 else b""
    if data[:4] != b"\xff\x4f\xff\x51":
        raise CorruptPixelDataError("a frame is no JPEG 2000 codestream")
    return data


def parse_jpeg_2000(data: bytes) -> Codestream:
    """Return what the main header of a JPEG 2000 or HTJ2K codestream says.

    Raises
    ------
    CorruptPixelDataError
        If it is none, or its components differ.
    """
    data = jpeg_2000_codestream(data)
    length = int.from_bytes(data[4:6], "big")
    if length < 41 or len(data) < 4 + length:
        raise CorruptPixelDataError("a JPEG 2000 codestream ends inside its header")
    right, bottom, left, top = (int.from_bytes(data[at : at + 4], "big") for at in (8, 12, 16, 20))
    samples = int.from_bytes(data[40:42], "big")
    components = {data[at : at + 3] for at in range(42, 4 + length, 3)}
    if length != 38 + 3 * samples or len(components) != 1:
        raise CorruptPixelDataError("the components of a JPEG 2000 codestream differ")
    depth, *steps = components.pop()
    if steps != [1, 1]:
        raise CorruptPixelDataError("the components of a JPEG 2000 codestream are subsampled")
    transform, is_reversible = _coding_style(data, 4 + length)
    return Codestream(
        process=_SIZ & 0xFF,
        rows=bottom - top,
        columns=right - left,
        samples=samples,
        bits=(depth & 0x7F) + 1,
        is_signed=bool(depth & 0x80),
        has_colour_transform=transform,
        is_reversible=is_reversible,
    )


def _coding_style(data: bytes, position: int) -> tuple[bool, bool]:
    """Return whether components are transformed, and whether that and the wavelet undo."""
    for _ in range(_MARKERS_MAX):
        marker = int.from_bytes(data[position : position + 2], "big")
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _COD and position + 14 <= len(data):
            return data[position + 8] != 0, data[position + 13] == 1
        if marker >> 8 != 0xFF or length < 2 or marker == 0xFF90:
            break
        position += 2 + length
    raise CorruptPixelDataError("a JPEG 2000 codestream has no coding style")


def with_precision(data: bytes, bits: int, *, is_signed: bool) -> bytes:
    """Return a JPEG 2000 codestream whose header states another precision.

    The precision decides the level shift and the range of the output alone; the bit planes of
    reversible coding are counted by QCD (ISO 15444-1 E.1), which stays as it is.
    """
    assert data[:4] == b"\xff\x4f\xff\x51"
    changed = bytearray(data)
    samples = int.from_bytes(data[40:42], "big")
    for number in range(samples):
        changed[42 + 3 * number] = (0x80 if is_signed else 0) | (bits - 1)
    return bytes(changed)


class _Bits:
    """Reads bits, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise CorruptPixelDataError("a JPEG XL codestream ends inside its header")
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        self._left -= count
        return value

    def choose(self, *choices: tuple[int, int]) -> int:
        """Return the U32 of ISO 18181-1: two bits choose constant and number of extra bits."""
        constant, extra = choices[self.take(2)]
        return constant + self.take(extra)


def jpeg_xl_codestream(data: bytes) -> bytes:
    """Return the bare codestream, also where a file of boxes stands in its place.

    Raises
    ------
    CorruptPixelDataError
        If there is none.
    """
    if data[:8] == _JXL_SIGNATURE:
        data = _codestream_boxes(data)
    if data[:2] != b"\xff\x0a":
        raise CorruptPixelDataError("a frame is no JPEG XL codestream")
    return data


def _codestream_boxes(data: bytes) -> bytes:
    parts = []
    position = 0
    for _ in range(_MARKERS_MAX):
        if position + 8 > len(data):
            break
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        start = position + 8
        if length == 1:
            length = int.from_bytes(data[start : start + 8], "big")
            start += 8
        end = position + length if length else len(data)
        if end <= position:
            break
        if kind == b"jxlc":
            parts.append(data[start:end])
        elif kind == b"jxlp":
            parts.append(data[start + 4 : end])
        position = end
    return b"".join(parts)


_SIZES = ((1, 9), (1, 13), (1, 18), (1, 30))
_RATIOS = ((1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_HEADER_BYTES = 64


def parse_jpeg_xl(data: bytes) -> Codestream:
    """Return sizes and depth that a JPEG XL codestream states; samples 0 where it leaves them out.

    Raises
    ------
    CorruptPixelDataError
        If it is none.

    References
    ----------
    ISO 18181-1 D.2 (size header), D.3 (image metadata).
    """
    bits = _Bits(jpeg_xl_codestream(data)[2:_HEADER_BYTES])
    rows, columns = _jpeg_xl_size(bits)
    if bits.take(1):  # all metadata at their defaults: 8 bits
        return Codestream(0, rows, columns, 0, 8)
    if bits.take(1):  # extra fields: orientation, intrinsic size, preview, animation
        bits.take(3)
        if bits.take(1):
            _jpeg_xl_size(bits)
        if bits.take(1) or bits.take(1):
            raise CorruptPixelDataError("a JPEG XL codestream has a preview or is an animation")
    if bits.take(1):
        raise CorruptPixelDataError("a JPEG XL codestream holds floats")
    return Codestream(0, rows, columns, 0, bits.choose((8, 0), (10, 0), (12, 0), (1, 6)))


def _jpeg_xl_size(bits: _Bits) -> tuple[int, int]:
    is_small = bits.take(1)

    def side() -> int:
        return (bits.take(5) + 1) * 8 if is_small else bits.choose(*_SIZES)

    rows = side()
    ratio = bits.take(3)
    if not ratio:
        return rows, side()
    over, under = _RATIOS[ratio]
    return rows, rows * over // under
