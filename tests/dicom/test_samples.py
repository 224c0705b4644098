"""Stored samples of native Frames: every layout that Pixel Data can have."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.pixels.utils import pixel_array

from isocenter.dicom.header_index import index_header
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import (
    index_pixels,
    native_samples,
    pixel_element,
    read_sample_format,
)
from isocenter.dicom.streams import BytesSource
from isocenter.errors import CorruptPixelDataError, MissingElementError
from tests.builders import uid
from tests.rendering import image, indexed, samples_of

NATIVE_FILES = (
    "pydicom/test_files/CT_small.dcm",
    "pydicom/test_files/MR_small.dcm",
    "pydicom-data/SC_rgb.dcm",
    "pydicom-data/SC_rgb_16bit.dcm",
    "pydicom-data/SC_rgb_32bit.dcm",
    "pydicom-data/SC_ybr_full_uncompressed.dcm",
    "pydicom/test_files/SC_ybr_full_422_uncompressed.dcm",
    "pydicom-data/color-pl.dcm",
    "pydicom-data/color-px.dcm",
    "pydicom-data/liver_nonbyte_aligned.dcm",
    "pydicom/test_files/examples_palette.dcm",
    "pydicom-data/parametric_map_float.dcm",
    "pydicom-data/parametric_map_double_float.dcm",
)


@pytest.mark.parametrize("name", NATIVE_FILES)
@pytest.mark.usefixtures("odd_values_allowed")
def test_samples_are_those_that_pydicom_finds(name: str, shared_data: Path) -> None:
    path = shared_data / "dicom" / name
    dataset = dcmread(path)
    expected = pixel_array(dataset, raw=True).reshape(
        int(dataset.get("NumberOfFrames") or 1), dataset.Rows, dataset.Columns, -1
    )
    source = BytesSource(path.read_bytes())
    header = index_header(source)
    layout = read_sample_format(header.dataset)
    frames = index_pixels(header, source)

    for number, span in enumerate(frames.spans):
        data = source.read_at(span.offset, span.length)
        ours = native_samples(data, layout, number)
        assert ours.shape == layout.shape
        np.testing.assert_array_equal(ours.reshape(expected[number].shape), expected[number])


def test_bits_above_the_high_bit_are_removed() -> None:
    dataset = image([[0xF123, 0x0FFF]], bits_stored=12)

    np.testing.assert_array_equal(samples_of(dataset), [[0x123, 0xFFF]])


def test_the_sign_is_extended_from_the_high_bit() -> None:
    dataset = image([[0x0FFF, 0x07FF, 0x0800]], bits_stored=12, PixelRepresentation=1)

    np.testing.assert_array_equal(samples_of(dataset), [[-1, 2047, -2048]])


def test_bits_below_the_stored_ones_are_removed() -> None:
    dataset = image([[0xABCF, 0x1230]], bits_stored=12, HighBit=15)

    np.testing.assert_array_equal(samples_of(dataset), [[0xABC, 0x123]])


def test_cells_of_12_bits_are_unpacked() -> None:
    dataset = image([[0, 0], [0, 0]], bits_stored=12, BitsAllocated=12)
    # 0x321, 0x654, 0x987, 0xCBA, the least significant bits first
    dataset.PixelData = bytes([0x21, 0x43, 0x65, 0x87, 0xA9, 0xCB])

    np.testing.assert_array_equal(samples_of(dataset), [[0x321, 0x654], [0x987, 0xCBA]])


def test_planes_of_colours_become_pixels() -> None:
    dataset = image(np.zeros((1, 2, 3)), PlanarConfiguration=1)
    dataset.PixelData = bytes([1, 2, 3, 4, 5, 6])

    np.testing.assert_array_equal(samples_of(dataset), [[[1, 3, 5], [2, 4, 6]]])


def test_64_bits_are_read() -> None:
    dataset = image([[0]], BitsAllocated=64, BitsStored=64, HighBit=63)
    dataset.PixelData = (1 << 40).to_bytes(8, "little")

    np.testing.assert_array_equal(samples_of(dataset), [[1 << 40]])


def test_a_short_frame_is_refused() -> None:
    layout = PixelFormat(2, 2, 1, "MONOCHROME2", 8, 8, 7, is_signed=False)

    with pytest.raises(CorruptPixelDataError):
        native_samples(b"abc", layout)


def test_floating_point_pixel_data_shorter_than_its_frames_is_refused() -> None:
    dataset = image([[0, 0]], BitsAllocated=32)
    del dataset.PixelData
    dataset.FloatPixelData = bytes(4)
    header, source = indexed(dataset)

    with pytest.raises(CorruptPixelDataError):
        index_pixels(header, source)


@pytest.mark.parametrize(
    "elements",
    [
        {"Rows": 0},
        {"SamplesPerPixel": 0},
        {"BitsAllocated": 0},
        {"BitsAllocated": 128},
        {"BitsStored": 9},
        {"HighBit": 8},
        {"HighBit": 3},
    ],
)
def test_contradictions_are_refused(elements: dict[str, int]) -> None:
    header, _ = indexed(image([[1]], **elements))

    with pytest.raises(CorruptPixelDataError):
        read_sample_format(header.dataset)


def test_an_instance_without_pixels_has_no_format() -> None:
    dataset = Dataset()
    dataset.file_meta = image([[1]]).file_meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = uid("class"), uid("instance")
    header, _ = indexed(dataset)

    with pytest.raises(MissingElementError):
        pixel_element(header.dataset)
