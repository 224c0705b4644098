import io
from collections.abc import Callable
from struct import pack

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from isocenter.dicom.codec_functions import encode_jpeg_lossless, encode_jpeg_ls
from isocenter.dicom.deidentify.jpeg_comments import without_jpeg_comments
from isocenter.errors import CorruptPixelDataError
from tests.coded import frame, pixel_format

SECRET = b"CANARY^Jane"
COLOUR = pixel_format(bits_stored=8, bits_allocated=8, samples=3)


def segment(marker: int, content: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    """Return what Pillow makes of a colour Frame, with EXIF, a comment and a profile."""
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    picture = Image.fromarray(frame(COLOUR).astype("u1")).convert(mode)
    picture.save(
        target, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET * 9, quality=80, **options
    )
    return target.getvalue()


def decoded(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_pillow_sees_the_same_picture_without_comments(mode: str, progressive: bool) -> None:
    data = jpeg(mode, progressive=progressive)
    assert data.count(SECRET) >= 3

    clean = without_jpeg_comments(data)

    assert SECRET not in clean
    assert decoded(clean) == decoded(data)
    assert Image.open(io.BytesIO(clean)).mode == mode
    assert without_jpeg_comments(clean) is clean


def behind_start(*parts: bytes) -> Callable[[bytes], bytes]:
    """Return what puts the parts behind SOI."""
    return lambda data: data[:2] + b"".join(parts) + data[2:]


@pytest.mark.parametrize(
    "planted",
    [
        lambda data: data + SECRET,
        lambda data: data + data.replace(b"JFIF", SECRET[:4]) + SECRET,
        lambda data: data[:-2] + segment(0xFE, SECRET) + data[-2:],
        behind_start(segment(0xE0, b"JFXX\0" + SECRET)),
        behind_start(segment(0xEF, SECRET)),
        behind_start(b"\xff\xff\xff", segment(0xFE, SECRET)),
        behind_start(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\4" + SECRET + b"a")),
        behind_start(segment(0xEE, b"Adobe\0d\0\0\0\0\1" + SECRET)),
    ],
)
def test_what_hides_in_a_jpeg_stream_goes(planted: Callable[[bytes], bytes]) -> None:
    plain = without_jpeg_comments(jpeg())
    data = planted(plain)

    clean = without_jpeg_comments(data)

    assert SECRET not in clean
    assert decoded(clean) == decoded(plain)
    # The segments that tell the colours stay, without what follows.
    assert len(clean) <= len(plain) + 18


def test_comments_between_scans_go() -> None:
    plain = without_jpeg_comments(jpeg(progressive=True))
    scans = [at for at in range(len(plain)) if plain[at : at + 2] == b"\xff\xda"]
    data = plain[: scans[2]] + segment(0xFE, SECRET) + plain[scans[2] :]

    assert len(scans) > 2
    assert without_jpeg_comments(data) == plain


def test_colours_stay_what_they_are() -> None:
    """Of a stream without JFIF the Adobe segment alone says that it is RGB, not YCbCr."""
    rgb = bytes(imagecodecs.jpeg8_encode(frame(COLOUR), colorspace="rgb", outcolorspace="rgb"))
    assert b"Adobe" in rgb

    clean = without_jpeg_comments(rgb[:2] + segment(0xFE, SECRET) + rgb[2:])

    assert decoded(clean) == decoded(rgb)


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("is_ls", [False, True])
def test_lossless_and_jpeg_ls_streams_are_walked_to_their_end(bits: int, is_ls: bool) -> None:
    pixels = pixel_format(bits_stored=bits, bits_allocated=8 if bits == 8 else 16)
    encode = encode_jpeg_ls if is_ls else encode_jpeg_lossless
    plain = encode(frame(pixels), pixels, None)
    assert without_jpeg_comments(plain) is plain
    assert without_jpeg_comments(plain + b"\0") == plain + b"\0"

    data = plain[:2] + segment(0xE8, b"SPIFF\0" + SECRET) + plain[2:] + SECRET

    assert without_jpeg_comments(data) == plain


def test_jpeg_ls_data_that_look_like_a_jpeg_marker_are_stepped_over() -> None:
    """After FF comes a bit of zero in JPEG-LS: FF 01 to FF 7F are data, in JPEG they are not."""
    noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (64, 64)).astype("u1")
    plain = bytes(jpeg_ls.encode_buffer(noise.tobytes(), 64, 64, 1, 8))
    start = plain.index(b"\xff\xda")
    assert any(
        plain[at] == 0xFF and 0 < plain[at + 1] < 0x80 for at in range(start + 10, len(plain) - 2)
    )

    clean = without_jpeg_comments(plain[:2] + segment(0xFE, SECRET) + plain[2:])

    assert np.array_equal(imagecodecs.jpegls_decode(clean), noise)


def test_the_colour_transform_of_jpeg_ls_stays() -> None:
    plain = encode_jpeg_ls(frame(COLOUR), COLOUR, None)
    transform = segment(0xE8, b"mrfx\1")

    clean = without_jpeg_comments(
        plain[:2] + transform[:3] + bytes([7 + len(SECRET)]) + b"mrfx\1" + SECRET + plain[2:]
    )

    assert clean == plain[:2] + transform + plain[2:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8abc",
        b"\xff\xd8\xff\xfe\0\1",
        b"\xff\xd8\xff\xfe\0\xff",
        b"\xff\xd8" + segment(0xDA, b""),
        b"\xff\xd8" + segment(0x05, b"x"),
        b"\xff\xd8" + segment(0xF0, b"x"),
        b"\xff\xd8" + segment(0xFE, b"") * 100_001,
    ],
)
def test_what_breaks_the_rules_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptPixelDataError):
        without_jpeg_comments(data)


@settings(max_examples=300)
@given(st.binary(max_size=20), st.integers(0, 5000), st.integers(0, 40))
def test_broken_streams_are_refused_or_cleaned(noise: bytes, at: int, cut: int) -> None:
    plain = jpeg()
    at %= len(plain)
    data = plain[:at] + noise + plain[at + cut :]

    try:
        clean = without_jpeg_comments(data)
    except CorruptPixelDataError:
        return
    assert len(clean) <= len(data)
    assert without_jpeg_comments(clean) is clean
