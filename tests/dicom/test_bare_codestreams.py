"""What is taken off a stream must not change its pixels: PIL and imagecodecs judge."""

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from isocenter.dicom.bare_codestreams import bare_jpeg, bare_jpeg_2000, first_scan
from isocenter.errors import CorruptPixelDataError
from tests.builders import CANARY
from tests.foreign import colours, encoded, exif, grey, srgb_profile


def full_jpeg(**options: object) -> bytes:
    comment = f"{CANARY} comment".encode()
    data = encoded(
        colours(), "JPEG", exif=exif(), comment=comment, icc_profile=srgb_profile(), **options
    )
    return data + f"{CANARY} trailer".encode() + data  # as phones append a second picture


def pixels(data: bytes) -> list[int]:
    with Image.open(io.BytesIO(data)) as image:
        found: list[int] = np.asarray(image.convert("RGB")).ravel().tolist()
    return found


@pytest.mark.parametrize(
    "options", [{}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"progressive": True}]
)
def test_nothing_identifying_remains_and_pixels_stay(options: dict[str, object]) -> None:
    data = full_jpeg(**options)

    bare = bare_jpeg(data)

    assert CANARY.encode() not in bare
    assert b"Exif" not in bare
    assert b"ICC_PROFILE" not in bare
    assert bare.endswith(b"\xff\xd9")
    assert len(bare) < len(data) / 2
    assert pixels(bare) == pixels(data)
    assert bare_jpeg(bare) == bare


def test_the_adobe_segment_of_rgb_stays_where_it_is_wanted() -> None:
    with_adobe = bytes.fromhex("ffee000e41646f626500640000000000")
    data = full_jpeg()
    data = data[:2] + with_adobe + data[2:]

    assert with_adobe in bare_jpeg(data, keep_adobe=True)
    assert b"Adobe" not in bare_jpeg(data)


def test_jpeg_ls_streams_keep_their_pixels() -> None:
    data = bytes(imagecodecs.jpegls_encode(grey(bits=16)))
    comment = b"\xff\xfe\0\x0c" + f"{CANARY}....".encode()[:10]

    bare = bare_jpeg(data[:2] + comment + data[2:])

    assert CANARY[:6].encode() not in bare
    assert np.array_equal(imagecodecs.jpegls_decode(bare), grey(bits=16))
    assert first_scan(bare) == 0
    assert first_scan(bare_jpeg(bytes(imagecodecs.jpegls_encode(grey(), level=3)))) == 3


@pytest.mark.parametrize("predictor", [1, 4])
def test_predictors_are_found(predictor: int) -> None:
    data = bytes(imagecodecs.jpeg8_encode(grey(), lossless=True, predictor=predictor))

    assert first_scan(bare_jpeg(data)) == predictor


def test_what_is_cut_off_or_no_stream_is_refused() -> None:
    data = full_jpeg()
    bare = bare_jpeg(data)

    for bad in (b"", b"\xff\xd8", bare[:10], bare[:-2], bare[: len(bare) // 2], b"no JPEG"):
        with pytest.raises(CorruptPixelDataError):
            bare_jpeg(bad)
    with pytest.raises(CorruptPixelDataError):
        first_scan(b"\xff\xd8\xff\xd9")


def test_jpeg_2000_comes_out_of_its_boxes_without_comments() -> None:
    data = encoded(colours(), "JPEG2000", comment=f"{CANARY} comment")
    assert CANARY.encode() in data

    found = bare_jpeg_2000(data)

    assert CANARY.encode() not in found.codestream
    assert found.codestream[:2] == b"\xff\x4f"
    assert (found.colour_space, found.is_plain, found.is_high_throughput) == (16, True, False)
    decoded = imagecodecs.jpeg2k_decode(found.codestream)
    assert np.array_equal(decoded, imagecodecs.jpeg2k_decode(data))
    assert bare_jpeg_2000(found.codestream).codestream == found.codestream


def test_htj2k_is_told_apart() -> None:
    assert bare_jpeg_2000(bytes(imagecodecs.htj2k_encode(grey()))).is_high_throughput


def test_jpeg_2000_that_is_cut_off_is_refused() -> None:
    data = encoded(colours(), "JPEG2000")

    for bad in (b"", data[:60], data[: len(data) // 2], data[:-2]):
        with pytest.raises(CorruptPixelDataError):
            bare_jpeg_2000(bad)
