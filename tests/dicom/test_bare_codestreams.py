"""What is taken off a stream must not change its pixels: imagecodecs judges."""

import imagecodecs
import numpy as np
import pytest

from isocenter.dicom.bare_codestreams import bare_jpeg_2000, first_scan
from isocenter.errors import CorruptPixelDataError
from tests.builders import CANARY
from tests.foreign import colours, encoded, grey


def test_the_loss_of_jpeg_ls_is_found() -> None:
    assert first_scan(bytes(imagecodecs.jpegls_encode(grey(bits=16)))) == 0
    assert first_scan(bytes(imagecodecs.jpegls_encode(grey(), level=3))) == 3


@pytest.mark.parametrize("predictor", [1, 4])
def test_predictors_are_found(predictor: int) -> None:
    data = bytes(imagecodecs.jpeg8_encode(grey(), lossless=True, predictor=predictor))

    assert first_scan(data) == predictor


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xda\0\4\1", b"no JPEG"])
def test_streams_without_a_scan_are_refused(data: bytes) -> None:
    with pytest.raises(CorruptPixelDataError):
        first_scan(data)


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
