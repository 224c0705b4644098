"""Overlay planes: inside, across the border, of some Frames, in unused bits."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.overlays.numpy_handler import get_overlay_array

from isocenter.dicom.overlays import Mask, overlay_groups, overlay_mask
from isocenter.dicom.samples import native_cells, read_sample_format
from tests.rendering import image, indexed


def add_overlay(
    dataset: Dataset,
    plane: list[list[int]],
    *,
    group: int = 0x6000,
    origin: tuple[int, int] = (1, 1),
    repeat: int = 1,
) -> Dataset:
    bits = np.array(plane, np.uint8)
    dataset.add_new((group, 0x10), "US", bits.shape[0])
    dataset.add_new((group, 0x11), "US", bits.shape[1])
    dataset.add_new((group, 0x40), "CS", "G")
    dataset.add_new((group, 0x50), "SS", list(origin))
    dataset.add_new((group, 0x100), "US", 1)
    dataset.add_new((group, 0x102), "US", 0)
    data = np.packbits(np.tile(bits.ravel(), repeat), bitorder="little").tobytes()
    dataset.add_new((group, 0x3000), "OW", data + b"\0" * (len(data) % 2))
    return dataset


def mask_of(dataset: Dataset, frame_index: int = 0) -> tuple[Mask | None, list[str]]:
    header, _ = indexed(dataset)
    layout = read_sample_format(header.dataset)
    cells = native_cells(dataset.PixelData[: layout.frame_bytes], layout)
    return overlay_mask(header.dataset, layout, frame_index, cells)


def small_image() -> Dataset:
    return image(np.zeros((3, 4)))


def test_a_plane_covers_what_its_bits_say() -> None:
    dataset = add_overlay(small_image(), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]])

    mask, problems = mask_of(dataset)

    assert mask is not None
    np.testing.assert_array_equal(mask, get_overlay_array(dataset, 0x6000).astype(bool))
    assert problems == []


@pytest.mark.parametrize(
    ("origin", "covered"),
    [((2, 3), (1, 2)), ((0, 0), (0, 0)), ((3, 4), (2, 3)), ((9, 9), None), ((-5, 1), None)],
)
def test_a_plane_lies_where_its_origin_says(
    origin: tuple[int, int], covered: tuple[int, int] | None
) -> None:
    plane = [[1, 0], [0, 1]] if origin == (0, 0) else [[1, 0], [0, 0]]
    mask, _ = mask_of(add_overlay(small_image(), plane, origin=origin))

    assert mask is not None
    assert list(zip(*np.nonzero(mask), strict=True)) == ([covered] if covered else [])


def test_several_planes_are_joined() -> None:
    dataset = add_overlay(small_image(), [[1]])
    add_overlay(dataset, [[1]], group=0x6002, origin=(3, 4))

    mask, _ = mask_of(dataset)

    assert mask is not None
    assert mask.sum() == 2


def test_a_plane_of_one_frame_holds_for_all() -> None:
    mask, _ = mask_of(add_overlay(small_image(), [[1]]), frame_index=5)

    assert mask is not None
    assert mask.sum() == 1


@pytest.mark.parametrize(("frame_index", "covered"), [(0, 0), (1, 2), (2, 2), (3, 0)])
def test_planes_of_some_frames_begin_at_their_own_bit(frame_index: int, covered: int) -> None:
    dataset = add_overlay(small_image(), [[1, 0, 1]], repeat=2)
    dataset.add_new((0x6000, 0x15), "IS", "2")
    dataset.add_new((0x6000, 0x51), "US", 2)

    mask, _ = mask_of(dataset, frame_index)

    assert (0 if mask is None else mask.sum()) == covered


def test_retired_overlays_lie_in_unused_bits() -> None:
    dataset = image([[0x1005, 0x0FFF], [0x3000, 0]], bits_stored=12)
    add_overlay(dataset, [[0, 0], [0, 0]])
    del dataset[0x6000, 0x3000]
    dataset[0x6000, 0x100].value, dataset[0x6000, 0x102].value = 16, 12

    mask, problems = mask_of(dataset)

    assert mask is not None
    assert mask.tolist() == [[True, False], [True, False]]
    assert problems == []


def test_a_broken_plane_is_told_and_the_others_are_shown() -> None:
    dataset = add_overlay(small_image(), [[1]])
    add_overlay(dataset, [[1, 1], [1, 1]], group=0x6002)
    dataset[0x6002, 0x10].value = 3000

    mask, problems = mask_of(dataset)

    assert mask is not None
    assert mask.sum() == 1
    assert problems == ["overlay 6002: its data end early"]


def test_an_image_without_overlays_has_no_groups() -> None:
    assert overlay_groups(indexed(small_image())[0].dataset) == []
    assert mask_of(small_image()) == (None, [])
