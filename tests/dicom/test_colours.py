"""Colour spaces against pydicom's conversions."""

import numpy as np
import pytest
from pydicom.pixels.processing import convert_color_space

from isocenter.dicom.colours import is_colour, to_rgb
from isocenter.errors import NotSupportedError


def every_kind_of_colour() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    steps = np.arange(0, 256, 5, dtype=np.uint8)
    return np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422", "YBR_ICT"])
def test_ybr_becomes_the_rgb_that_pydicom_makes(photometric: str) -> None:
    samples = every_kind_of_colour()

    expected = convert_color_space(samples, "YBR_FULL", "RGB")

    difference = to_rgb(samples, photometric, 8).astype(int) - expected
    assert np.abs(difference).max() <= 1


def test_partial_ybr_spans_16_to_235() -> None:
    samples = np.array([[[16, 128, 128], [235, 128, 128], [81, 90, 240]]], np.uint8)

    ours = to_rgb(samples, "YBR_PARTIAL_422", 8).tolist()

    # Black, white, and the red of ITU-R BT.601.
    assert ours[0][:2] == [[0, 0, 0], [255, 255, 255]]
    assert np.abs(np.array(ours[0][2]) - [255, 0, 0]).max() <= 2


def test_the_reversible_transform_is_undone() -> None:
    red, green, blue = 200, 100, 50
    luma = (red + 2 * green + blue) >> 2
    samples = np.array([[[luma, blue - green + 128, red - green + 128]]], np.uint8)

    assert to_rgb(samples, "YBR_RCT", 8).tolist() == [[[red, green, blue]]]


def test_16_bits_keep_their_depth() -> None:
    samples = np.array([[[65535, 32768, 32768], [0, 32768, 32768]]], np.uint16)

    assert to_rgb(samples, "YBR_FULL", 16).tolist() == [[[65535] * 3, [0] * 3]]


def test_rgb_stays_as_it_is() -> None:
    samples = every_kind_of_colour()

    assert to_rgb(samples, "RGB", 8) is samples


@pytest.mark.parametrize("photometric", ["HSV", "ARGB", "CMYK", "", "NONSENSE"])
def test_other_colour_spaces_are_refused(photometric: str) -> None:
    assert not is_colour(photometric)
    with pytest.raises(NotSupportedError):
        to_rgb(every_kind_of_colour(), photometric, 8)
