import imagecodecs
import numpy as np
import pytest
from pydicom.pixels.decoders.rle import _rle_decode_frame

from isocenter.dicom.codec_functions import (
    decode_deflated,
    decode_htj2k,
    decode_jpeg,
    decode_jpeg_rgb,
    encode_deflated,
    encode_htj2k,
    encode_jpeg_xl,
    encode_rle,
)
from isocenter.dicom.codestreams import parse_jpeg_2000
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


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (9, 16), (12, 16), (16, 16)])
@pytest.mark.parametrize("samples", [1, 3])
def test_lossy_htj2k_is_as_near_as_its_step_says_and_never_wraps(
    stored: int, allocated: int, samples: int, *, is_signed: bool
) -> None:
    pixels = pixel_format(
        bits_stored=stored, bits_allocated=allocated, is_signed=is_signed, samples=samples
    )
    original = frame(pixels)  # both ends of the range are in it

    data = encode_htj2k(original, pixels, 7.0)

    stream = parse_jpeg_2000(data)
    assert (stream.bits, stream.is_signed, stream.is_reversible) == (stored, is_signed, False)
    errors = np.abs(decode_htj2k(data, pixels).astype(int) - original)
    assert 0 < errors.max() <= 6 * 2 ** (stored - 7) + 6
    assert len(data) < original.nbytes / 1.5


def test_jpeg_xl_of_many_bits_is_no_container() -> None:
    pixels = pixel_format(bits_stored=16)

    assert encode_jpeg_xl(frame(pixels), pixels, None)[:2] == b"\xff\x0a"


def test_a_deflated_frame_that_grows_too_much_is_refused() -> None:
    pixels = pixel_format(rows=4, columns=4)
    bomb = encode_deflated(np.zeros((1000, 1000), "<u2"), pixel_format(rows=1000, columns=1000), 0)

    with pytest.raises(CorruptPixelDataError):
        decode_deflated(bomb, pixels)


@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (16, 16), (32, 32)])
@pytest.mark.parametrize("samples", [1, 3])
def test_rle_segments_are_those_of_the_standard(stored: int, allocated: int, samples: int) -> None:
    pixels = pixel_format(bits_stored=stored, bits_allocated=allocated, samples=samples)
    original = frame(pixels)

    data = encode_rle(original, pixels, None)

    count, *offsets = np.frombuffer(data[:64], "<u4").tolist()
    assert count == samples * allocated // 8
    assert offsets[0] == 64
    assert not any(offset % 2 for offset in offsets)
    by_pydicom = _rle_decode_frame(data, pixels.rows, pixels.columns, samples, allocated)
    planes = np.frombuffer(by_pydicom, pixels.dtype).reshape(samples, pixels.rows, pixels.columns)
    assert np.array_equal(np.moveaxis(planes, 0, -1).reshape(pixels.shape), original)
