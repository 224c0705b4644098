import json

import pytest

from isocenter.client import APIHandler
from isocenter.errors import ConflictError, InvalidInputError, ResourceNotFoundError
from tests.faulty_store import Fault, FaultyStore


@pytest.fixture
def known(store: FaultyStore) -> FaultyStore:
    one = {"id": "d1", "name": "chest"}
    store.answers |= {
        "GET /datasets": {"data": [{"id": "d0", "name": "other"}, one]},
        "GET /projects": {"data": [{"id": "p1", "name": "study"}]},
        "POST /datasets": one,
        "POST /projects": {"id": "p1"},
        "POST /datasets/d1/resources": {},
        "POST /datasets/d1/versions": {"version": 1},
        "POST /datasets/d1/splits": {},
        "POST /projects/p1/resources": {},
        "GET /datasets/d1/versions": {"data": [{"version": 1}]},
        "GET /projects/p1/resources": [{"id": "r"}],
        "DELETE /datasets/d1": {},
        "DELETE /projects/p1": {},
    }
    return store


def sent(store: FaultyStore) -> tuple[str, object]:
    return store.asked[-1].path, json.loads(store.asked[-1].body)


def test_a_server_keeps_datasets_and_projects(api: APIHandler) -> None:
    first = api.upload_resource(b"one", channel="CT")
    second = api.upload_resource(b"two")

    api.create_dataset("chest", channel="CT")
    before = api.create_dataset_version("chest")
    api.add_to_dataset("chest", second)
    after = api.create_dataset_version("chest")
    api.split_dataset("chest", {"train": 0.5, "test": 0.5}, seed=1)
    project = api.create_project("study", resource_ids=first)
    api.upload_resources(b"three", publish_to=project["id"])

    assert (before["version"], before["resource_count"]) == (1, 1)
    assert (after["version"], after["resource_count"]) == (2, 2)
    assert [one["version"] for one in api.get_dataset_versions("chest")] in ([1, 2], [2, 1])
    assert {one["name"] for one in api.get_datasets()} >= {"chest"}
    assert len(api.get_project_resources("study")) == 2
    assert len(api.get_resources(project="study")) == 2
    with pytest.raises(ConflictError):
        api.create_dataset("chest")
    api.delete_dataset("chest")
    with pytest.raises(ResourceNotFoundError):
        api.get_dataset("chest")


def test_a_dataset_is_made_of_resources_or_of_what_fits(
    faulty: APIHandler, known: FaultyStore
) -> None:
    assert faulty.create_dataset("chest", resource_ids=["r", {"id": "s"}])["id"] == "d1"
    named = {"name": "chest", "description": ""}
    assert sent(known) == ("/datasets", {**named, "resource_ids": ["r", "s"]})

    faulty.create_dataset("chest", channel="CT", labels="a", status="published")
    fits = {"channel": "CT", "labels": ["a"], "status": "published"}
    assert sent(known) == ("/datasets", {**named, **fits})

    with pytest.raises(InvalidInputError, match="either"):
        faulty.create_dataset("chest", resource_ids="r", channel="CT")


def test_a_name_that_is_taken_is_a_conflict(faulty: APIHandler, store: FaultyStore) -> None:
    store.fail("POST", Fault(409, text='{"message": "the name is taken"}'))

    with pytest.raises(ConflictError, match="taken"):
        faulty.create_dataset("chest")


@pytest.mark.parametrize("named", ["d1", "chest"])
def test_a_dataset_is_named_by_id_or_name(
    faulty: APIHandler, known: FaultyStore, named: str
) -> None:
    assert faulty.get_dataset(named)["name"] == "chest"
    faulty.add_to_dataset(named, ["r"])
    assert sent(known) == ("/datasets/d1/resources", {"resource_ids_to_add": ["r"]})
    faulty.add_to_dataset(named, channel="CT")
    assert sent(known) == ("/datasets/d1/resources", {"channel": "CT"})
    faulty.remove_from_dataset(named, "r")
    assert sent(known) == ("/datasets/d1/resources", {"resource_ids_to_delete": ["r"]})


def test_a_dataset_has_versions_and_splits(faulty: APIHandler, known: FaultyStore) -> None:
    assert faulty.create_dataset_version("chest") == {"version": 1}
    assert faulty.get_dataset_versions("chest") == [{"version": 1}]
    faulty.split_dataset("chest", {"train": 0.8, "test": 0.2}, seed=3)
    parts = {"train": 0.8, "test": 0.2}
    assert sent(known) == ("/datasets/d1/splits", {"fractions": parts, "seed": 3})
    faulty.delete_dataset("chest")
    assert known.asked[-1].method == "DELETE"


def test_what_has_no_such_name_is_not_there(faulty: APIHandler, known: FaultyStore) -> None:
    assert known.answers
    with pytest.raises(ResourceNotFoundError, match="no dataset with name nose"):
        faulty.add_to_dataset("nose", ["r"])
    with pytest.raises(ResourceNotFoundError, match="no project"):
        faulty.get_project("nose")


def test_projects_have_resources(faulty: APIHandler, known: FaultyStore) -> None:
    assert [one["id"] for one in faulty.get_projects()] == ["p1"]
    assert faulty.get_project_by_name("study")["id"] == "p1"
    faulty.create_project("study", "about", ["r"])
    body = {"name": "study", "description": "about", "resource_ids": ["r"]}
    assert sent(known) == ("/projects", body)
    faulty.add_to_project("study", "r")
    assert sent(known) == ("/projects/p1/resources", {"resource_ids_to_add": ["r"]})
    assert faulty.get_project_resources("study") == [{"id": "r"}]
    faulty.delete_project("study")
