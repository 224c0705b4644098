"""What headers say about how the images of a series are shown together."""

import pytest
from pydicom import Dataset

from isocenter.dicom.image_facts import ImageFacts, has_pixels, read_image_facts
from isocenter.dicom.windows import Window
from isocenter.errors import MissingElementError
from tests.rendering import image, indexed, lut_item


def facts_of(dataset: Dataset) -> ImageFacts:
    return read_image_facts(indexed(dataset)[0])


def voi_group(center: str, width: str) -> Dataset:
    voi, group = Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth = center, width
    group.FrameVOILUTSequence = [voi]
    return group


def test_the_window_of_the_root_is_found() -> None:
    facts = facts_of(image([[1]], WindowCenter="40", WindowWidth="400"))

    assert facts.windows == (Window(40, 400),)
    assert facts.is_grey
    assert not facts.has_lut


def test_windows_of_frames_win_and_are_told_once_each() -> None:
    dataset = image([[1]], NumberOfFrames=3, WindowCenter="1", WindowWidth="9")
    dataset.PixelData = bytes(4)
    dataset.SharedFunctionalGroupsSequence = [voi_group("2", "9")]
    dataset.PerFrameFunctionalGroupsSequence = [
        voi_group("3", "9"),
        voi_group("4", "9"),
        voi_group("3", "9"),
    ]

    facts = facts_of(dataset)

    assert facts.windows == (Window(3, 9), Window(4, 9))
    assert facts.frames == 3


def test_windows_of_all_frames_come_before_that_of_the_root() -> None:
    dataset = image([[1]], WindowCenter="1", WindowWidth="9")
    dataset.SharedFunctionalGroupsSequence = [voi_group("2", "9")]

    assert facts_of(dataset).windows == (Window(2, 9),)


def test_a_voi_lut_is_told_where_there_is_no_window() -> None:
    facts = facts_of(image([[1]], VOILUTSequence=[lut_item([2, 0, 8], 0, 255)]))

    assert facts.windows == ()
    assert facts.has_lut


def test_8_bits_without_transform_are_plain() -> None:
    assert facts_of(image([[1]])).is_plain
    assert not facts_of(image([[1]], RescaleSlope="2", RescaleIntercept="0")).is_plain
    assert not facts_of(image([[1]], bits_stored=12)).is_plain
    assert not facts_of(image([[-1]], bits_stored=12)).is_plain


def test_colours_have_no_window() -> None:
    facts = facts_of(image([[[1, 2, 3]]], WindowCenter="1", WindowWidth="9"))

    assert not facts.is_grey
    assert facts.windows == ()
    assert facts.frame_samples == 3


def test_an_image_without_rows_is_refused() -> None:
    dataset = image([[1]])
    del dataset.Rows

    with pytest.raises(MissingElementError):
        facts_of(dataset)


def test_pixels_are_found_whatever_their_element() -> None:
    dataset = image([[1]])
    assert has_pixels(indexed(dataset)[0])
    del dataset.PixelData
    assert not has_pixels(indexed(dataset)[0])
    dataset.FloatPixelData = bytes(4)
    assert has_pixels(indexed(dataset)[0])
