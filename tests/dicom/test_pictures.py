"""Picture files, read back by Pillow and looked at byte by byte."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from isocenter.dicom.pictures import encode_picture
from isocenter.dicom.render import Picture
from isocenter.errors import NotSupportedError

SHAPES = [(1, 1), (5, 7), (64, 33), (5, 7, 3), (1, 1, 3), (33, 64, 3)]


def picture(shape: tuple[int, ...], bits: int = 8) -> Picture:
    values = np.random.Generator(np.random.PCG64(1)).integers(0, 1 << bits, shape)
    return values.astype(np.uint8) if bits == 8 else values.astype(np.uint16)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["png", "bmp", "tiff"])
def test_lossless_pictures_read_back_as_they_were(kind: str, shape: tuple[int, ...]) -> None:
    shown = picture(shape)

    with Image.open(io.BytesIO(encode_picture(shown, kind))) as opened:
        assert opened.format == kind.upper()
        np.testing.assert_array_equal(np.asarray(opened), shown)


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_16_bits_of_grey_read_back_as_they_were(kind: str) -> None:
    shown = picture((9, 11), bits=16)

    with Image.open(io.BytesIO(encode_picture(shown, kind))) as opened:
        np.testing.assert_array_equal(np.asarray(opened), shown)


def test_16_bits_of_colour_are_in_the_png() -> None:
    shown = picture((4, 5, 3), bits=16)

    data = encode_picture(shown, "png")

    # Pillow reads 8 bits of them only: 13 bytes of IHDR, then the chunk IDAT.
    assert data[24:26] == bytes([16, 2])
    length = int.from_bytes(data[33:37], "big")
    lines = np.frombuffer(zlib.decompress(data[41 : 41 + length]), np.uint8).reshape(4, -1)
    assert lines[:, 0].tolist() == [2] * 4
    undone = np.add.accumulate(lines[:, 1:], axis=0, dtype=np.uint8)
    np.testing.assert_array_equal(undone.view(">u2").reshape(4, 5, 3), shown)


def test_a_png_tells_right_checksums() -> None:
    data = encode_picture(picture((8, 8)), "png")
    position = 8
    names = []
    while position < len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        chunk = data[position + 4 : position + 8 + length]
        names.append(chunk[:4])
        position += 12 + length
        assert int.from_bytes(data[position - 4 : position], "big") == zlib.crc32(chunk)
    assert names == [b"IHDR", b"IDAT", b"IEND"]


def test_views_of_larger_arrays_are_written_as_they_look() -> None:
    shown = picture((20, 20))[::2, 1::3]

    for kind in ("png", "bmp", "tiff"):
        with Image.open(io.BytesIO(encode_picture(shown, kind))) as opened:
            np.testing.assert_array_equal(np.asarray(opened), shown)


def test_bmp_refuses_16_bits() -> None:
    with pytest.raises(NotSupportedError):
        encode_picture(picture((2, 2), bits=16), "bmp")
