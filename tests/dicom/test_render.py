"""Frames as they are shown, against the formulas of the standard, pydicom and DCMTK."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.pixels.processing import apply_modality_lut, apply_windowing
from pydicom.pixels.utils import pixel_array

from isocenter.dicom.render import full_range, value_range
from isocenter.dicom.windows import LINEAR_EXACT, SIGMOID, Window
from tests.rendering import Value, display_of, image, lut_item, rendered, samples_of


def every_value(bits_stored: int = 12, **elements: Value) -> Dataset:
    values = np.arange(1 << bits_stored).reshape(64, -1)
    return image(values, bits_stored=bits_stored, **elements)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("slope", ["1", "0.5", "2.75"])
@pytest.mark.parametrize("function", ["LINEAR", LINEAR_EXACT, SIGMOID])
def test_a_window_is_applied_as_pydicom_does(function: str, slope: str, bits: int) -> None:
    dataset = every_value(
        RescaleSlope=slope,
        RescaleIntercept="-1024.5",
        WindowCenter="40",
        WindowWidth="400",
        VOILUTFunction=function,
    )
    values = apply_modality_lut(pixel_array(dataset), dataset)
    # pydicom stretches to the range of the modality's output; what counts is the fraction.
    windowed = apply_windowing(values, dataset)
    fraction = (windowed - windowed.min()) / (windowed.max() - windowed.min())
    if function == SIGMOID:
        fraction = 1 / (1 + np.exp(-4 * (values - 40) / 400))

    ours = rendered(dataset, bits=bits).astype(float)

    tolerance = 0.51 if bits == 8 else 0.6
    assert np.abs(ours - fraction * ((1 << bits) - 1)).max() <= tolerance


def test_a_window_of_width_one_is_a_step() -> None:
    dataset = image([[99, 100, 101]], WindowCenter="100.5", WindowWidth="1")

    assert rendered(dataset).tolist() == [[0, 0, 255]]


def test_monochrome1_is_inverted() -> None:
    dataset = image([[0, 255]], PhotometricInterpretation="MONOCHROME1")

    assert rendered(dataset).tolist() == [[255, 0]]


def test_a_modality_lut_comes_before_the_window() -> None:
    dataset = image([[0, 1, 2]], WindowCenter="500.5", WindowWidth="1001")
    dataset.ModalityLUTSequence = [lut_item([3, 0, 16], 1000, 0, 500)]

    assert rendered(dataset).tolist() == [[255, 0, 128]]


def test_a_negative_slope_turns_small_values_white() -> None:
    dataset = image([[0, 25, 100]], RescaleSlope="-1", RescaleIntercept="100")

    assert rendered(dataset, window=Window(50, 100, LINEAR_EXACT)).tolist() == [[255, 191, 0]]


def test_the_largest_entry_that_a_voi_lut_can_have_is_white() -> None:
    dataset = image([[0, 1, 2, 3]], VOILUTSequence=[lut_item([3, 1, 12], 0, 1365, 4095)])

    assert rendered(dataset).tolist() == [[0, 0, 85, 255]]


def test_negative_values_meet_a_voi_lut_whose_first_input_is_negative() -> None:
    item = lut_item([2, 65535, 8], 0, 255)
    dataset = image([[-1, 0]], bits_stored=12, VOILUTSequence=[item])

    assert rendered(dataset).tolist() == [[0, 255]]


def test_without_a_window_the_whole_range_of_the_cells_is_shown() -> None:
    assert rendered(every_value()).ravel()[[0, 2048, 4095]].tolist() == [0, 128, 255]
    assert rendered(image([[0, 128, 255]])).tolist() == [[0, 128, 255]]


def test_signed_values_are_shown_from_the_smallest() -> None:
    dataset = image([[-2048, 0, 2047]], bits_stored=12)

    assert rendered(dataset).tolist() == [[0, 128, 255]]


def test_one_bit_is_black_or_white() -> None:
    dataset = image([[0] * 8], BitsAllocated=1, BitsStored=1, HighBit=0)
    dataset.PixelData = bytes([0b00000101, 0])

    assert rendered(dataset).tolist() == [[255, 0, 255, 0, 0, 0, 0, 0]]


def test_32_bits_keep_small_differences() -> None:
    dataset = image([[0, 0]], BitsAllocated=32, BitsStored=32, HighBit=31)
    dataset.PixelData = np.array([2**31, 2**31 + 100], "<u4").tobytes()
    window = Window(2**31 + 50, 100, LINEAR_EXACT)

    assert rendered(dataset, window=window).tolist() == [[0, 255]]


def test_floating_point_is_shown_from_its_smallest_to_its_largest_value() -> None:
    dataset = image([[0, 0, 0]], BitsAllocated=32)
    del dataset.PixelData
    dataset.FloatPixelData = np.array([-1.5, 0, np.nan], "<f4").tobytes()

    assert rendered(dataset).tolist() == [[0, 255, 0]]
    assert value_range(samples_of(dataset), display_of(dataset)) == (-1.5, 0)


def test_padding_is_black_and_counts_for_nothing() -> None:
    dataset = image([[-2000, 0, 100]], bits_stored=16, PixelPaddingValue=-2000)
    dataset["PixelPaddingValue"].VR = "SS"
    dataset.PhotometricInterpretation = "MONOCHROME1"

    assert value_range(samples_of(dataset), display_of(dataset)) == (0, 100)
    assert rendered(dataset, window=Window(50, 100, LINEAR_EXACT)).tolist() == [[0, 255, 0]]


def test_a_range_of_padding_is_black() -> None:
    dataset = image([[0, 5, 6, 255]], PixelPaddingValue=5, PixelPaddingRangeLimit=0)
    dataset["PixelPaddingValue"].VR = dataset["PixelPaddingRangeLimit"].VR = "US"

    assert rendered(dataset).tolist() == [[0, 0, 6, 255]]


def test_nothing_but_padding_has_no_range() -> None:
    dataset = image([[7, 7]], PixelPaddingValue=7)
    dataset["PixelPaddingValue"].VR = "US"

    assert value_range(samples_of(dataset), display_of(dataset)) is None


def test_the_range_is_in_units_of_the_modality() -> None:
    dataset = image([[10, 20]], RescaleSlope="-2", RescaleIntercept="5")

    assert value_range(samples_of(dataset), display_of(dataset)) == (-35, -15)
    assert full_range(samples_of(dataset), display_of(dataset)) == (-505, 5)


def test_colours_are_shown_as_they_are() -> None:
    dataset = image(np.arange(24).reshape(2, 4, 3), WindowCenter="1", WindowWidth="1")

    np.testing.assert_array_equal(rendered(dataset), np.arange(24).reshape(2, 4, 3))


@pytest.mark.parametrize(("bits", "white"), [(8, 255), (16, 65535)])
def test_white_stays_white_at_any_depth(bits: int, white: int) -> None:
    eight = image(np.full((1, 1, 3), 255))
    sixteen = image(np.full((1, 1, 3), 65535), bits_stored=16)

    assert rendered(eight, bits=bits).tolist() == [[[white] * 3]]
    assert rendered(sixteen, bits=bits).tolist() == [[[white] * 3]]


def test_a_palette_of_16_bits_is_shown_in_colour() -> None:
    dataset = image([[0, 1, 9]], PhotometricInterpretation="PALETTE COLOR")
    for colour, entries in (("Red", (0, 65535)), ("Green", (0, 256)), ("Blue", (512, 0))):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [2, 0, 16])
        data = np.array(entries, "<u2").tobytes()
        setattr(dataset, f"{colour}PaletteColorLookupTableData", data)

    assert rendered(dataset).tolist() == [[[0, 0, 2], [255, 1, 0], [255, 1, 0]]]
    assert rendered(dataset, bits=16).tolist()[0][1] == [65535, 256, 0]


def test_a_supplemental_palette_colours_the_values_that_it_maps() -> None:
    dataset = image([[0, 100, 200, 201, 202]], PixelPresentation="COLOR")
    for colour, entries in (("Red", (1, 2)), ("Green", (3, 4)), ("Blue", (5, 6))):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [2, 200, 8])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", bytes(entries))

    shown = rendered(dataset).tolist()[0]

    assert shown == [[0] * 3, [100] * 3, [1, 3, 5], [2, 4, 6], [202] * 3]


@pytest.mark.judge("dcmj2pnm")
@pytest.mark.parametrize(
    "name",
    [
        "pydicom/test_files/MR_small.dcm",
        "highdicom/dx_image.dcm",
        "series/ct_chest_60/*",
        "series/pet_wb_299/*",
        "rt-utils/ct_1.dcm",
        "dcmqi/ct-3slice/01.dcm",
        "cornerstone/TestPattern_Palette_16.dcm",
        "pydicom/test_files/examples_palette.dcm",
        "pydicom-data/SC_rgb.dcm",
    ],
)
@pytest.mark.usefixtures("odd_values_allowed")
def test_dcmtk_shows_the_same_within_one_grey_level(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    path = min((shared_data / "dicom").glob(name))
    dataset = dcmread(path)
    window = ["+Wi", "1"] if "WindowCenter" in dataset else []
    command = ["dcmj2pnm", "-O", "+on", "-il", *window, str(path), str(tmp_path / "dcmtk.png")]
    subprocess.run(command, check=True, capture_output=True)
    expected = np.asarray(Image.open(tmp_path / "dcmtk.png")).astype(int)

    assert np.abs(rendered(dataset) - expected).max() <= 1
