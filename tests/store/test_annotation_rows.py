"""Annotations are found by what is known of them, page by page, and only by their owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError
from isocenter.services.annotations import SEGMENTATION, Draft
from isocenter.services.learning_sets import Choice
from isocenter.store.annotation_rows import (
    AnnotationQuery,
    annotations_by_resource,
    annotations_of,
    find_annotations,
)
from tests.archives import OWNER, STRANGER
from tests.learning_desk import LearningDesk, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_every_filter_finds_what_fits(desk: LearningDesk) -> None:
    first, second = desk.upload(0), desk.upload(1)
    project = desk.learning.projects.create(OWNER, "P", choice=Choice((second.id,)))
    ids = desk.learning.annotations.create(
        OWNER, first.id, [Draft("lung", SEGMENTATION, 0), Draft("fracture", "label")]
    )
    ids += desk.learning.annotations.create(
        OWNER, second.id, [Draft("grade", "category", value="II", project_id=project.id)]
    )
    desk.learning.annotations.approve(OWNER, ids[1])
    now_ms = desk.beneath.desk.clock()

    def found(**wanted: object) -> list[int]:
        query = AnnotationQuery(**wanted)  # type: ignore[arg-type]  # passed on
        with desk.beneath.desk.database.read() as connection:
            page = find_annotations(connection, OWNER, query)
        assert page.total == len(page.annotations)
        return [ids.index(one.id) for one in page.annotations]

    assert found() == [0, 1, 2]
    assert found(resource_ids=(first.id,)) == [0, 1]
    assert found(kind="category") == [2]
    assert found(scope="frame") == found(frame_index=0) == [0]
    assert found(scope="image") == [1, 2]
    assert found(name="fracture") == found(status="published") == [1]
    assert found(project_id=project.id) == found(set_id=project.set_id) == [2]
    assert found(created_by="nobody") == []
    assert found(from_ms=now_ms, to_ms=now_ms + 1) == [0, 1, 2]
    assert found(to_ms=now_ms) == []


def test_pages_tell_how_many_there_are(desk: LearningDesk) -> None:
    resource = desk.upload()
    drafts = [Draft(f"label {number}", "label") for number in range(5)]
    ids = desk.learning.annotations.create(OWNER, resource.id, drafts)

    with desk.beneath.desk.database.read() as connection:
        page = find_annotations(connection, OWNER, AnnotationQuery(offset=1, limit=2))
        by_resource = annotations_by_resource(connection, [resource.number])

    assert ([one.id for one in page.annotations], page.total) == (ids[1:3], 5)
    assert [one.id for one in by_resource[resource.number]] == ids


def test_others_find_nothing(desk: LearningDesk) -> None:
    first, second = desk.upload(0), desk.upload(1)
    ids = desk.learning.annotations.create(OWNER, first.id, [Draft("a", "label")])

    with desk.beneath.desk.database.read() as connection:
        assert find_annotations(connection, STRANGER, AnnotationQuery()).total == 0
        with pytest.raises(NotFoundError):
            annotations_of(connection, STRANGER, ids)
        with pytest.raises(NotFoundError):
            annotations_of(connection, OWNER, ids, resource_id=second.id)
