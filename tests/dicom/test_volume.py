from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.volume import FramePlace, build_volume, read_places
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
from tests.judges import volumes_of
from tests.multi_frame import CLASSES, classic, enhanced


def places_of(*datasets: Dataset) -> list[FramePlace]:
    found = []
    for one in datasets:
        found += read_places(index_header(BytesSource(to_bytes(one))))
    return found


def lps_of(datasets: Sequence[Dataset], column: int, row: int, location: int) -> np.ndarray:
    """Return where a voxel lies by the formula of PS3.3 C.7.6.2.1.1, in one slice alone."""
    one = datasets[location]
    cosines = np.array(one.ImageOrientationPatient, float)
    between_rows, between_columns = map(float, one.PixelSpacing)
    position = np.array(one.ImagePositionPatient, float)
    return position + cosines[:3] * between_columns * column + cosines[3:] * between_rows * row


@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, CORONAL, OBLIQUE, TILTED_GANTRY])
def test_the_affine_says_where_every_voxel_lies(orientation: Orientation) -> None:
    datasets = series(5, modality="MR", orientation=orientation)
    shuffled = [datasets[at] for at in (3, 0, 4, 1, 2)]
    volume = build_volume(places_of(*shuffled))
    grid = volume.grid
    assert (grid.columns, grid.rows, grid.locations, grid.times) == (6, 8, 5, 1)
    assert grid.is_placed
    assert grid.is_regular
    by_uid = {one.SOPInstanceUID: one for one in datasets}
    ordered = [by_uid[one.sop_instance_uid] for one in volume.frames]
    for voxel in ((0, 0, 0), (5, 0, 4), (2, 7, 1), (5, 7, 3)):
        found = grid.matrix @ [*voxel, 1]
        np.testing.assert_allclose(found[:3], lps_of(ordered, *voxel), atol=1e-4)
    np.testing.assert_allclose(grid.matrix_ras, np.diag([-1, -1, 1, 1]) @ grid.matrix)


def test_frames_go_along_the_normal_whatever_their_numbers_are() -> None:
    datasets = series(4, orientation=SAGITTAL)
    for index, one in enumerate(datasets):
        one.InstanceNumber = 10 - index
    frames = build_volume(places_of(*datasets)).frames
    normals = [-one.position_mm[0] if one.position_mm else 0 for one in frames]
    assert normals == sorted(normals)
    grid = build_volume(places_of(*datasets)).grid
    assert np.linalg.det(grid.matrix[:3, :3]) > 0


def test_a_gap_makes_a_grid_irregular() -> None:
    assert not build_volume(places_of(*series(6, missing=[2]))).grid.is_regular


def test_time_points_are_gone_through_one_after_the_other() -> None:
    datasets = series(3, series_name="a") + series(3, series_name="b")
    for number, one in enumerate(datasets, 1):
        one.InstanceNumber = number
    volume = build_volume(places_of(*reversed(datasets)))
    assert (volume.grid.locations, volume.grid.times) == (3, 2)
    assert [one.instance_number for one in volume.frames] == [1, 2, 3, 4, 5, 6]


def test_frames_of_an_enhanced_instance_lie_where_their_groups_say() -> None:
    dataset = enhanced("MR", 3)
    found = places_of(dataset)
    groups = dataset.PerFrameFunctionalGroupsSequence
    expected = [
        tuple(map(float, one.PlanePositionSequence[0].ImagePositionPatient)) for one in groups
    ]
    assert [one.position_mm for one in found] == expected
    assert [one.frame_index for one in found] == [0, 1, 2]
    assert build_volume(found).grid.is_placed


def test_frames_without_groups_and_single_projections_are_not_placed() -> None:
    cine = build_volume(places_of(classic(CLASSES["US"], 4)))
    assert not cine.grid.is_placed
    assert [one.frame_index for one in cine.frames] == [0, 1, 2, 3]
    projection = series(1)[0]
    del projection.ImagePositionPatient, projection.PixelSpacing
    projection.ImagerPixelSpacing = [0.2, 0.1]
    grid = build_volume(places_of(projection)).grid
    assert not grid.is_placed
    np.testing.assert_allclose(np.diag(grid.matrix)[:2], [0.1, 0.2])


def test_what_makes_no_single_volume_is_refused_in_a_sentence() -> None:
    for datasets, reason in (
        ([*series(2), *series(2, rows=9, series_name="b")], "several sizes"),
        ([*series(2), *series(2, orientation=CORONAL, series_name="b")], "several orientations"),
        ([*series(3), *series(2, series_name="b")], "between 1 and 2 images"),
    ):
        with pytest.raises(InvalidInputError, match=reason):
            build_volume(places_of(*datasets))
    with pytest.raises(InvalidInputError, match="no frames"):
        build_volume([])


@pytest.mark.judge("dcm2niix")
@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, CORONAL, OBLIQUE])
def test_dcm2niix_finds_every_voxel_at_the_same_place(
    orientation: Orientation, tmp_path: Path
) -> None:
    datasets = series(5, modality="MR", orientation=orientation, rows=12, columns=10)
    folder = tmp_path / "series"
    folder.mkdir()
    for index, one in enumerate(datasets):
        (folder / f"{index}.dcm").write_bytes(to_bytes(one))
    (theirs,) = volumes_of(folder, tmp_path / "out")
    volume = build_volume(places_of(*datasets))
    by_uid = {one.SOPInstanceUID: one for one in datasets}
    ours = np.stack(
        [np.asarray(by_uid[one.sop_instance_uid].pixel_array, np.int32) for one in volume.frames]
    ).transpose(2, 1, 0)
    _assert_same_places(theirs.data, theirs.affine, ours, volume.grid.matrix_ras)


def _assert_same_places(
    theirs: np.ndarray, their_affine: np.ndarray, ours: np.ndarray, affine: np.ndarray
) -> None:
    """Compare values voxel by voxel through space: index, millimetres, index."""
    to_theirs = np.linalg.inv(their_affine) @ affine
    for index in np.ndindex(ours.shape):
        found = to_theirs @ [*index, 1]
        nearest = np.rint(found[:3]).astype(int)
        np.testing.assert_allclose(found[:3], nearest, atol=0.01)
        assert theirs[tuple(nearest)] == ours[index]
