"""Frames of a whole file as pictures in one stream."""

import io
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset

from isocenter.dicom.frame_pictures import export_native_frames, measure_native_frames
from isocenter.errors import InvalidInputError, NotSupportedError, UnusualEncodingError
from tests.builders import set_fragments, to_bytes
from tests.rendering import image


def pictures_of(dataset: Dataset, **options: str | int | bool) -> list[list[object]]:
    """Return the pictures of a file, read back, and check the lengths that were told."""
    shown, _ = exported(dataset, **options)
    return shown


def exported(
    dataset: Dataset, **options: str | int | bool
) -> tuple[list[list[object]], Mapping[str, object]]:
    target = io.BytesIO()
    given: dict[str, object] = {"first_frame": 1, "frames": 1, "kind": "png", **options}
    facts = export_native_frames(io.BytesIO(to_bytes(dataset)), target, **given)  # type: ignore[arg-type]  # the options of a request
    lengths = facts["lengths"]
    assert isinstance(lengths, list)
    assert sum(lengths) == len(target.getvalue())
    target.seek(0)
    read = [Image.open(io.BytesIO(target.read(length))) for length in lengths]
    return [np.asarray(one).tolist() for one in read], facts


def three_frames() -> Dataset:
    dataset = image([[0, 0]], NumberOfFrames=3)
    dataset.PixelData = bytes([0, 10, 20, 30, 40, 50])
    return dataset


def test_frames_of_a_range_are_shown_in_order() -> None:
    assert pictures_of(three_frames(), first_frame=2, frames=2) == [[[20, 30]], [[40, 50]]]


def test_a_window_that_is_given_holds_for_all_frames() -> None:
    shown = pictures_of(three_frames(), frames=3, window="25.5,51")

    assert shown[0] == [[0, 51]]
    assert shown[2] == [[204, 255]]


def test_the_full_range_takes_no_notice_of_the_window_in_the_header() -> None:
    dataset = image([[0, 51, 255]], WindowCenter="1", WindowWidth="1")

    assert pictures_of(dataset, window="full") == [[[0, 51, 255]]]


def test_an_image_without_window_is_shown_from_its_smallest_to_its_largest_value() -> None:
    assert pictures_of(image([[100, 110, 300]], bits_stored=12)) == [[[0, 13, 255]]]


def test_overlays_are_white_and_the_source_stays_as_it_is() -> None:
    dataset = image([[1, 2]])
    dataset.add_new((0x6000, 0x10), "US", 1)
    dataset.add_new((0x6000, 0x11), "US", 1)
    dataset.add_new((0x6000, 0x50), "SS", [1, 2])
    dataset.add_new((0x6000, 0x100), "US", 1)
    dataset.add_new((0x6000, 0x3000), "OW", b"\1\0")

    assert pictures_of(dataset, overlays=True) == [[[1, 255]]]
    assert pictures_of(dataset) == [[[1, 2]]]


def test_a_broken_overlay_is_told_once() -> None:
    dataset = three_frames()
    dataset.add_new((0x6000, 0x10), "US", 1)

    _, facts = exported(dataset, frames=3, overlays=True)

    assert facts["warnings"] == ["overlay 6000: OverlayColumns is missing or empty"]


def test_the_range_of_values_is_measured_over_frames() -> None:
    dataset = three_frames()
    dataset.RescaleSlope, dataset.RescaleIntercept = "2", "-5"
    source = io.BytesIO(to_bytes(dataset))

    facts = measure_native_frames(source, io.BytesIO(), first_frame=1, frames=3)

    assert facts == {"low": -5.0, "high": 95.0}


def test_nothing_but_padding_has_no_range() -> None:
    dataset = image([[7, 7]], PixelPaddingValue=7)
    dataset["PixelPaddingValue"].VR = "US"
    source = io.BytesIO(to_bytes(dataset))

    assert measure_native_frames(source, io.BytesIO(), first_frame=1, frames=1) == {}


def test_video_and_compressed_frames_are_refused() -> None:
    for uid in ("1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.90"):
        dataset = set_fragments(image([[1, 2]]), [b"ab"], uid)

        with pytest.raises(NotSupportedError):
            pictures_of(dataset)


def test_a_window_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        pictures_of(image([[1]]), window="odd")


def test_odd_encodings_are_left_to_others() -> None:
    data = to_bytes(image([[1, 2]])).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.2\0")

    with pytest.raises(UnusualEncodingError):
        export_native_frames(io.BytesIO(data), io.BytesIO(), first_frame=1, frames=1, kind="png")
