"""What the header says about how a Frame is shown, and which of several places wins."""

import pytest
from pydicom import Dataset

from isocenter.errors import CorruptPixelDataError, NotSupportedError
from tests.rendering import display_of, image, lut_item, rendered


def test_the_shape_inverse_means_the_inversion_of_monochrome1_once() -> None:
    dataset = image([[0, 255]], PhotometricInterpretation="MONOCHROME1")
    dataset.PresentationLUTShape = "INVERSE"

    assert rendered(dataset).tolist() == [[255, 0]]


def test_the_shape_inverse_inverts_monochrome2() -> None:
    assert rendered(image([[0, 255]], PresentationLUTShape="INVERSE")).tolist() == [[255, 0]]


def test_a_window_wins_over_a_voi_lut() -> None:
    dataset = image([[0, 10]], WindowCenter="5.5", WindowWidth="11")
    dataset.VOILUTSequence = [lut_item([2, 0, 8], 7, 7)]

    assert rendered(dataset).tolist() == [[0, 255]]


def test_functional_groups_of_the_frame_win_over_shared_ones_and_the_root() -> None:
    dataset = image([[0, 100]], NumberOfFrames=2, WindowCenter="1", WindowWidth="1")
    dataset.PixelData = bytes([0, 100, 0, 100])
    groups = []
    for slope, width in (("1", "101"), ("2", "201")):
        transformation, voi, item = Dataset(), Dataset(), Dataset()
        transformation.RescaleSlope, transformation.RescaleIntercept = slope, "0"
        voi.WindowCenter, voi.WindowWidth = str((float(width)) / 2), width
        item.PixelValueTransformationSequence, item.FrameVOILUTSequence = [transformation], [voi]
        groups.append(item)
    shared = Dataset()
    shared.PixelValueTransformationSequence = [Dataset()]
    shared.PixelValueTransformationSequence[0].RescaleSlope = "7"
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = groups

    assert rendered(dataset, frame_number=1).tolist() == [[0, 255]]
    assert rendered(dataset, frame_number=2).tolist() == [[0, 255]]


@pytest.mark.parametrize(
    ("photometric", "error"),
    [
        ("HSV", NotSupportedError),
        ("RGB", CorruptPixelDataError),
        ("PALETTE COLOR", CorruptPixelDataError),
    ],
)
def test_what_cannot_be_shown_is_refused(photometric: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        display_of(image([[1]], PhotometricInterpretation=photometric))


def test_odd_numbers_in_the_header_are_passed_over() -> None:
    dataset = image([[0, 255]])
    dataset.add_new("RescaleSlope", "LO", "odd")
    dataset.add_new("WindowCenter", "LO", "odd")
    dataset.add_new("PixelPaddingValue", "LO", "odd")

    assert rendered(dataset).tolist() == [[0, 255]]
