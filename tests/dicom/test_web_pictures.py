"""Frames as web clients ask for them."""

import io

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset

from isocenter.dicom.web_pictures import Viewport, export_web_pictures, parse_region, parse_viewport
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT
from tests.builders import instance, to_bytes


def corner_image() -> Dataset:
    """Return 8 rows and 6 columns, black but for the upper left corner."""
    dataset = instance()
    pixels = np.zeros((8, 6), "<u2")
    pixels[:4, :3] = 4095
    dataset.PixelData = pixels.tobytes()
    dataset.RescaleIntercept, dataset.RescaleSlope = 0, 1
    return dataset


def shown(dataset: Dataset, **options: object) -> Image.Image:
    target = io.BytesIO()
    wanted = {"first_frame": 1, "kind": "png", "window": "2048,4096"} | options
    export_web_pictures(io.BytesIO(to_bytes(dataset)), target, DEFAULT, **wanted)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(target.getvalue()))


@pytest.mark.parametrize(
    ("text", "viewport"),
    [("100,50", Viewport(100, 50)), ("10,10,1,,-4,5", Viewport(10, 10, 1, 0, -4, 5))],
)
def test_viewport_is_read(text: str, viewport: Viewport) -> None:
    assert parse_viewport(text) == viewport


@pytest.mark.parametrize(
    "text", ["", "1", "0,1", "a,b", "1,2,3", "nan,5", "1,1,inf,0,1,1", "9e9,1"]
)
def test_viewport_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_viewport(text)


def test_picture_keeps_its_shape_within_the_viewport() -> None:
    assert shown(corner_image(), viewport="60,60").size == (45, 60)
    assert shown(corner_image()).size == (6, 8)


def test_part_of_the_source_is_shown_and_flipped() -> None:
    corner = np.asarray(shown(corner_image(), viewport="3,4,0,0,3,4"))
    assert (corner == 255).all()
    flipped = np.asarray(shown(corner_image(), viewport="6,8,0,0,-6,-8"))
    assert (flipped[5:, 4:] == 255).all()
    assert (flipped[:3, :2] == 0).all()


def test_animation_has_all_frames() -> None:
    dataset = corner_image()
    first = dataset.PixelData
    dataset.NumberOfFrames = 3
    dataset.PixelData = first + bytes(len(first)) + first

    picture = shown(dataset, kind="gif", frames=3)

    assert getattr(picture, "n_frames", 1) == 3


@pytest.mark.parametrize("options", [{"kind": "tiff"}, {"kind": "png", "frames": 2}])
def test_kind_that_cannot_be_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        shown(corner_image(), **options)


def test_lower_quality_is_smaller() -> None:
    dataset = instance(rows=64, columns=64)
    sizes = []
    for quality in (20, 90):
        target = io.BytesIO()
        export_web_pictures(
            io.BytesIO(to_bytes(dataset)), target, first_frame=1, kind="jpeg", quality=quality
        )
        sizes.append(target.tell())

    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    "text", ["", "0,0,1", "0,0,1,x", "0,0,0,1", "0,0.6,1,0.5", "-1,0,1,1", "nan,0,1,1"]
)
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_region(text)
    assert parse_region("0,0.25,.5,1") == (0, 0.25, 0.5, 1)
