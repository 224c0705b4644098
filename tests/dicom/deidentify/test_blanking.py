import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.blanking import (
    Colour,
    black_of,
    blank_bits,
    blank_native,
    blank_samples,
    cell_of,
    is_made_of_bytes,
)
from isocenter.dicom.deidentify.regions import Region, regions_of_image
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import FloatFormat, native_cells, stored_values
from isocenter.errors import CorruptPixelDataError
from tests.builders import instance
from tests.coded import frame, pixel_format
from tests.rendering import indexed

EMPTY = indexed(instance())[0].dataset
CORNER = [Region(0, 0, 3, 2)]


def layout(
    photometric: str, *, samples: int = 1, stored: int = 8, signed: bool = False
) -> PixelFormat:
    allocated = 8 if stored <= 8 else 16
    return PixelFormat(6, 8, samples, photometric, allocated, stored, stored - 1, signed)


@pytest.mark.parametrize(
    ("pixels", "black"),
    [
        (layout("MONOCHROME2"), (0,)),
        (layout("MONOCHROME2", stored=12, signed=True), (-2048,)),
        (layout("MONOCHROME2", stored=16, signed=True), (-32768,)),
        (layout("MONOCHROME1"), (255,)),
        (layout("MONOCHROME1", stored=12), (4095,)),
        (layout("MONOCHROME1", stored=12, signed=True), (2047,)),
        (layout("RGB", samples=3), (0, 0, 0)),
        (layout("YBR_FULL", samples=3), (0, 128, 128)),
        (layout("YBR_FULL_422", samples=3), (0, 128, 128)),
        (layout("YBR_FULL", samples=3, stored=16), (0, 32768, 32768)),
        (layout("YBR_PARTIAL_422", samples=3), (16, 128, 128)),
        (layout("YBR_RCT", samples=3), (0, 0, 0)),
        (FloatFormat(6, 8, 1, "MONOCHROME2", 32, 32, 31, is_signed=True), (0,)),
    ],
)
def test_black_is_what_is_shown_as_darkest(pixels: PixelFormat, black: Colour) -> None:
    assert black_of(pixels, EMPTY) == black


def palette(first: int, *colours: tuple[int, int, int]) -> DataSetIndex:
    dataset = instance()
    for index, name in enumerate(("Red", "Green", "Blue")):
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [len(colours), first, 8])
        entries = bytes(colour[index] for colour in colours)
        setattr(dataset, f"{name}PaletteColorLookupTableData", entries)
    return indexed(dataset)[0].dataset


def test_black_of_a_palette_is_the_index_of_its_darkest_colour() -> None:
    dataset = palette(5, (255, 255, 255), (0, 0, 90), (20, 20, 20), (9, 9, 9))

    assert black_of(layout("PALETTE COLOR"), dataset) == (8,)
    # An index that cannot be stored is none.
    assert black_of(layout("PALETTE COLOR", stored=3), dataset) == (6,)


def test_a_palette_that_cannot_be_read_or_reached_gives_index_zero() -> None:
    assert black_of(layout("PALETTE COLOR"), EMPTY) == (0,)
    assert black_of(layout("PALETTE COLOR"), palette(300, (0, 0, 0), (1, 1, 1))) == (0,)


def test_samples_are_not_changed_in_place() -> None:
    pixels = pixel_format(bits_stored=8, bits_allocated=8, samples=3)
    before = frame(pixels)
    kept = before.copy()

    after = blank_samples(before, CORNER, (1, 2, 3))

    assert np.array_equal(before, kept)
    assert after[1, 2].tolist() == [1, 2, 3]
    kept[:2, :3] = (1, 2, 3)
    assert np.array_equal(after, kept)
    assert blank_samples(after, CORNER, (1, 2, 3)) is after


@st.composite
def formats(draw: st.DrawFn) -> PixelFormat:
    """Return cells of any size with unused bits on both sides; bits of one sample only."""
    allocated = draw(st.sampled_from([1, 8, 12, 16, 32]))
    samples = 1 if allocated == 1 else draw(st.sampled_from([1, 3]))
    return PixelFormat(
        rows=6,
        columns=8,
        samples=samples,
        photometric="RGB" if samples == 3 else "MONOCHROME2",
        bits_allocated=allocated,
        bits_stored=max(1, allocated - 3),
        high_bit=min(allocated - 1, max(1, allocated - 3)),
        is_signed=draw(st.booleans()),
        planar_configuration=draw(st.integers(0, 1)) if samples == 3 else 0,
    )


REGIONS = st.builds(
    Region, st.integers(0, 7), st.integers(0, 5), st.integers(1, 9), st.integers(1, 7)
)


ODD_PLANES = PixelFormat(6, 8, 3, "RGB", 12, 9, 9, is_signed=False, planar_configuration=1)


@given(REGIONS, formats(), st.integers(0, 7))
@example(Region(1, 2, 3, 4), ODD_PLANES, 4)
def test_native_frames_lose_the_region_and_nothing_else(
    region: Region, pixels: PixelFormat, first_bit: int
) -> None:
    samples = pixels.samples
    regions, _ = regions_of_image([region], 6, 8, 1)
    noise = np.random.Generator(np.random.PCG64(1))
    bits = noise.integers(0, 2, pixels.frame_bits).astype("u1")
    black = black_of(pixels, EMPTY)
    if is_made_of_bytes(pixels):
        data = np.packbits(bits, bitorder="little").tobytes()
        made = blank_native(data, pixels, regions, black)
    else:
        padded = np.concatenate((np.ones(first_bit, "u1"), bits))
        data = np.packbits(padded, bitorder="little").tobytes()
        found = blank_bits(data, pixels, first_bit, regions, black)
        made = np.packbits(found, bitorder="little").tobytes()
        data = np.packbits(bits, bitorder="little").tobytes()

    before, after = native_cells(data, pixels), native_cells(made, pixels)
    inside = np.zeros((6, 8), bool)
    inside[region.top : region.bottom, region.left : region.right] = True
    assert np.array_equal(before[~inside], after[~inside])
    values = stored_values(after, pixels)[inside].reshape(-1, samples)
    assert np.all(values == np.array(black))


def test_pixels_that_share_their_colours_go_together() -> None:
    pixels = layout("YBR_FULL_422", samples=3)
    data = bytes(range(6 * 8 * 2))

    made = np.frombuffer(blank_native(data, pixels, [Region(3, 1, 2, 1)], (0, 128, 128)), "u1")

    before = np.frombuffer(data, "u1").reshape(6, 4, 4).copy()
    before[1, 1:3] = (0, 0, 128, 128)
    assert np.array_equal(made.reshape(6, 4, 4), before)


def test_floats_become_zero() -> None:
    pixels = FloatFormat(6, 8, 1, "MONOCHROME2", 64, 64, 63, is_signed=True)
    values = np.linspace(1, 2, 48).reshape(6, 8)

    made = np.frombuffer(blank_native(values.tobytes(), pixels, CORNER, (0,)), "<f8")

    values[:2, :3] = 0
    assert np.array_equal(made.reshape(6, 8), values)


def test_a_cell_holds_its_value_and_nothing_else() -> None:
    assert cell_of(-1, pixel_format(is_signed=True)) == 0xFFFF
    shifted = PixelFormat(6, 8, 1, "MONOCHROME1", 16, 12, 15, is_signed=False)
    assert cell_of(4095, shifted) == 0xFFF0


def test_frames_of_another_length_are_refused() -> None:
    with pytest.raises(CorruptPixelDataError):
        blank_native(bytes(9), layout("MONOCHROME2"), CORNER, (0,))
    with pytest.raises(CorruptPixelDataError):
        blank_bits(b"", pixel_format(bits_stored=1, bits_allocated=1), 0, CORNER, (0,))
    odd = PixelFormat(2, 3, 3, "YBR_FULL_422", 8, 8, 7, is_signed=False)
    with pytest.raises(CorruptPixelDataError, match="odd"):
        blank_native(bytes(12), odd, CORNER, (0, 128, 128))
