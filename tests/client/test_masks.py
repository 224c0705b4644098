import io

import numpy as np
import pytest
from PIL import Image

from isocenter.client.mask import Names
from isocenter.client.masks import masks_of_array, masks_of_picture
from isocenter.errors import InvalidInputError


def decoded(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)))


def volume() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    array = np.zeros((4, 5, 3), np.uint8)
    array[1, 2, 0] = 1
    array[0, 4, 2] = 1
    array[3, 0, 2] = 7
    return array


def test_each_value_of_each_frame_is_one_picture_of_0_and_255() -> None:
    masks = list(masks_of_array(volume(), {1: "liver", 7: "spleen"}))

    assert [(mask.name, mask.frame_index) for mask in masks] == [
        ("liver", 0),
        ("liver", 2),
        ("spleen", 2),
    ]
    first = decoded(masks[0].png)
    assert first.shape == (4, 5, 3)
    assert np.argwhere(first[..., 0]).tolist() == [[1, 2]]
    assert set(np.unique(first)) == {0, 255}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (None, {"seg_1", "seg_7"}),
        ("organ", {"organ_1", "organ_7"}),
        ({"default": "other", 1: "liver"}, {"liver", "other_7"}),
        ({"7": "spleen"}, {"seg_1", "spleen"}),
    ],
)
def test_values_have_the_names_that_they_are_given(names: Names, expected: set[str]) -> None:
    assert {mask.name for mask in masks_of_array(volume(), names)} == expected


def test_one_value_has_the_name_alone() -> None:
    assert [mask.name for mask in masks_of_array(volume() == 7, "organ")] == ["organ"]


def test_axes_can_be_said() -> None:
    frames = np.ascontiguousarray(volume().transpose(2, 0, 1))

    assert list(masks_of_array(frames, frames_first=True)) == list(masks_of_array(volume()))
    turned = next(masks_of_array(volume(), transpose=True))
    assert np.argwhere(decoded(turned.png)[..., 0]).tolist() == [[2, 1]]


def test_frames_have_the_indices_that_they_are_given() -> None:
    assert [mask.frame_index for mask in masks_of_array(volume(), None, [10, 11, 12])] == [
        10,
        12,
        12,
    ]
    with pytest.raises(InvalidInputError, match="3 frames"):
        list(masks_of_array(volume(), None, [10]))


def test_empty_frames_are_kept_if_wished() -> None:
    assert [mask.frame_index for mask in masks_of_array(volume(), keep_empty=True)] == [0, 1, 2, 2]


@pytest.mark.parametrize(
    "array",
    [np.zeros(3), np.full((2, 2), 0.5), np.array([["a"]]), np.arange(1, 401).reshape(20, 20)],
)
def test_what_is_no_segmentation_is_refused(array: object) -> None:
    with pytest.raises(InvalidInputError):
        list(masks_of_array(array))


def test_a_picture_gives_masks_of_its_values() -> None:
    target = io.BytesIO()
    grey = np.zeros((3, 4), np.uint8)
    grey[2, 1] = 255
    Image.fromarray(grey).save(target, format="PNG")

    (mask,) = masks_of_picture(target.getvalue(), "organ", [5])

    assert (mask.name, mask.frame_index) == ("organ", 5)
    assert np.argwhere(decoded(mask.png)[..., 0]).tolist() == [[2, 1]]
