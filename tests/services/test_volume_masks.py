"""Volumes that lie on images become Segmentations beside them, and masks of single frames."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from isocenter.errors import FrameNotFoundError, InvalidInputError, NotFoundError, NotSupportedError
from isocenter.services.annotations import SEGMENTATION, Draft, Volume
from isocenter.services.retrieval import Place
from isocenter.store.resource_rows import Resource
from tests.archives import OWNER, STRANGER
from tests.learning_desk import LearningDesk, mask_png, nifti, open_learning_desk

SEG = "1.2.840.10008.5.1.4.1.1.66.4"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def place(resource: Resource) -> Place:
    return Place(OWNER, resource.study_uid or "", resource.series_uid or "")


def volume_of(desk: LearningDesk, resource: Resource) -> tuple[np.ndarray, bytes]:
    """Return labels 1 and 2 on the four slices of a Series, and a NIfTI file of them."""
    labels = np.zeros((4, 8, 6), np.uint8)
    labels[0, 1:3, 2:4] = 1
    labels[2, 5:7, 0:2] = 2
    made = desk.beneath.desk.archive.segmentations.nifti_of_masks(place(resource), labels)
    return labels, made


def pixels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)))


def test_a_volume_of_a_series_is_shown_and_cut_into_frames(desk: LearningDesk) -> None:
    slices = [desk.upload(number) for number in range(4)]
    labels, data = volume_of(desk, slices[0])
    annotations = desk.learning.annotations
    names = {"1": "liver", "2": "tumour"}

    made = annotations.add_volume(
        OWNER, slices[0].id, desk.stage(data), Volume("v.nii.gz", "organs", names)
    )

    about = made.about
    shown = Place(OWNER, slices[0].study_uid or "", str(about["seg_series_uid"]))
    (instance,) = desk.beneath.desk.archive.retrieval.instances(shown)
    assert (instance.sop_class_uid, instance.frames) == (SEG, 2)
    kept = desk.beneath.desk.archive.segmentations.masks_of_seg(
        shown._replace(sop_instance_uid=instance.sop_instance_uid)
    )
    assert [one.label for one in kept.segments] == ["liver", "tumour"]
    order = [one.sop_instance_uid for one in kept.labels.frames]
    own = labels[order.index(slices[0].sop_instance_uid or "")]
    first = annotations.mask(OWNER, made.id, slices[0].id, 0)
    assert np.array_equal(pixels(first), np.where(own != 0, 255, 0))
    only = annotations.mask(OWNER, made.id, slices[0].id, 0, 2)
    assert np.array_equal(pixels(only), np.where(own == 2, 255, 0))
    with pytest.raises(FrameNotFoundError):
        annotations.mask(OWNER, made.id, slices[0].id, 1)

    annotations.delete(OWNER, [made.id])
    with pytest.raises(NotFoundError):
        desk.beneath.desk.archive.retrieval.instances(shown)


def test_what_is_shown_goes_with_the_resource(desk: LearningDesk) -> None:
    slices = [desk.upload(number) for number in range(4)]
    _, data = volume_of(desk, slices[0])
    made = desk.learning.annotations.add_volume(
        OWNER, slices[0].id, desk.stage(data), Volume("v.nii.gz", "organs")
    )
    shown = Place(OWNER, slices[0].study_uid or "", str(made.about["seg_series_uid"]))
    assert desk.beneath.desk.archive.retrieval.instances(shown)

    desk.beneath.resources.delete(OWNER, [slices[0].id])

    with pytest.raises(NotFoundError):
        desk.beneath.desk.archive.retrieval.instances(shown)
    assert desk.beneath.desk.blobs.keys("") == {one.blob_key for one in slices[1:]}


def test_a_volume_that_lies_elsewhere_is_kept_with_the_reason(desk: LearningDesk) -> None:
    resource = desk.upload()

    made = desk.learning.annotations.add_volume(
        OWNER, resource.id, desk.stage(nifti()), Volume("v.nii.gz", "liver")
    )

    assert str(made.about["note"]).startswith("viewers do not show it: ")
    with pytest.raises(InvalidInputError):
        desk.learning.annotations.mask(OWNER, made.id, resource.id, 0)
    with desk.learning.annotations.open_file(OWNER, made.id) as stored:
        assert stored.reader.read_at(0, stored.size_bytes) == nifti()


def test_volumes_of_pictures_go_by_index(desk: LearningDesk) -> None:
    made = io.BytesIO()
    Image.new("L", (8, 6)).save(made, "PNG")
    resource = desk.beneath.upload(made.getvalue(), "a.png")
    film = desk.beneath.upload(b"0000ftypisom0000", "a.mp4")
    annotations = desk.learning.annotations
    volume = Volume("v.nii.gz", "liver")

    on_film = annotations.add_volume(OWNER, film.id, desk.stage(nifti()), volume)
    on_picture = annotations.add_volume(OWNER, resource.id, desk.stage(nifti()), volume)
    fitting = annotations.add_volume(OWNER, resource.id, desk.stage(nifti(slices=1)), volume)

    assert "only segmentations of DICOM" in str(on_picture.about["note"])
    with pytest.raises(InvalidInputError):  # four slices for one picture
        annotations.mask(OWNER, on_picture.id, resource.id, 0)
    mask = pixels(annotations.mask(OWNER, fitting.id, resource.id, 0))
    assert np.array_equal(np.argwhere(mask)[[0, -1]], [[1, 2], [4, 3]])
    with pytest.raises(NotSupportedError, match="how large"):
        annotations.mask(OWNER, on_film.id, film.id, 0)


def test_masks_of_frames_are_given_as_they_are(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("lung", SEGMENTATION, 0)])
    annotations.attach(OWNER, resource.id, made, desk.stage(mask_png()), "lung")

    assert annotations.mask(OWNER, made, resource.id, 0) == mask_png()
    for owner, frame_index in ((OWNER, 1), (STRANGER, 0)):
        with pytest.raises(NotFoundError):
            annotations.mask(owner, made, resource.id, frame_index)
