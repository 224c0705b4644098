import numpy as np
import pytest

from isocenter.dicom.header_index import index_header
from isocenter.dicom.pixel_format import read_pixel_format, settled, to_native, to_samples
from isocenter.dicom.streams import BytesSource
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import Limits
from tests.builders import instance, to_bytes
from tests.coded import frame, pixel_format


def test_the_description_is_read_from_the_header() -> None:
    header = index_header(BytesSource(to_bytes(instance(rows=8, columns=6, signed=True))))

    expected = pixel_format(rows=8, columns=6, is_signed=True)
    assert read_pixel_format(header.dataset) == expected
    with pytest.raises(TooLargeError):
        read_pixel_format(header.dataset, Limits(frame_bytes=95))


@pytest.mark.parametrize("keyword", ["Rows", "BitsStored", "HighBit"])
def test_a_description_that_contradicts_itself_is_refused(keyword: str) -> None:
    dataset = instance()
    setattr(dataset, keyword, 0 if keyword != "HighBit" else 3)
    header = index_header(BytesSource(to_bytes(dataset)))

    with pytest.raises(CorruptPixelDataError):
        read_pixel_format(header.dataset)


def test_planes_become_colours_by_pixel() -> None:
    pixels = pixel_format(samples=3, bits_stored=8, bits_allocated=8)
    samples = frame(pixels)
    planes = np.moveaxis(samples, -1, 0).tobytes()

    read = to_samples(planes, pixels.with_colours("RGB", planar_configuration=1))

    assert np.array_equal(read, samples)
    assert to_native(read, pixels) == samples.tobytes()


def test_colours_shared_by_two_pixels_are_given_to_each() -> None:
    pixels = pixel_format(
        samples=3, bits_stored=8, bits_allocated=8, photometric="YBR_FULL_422", rows=1, columns=4
    )

    read = to_samples(bytes([10, 11, 1, 2, 12, 13, 3, 4]), pixels)

    assert read.tolist() == [[[10, 1, 2], [11, 1, 2], [12, 3, 4], [13, 3, 4]]]
    with pytest.raises(CorruptPixelDataError):
        to_samples(bytes(7), pixels)


def test_frames_of_bits_may_begin_inside_a_byte() -> None:
    pixels = pixel_format(bits_stored=1, bits_allocated=1, rows=1, columns=5)

    assert to_samples(bytes([0b10110_001, 0]), pixels, 3).tolist() == [[0, 1, 1, 0, 1]]
    with pytest.raises(CorruptPixelDataError):
        to_samples(bytes(1), pixels, 4)


def test_the_sign_fills_the_bits_above_bits_stored() -> None:
    pixels = pixel_format(bits_stored=12, is_signed=True, rows=1, columns=3)
    unfilled = np.array([[0x0FFF, 0x0800, 5]], "<i2")

    assert settled(unfilled, pixels).tolist() == [[-1, -2048, 5]]
    assert settled(np.array([[-1, -2048, 5]], "<i2"), pixels).tolist() == [[-1, -2048, 5]]


@pytest.mark.parametrize("is_signed", [False, True])
def test_bits_that_encoders_would_drop_are_refused(is_signed: bool) -> None:
    pixels = pixel_format(bits_stored=12, is_signed=is_signed, rows=1, columns=2)
    overlay = np.array([[0x1FFF, 1]], "<u2").view(pixels.dtype)

    with pytest.raises(NotSupportedError, match="overlay"):
        settled(overlay, pixels)
