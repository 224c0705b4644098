import numpy as np
import pytest

from isocenter.dicom.codecs import ENCODERS, decode_frame
from isocenter.dicom.lossy import Goal, encode_lossy, measured_psnr
from isocenter.errors import NotSupportedError
from tests.coded import frame, pixel_format

LOSSY = ["j2k", "htj2k", "jpegls", "jpegxl"]


def test_psnr_is_over_the_range_in_use() -> None:
    samples = np.array([[100, 200]], "<u2")

    assert measured_psnr(samples, samples) == float("inf")
    # A root mean square error of 10 in a range of 100.
    assert measured_psnr(samples, samples + 10) == pytest.approx(20)


@pytest.mark.parametrize("name", LOSSY)
@pytest.mark.parametrize("psnr_db", [40, 50, 60])
@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (12, 16), (16, 16)])
@pytest.mark.parametrize("samples", [1, 3])
def test_every_frame_is_as_good_as_asked(
    name: str, psnr_db: float, stored: int, allocated: int, samples: int
) -> None:
    pixels = pixel_format(bits_stored=stored, bits_allocated=allocated, samples=samples)
    original = frame(pixels)

    data = encode_lossy(ENCODERS[name], original, pixels, Goal(psnr_db))

    decoded = decode_frame(ENCODERS[name], data, pixels)
    assert measured_psnr(original, decoded) >= psnr_db
    if psnr_db == 40:
        assert not np.array_equal(decoded, original)  # it was worth it


@pytest.mark.parametrize("name", LOSSY)
def test_every_frame_is_as_small_as_asked(name: str) -> None:
    pixels = pixel_format(rows=128, columns=128)
    original = frame(pixels)

    data = encode_lossy(ENCODERS[name], original, pixels, Goal(ratio=8))

    assert len(data) * 8 <= original.nbytes
    assert len(data) * 20 > original.nbytes


@pytest.mark.parametrize("name", LOSSY)
@pytest.mark.parametrize("value", [0, 7])
def test_a_frame_of_one_value_is_kept(name: str, value: int) -> None:
    pixels = pixel_format(bits_stored=8, bits_allocated=8)
    original = np.full(pixels.shape, value, pixels.dtype)

    data = encode_lossy(ENCODERS[name], original, pixels, Goal())

    assert np.array_equal(decode_frame(ENCODERS[name], data, pixels), original)


@pytest.mark.parametrize("name", ["jpegls", "jpegxl"])
def test_codecs_that_know_no_sign_lose_nothing_of_signed_pixels(name: str) -> None:
    pixels = pixel_format(is_signed=True)

    with pytest.raises(NotSupportedError, match="no lossy encoding of signed pixels"):
        encode_lossy(ENCODERS[name], frame(pixels), pixels, Goal())


@pytest.mark.parametrize("name", ["j2k", "htj2k"])
@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (12, 16), (16, 16)])
def test_signed_pixels_keep_their_quality(name: str, stored: int, allocated: int) -> None:
    pixels = pixel_format(bits_stored=stored, bits_allocated=allocated, is_signed=True)
    original = frame(pixels)

    data = encode_lossy(ENCODERS[name], original, pixels, Goal())

    assert measured_psnr(original, decode_frame(ENCODERS[name], data, pixels)) >= 50
