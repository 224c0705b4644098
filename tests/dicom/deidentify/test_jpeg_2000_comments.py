import io
from collections.abc import Callable
from struct import pack

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openjpeg.utils import decode as decode_openjpeg
from PIL import Image

from isocenter.dicom.codec_functions import encode_htj2k, encode_jpeg_2000
from isocenter.dicom.deidentify.jpeg_2000_comments import without_jpeg_2000_comments
from isocenter.errors import CorruptPixelDataError
from tests.coded import Array, frame, pixel_format

SECRET = b"CANARY^Jane"
PIXELS = pixel_format(rows=96, columns=128, bits_stored=8, bits_allocated=8)
COMMENT = b"\xff\x64" + pack(">HH", len(SECRET) + 4, 1) + SECRET


def tiled() -> bytes:
    """Return a codestream of OpenJPEG with six tiles; the encoder signs it with a comment."""
    target = io.BytesIO()
    picture = Image.fromarray(frame(PIXELS).astype("u1"))
    picture.save(target, "JPEG2000", no_jp2=True, tile_size=(64, 32))
    return target.getvalue()


def decoded(data: bytes) -> Array:
    """Return what pylibjpeg's OpenJPEG makes of it."""
    return np.asarray(decode_openjpeg(io.BytesIO(data), j2k_format=0))


def main_comment(data: bytes) -> bytes:
    """Return the codestream with a comment behind its size."""
    at = 4 + int.from_bytes(data[4:6], "big")
    return data[:at] + COMMENT + data[at:]


def tile_parts(data: bytes) -> list[tuple[int, int]]:
    """Return offset and length of each tile-part."""
    found = []
    at = data.index(b"\xff\x90\0\x0a")
    while data[at : at + 2] == b"\xff\x90":
        length = int.from_bytes(data[at + 6 : at + 10], "big")
        found.append((at, length))
        at += length
    return found


def tile_comments(data: bytes) -> bytes:
    """Return the codestream with a comment in each tile-part header."""
    parts = tile_parts(data)
    made = data[: parts[0][0]]
    for at, length in parts:
        part = data[at : at + length]
        sot = part[:6] + pack(">I", length + len(COMMENT)) + part[10:12]
        made += sot + COMMENT + part[12:]
    return made + data[sum(parts[-1]) :]


def lengths_table(data: bytes, *, is_short: bool = False) -> bytes:
    """Return the codestream with TLM segments, the second one first."""
    parts = [length for _, length in tile_parts(data)]
    half = len(parts) // 2
    sizes, code = (0x50, "I") if not is_short else (0x10, "H")
    segments = b""
    for number, some, first in ((1, parts[half:], half), (0, parts[:half], 0)):
        rows = b"".join(pack(f">B{code}", first + at, length) for at, length in enumerate(some))
        segments += b"\xff\x55" + pack(">HBB", len(rows) + 4, number, sizes) + rows
    at = 4 + int.from_bytes(data[4:6], "big")
    return data[:at] + segments + data[at:]


def open_end(data: bytes) -> bytes:
    """Return the codestream with the length of its last tile-part left out."""
    at, _ = tile_parts(data)[-1]
    return data[: at + 6] + bytes(4) + data[at + 10 :]


@pytest.mark.parametrize(
    "planted",
    [
        main_comment,
        tile_comments,
        lambda data: tile_comments(main_comment(data)),
        lambda data: main_comment(open_end(data)),
        lambda data: open_end(data) + SECRET,
        lambda data: data + SECRET,
        lambda data: data + b"\0\0" + SECRET,
        lambda data: main_comment(data[:-2]),
    ],
)
def test_comments_go_and_samples_stay(planted: Callable[[bytes], bytes]) -> None:
    data = planted(tiled())
    assert SECRET in data

    clean = without_jpeg_2000_comments(data)

    assert SECRET not in clean
    assert b"Created by OpenJPEG" not in clean
    assert np.array_equal(decoded(clean), frame(PIXELS))
    assert without_jpeg_2000_comments(clean) is clean


@pytest.mark.parametrize("is_short", [False, True])
def test_the_table_of_lengths_follows(is_short: bool) -> None:
    plain = without_jpeg_2000_comments(tiled())

    clean = without_jpeg_2000_comments(lengths_table(tile_comments(plain), is_short=is_short))

    assert clean == lengths_table(plain, is_short=is_short)
    assert np.array_equal(decoded(clean), frame(PIXELS))


def test_a_table_of_other_lengths_is_refused() -> None:
    plain = without_jpeg_2000_comments(tiled())
    data = bytearray(lengths_table(tile_comments(plain)))
    data[data.index(b"\xff\x55") + 9] ^= 1

    with pytest.raises(CorruptPixelDataError, match="table"):
        without_jpeg_2000_comments(bytes(data))


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "RGB"])
@pytest.mark.parametrize("encode", [encode_jpeg_2000, encode_htj2k])
def test_codestreams_of_our_encoders_lose_the_name_of_the_program(
    encode: Callable[..., bytes], photometric: str
) -> None:
    samples = 3 if photometric == "RGB" else 1
    pixels = pixel_format(bits_stored=8, bits_allocated=8, samples=samples)
    data = encode(frame(pixels), pixels, None)

    clean = without_jpeg_2000_comments(data)

    assert b"\xff\x64" not in clean[:200]
    assert np.array_equal(decoded(clean), frame(pixels))


def test_padding_stays() -> None:
    plain = without_jpeg_2000_comments(tiled())

    assert without_jpeg_2000_comments(plain + b"\0") == plain + b"\0"


@pytest.mark.parametrize(
    "broken",
    [
        lambda data: data[:0],
        lambda data: data[:2],
        lambda data: data[:50],
        lambda data: data[: data.index(b"\xff\x90\0\x0a")],
        lambda data: data[: data.index(b"\xff\x90\0\x0a") + 8],
        lambda data: data[: data.index(b"\xff\x93") + 1],
        lambda data: data[:-100],
        lambda data: data[:2] + b"\xff\x99\0\x02" + data[2:],
        lambda data: data[:2] + b"\xff\x64\0\x00" + data[2:],
        lambda data: data[:2] + b"\xff\x64\0\x02" * 100_001 + data[2:],
        lambda data: data.replace(b"\xff\x90\0\x0a", b"\xff\x90\0\x0b", 1),
        lambda _: b"\xff\x4f" + b"\xff\x90\0\x0a\0\0\0\0\0\x0e\0\0\xff\x93" * 100_001,
        lambda data: lengths_table(main_comment(data)).replace(b"\x50", b"\x70", 1),
    ],
)
def test_what_breaks_the_rules_is_refused(broken: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CorruptPixelDataError):
        without_jpeg_2000_comments(broken(tiled()))


@settings(max_examples=300)
@given(st.binary(max_size=20), st.integers(0, 5000), st.integers(0, 40))
def test_broken_codestreams_are_refused_or_cleaned(noise: bytes, at: int, cut: int) -> None:
    plain = lengths_table(tile_comments(tiled()))
    at %= len(plain)
    data = plain[:at] + noise + plain[at + cut :]

    try:
        clean = without_jpeg_2000_comments(data)
    except CorruptPixelDataError:
        return
    assert len(clean) <= len(data) + 2
    assert without_jpeg_2000_comments(clean) is clean
