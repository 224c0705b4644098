import numpy as np
import pytest

from isocenter.dicom.deidentify.apply import deidentify
from isocenter.dicom.deidentify.overlay_regions import blanked_overlay
from isocenter.dicom.deidentify.profile import Option, Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import DataSetIndex
from isocenter.errors import CorruptPixelDataError
from tests.builders import instance
from tests.rendering import indexed


def overlaid(frames: int, origin: list[int], data: bytes) -> DataSetIndex:
    dataset = instance()
    dataset.add_new(0x60000010, "US", 5)
    dataset.add_new(0x60000011, "US", 7)
    dataset.add_new(0x60000015, "IS", frames)
    dataset.add_new(0x60000050, "SS", origin)
    dataset.add_new(0x60003000, "OB", data)
    return indexed(dataset)[0].dataset


@pytest.mark.parametrize("origin", [(1, 1), (3, 2), (-1, 0), (40, 40)])
def test_overlays_lose_what_they_draw_over_the_region(origin: tuple[int, int]) -> None:
    dataset = overlaid(3, list(origin), b"\xff" * 14)

    made = blanked_overlay(dataset, 0x6000, [Region(2, 1, 3, 4)])

    bits = np.unpackbits(np.frombuffer(made, "u1"), bitorder="little")
    planes, rest = bits[:105].reshape(3, 5, 7), bits[105:]
    for row in range(5):
        for column in range(7):
            y, x = row + origin[0] - 1, column + origin[1] - 1
            is_blank = 2 <= x < 5 and 1 <= y < 5
            assert np.all(planes[:, row, column] == (0 if is_blank else 1))
    assert not rest.any()
    assert len(made) == 14


def test_an_overlay_that_is_too_short_is_refused() -> None:
    with pytest.raises(CorruptPixelDataError, match="6000"):
        blanked_overlay(overlaid(4, [1, 1], b"\xff" * 14), 0x6000, [])


def test_overlays_that_are_kept_lose_the_region_too() -> None:
    dataset = instance(rows=16, columns=16)
    for element, vr, value in (
        (0x10, "US", 16),
        (0x11, "US", 16),
        (0x40, "CS", "R"),
        (0x50, "SS", [1, 1]),
        (0x100, "US", 1),
        (0x102, "US", 0),
        (0x3000, "OW", b"\xff" * 32),
    ):
        dataset.add_new(0x60000000 | element, vr, value)
    header, source = indexed(dataset)
    options = frozenset({Option.CLEAN_GRAPHICS})

    kept = deidentify(header, source, Profile(bytes(16), options))
    made = deidentify(header, source, Profile(bytes(16), options, regions=(Region(0, 0, 16, 15),)))

    assert kept.elements[0x60003000].endswith(b"\xff" * 32)
    assert made.elements[0x60003000].endswith(bytes(30) + b"\xff" * 2)
