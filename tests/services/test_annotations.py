"""Annotations are made all or none, have files that fit, and end with all that they had."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import InvalidInputError, NotFoundError, TooLargeError
from isocenter.limits import DEFAULT
from isocenter.services.annotations import SEGMENTATION, Draft, Volume, checked_segment_names
from isocenter.store.annotation_rows import AnnotationQuery
from isocenter.store.tables import audit_events
from tests.archives import OWNER, STRANGER
from tests.learning_desk import LearningDesk, mask_png, nifti, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_annotations_keep_what_was_said(desk: LearningDesk) -> None:
    resource = desk.upload()
    geometry = {"points": [[1, 2], [3, 4.5]]}
    draft = Draft("size", "line", 0, 12.5, geometry, {"units": "mm", "is_model": None})

    (made,) = desk.learning.annotations.create(OWNER, resource.id, [draft])

    found = desk.learning.annotations.get(OWNER, made)
    assert (found.name, found.kind, found.frame_index) == ("size", "line", 0)
    assert (found.value, found.geometry, found.about) == (12.5, geometry, {"units": "mm"})
    assert (found.resource_id, found.resource_name) == (resource.id, "slice-0.dcm")
    assert found.status == "new"


@pytest.mark.parametrize(
    "draft",
    [
        Draft("a", "dance"),
        Draft(" ", "label"),
        Draft("a", "label", 1),
        Draft("a", "label", -1),
        Draft("a", "label", about={"units": "m" * 2000}),
    ],
)
def test_one_that_is_wrong_makes_none(desk: LearningDesk, draft: Draft) -> None:
    resource = desk.upload()

    with pytest.raises(InvalidInputError):
        desk.learning.annotations.create(OWNER, resource.id, [Draft("b", "label"), draft])

    assert desk.learning.annotations.find(OWNER, AnnotationQuery()).total == 0


def test_more_than_may_be_are_refused(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path, limits=replace(DEFAULT, annotations=2)) as desk:
        resource = desk.upload()
        desk.learning.annotations.create(OWNER, resource.id, [Draft("a", "label")] * 2)
        with pytest.raises(TooLargeError):
            desk.learning.annotations.create(OWNER, resource.id, [Draft("a", "label")])


def test_a_mask_takes_the_place_of_the_one_before(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("lung", SEGMENTATION, 0)])
    first = annotations.attach(OWNER, resource.id, made, desk.stage(mask_png()), "x/lung.png")
    with annotations.open_file(OWNER, made, resource.id) as stored:
        assert stored.reader.read_at(0, stored.size_bytes + 1) == mask_png()
        assert (stored.media_type, stored.key) == ("image/png", first.file_key)

    second = annotations.attach(OWNER, resource.id, made, desk.stage(nifti()), "v")

    assert second.file_type == "application/nifti+gzip"
    assert first.file_key not in desk.beneath.desk.blobs.keys("")
    assert annotations.delete(OWNER, [made]) == 1
    assert desk.beneath.desk.blobs.keys("") == {resource.blob_key}


def test_a_file_that_does_not_fit_leaves_nothing(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("lung", SEGMENTATION, 0)])

    for data in (mask_png(9, 6), b"no picture", mask_png()[:-30], b""):
        staged = desk.stage(data)
        with pytest.raises(InvalidInputError):
            annotations.attach(OWNER, resource.id, made, staged, "lung")
        with pytest.raises(NotFoundError):
            desk.beneath.desk.blobs.open_staged(staged)

    with pytest.raises(NotFoundError, match="no file"):
        annotations.open_file(OWNER, made)


def test_a_volume_is_an_annotation_of_the_whole(desk: LearningDesk) -> None:
    resource = desk.upload()
    names = {"1": "liver", "2": "tumour"}

    made = desk.learning.annotations.add_volume(
        OWNER, resource.id, desk.stage(nifti(is_packed=False)), Volume("seg.nii", "", names)
    )

    assert (made.name, made.frame_index, made.segment_names) == ("liver, tumour", None, names)
    assert (made.file_type, made.file_name) == ("application/nifti", "seg.nii")
    mask = desk.learning.annotations.add_volume(
        OWNER, resource.id, desk.stage(mask_png()), Volume("m.png", "lung")
    )
    assert (mask.frame_index, mask.file_type) == (0, "image/png")


def test_names_of_segments_are_checked() -> None:
    for wrong in ({"0": "a"}, {"x": "a"}, {"1": ""}, {"99999999": "a"}):
        with pytest.raises(InvalidInputError):
            checked_segment_names(wrong)


def test_changes_and_approval_are_noted_with_who_and_when(desk: LearningDesk) -> None:
    resource = desk.upload()
    project = desk.learning.projects.create(OWNER, "P")
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("a", "label")])

    changed = annotations.change(OWNER, made, name="b", project_id=project.id)
    approved = annotations.approve(OWNER, made)

    assert (changed.name, changed.project_id) == ("b", project.id)
    assert (approved.status, approved.approved_ms) == ("published", desk.beneath.desk.clock())
    with desk.beneath.desk.database.read() as connection:
        query = select(audit_events.c.action).where(audit_events.c.object_id == made)
        acts = list(connection.scalars(query.order_by(audit_events.c.number)))
    assert acts == ["annotation.create", "annotation.change", "annotation.approve"]


def test_strangers_find_nothing(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("a", SEGMENTATION, 0)])

    with pytest.raises(NotFoundError):
        annotations.create(STRANGER, resource.id, [Draft("a", "label")])
    with pytest.raises(NotFoundError):
        annotations.attach(STRANGER, resource.id, made, desk.stage(mask_png()), "a")
    with pytest.raises(NotFoundError):
        annotations.add_volume(STRANGER, resource.id, desk.stage(nifti()), Volume("a"))
    for call in (annotations.get, annotations.approve, annotations.change, annotations.open_file):
        with pytest.raises(NotFoundError):
            call(STRANGER, made)
    with pytest.raises(NotFoundError):
        annotations.delete(STRANGER, [made])
    assert annotations.get(OWNER, made).approved_ms is None


def test_resources_with_annotations_can_be_selected(desk: LearningDesk) -> None:
    first, _ = desk.upload(0), desk.upload(1)
    desk.learning.annotations.create(OWNER, first.id, [Draft("a", "label")])

    with desk.beneath.desk.database.read() as connection:
        query = desk.learning.annotations.annotated(OWNER)
        rows = connection.execute(query).all()

    assert [row.resource_number for row in rows] == [first.number]
