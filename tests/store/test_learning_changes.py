"""Changes of resources move the time of the sets on that they are in, and of no others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.services.annotations import SEGMENTATION, Draft
from isocenter.services.learning_sets import Choice
from isocenter.store.learning_changes import leave_resources, touch_set, touch_sets
from tests.archives import OWNER
from tests.learning_desk import LearningDesk, mask_png, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_only_the_sets_of_a_resource_are_touched_and_always_later(desk: LearningDesk) -> None:
    resource = desk.upload()
    sets = desk.learning.sets
    within = sets.create(OWNER, "within", choice=Choice((resource.id,)))
    without = sets.create(OWNER, "without")

    with desk.beneath.desk.database.begin() as connection:
        touch_sets(connection, [resource.number], within.changed_ms - 5)
        touch_sets(connection, [resource.number], within.changed_ms - 5)

    assert sets.get(OWNER, within.id).changed_ms == within.changed_ms + 2
    assert sets.get(OWNER, without.id) == without
    with desk.beneath.desk.database.begin() as connection:
        touch_set(connection, without.number, without.changed_ms + 500)
    assert sets.get(OWNER, without.id).changed_ms == without.changed_ms + 500


def test_bytes_of_annotations_of_resources_that_leave_are_told(desk: LearningDesk) -> None:
    resource = desk.upload()
    annotations = desk.learning.annotations
    (made,) = annotations.create(OWNER, resource.id, [Draft("lung", SEGMENTATION, 0)])
    annotations.attach(OWNER, resource.id, made, desk.stage(mask_png()), "lung")

    with desk.beneath.desk.database.begin() as connection:
        keys = leave_resources(connection, [resource.number], 1)

    assert keys == [annotations.get(OWNER, made).file_key]
    desk.beneath.resources.delete(OWNER, [resource.id])
    assert not desk.beneath.desk.blobs.keys("")
