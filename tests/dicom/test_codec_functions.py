import imagecodecs
import numpy as np
import pytest

from isocenter.dicom.codec_functions import (
    decode_deflated,
    decode_jpeg,
    decode_jpeg_rgb,
    encode_deflated,
    encode_htj2k,
    encode_jpeg_xl,
)
from isocenter.errors import CorruptPixelDataError
from tests.coded import frame, pixel_format


def test_ycbcr_jpeg_comes_as_stored_or_as_rgb() -> None:
    pixels = pixel_format(samples=3, bits_stored=8, bits_allocated=8)
    red = np.zeros(pixels.shape, "u1")
    red[..., 0] = 255
    data = bytes(imagecodecs.jpeg8_encode(red, 100, colorspace="rgb", outcolorspace="ycbcr"))

    # ISO 10918-5: red is Y 76, CB 85, CR 255.
    np.testing.assert_allclose(decode_jpeg(data, pixels)[0, 0], (76, 85, 255), atol=1)
    np.testing.assert_allclose(decode_jpeg_rgb(data, pixels)[0, 0], (254, 0, 0), atol=2)


def test_htj2k_decodes_elsewhere_after_its_precision_was_stated() -> None:
    pixels = pixel_format(bits_stored=12)
    samples = frame(pixels)

    # OpenJPEG is not the library that encoded it.
    decoded = imagecodecs.jpeg2k_decode(encode_htj2k(samples, pixels, None))

    assert np.array_equal(decoded, samples)


def test_jpeg_xl_of_many_bits_is_no_container() -> None:
    pixels = pixel_format(bits_stored=16)

    assert encode_jpeg_xl(frame(pixels), pixels, None)[:2] == b"\xff\x0a"


def test_a_deflated_frame_that_grows_too_much_is_refused() -> None:
    pixels = pixel_format(rows=4, columns=4)
    bomb = encode_deflated(np.zeros((1000, 1000), "<u2"), pixel_format(rows=1000, columns=1000), 0)

    with pytest.raises(CorruptPixelDataError):
        decode_deflated(bomb, pixels)
