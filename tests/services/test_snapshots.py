"""Snapshots never change, hold what was there, and are archives that every program reads."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, FullError, InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services import snapshots
from isocenter.services.annotations import SEGMENTATION, Draft, Volume
from isocenter.services.learning_sets import Choice
from isocenter.services.snapshots import Progress, parse_version
from isocenter.store.blob_rows import sweep
from tests.archives import OWNER, STRANGER
from tests.learning_desk import LearningDesk, mask_png, nifti, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_has_the_stored_bytes_and_says_what_they_are(desk: LearningDesk) -> None:
    first = desk.upload(0, labels=["b", "a"], channel="CT")
    second = desk.upload(1)
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((second.id, first.id)))
    desk.learning.sets.assign(OWNER, found.id, [first.id], "train")

    snapshot = desk.snapshot(found.id)
    files = unzipped(desk.archive(snapshot))

    document = json.loads(files["dataset.json"])
    assert [one["id"] for one in document["resources"]] == [second.id, first.id]
    told = document["resources"][1]
    assert files[told["file"]] == desk.beneath.read(first)
    assert told["sha256"] == hashlib.sha256(files[told["file"]]).hexdigest()
    assert told["labels"] == ["a", "b"]
    assert (told["split"], document["resources"][0]["split"]) == ("train", None)
    assert document["images"][1] == {
        "id": first.id,
        "image_file": told["file"],
        "filename": "slice-0.dcm",
        "labels": ["a", "b"],
    }
    assert (document["version"], document["name"]) == (1, "CTs")
    assert document["splits"] == {"train": 1} == snapshot.splits
    assert snapshot.size_bytes == len(desk.archive(snapshot))


def test_masks_and_volumes_lie_beside_the_images(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    drafts = [Draft("lung", SEGMENTATION, 0), Draft("fracture", "label")]
    (mask, label) = annotations.create(OWNER, resource.id, drafts)
    annotations.attach(OWNER, resource.id, mask, desk.stage(mask_png()), "lung")
    volume = annotations.add_volume(
        OWNER, resource.id, desk.stage(nifti()), Volume("v.nii.gz", "heart")
    )
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((resource.id,)))

    files = unzipped(desk.archive(desk.snapshot(found.id)))

    told = json.loads(files["dataset.json"])["resources"][0]
    by_id = {one["id"]: one for one in told["annotations"]}
    assert files[by_id[mask]["file"]] == mask_png()
    assert (by_id[mask]["index"], by_id[mask]["type"]) == (0, "segmentation")
    assert "file" not in by_id[label]
    assert told["labels"] == ["fracture"]
    (whole,) = told["segmentation_files"]
    assert (whole["id"], whole["name"]) == (volume.id, "heart")
    assert files[whole["file"]] == nifti()
    assert whole["file"].endswith(".nii.gz")


def test_a_snapshot_is_made_once_until_something_changes(desk: LearningDesk) -> None:
    resource = desk.upload()
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((resource.id,)))
    first = desk.snapshot(found.id)

    assert desk.snapshot(found.id) == first
    assert desk.learning.sets.get(OWNER, found.id).next_version == 1
    desk.beneath.resources.set_labels(OWNER, [resource.id], labels=["new"])
    assert desk.learning.sets.get(OWNER, found.id).next_version == 2
    second = desk.snapshot(found.id)

    assert (second.version, second.digest != first.digest) == (2, True)
    assert desk.snapshot(found.id, version=1) == first
    assert [one.version for one in desk.learning.snapshots.versions(OWNER, found.id)] == [2, 1]


def test_a_snapshot_keeps_its_bytes_when_resources_are_deleted(desk: LearningDesk) -> None:
    kept, gone = desk.upload(0), desk.upload(1)
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((kept.id, gone.id)))
    snapshot = desk.snapshot(found.id)
    before = desk.archive(snapshot)

    desk.beneath.resources.delete(OWNER, [gone.id])
    sweep(desk.beneath.desk.database, desk.beneath.desk.blobs, 0)

    assert desk.archive(snapshot) == before
    after = desk.learning.sets.get(OWNER, found.id)
    assert (after.resource_count, after.next_version) == (1, 2)
    assert desk.snapshot(found.id).resource_count == 1


def test_deleting_a_set_deletes_what_only_its_snapshots_had(desk: LearningDesk) -> None:
    resource = desk.upload()
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((resource.id,)))
    snapshot = desk.snapshot(found.id)
    desk.beneath.resources.delete(OWNER, [resource.id])

    desk.learning.sets.delete(OWNER, found.id)

    with pytest.raises(NotFoundError):
        desk.learning.snapshots.open(OWNER, snapshot.id)
    assert not desk.beneath.desk.blobs.keys("")


def test_deleting_a_study_by_dicomweb_moves_the_set_on(desk: LearningDesk) -> None:
    resource = desk.upload()
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((resource.id,)))
    desk.snapshot(found.id)

    assert resource.study_uid
    desk.beneath.desk.archive.studies.delete(OWNER, resource.study_uid)

    after = desk.learning.sets.get(OWNER, found.id)
    assert (after.resource_count, after.next_version) == (0, 2)


def test_an_empty_set_is_an_archive_with_the_document_alone(desk: LearningDesk) -> None:
    found = desk.learning.sets.create(OWNER, "nothing")

    files = unzipped(desk.archive(desk.snapshot(found.id)))

    assert list(files) == ["dataset.json"]
    assert json.loads(files["dataset.json"])["resources"] == []


def test_the_archive_can_be_read_from_any_byte_on(desk: LearningDesk) -> None:
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice((desk.upload().id,)))
    snapshot = desk.snapshot(found.id)
    whole = desk.archive(snapshot)

    with contextlib.closing(desk.learning.snapshots.open(OWNER, snapshot.id)) as archive:
        for offset in (len(whole) - 5, 1, 40, 0, snapshot.directory_offset - 1):
            assert archive.read_at(offset, 50) == whole[offset : offset + 50]


def test_versions_that_are_none_and_strangers_find_nothing(desk: LearningDesk) -> None:
    found = desk.learning.sets.create(OWNER, "CTs")
    snapshot = desk.snapshot(found.id)

    with pytest.raises(NotFoundError):
        desk.snapshot(found.id, version=7)
    with pytest.raises(NotFoundError):
        desk.snapshot(found.id, owner=STRANGER)
    with pytest.raises(NotFoundError):
        desk.learning.snapshots.open(STRANGER, snapshot.id)
    assert parse_version("latest") is None
    assert parse_version("12") == 12
    with pytest.raises(InvalidInputError):
        parse_version("-1")


def test_two_who_prepare_at_once_get_the_same(
    desk: LearningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_TURN_BYTES", 1)
    resources = [desk.upload(0), desk.upload(1)]
    choice = Choice(tuple(one.id for one in resources))
    found = desk.learning.sets.create(OWNER, "CTs", choice=choice)
    slow = desk.learning.snapshots.prepare(OWNER, found.id)
    begun = [next(slow), next(slow), next(slow)]

    first = desk.snapshot(found.id)
    *steps, second = slow

    assert second == first
    told = [(one.done, one.total) for one in (*begun, *steps) if isinstance(one, Progress)]
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, 2), (2, 2))


def test_bytes_that_go_while_it_is_prepared_are_a_conflict(
    desk: LearningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_TURN_BYTES", 1)
    resources = [desk.upload(0), desk.upload(1)]
    choice = Choice(tuple(one.id for one in resources))
    found = desk.learning.sets.create(OWNER, "CTs", choice=choice)
    for turns, gone in ((2, resources[1]), (4, resources[0])):
        slow = desk.learning.snapshots.prepare(OWNER, found.id)
        for _ in range(turns - (gone == resources[0])):
            next(slow)
        desk.beneath.resources.delete(OWNER, [gone.id])
        with pytest.raises(ConflictError, match="prepare it again"):
            list(slow)

    assert desk.snapshot(found.id).resource_count == 0


def test_so_many_are_prepared_at_once_and_no_more(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path, limits=replace(DEFAULT, preparations_at_once=1)) as desk:
        found = desk.learning.sets.create(OWNER, "CTs")
        running = desk.learning.snapshots.prepare(OWNER, found.id)
        next(running)
        with pytest.raises(FullError):
            desk.snapshot(found.id)
        assert list(running)
        assert desk.snapshot(found.id).version == 1
