"""Masks of archived images, to NIfTI files and DICOM Segmentations and back without a change."""

import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import highdicom
import nibabel
import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import RLELossless, generate_uid

from isocenter.dicom.nifti import read_nifti, write_nifti
from isocenter.errors import InvalidInputError, NotFoundError, NotSupportedError, TooLargeError
from isocenter.services.retrieval import Place
from isocenter.services.segmentations import LabelFrames, Segmentations, plain_segments
from tests.archives import OWNER, STRANGER, Desk, open_desk, place_of
from tests.builders import CORONAL, OBLIQUE, instance, series
from tests.judges import errors_of, volumes_of
from tests.multi_frame import CLASSES, classic, enhanced

NIBABEL: Any = nibabel  # its functions have no types


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("archive")) as made:
        yield made


@pytest.fixture
def masks(desk: Desk) -> Segmentations:
    return desk.archive.segmentations


def new_study(datasets: Sequence[Dataset]) -> list[Dataset]:
    """Return the Instances in a study that no archive has."""
    study, own_series = generate_uid(), generate_uid()
    for one in datasets:
        one.StudyInstanceUID, one.SeriesInstanceUID = study, own_series
        one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return list(datasets)


def series_place(dataset: Dataset) -> Place:
    return Place(OWNER, dataset.StudyInstanceUID, dataset.SeriesInstanceUID)


def ball(shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Return labels of NIfTI axes: two parts of a ball that lies off the middle."""
    x, y, z = np.meshgrid(*((np.arange(size) * 2 + 1) / size - 1 for size in shape), indexing="ij")
    inside = (x - 0.3) ** 2 + (y + 0.2) ** 2 + (z - 0.1) ** 2 < 0.6
    return np.where(inside, np.where(x > y, 1, 2), 0).astype(np.uint8)


def assert_same_nifti(first: bytes, second: bytes, *, is_tilted: bool = False) -> None:
    """Compare two files; dcm2niix straightens the affine of a tilted one, we write the true one."""
    one, other = (NIBABEL.Nifti1Image.from_bytes(gzip.decompress(data)) for data in (first, second))
    np.testing.assert_array_equal(np.asanyarray(one.dataobj), np.asanyarray(other.dataobj))
    assert one.get_data_dtype() == other.get_data_dtype()
    np.testing.assert_allclose(one.affine, other.affine, atol=0.3 if is_tilted else 1e-3)


def there_and_back(masks: Segmentations, place: Place, nifti: bytes, folder: Path) -> LabelFrames:
    """Go from NIfTI to masks and back, and from there to a Segmentation and back."""
    path = folder / "labels.nii.gz"
    path.write_bytes(nifti)
    found = masks.masks_of_nifti(place, path)
    is_tilted = found.matched_by == "direction"
    made = masks.nifti_of_masks(place, found.labels, found.placement)
    assert_same_nifti(made, nifti, is_tilted=is_tilted)
    stored = masks.seg_of_masks(place, found.labels, plain_segments(found.values))
    own = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
    again = masks.masks_of_seg(own)
    assert [one.sop_instance_uid for one in again.labels.frames] == [
        one.sop_instance_uid for one in found.frames
    ]
    np.testing.assert_array_equal(again.labels.labels, found.labels)
    assert again.labels.values == found.values
    assert masks.nifti_of_masks(place, again.labels.labels, found.placement) == made
    return found


@pytest.mark.parametrize(
    "datasets",
    [
        series(5, rows=16, columns=12, orientation=OBLIQUE, modality="MR"),
        series(4, rows=16, columns=12, orientation=CORONAL)[::-1],
        [enhanced("MR", 3)],
        [classic(CLASSES["US"], 3)],
        series(1, rows=16, columns=12),
    ],
    ids=["oblique", "reversed", "enhanced", "cine", "single"],
)
def test_files_masks_and_segmentations_are_the_same_there_and_back(
    desk: Desk, masks: Segmentations, datasets: list[Dataset], tmp_path: Path
) -> None:
    desk.store(*new_study(datasets))
    place = series_place(datasets[0])
    frames = len(datasets) * int(datasets[0].get("NumberOfFrames", 1))
    shape = datasets[0].Columns, datasets[0].Rows, frames
    # Where the images lie, as our own empty file says; then its axes are turned.
    empty = masks.nifti_of_masks(place, np.zeros(shape[::-1], np.uint8))
    affine = read_nifti(io.BytesIO(empty)).affine
    assert affine is not None
    usual = NIBABEL.Nifti1Image(ball(shape), affine)
    turned = usual.as_reoriented(np.array([[1, 1], [0, -1], [2, -1 if frames > 1 else 1]]))
    for image in (usual, turned) if datasets[0].Modality == "MR" else (usual,):
        nifti = gzip.compress(image.to_bytes())
        found = there_and_back(masks, place, nifti, tmp_path)
        np.testing.assert_array_equal(found.labels, ball(shape).T)


@pytest.mark.judge("dcm2niix")
@pytest.mark.parametrize(
    ("folder", "matched_by"),
    [
        ("series/ct_gantry_tilt_4", "direction"),
        ("dcmqi/ct-3slice", "space"),
        ("series/mr_fmri_150", "space"),
        ("siemens_xa30/11_DWI_dir80_PA.dcm", "space"),
    ],
)
def test_masks_on_what_dcm2niix_makes_of_real_series(
    desk: Desk,
    masks: Segmentations,
    folder: str,
    matched_by: str,
    shared_data: Path,
    tmp_path: Path,
) -> None:
    source = shared_data / "dicom" / folder
    files = sorted(source.glob("*.dcm"))
    if not files:
        # dcm2niix takes all files that lie beside one.
        files = [tmp_path / "alone" / source.name]
        files[0].parent.mkdir()
        files[0].write_bytes(source.read_bytes())
        source = files[0].parent
    headers = [dcmread(path) for path in files]
    desk.store(*(path.read_bytes() for path in files))
    place = series_place(headers[0])
    theirs = volumes_of(source, tmp_path / "out")[0]
    shape = theirs.data.shape
    mask = ball(shape[:3])
    found = there_and_back(masks, place, write_nifti(mask, theirs.affine), tmp_path)
    assert found.matched_by == matched_by
    # The values of the same voxels, as dcm2niix put them, are those of the same pixels.
    values = theirs.data.reshape(*shape[:3], -1)[..., 0].astype(np.float64)
    by_uid = {one.SOPInstanceUID: one for one in headers}
    total = 0.0
    for frame, labels in list(zip(found.frames, found.labels, strict=True))[: shape[2]]:
        one = by_uid[frame.sop_instance_uid]
        pixels = one.pixel_array[frame.frame_index] if frame.is_multi_frame else one.pixel_array
        rescaled = pixels * float(one.get("RescaleSlope", 1))
        total += (rescaled + float(one.get("RescaleIntercept", 0)))[labels == 1].sum()
    assert total == pytest.approx(values[mask == 1].sum())


@pytest.mark.judge("dciodvfy")
def test_a_segmentation_lies_beside_its_source_and_is_valid(
    desk: Desk, masks: Segmentations, tmp_path: Path
) -> None:
    datasets = new_study(series(3))
    desk.store(*datasets)
    place = series_place(datasets[0])
    labels = ball((6, 8, 3)).T
    names = {1: "Läsion", 2: "Liver"}
    stored = masks.seg_of_masks(place, labels, plain_segments((1, 2), names), "From a model")
    assert stored.study_uid == datasets[0].StudyInstanceUID
    own = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
    path = tmp_path / "segmentation.dcm"
    (data,) = desk.read(own)
    path.write_bytes(data)
    assert [one.line for one in errors_of(path)] == []
    read = highdicom.seg.segread(path)
    assert read.SeriesDescription == "From a model"
    assert [one.SegmentLabel for one in read.SegmentSequence] == ["Läsion", "Liver"]
    told = masks.masks_of_seg(own)
    assert [one.label for one in told.segments] == ["Läsion", "Liver"]
    np.testing.assert_array_equal(told.labels.labels, labels)


def test_a_compressed_segmentation_is_read(desk: Desk, masks: Segmentations) -> None:
    datasets = new_study(series(2))
    desk.store(*datasets)
    labels = ball((6, 8, 2)).T
    stored = masks.seg_of_masks(series_place(datasets[0]), labels, plain_segments((1, 2)))
    place = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
    packed = dcmread(io.BytesIO(desk.read(place)[0]))
    packed.SOPInstanceUID = packed.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    frames = packed.pixel_array
    packed.BitsAllocated = packed.BitsStored = 8
    packed.HighBit = 7
    packed.SegmentationType = "FRACTIONAL"
    packed.SegmentationFractionalType = "PROBABILITY"
    packed.MaximumFractionalValue = 100
    packed.compress(RLELossless, (frames * 75).astype(np.uint8), generate_instance_uid=False)
    desk.store(packed)
    own = place._replace(sop_instance_uid=packed.SOPInstanceUID)
    np.testing.assert_array_equal(masks.masks_of_seg(own).labels.labels, labels)


def test_facts_of_a_file_come_from_a_child(masks: Segmentations, tmp_path: Path) -> None:
    path = tmp_path / "labels.nii"
    path.write_bytes(NIBABEL.Nifti1Image(ball((5, 4, 3)), np.diag([2, 3, 4, 1])).to_bytes())
    facts = masks.check_nifti(path)
    assert (facts.shape, facts.spacing_mm, facts.values) == ((5, 4, 3), (2.0, 3.0, 4.0), (1, 2))
    assert facts.is_placed
    path.write_bytes(b"no such file")
    with pytest.raises(InvalidInputError, match="no NIfTI file"):
        masks.check_nifti(path)


def test_masks_of_pictures_go_by_their_indices(masks: Segmentations, tmp_path: Path) -> None:
    path = tmp_path / "labels.nii.gz"
    path.write_bytes(write_nifti(ball((5, 4, 3)), np.eye(4)))
    found = masks.masks_of_picture_nifti(path, rows=4, columns=5, frames=3)
    np.testing.assert_array_equal(found.labels, ball((5, 4, 3)).T)
    assert found.frames == ()


def test_images_of_others_and_what_is_no_image_are_refused(
    desk: Desk, masks: Segmentations, tmp_path: Path
) -> None:
    datasets = new_study([instance()])
    desk.store(*datasets)
    place = place_of(datasets[0])
    path = tmp_path / "labels.nii.gz"
    path.write_bytes(write_nifti(ball((5, 4, 3)), np.eye(4)))
    labels = np.ones((1, 8, 6), np.uint8)
    stranger = place._replace(owner=STRANGER)
    for call in (
        lambda: masks.masks_of_nifti(stranger, path),
        lambda: masks.nifti_of_masks(stranger, labels),
        lambda: masks.seg_of_masks(stranger, labels, plain_segments((1,))),
        lambda: masks.masks_of_seg(stranger),
    ):
        with pytest.raises(NotFoundError):
            call()
    with pytest.raises(NotSupportedError, match="no segmentation"):
        masks.masks_of_seg(place)
    with pytest.raises(InvalidInputError, match="5 x 4 x 3 voxels, the images have 6 x 8 x 1"):
        masks.masks_of_nifti(place, path)
    stored = masks.seg_of_masks(place, labels, plain_segments((1,)))
    with pytest.raises(NotSupportedError, match="no images"):
        masks.masks_of_nifti(
            Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid), path
        )


def test_names_are_made_to_fit(desk: Desk, masks: Segmentations) -> None:
    datasets = new_study(series(1))
    desk.store(*datasets)
    names = {1: "left\\lung\n" + "x" * 80, 2: " ", 3: "肝臓"}
    segments = plain_segments((1, 2, 3), names)
    assert [one.label for one in segments] == ["left lung " + "x" * 54, "Segment 2", "肝臓"]
    assert segments[0].colour != segments[1].colour
    labels = np.ones((1, 8, 6), np.uint8)
    stored = masks.seg_of_masks(series_place(datasets[0]), labels, segments, names[3])
    own = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
    read = dcmread(io.BytesIO(desk.read(own)[0]))
    assert (read.SeriesDescription, read.SegmentSequence[2].SegmentLabel) == ("肝臓", "肝臓")


def test_volumes_that_fill_memory_are_refused_before_they_are_read(
    tmp_path: Path, masks: Segmentations
) -> None:
    path = tmp_path / "labels.nii.gz"
    path.write_bytes(write_nifti(np.zeros((2, 2), np.uint8), np.eye(4)))
    with pytest.raises(TooLargeError):
        masks.masks_of_picture_nifti(path, rows=40_000, columns=40_000)


def test_nothing_is_left_in_the_scratch_folder(masks: Segmentations) -> None:
    assert list(masks._scratch.iterdir()) == []
