from collections.abc import Callable

import imagecodecs
import numpy as np
import pytest

from isocenter.dicom.codestreams import (
    jpeg_2000_codestream,
    jpeg_xl_codestream,
    parse_jpeg,
    parse_jpeg_2000,
    parse_jpeg_xl,
    with_precision,
    without_spiff,
)
from isocenter.errors import CorruptPixelDataError

GREY = np.arange(35 * 70, dtype="<u2").reshape(35, 70)
COLOUR = np.arange(35 * 70 * 3, dtype="u1").reshape(35, 70, 3)


def test_jpeg_tells_its_process_and_colours() -> None:
    ycc = bytes(imagecodecs.jpeg8_encode(COLOUR, colorspace="rgb", outcolorspace="ycbcr"))
    rgb = bytes(imagecodecs.jpeg8_encode(COLOUR, colorspace="rgb", outcolorspace="rgb"))
    lossless = bytes(imagecodecs.jpeg8_encode(GREY, lossless=True, predictor=1, bitspersample=12))

    assert parse_jpeg(ycc)[:5] == (0xC0, 35, 70, 3, 8)
    assert parse_jpeg(ycc).has_colour_transform is True
    assert parse_jpeg(rgb).has_colour_transform is False
    assert parse_jpeg(lossless)[:5] == (0xC3, 35, 70, 1, 12)
    assert parse_jpeg(lossless).has_colour_transform in (None, True)


def test_jpeg_ls_is_read_without_its_spiff_header() -> None:
    data = bytes(imagecodecs.jpegls_encode(GREY))
    bare = without_spiff(data)

    assert b"SPIFF" in data
    assert b"SPIFF" not in bare
    assert without_spiff(bare) == bare
    assert parse_jpeg(bare)[:5] == (0xF7, 35, 70, 1, 16)


@pytest.mark.parametrize("form", ["j2k", "jp2"])
@pytest.mark.parametrize("is_reversible", [False, True])
def test_jpeg_2000_tells_precision_transform_and_wavelet(form: str, is_reversible: bool) -> None:
    level = 0 if is_reversible else 40
    grey = bytes(
        imagecodecs.jpeg2k_encode(
            GREY, level, codecformat=form, bitspersample=12, reversible=is_reversible
        )
    )
    colour = bytes(
        imagecodecs.jpeg2k_encode(COLOUR, level, codecformat=form, reversible=is_reversible)
    )

    stream = parse_jpeg_2000(grey)
    assert (stream.rows, stream.columns, stream.samples, stream.bits) == (35, 70, 1, 12)
    assert (stream.is_signed, stream.is_reversible) == (False, is_reversible)
    assert stream.has_colour_transform is False
    assert parse_jpeg_2000(colour).has_colour_transform is True
    assert jpeg_2000_codestream(grey)[:4] == b"\xff\x4f\xff\x51"


def test_the_stated_precision_can_be_changed() -> None:
    data = bytes(imagecodecs.htj2k_encode(GREY.view("<i2"), reversible=True))

    stream = parse_jpeg_2000(with_precision(data, 12, is_signed=True))

    assert (stream.bits, stream.is_signed) == (12, True)


@pytest.mark.parametrize(
    ("rows", "columns"), [(8, 8), (64, 64), (35, 70), (600, 800), (1, 9000), (480, 640)]
)
@pytest.mark.parametrize("bits", [8, 10, 12, 13, 16])
def test_jpeg_xl_tells_its_size_and_depth(rows: int, columns: int, bits: int) -> None:
    samples = np.zeros((rows, columns), "u1" if bits == 8 else "<u2")
    data = bytes(
        imagecodecs.jpegxl_encode(samples, lossless=True, bitspersample=bits, photometric="gray")
    )

    bare = jpeg_xl_codestream(data)

    assert bare[:2] == b"\xff\x0a"
    assert parse_jpeg_xl(data) == parse_jpeg_xl(bare)
    stream = parse_jpeg_xl(bare)
    assert (stream.rows, stream.columns, stream.bits) == (rows, columns, bits)


@pytest.mark.parametrize("parse", [parse_jpeg, parse_jpeg_2000, parse_jpeg_xl])
def test_whatever_the_bytes_are_they_are_read_or_refused(
    parse: Callable[[bytes], object],
) -> None:
    wholes: dict[Callable[[bytes], object], bytes] = {
        parse_jpeg: bytes(imagecodecs.jpeg8_encode(COLOUR)),
        parse_jpeg_2000: bytes(imagecodecs.jpeg2k_encode(COLOUR, 0, codecformat="jp2")),
        parse_jpeg_xl: bytes(imagecodecs.jpegxl_encode(COLOUR, usecontainer=True)),
    }
    whole = wholes[parse]
    generator = np.random.Generator(np.random.PCG64(3))
    for _ in range(3000):
        data = bytearray(whole[: generator.integers(0, 200)])
        for at in generator.integers(0, max(1, len(data)), 3):
            if data:
                data[at] = generator.integers(0, 256)
        try:
            parse(bytes(data))
        except CorruptPixelDataError:
            continue
