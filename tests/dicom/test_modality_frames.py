"""Frames in units of the modality are what pydicom makes of the same files."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, convert_color_space
from pydicom.uid import RLELossless

from isocenter.dicom.header_index import index_header
from isocenter.dicom.modality_frames import modality_frames
from isocenter.dicom.streams import BytesSource
from isocenter.errors import MissingElementError
from tests.builders import instance, to_bytes

Array = npt.NDArray[Any]


def frames_of(dataset: Dataset) -> list[Array]:
    source = BytesSource(to_bytes(dataset))
    return list(modality_frames(index_header(source), source))


def truth_of(dataset: Dataset) -> Array:
    read = dcmread(io.BytesIO(to_bytes(dataset)))
    made: Array = apply_modality_lut(read.pixel_array, read)
    return made


def in_colour(photometric: str, samples: Array, planar: int = 0) -> Dataset:
    dataset = instance(modality="MR")
    dataset.PhotometricInterpretation = photometric
    dataset.SamplesPerPixel = 3
    dataset.PlanarConfiguration = planar
    dataset.Rows, dataset.Columns = samples.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelData = (np.moveaxis(samples, -1, 0) if planar else samples).tobytes()
    return dataset


def test_ct_is_in_hounsfield_units_as_int16() -> None:
    (values,) = frames_of(instance())
    assert values.dtype == np.int16
    assert np.array_equal(values, truth_of(instance()))


def test_signed_values_of_sixteen_bits_stay_exact() -> None:
    dataset = instance(bits_stored=16, signed=True)
    (values,) = frames_of(dataset)
    assert np.array_equal(values, truth_of(dataset))
    assert values.min() == -32768 - 1024


def test_a_slope_that_is_no_whole_number_gives_floating_point() -> None:
    dataset = instance(modality="PT")
    dataset.RescaleSlope = "0.25"
    (values,) = frames_of(dataset)
    assert values.dtype.kind == "f"
    assert np.array_equal(values, truth_of(dataset))


def test_inverted_grey_keeps_its_values() -> None:
    dataset = instance()
    dataset.PhotometricInterpretation = "MONOCHROME1"
    assert np.array_equal(frames_of(dataset)[0], frames_of(instance())[0])


def test_compressed_frames_are_those_of_the_native_file() -> None:
    dataset = instance()
    dataset.compress(RLELossless)
    assert np.array_equal(frames_of(dataset)[0], frames_of(instance())[0])


@pytest.mark.parametrize("planar", [0, 1])
def test_colours_come_pixel_by_pixel(planar: int) -> None:
    samples = np.arange(8 * 6 * 3, dtype=np.uint8).reshape(8, 6, 3)
    (values,) = frames_of(in_colour("RGB", samples, planar))
    assert values.dtype == np.uint8
    assert np.array_equal(values, samples)


def test_luma_and_chroma_become_red_green_and_blue() -> None:
    samples = np.random.default_rng(5).integers(60, 190, (8, 6, 3)).astype(np.uint8)
    (values,) = frames_of(in_colour("YBR_FULL", samples))
    truth = convert_color_space(samples, "YBR_FULL", "RGB")
    assert np.abs(values.astype(int) - truth).max() <= 1


def test_a_palette_becomes_colours_of_eight_bits() -> None:
    dataset = instance(bits_stored=8)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    del dataset.RescaleSlope, dataset.RescaleIntercept
    for at, colour in enumerate(("Red", "Green", "Blue")):
        table = (np.arange(256, dtype="<u2") * (at + 1) % 256) << 8
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table.tobytes())
    (values,) = frames_of(dataset)
    assert values.dtype == np.uint8
    assert np.array_equal(values, apply_color_lut(dataset.pixel_array, dataset) >> 8)


def test_each_frame_has_its_own_rescale() -> None:
    dataset = instance(modality="PT", rows=2, columns=2)
    del dataset.RescaleSlope, dataset.RescaleIntercept
    dataset.NumberOfFrames = 2
    dataset.PixelData = np.arange(8, dtype="<u2").tobytes()
    dataset.PerFrameFunctionalGroupsSequence = [_group("2", "10"), _group("0.5", "0")]
    first, second = frames_of(dataset)
    assert first.tolist() == [[10, 12], [14, 16]]
    assert second.tolist() == [[2, 2.5], [3, 3.5]]


def test_an_object_without_pixels_has_no_frames() -> None:
    dataset = instance()
    del dataset.PixelData
    with pytest.raises(MissingElementError):
        frames_of(dataset)


def _group(slope: str, intercept: str) -> Dataset:
    transform = Dataset()
    transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = (
        slope,
        intercept,
        "US",
    )
    group = Dataset()
    group.PixelValueTransformationSequence = [transform]
    return group
