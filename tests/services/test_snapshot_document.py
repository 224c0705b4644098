"""The document says the same in the words of all generations of clients."""

from pathlib import Path

import pytest

from isocenter.services.annotations import SEGMENTATION, Draft
from isocenter.services.snapshot_document import entry_of, iso_time
from isocenter.store.annotation_rows import AnnotationQuery
from isocenter.store.resource_rows import FrameLabel
from tests.archives import OWNER
from tests.learning_desk import mask_png, open_learning_desk


def test_labels_of_frames_are_rows_by_frame_and_person(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path) as desk:
        resource = desk.upload()
        frame_labels = [FrameLabel(0, "b"), FrameLabel(0, "a")]
        desk.beneath.resources.set_labels(OWNER, [resource.id], frame_labels=frame_labels)
        annotations = desk.learning.annotations
        drafts = [Draft("c", "label", 0), Draft("lung", SEGMENTATION, 0), Draft("d", "label")]
        ids = annotations.create(OWNER, resource.id, drafts)
        annotations.attach(OWNER, resource.id, ids[1], desk.stage(mask_png()), "lung")
        found = annotations.find(OWNER, AnnotationQuery()).annotations
        entry = entry_of(desk.beneath.resources.get(OWNER, resource.id), found, "train")

    assert entry.told["frame_labels"] == [{"frame": 0, "label": ["a", "b", "c"], "created_by": ""}]
    assert entry.told["labels"] == ["d"] == entry.image["labels"]
    assert entry.told["split"] == "train"
    assert [name for name, _, _ in entry.files] == [
        f"resources/{resource.id}.dcm",
        f"masks/{ids[1]}.png",
    ]


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.mp4", ".mp4"), ("a.nii.gz", ".nii.gz"), ("a.nii", ".nii"), ("../../x.bin", "")],
)
def test_files_are_named_by_ids_and_kinds(tmp_path: Path, name: str, suffix: str) -> None:
    with open_learning_desk(tmp_path) as desk:
        resource = desk.beneath.upload(b"0" * 20, name)

    entry = entry_of(resource, [], None)

    assert entry.files == [(f"resources/{resource.id}{suffix}", resource.blob_key, 20)]
    assert entry.told["filename"] == resource.name


def test_times_are_written_in_utc() -> None:
    assert iso_time(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"
