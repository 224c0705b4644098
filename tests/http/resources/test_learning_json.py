"""Datasets, projects and parts have every field that some client requires."""

import pytest

from isocenter.errors import InvalidInputError
from isocenter.http.resources.learning_json import (
    member_json,
    project_json,
    read_choice,
    read_shares,
    set_json,
    split_json,
    version_json,
)
from isocenter.services.learning_sets import Choice
from isocenter.store.learning_rows import LearningSet, Project, Split
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.snapshot_rows import Snapshot


def test_a_dataset_says_which_version_comes_next() -> None:
    found = LearningSet(1, "i", "account:o", "n", "d", 0, "eve", 5, 2, 3, 4)

    said = set_json(found, ["r"])

    assert (said["version"], said["last_version"]) == (3, 4)
    assert (said["customer_id"], said["total_resource"]) == ("o", 2)
    assert said["updated_at"] == "1970-01-01T00:00:00.005Z"


def test_projects_members_parts_and_versions_are_told() -> None:
    project = Project(1, "p", "account:o", "n", "d", False, 2, 0, "eve", 0, "s", 3, 1)
    split = Split("x", "train", "r", 0, "eve", None, None)
    snapshot = Snapshot(1, "v", 2, 3, 0, "0" * 64, 5, {"train": 5}, 100, 90, "1" * 64, 0, "eve")

    assert project_json(project)["dataset_id"] == "s"
    assert project_json(project)["annotated_resource_count"] == 1
    assert member_json("p", "eve", ["r"])["roles"] == ["r"]
    assert (split_json(split, "p")["split_name"], split_json(split, "p")["deleted_at"]) == (
        *("train", None),
    )
    assert (version_json(snapshot)["version"], version_json(snapshot)["size"]) == (3, 100)


def test_resources_are_chosen_by_ids_or_by_what_they_have() -> None:
    assert read_choice({"resource_ids": ["a"]}, 5) == Choice(("a",))
    said = {"channel": "CT", "labels": ["a"], "tags": ["b"], "status": "inbox,published"}
    expected = ResourceQuery(
        statuses=("inbox", "published"),
        channel="CT",
        labels=("a", "b"),
        is_ascending=True,
        limit=6,
    )
    assert read_choice(said, 5) == Choice((), expected)
    for wrong in ({"resource_ids": "a"}, {"resource_ids": ["a"] * 6}, {"status": "lost"}):
        with pytest.raises(InvalidInputError):
            read_choice(wrong, 5)


def test_shares_are_numbers_by_name() -> None:
    assert read_shares({}) is None
    assert read_shares({"fractions": {"a": 1}, "seed": 7}) == ({"a": 1.0}, 7)
    wrongs: list[object] = [[], {"a": "x"}, {"a": True}, {"a": 1e99}]
    for wrong in wrongs:
        with pytest.raises(InvalidInputError):
            read_shares({"fractions": wrong})
