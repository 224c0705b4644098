import numpy as np
import pytest
from pydicom import Dataset

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.ultrasound import surroundings
from isocenter.dicom.header_index import DataSetIndex
from isocenter.errors import HeldBackError
from tests.pictures import pictures
from tests.rendering import indexed

Edges = tuple[int, int, int, int]


def declared(*regions: Edges) -> Dataset:
    """Return an ultrasound image of 60 x 80 that declares regions by their four edges."""
    (dataset,) = pictures("US", 1, rows=60, columns=80)
    items = []
    for left, top, right, bottom in regions:
        item = Dataset()
        item.RegionSpatialFormat = 1
        item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
        items.append(item)
    dataset.SequenceOfUltrasoundRegions = items
    return dataset


def index_of(*regions: Edges) -> DataSetIndex:
    return indexed(declared(*regions))[0].dataset


def test_everything_outside_of_the_declared_regions_is_covered() -> None:
    found = surroundings(index_of((10, 5, 69, 49), (60, 40, 79, 54)), 60, 80)

    covered = np.zeros((60, 80), bool)
    for one in found:
        covered[one.top : one.bottom, one.left : one.right] = True
    image = np.zeros((60, 80), bool)
    image[5:50, 10:70] = image[40:55, 60:80] = True
    assert np.array_equal(covered, ~image)


def test_a_region_may_end_behind_the_last_pixel() -> None:
    assert surroundings(index_of((0, 10, 80, 60)), 60, 80) == [Region(0, 0, 80, 10)]


@pytest.mark.parametrize(
    "regions",
    [
        (),
        ((0, 0, 79, 59),),
        ((0, 0, 79, 30), (0, 31, 80, 60)),
        ((10, 10, 5, 20),),
        ((10, 10, 20, 5),),
        ((0, 0, 90, 20),),
        ((0, 0, 20, 0xFFFFFFFF),),
        ((80, 10, 80, 20),),
        ((10, 60, 20, 60),),
        ((10, 10, 20, 20), (5000, 0, 5001, 5)),
        ((1, 1, 2, 2),) * 257,
    ],
)
def test_absurd_regions_hold_the_image_back(regions: tuple[Edges, ...]) -> None:
    with pytest.raises(HeldBackError):
        surroundings(index_of(*regions), 60, 80)


def test_a_region_without_a_place_holds_the_image_back() -> None:
    dataset = declared((1, 2, 3, 4))
    del dataset.SequenceOfUltrasoundRegions[0].RegionLocationMaxY1

    with pytest.raises(HeldBackError, match="no place"):
        surroundings(indexed(dataset)[0].dataset, 60, 80)
