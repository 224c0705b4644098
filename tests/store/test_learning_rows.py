"""Rows of sets and projects: in order, of one owner, with parts as they were at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.services.learning_sets import Choice
from isocenter.store.learning_rows import (
    find_project,
    find_set,
    member_ids,
    member_numbers,
    member_pages,
    split_names,
    splits_of,
)
from tests.archives import OWNER
from tests.learning_desk import LearningDesk, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_members_come_in_the_order_in_which_they_were_added(desk: LearningDesk) -> None:
    uploaded = [desk.upload(number) for number in range(3)]
    wanted = [uploaded[2], uploaded[0], uploaded[1]]
    found = desk.learning.sets.create(OWNER, "CTs", choice=Choice(tuple(one.id for one in wanted)))

    with desk.beneath.desk.database.read() as connection:
        pages = list(member_pages(connection, found.number, 2))
        assert [[one.id for one in page] for page in pages] == [
            [uploaded[2].id, uploaded[0].id],
            [uploaded[1].id],
        ]
        assert member_numbers(connection, found.number) == [one.number for one in wanted]
        assert member_ids(connection, found.number, 1) == [uploaded[2].id]
        assert find_set(connection, OWNER, found.id).resource_count == 3


def test_parts_that_were_replaced_are_told_for_their_time(desk: LearningDesk) -> None:
    resource = desk.upload()
    sets = desk.learning.sets
    clock = desk.beneath.desk.clock
    found = sets.create(OWNER, "CTs", choice=Choice((resource.id,)))
    first_ms = clock()
    sets.assign(OWNER, found.id, [resource.id], "train")
    clock.now_ms += 1000
    sets.assign(OWNER, found.id, [resource.id], "test")

    with desk.beneath.desk.database.read() as connection:
        (before,) = splits_of(connection, found.number, at_ms=first_ms)
        (now,) = splits_of(connection, found.number)
        assert split_names(connection, found.number) == {resource.number: "test"}
        assert splits_of(connection, found.number, name="train") == []
    assert (before.name, before.ended_ms) == ("train", first_ms + 1000)
    assert (now.name, now.ended_ms) == ("test", None)


def test_a_project_counts_its_resources_and_those_with_annotations(desk: LearningDesk) -> None:
    first, second = desk.upload(0), desk.upload(1)
    project = desk.learning.projects.create(OWNER, "P", choice=Choice((first.id, second.id)))
    desk.learning.annotations.create(OWNER, first.id, [])

    with desk.beneath.desk.database.read() as connection:
        found = find_project(connection, OWNER, project.id)

    assert (found.resource_count, found.annotated_count) == (2, 0)
