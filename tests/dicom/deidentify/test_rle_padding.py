import zlib
from struct import pack, pack_into

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rle.utils import decode_pixel_data, encode_pixel_data

from isocenter.dicom.codec_functions import decode_deflated, encode_deflated
from isocenter.dicom.deidentify.rle_padding import without_deflate_padding, without_rle_padding
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.errors import CorruptPixelDataError
from tests.coded import frame, pixel_format

SECRET = b"CANARY^Jane "
FORMATS = {
    "grey": pixel_format(),
    "colour": pixel_format(bits_stored=8, bits_allocated=8, samples=3),
    "packed": pixel_format(bits_stored=1, bits_allocated=1, rows=16, columns=24),
}


def encoded(pixels: PixelFormat) -> bytes:
    """Return what pylibjpeg-rle makes of a Frame."""
    native = frame(pixels).tobytes()
    rows, columns, bits = pixels.rows, pixels.columns, pixels.bits_allocated
    if pixels.is_packed:
        native = np.packbits(frame(pixels), bitorder="little").tobytes()
        rows, columns, bits = 1, len(native), 8
    return bytes(
        encode_pixel_data(
            native,
            byteorder="<",
            rows=rows,
            columns=columns,
            samples_per_pixel=pixels.samples,
            bits_allocated=bits,
            number_of_frames=1,
            planar_configuration=0,
        )
    )


def decoded(data: bytes, pixels: PixelFormat) -> bytes:
    is_packed = pixels.is_packed
    return bytes(
        decode_pixel_data(
            data,
            version=2,
            rows=1 if is_packed else pixels.rows,
            columns=pixels.frame_bytes if is_packed else pixels.columns,
            samples_per_pixel=pixels.samples,
            bits_allocated=8 if is_packed else pixels.bits_allocated,
            rle_segment_order="<",
        )
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_what_an_encoder_makes_stays(kind: str) -> None:
    data = encoded(FORMATS[kind])

    assert without_rle_padding(data, FORMATS[kind]) is data


@pytest.mark.parametrize("kind", FORMATS)
def test_text_behind_and_between_segments_goes(kind: str) -> None:
    pixels = FORMATS[kind]
    plain = encoded(pixels)
    count = int.from_bytes(plain[:4], "little")
    starts = [int.from_bytes(plain[4 + 4 * k : 8 + 4 * k], "little") for k in range(count)]
    header = bytearray(64)
    pack_into("<I", header, 0, count)
    header[64 - len(SECRET) :] = SECRET  # offsets of segments that there are not
    body = b""
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(plain)], strict=True)):
        pack_into("<I", header, 4 + 4 * number, 64 + len(SECRET) + len(body))
        body += plain[start:end] + SECRET
    data = bytes(header) + SECRET + body

    clean = without_rle_padding(data, pixels)

    assert SECRET not in clean
    assert decoded(clean, pixels) == decoded(plain, pixels)
    assert without_rle_padding(clean, pixels) is clean


def test_packed_bits_that_were_encoded_a_byte_each_stay() -> None:
    pixels = FORMATS["packed"]
    bits = frame(pixels).astype("u1")
    plain = encode_pixel_data(
        bits.tobytes(),
        byteorder="<",
        rows=pixels.rows,
        columns=pixels.columns,
        samples_per_pixel=1,
        bits_allocated=8,
        number_of_frames=1,
        planar_configuration=0,
    )

    assert without_rle_padding(bytes(plain), pixels) == plain


@pytest.mark.parametrize(
    "data",
    [b"", bytes(64), pack("<16I", 16, *range(64, 79)), pack("<3I", 2, 70, 64) + bytes(60),
     pack("<2I", 1, 63) + bytes(60), pack("<2I", 1, 99) + bytes(60)],
)  # fmt: skip
def test_a_broken_header_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptPixelDataError):
        without_rle_padding(data, FORMATS["grey"])


def test_a_segment_that_ends_early_is_refused() -> None:
    data = encoded(FORMATS["grey"])

    for broken in (data[:-400], data[:64] + b"\x80" * 400_000):
        with pytest.raises(CorruptPixelDataError, match="ends before"):
            without_rle_padding(broken, FORMATS["grey"])


def test_the_last_run_may_go_on_behind_the_last_pixel() -> None:
    pixels = pixel_format(bits_stored=8, bits_allocated=8, rows=1, columns=5)
    data = pack("<2I", 1, 64).ljust(64, b"\0") + b"\xfa\x07"

    assert without_rle_padding(data + SECRET, pixels) == data


@settings(max_examples=200)
@given(st.binary(max_size=20), st.integers(0, 5000), st.integers(0, 40))
def test_broken_frames_are_refused_or_cleaned(noise: bytes, at: int, cut: int) -> None:
    plain = encoded(FORMATS["grey"])
    at %= len(plain)
    data = plain[:at] + noise + plain[at + cut :]

    try:
        clean = without_rle_padding(data, FORMATS["grey"])
    except CorruptPixelDataError:
        return
    assert len(clean) <= len(data) + 15
    assert without_rle_padding(clean, FORMATS["grey"]) is clean


def test_text_behind_a_deflated_frame_goes() -> None:
    pixels = FORMATS["grey"]
    plain = encode_deflated(frame(pixels), pixels, None)
    assert without_deflate_padding(plain, pixels) is plain
    assert without_deflate_padding(plain + b"\0", pixels) == plain + b"\0"

    clean = without_deflate_padding(plain + SECRET, pixels)

    assert clean == plain
    assert np.array_equal(decode_deflated(clean, pixels), frame(pixels))


def test_a_deflated_frame_of_another_length_is_refused() -> None:
    pixels = FORMATS["grey"]
    longer = zlib.compress(frame(pixels).tobytes() + SECRET, wbits=-15)
    for data in (longer, longer[:-20], b"\xff\xff\xff"):
        with pytest.raises(CorruptPixelDataError):
            without_deflate_padding(data, pixels)
