"""Lookup tables: descriptors, entries of 8 and 16 bits, segments."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.pixels.processing import _expand_segmented_lut, apply_color_lut

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.luts import Lut, expand_segments, read_lut, read_palette
from isocenter.errors import CorruptPixelDataError
from tests.rendering import image, indexed


def words(*values: int) -> bytes:
    return np.array(values, "<u2").tobytes()


def voi_item(descriptor: list[int], data: bytes) -> DataSetIndex:
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if min(descriptor) < 0 else "US", descriptor)
    item.add_new("LUTData", "OW", data)
    dataset = image([[1]], VOILUTSequence=[item])
    return indexed(dataset)[0].dataset.items(0x00283010)[0]


def palette_of(dataset: Dataset) -> Lut:
    return read_palette(indexed(dataset)[0].dataset, is_signed=False)


def palette_image(descriptor: list[int], *tables: bytes) -> Dataset:
    dataset = image([[0, 1, 2, 3]], PhotometricInterpretation="PALETTE COLOR")
    for colour, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", descriptor)
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table)
    return dataset


def test_input_outside_the_table_takes_its_ends() -> None:
    lut = read_lut(voi_item([3, 10, 16], words(5, 6, 700)), is_signed=False)

    assert lut.apply(np.array([-4, 9, 10, 11, 12, 13, 40000])).tolist() == [
        *(5, 5, 5, 6, 700, 700, 700)
    ]


def test_a_negative_first_input_is_read() -> None:
    lut = read_lut(voi_item([2, -1024, 12], words(1, 2)), is_signed=True)

    assert lut.apply(np.array([-1024, -1023], np.int16)).tolist() == [1, 2]


def test_zero_entries_mean_65536() -> None:
    data = np.arange(65536, dtype="<u2").tobytes()
    lut = read_lut(voi_item([0, 0, 16], data), is_signed=False)

    assert len(lut.entries) == 65536
    assert lut.apply(np.array([65535], np.uint16)).tolist() == [65535]


def test_entries_of_one_byte_each_are_read() -> None:
    lut = read_lut(voi_item([4, 0, 8], bytes([1, 2, 3, 4])), is_signed=False)

    assert lut.entries.tolist() == [1, 2, 3, 4]
    assert lut.bits == 8


def test_entries_larger_than_the_descriptor_says_are_not_cut_off() -> None:
    lut = read_lut(voi_item([2, 0, 8], words(0, 4095)), is_signed=False)

    assert lut.bits == 12


@pytest.mark.parametrize(
    ("descriptor", "data"), [([2, 0, 16], b""), ([2, 0, 0], words(1, 2)), ([2, 0, 17], words(1, 2))]
)
def test_impossible_tables_are_refused(descriptor: list[int], data: bytes) -> None:
    with pytest.raises(CorruptPixelDataError):
        read_lut(voi_item(descriptor, data), is_signed=False)


def test_a_table_without_descriptor_is_refused() -> None:
    header, _ = indexed(image([[1]]))

    with pytest.raises(CorruptPixelDataError):
        read_lut(header.dataset, is_signed=False)


@pytest.mark.parametrize(
    "name", ["pydicom/test_files/examples_palette.dcm", "cornerstone/TestPattern_Palette_16.dcm"]
)
@pytest.mark.usefixtures("odd_values_allowed")
def test_palettes_give_the_colours_that_pydicom_finds(name: str, shared_data: Path) -> None:
    dataset = dcmread(shared_data / "dicom" / name)
    samples = dataset.pixel_array
    lut = palette_of(dataset)

    expected = apply_color_lut(samples, dataset)

    np.testing.assert_array_equal(lut.apply(samples), expected)


def test_entries_of_16_bits_that_only_use_8_are_taken_as_8() -> None:
    lut = palette_of(palette_image([2, 0, 16], words(0, 255), words(0, 255), words(0, 9)))

    assert lut.bits == 8


def test_a_palette_without_entries_is_refused() -> None:
    dataset = palette_image([2, 0, 16], words(0, 255), words(0, 255), words(0, 9))
    del dataset.BluePaletteColorLookupTableData

    with pytest.raises(CorruptPixelDataError):
        palette_of(dataset)


# A run of single values, a line, and both of them again.
SEGMENTS = (0, 3, 10, 20, 30, 1, 5, 130, 0, 1, 7, 1, 4, 3)
REPEATED = (*SEGMENTS, 2, 2, 0, 0)


@pytest.mark.parametrize("segments", [SEGMENTS, REPEATED])
def test_segments_of_16_bits_are_those_that_pydicom_expands(segments: tuple[int, ...]) -> None:
    expected = _expand_segmented_lut(segments, "<H")

    ours = expand_segments(words(*segments), len(expected), 16)

    np.testing.assert_array_equal(ours, expected)


def test_segments_of_8_bits_repeat_from_a_place_of_four_bytes() -> None:
    segments = bytes([0, 2, 10, 20, 1, 2, 40, 2, 1, 4, 0, 0, 0])

    ours = expand_segments(segments, 6, 8)

    assert ours.tolist() == [10, 20, 30, 40, 40, 40]


def test_no_more_entries_are_made_than_the_descriptor_says() -> None:
    assert expand_segments(words(0, 1, 5, 1, 60000, 9), 3, 16).tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    "segments",
    [
        (0, 5, 1),  # fewer values than announced
        (1, 5, 1),  # a line from nowhere
        (7, 1, 1),  # no such segment
        (0, 1, 1, 2, 1, 6, 0, 2, 1, 6, 0),  # a repetition of a repetition
        (0, 1, 1, 2, 9, 999, 999),  # from behind the end
        (0,),
    ],
)
def test_impossible_segments_are_refused_or_end(segments: tuple[int, ...]) -> None:
    try:
        entries = expand_segments(words(*segments), 10, 16)
    except CorruptPixelDataError:
        return
    assert 1 <= len(entries) <= 10


def test_segments_of_a_palette_are_read() -> None:
    dataset = palette_image([4, 0, 16], b"", b"", b"")
    for colour in ("Red", "Green", "Blue"):
        del dataset[f"{colour}PaletteColorLookupTableData"]
        setattr(
            dataset,
            f"Segmented{colour}PaletteColorLookupTableData",
            words(0, 1, 0, 1, 3, 0xFFFF),
        )

    assert palette_of(dataset).entries[:, 1].tolist() == [0, 21845, 43690, 65535]
