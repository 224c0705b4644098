import gzip
import io
import itertools
from pathlib import Path
from typing import Any

import nibabel
import nibabel.orientations
import numpy as np
import numpy.typing as npt
import pytest

from isocenter.dicom.label_volumes import (
    PlacedLabels,
    labels_to_nifti,
    parse_placement,
    place_labels,
    told_grid,
    write_placed_labels,
)
from isocenter.dicom.nifti import read_nifti, write_nifti
from isocenter.dicom.volume import Grid, build_volume
from isocenter.errors import InvalidInputError
from tests.builders import (
    AXIAL,
    CORONAL,
    OBLIQUE,
    SAGITTAL,
    TILTED_GANTRY,
    Orientation,
    series,
    to_bytes,
)
from tests.dicom.test_volume import places_of
from tests.judges import volumes_of
from tests.multi_frame import CLASSES, classic

NIBABEL: Any = nibabel  # its functions have no types


def labels_of(grid: Grid, dtype: str = "u1") -> npt.NDArray[Any]:
    """Return labels `(frames, rows, columns)` without any symmetry."""
    count = grid.times * grid.locations
    labels = np.random.Generator(np.random.PCG64(1)).integers(
        0, 3, (count, grid.rows, grid.columns)
    )
    labels[0, 0, 0] = 3
    return labels.astype(dtype)


def grid_of(orientation: Orientation = AXIAL, count: int = 4) -> Grid:
    return build_volume(places_of(*series(count, orientation=orientation))).grid


def place(data: bytes, grid: Grid) -> PlacedLabels:
    return place_labels(read_nifti(io.BytesIO(data)), grid)


def plain(data: bytes) -> bytes:
    return gzip.decompress(data)


def all_axes_of_nibabel() -> list[npt.NDArray[np.float64]]:
    """Return the 48 ways in which three axes can run."""
    return [
        np.array(list(zip(axes, signs, strict=True)), float)
        for axes in itertools.permutations(range(3))
        for signs in itertools.product((1, -1), repeat=3)
    ]


@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, CORONAL, OBLIQUE, TILTED_GANTRY], ids=str)
def test_however_nibabel_turns_a_volume_its_labels_come_back(orientation: Orientation) -> None:
    grid = grid_of(orientation)
    labels = labels_of(grid)
    usual = NIBABEL.Nifti1Image(labels.T, grid.matrix_ras)
    for axes in all_axes_of_nibabel():
        turned = usual.as_reoriented(axes)
        placed = place(turned.to_bytes(), grid)
        np.testing.assert_array_equal(placed.labels, labels)
        assert placed.matched_by == "space"
        assert placed.values == (1, 2, 3)
        again = parse_placement(str(placed.placement))
        made = NIBABEL.Nifti1Image.from_bytes(plain(labels_to_nifti(placed.labels, grid, again)))
        np.testing.assert_array_equal(np.asanyarray(made.dataobj), np.asanyarray(turned.dataobj))
        np.testing.assert_allclose(made.affine, turned.affine, atol=1e-4)


@pytest.mark.judge("dcm2niix")
@pytest.mark.parametrize("orientation", [CORONAL, OBLIQUE], ids=["coronal", "oblique"])
def test_masks_drawn_on_what_dcm2niix_makes_fall_onto_the_right_pixels(
    orientation: Orientation, tmp_path: Path
) -> None:
    datasets = series(4, modality="MR", orientation=orientation, rows=12, columns=10)
    folder = tmp_path / "series"
    folder.mkdir()
    for index, one in enumerate(datasets):
        (folder / f"{index}.dcm").write_bytes(to_bytes(one))
    (theirs,) = volumes_of(folder, tmp_path / "out")
    volume = build_volume(places_of(*datasets))
    values = theirs.data.astype(np.int32)
    mask = (values > np.median(values)).astype(np.uint8)
    placed = place(write_nifti(mask, theirs.affine), volume.grid)
    by_uid = {one.SOPInstanceUID: one.pixel_array.astype(np.int32) for one in datasets}
    for index, frame in enumerate(volume.frames):
        expected = by_uid[frame.sop_instance_uid] > np.median(values)
        np.testing.assert_array_equal(placed.labels[index], expected)


@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "f4", "f8"])
def test_a_file_and_its_masks_are_the_same_array_of_the_same_kind(dtype: str) -> None:
    grid = grid_of(OBLIQUE)
    data = write_nifti(labels_of(grid, dtype).T, grid.matrix_ras)
    placed = place(data, grid)
    again = labels_to_nifti(placed.labels, grid, placed.placement)
    first, second = read_nifti(io.BytesIO(data)), read_nifti(io.BytesIO(again))
    assert first.data.dtype == second.data.dtype
    np.testing.assert_array_equal(first.data, second.data)
    assert again == data


def test_large_labels_take_two_bytes() -> None:
    grid = grid_of()
    labels = labels_of(grid, "u2") * 300
    placed = place(write_nifti(labels.T, grid.matrix_ras), grid)
    assert placed.labels.dtype == np.uint16
    np.testing.assert_array_equal(placed.labels, labels)


def test_a_file_that_says_nothing_goes_by_its_indices() -> None:
    grid = grid_of(SAGITTAL)
    labels = labels_of(grid)
    placed = place(write_nifti(labels.T, np.eye(4)), grid)
    np.testing.assert_array_equal(placed.labels, labels)
    assert placed.matched_by == "index"
    turned = place(write_nifti(labels.transpose(1, 2, 0), np.eye(4)), grid)
    np.testing.assert_array_equal(turned.labels, labels)


@pytest.mark.parametrize("dimensions", [2, 3, 4])
def test_a_single_image_takes_flat_masks(dimensions: int) -> None:
    for grid in (grid_of(count=1), build_volume(places_of(classic(CLASSES["US"], 1))).grid):
        labels = labels_of(grid)
        shape = (grid.columns, grid.rows, 1, 1)[:dimensions]
        data = write_nifti(labels[0].T.reshape(shape), grid.matrix_ras)
        placed = place(data, grid)
        np.testing.assert_array_equal(placed.labels, labels)
        assert labels_to_nifti(placed.labels, grid, placed.placement) == data


def test_images_without_a_position_take_masks_with_their_rows_upwards() -> None:
    grid = build_volume(places_of(classic(CLASSES["US"], 3))).grid
    labels = labels_of(grid)
    data = write_nifti(labels[:, ::-1].T, np.diag([-1.0, 1.0, 1.0, 1.0]))
    np.testing.assert_array_equal(place(data, grid).labels, labels)


def test_one_mask_is_that_of_every_time() -> None:
    datasets = series(3, series_name="a") + series(3, series_name="b")
    for number, one in enumerate(datasets, 1):
        one.InstanceNumber = number
    grid = build_volume(places_of(*datasets)).grid
    labels = labels_of(grid)
    still = write_nifti(labels[:3].T, grid.matrix_ras)
    placed = place(still, grid)
    np.testing.assert_array_equal(placed.labels, np.concatenate([labels[:3]] * 2))
    assert labels_to_nifti(placed.labels, grid, placed.placement) == still
    moving = write_nifti(labels.reshape(2, 3, grid.rows, grid.columns).T, grid.matrix_ras)
    placed = place(moving, grid)
    np.testing.assert_array_equal(placed.labels, labels)
    assert labels_to_nifti(placed.labels, grid) == moving


def test_uneven_locations_take_a_file_with_another_step() -> None:
    datasets = series(6, missing=[4])
    grid = build_volume(places_of(*datasets)).grid
    affine = grid.matrix_ras
    affine[2, 2] = 1.5
    labels = labels_of(grid)
    placed = place(write_nifti(labels.T, affine), grid)
    np.testing.assert_array_equal(placed.labels, labels)


def test_axes_that_itk_straightens_are_those_of_a_tilted_gantry() -> None:
    grid = grid_of(TILTED_GANTRY)
    labels = labels_of(grid)
    # As SimpleITK writes this series: along the normal, from the first corner.
    affine = grid.matrix_ras
    affine[:3, 2] = (0, 0.9, 1.2)
    placed = place(write_nifti(labels.T, affine), grid)
    np.testing.assert_array_equal(placed.labels, labels)
    assert placed.matched_by == "direction"
    affine[0, 3] += 3
    with pytest.raises(InvalidInputError, match="elsewhere"):
        place(write_nifti(labels.T, affine), grid)


def test_what_does_not_fit_is_refused_in_a_sentence() -> None:
    grid = grid_of()
    labels = labels_of(grid)
    moved = grid.matrix_ras
    moved[0, 3] += 5
    for data, reason in (
        (write_nifti(labels.T[1:], grid.matrix_ras), "has 5 x 8 x 4 voxels"),
        (write_nifti(labels.T[1:], np.eye(4)), "has 5 x 8 x 4 voxels"),
        (write_nifti(labels.T, moved), "elsewhere"),
        (write_nifti(labels.T - 0.5, grid.matrix_ras), "no labels"),
        (write_nifti(np.stack([labels.T] * 2, axis=-1), grid.matrix_ras), "2 times"),
        (write_nifti(labels.T[..., None, None] + np.zeros(2, "u1"), moved), "more axes"),
    ):
        with pytest.raises(InvalidInputError, match=reason):
            place(data, grid)
    with pytest.raises(InvalidInputError, match="not those"):
        labels_to_nifti(labels[1:], grid)
    for text in ("", "+0+1+1/3/u1", "+0+1+2/3/c8"):
        with pytest.raises(InvalidInputError):
            parse_placement(text)


def test_a_child_writes_frames_and_tells_how_it_placed_them() -> None:
    grid = grid_of(OBLIQUE)
    labels = labels_of(grid)
    target = io.BytesIO()
    source = io.BytesIO(write_nifti(labels.T[:, ::-1], _with_rows_reversed(grid)))
    facts = write_placed_labels(source, target, grid=told_grid(grid))
    assert target.getvalue() == labels.tobytes()
    assert facts == {
        "bytes_per_label": 1,
        "values": [1, 2, 3],
        "placement": "+0-1+2/3/u1",
        "matched_by": "space",
    }


def _with_rows_reversed(grid: Grid) -> npt.NDArray[np.float64]:
    turned = np.eye(4)
    turned[1, 1], turned[1, 3] = -1, grid.rows - 1
    product: npt.NDArray[np.float64] = grid.matrix_ras @ turned
    return product
