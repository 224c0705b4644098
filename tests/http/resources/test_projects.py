"""Projects on the wire, as 0.7 finds them by name and 2.x works with them."""

import io
import json
import uuid
import zipfile
from typing import Any

import pytest

from tests.resource_wire import Wire


@pytest.fixture
def project(wire: Wire) -> dict[str, Any]:
    """Make a project of two pictures as 2.x does."""
    ids = [str(wire.upload(name=f"{number}.png")["id"]) for number in range(2)]
    body = {
        "name": f"project {uuid.uuid4()}",
        "is_active_learning": False,
        "resource_ids": ids,
        "annotation_set": {"resource_ids": ids, "annotations": []},
        "two_up_display": False,
        "description": "of pictures",
    }
    answer = wire.call("POST", "/projects", json=body)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "ids": ids}


def test_a_project_is_found_by_name_and_has_a_dataset(wire: Wire, project: dict[str, Any]) -> None:
    listed = wire.call("GET", "/projects", params={"includeArchived": True}, prefix="/datamint")

    found = next(one for one in listed.json()["data"] if one["name"] == project["name"])
    wanted = {"id", "name", "created_at", "created_by", "dataset_id", "archived"}
    assert wanted | {"resource_count", "description"} <= found.keys()
    dataset = wire.call("GET", f"/datasets/{found['dataset_id']}").json()
    assert (dataset["name"], dataset["resource_ids"]) == (project["name"], project["ids"])


def test_pages_of_projects(wire: Wire, project: dict[str, Any]) -> None:
    page = wire.call("GET", "/projects", params={"offset": 0, "limit": 1}).json()

    assert len(page["data"]) == 1
    assert page["totalCount"] >= 1
    assert project["id"]


def test_resources_come_and_go(wire: Wire, project: dict[str, Any]) -> None:
    path = f"/projects/{project['id']}/resources"
    new = str(wire.upload(name="new.png")["id"])
    first, second = project["ids"]

    body = {"resource_ids_to_add": [new], "all_files_selected": False}
    added = wire.call("POST", path, json=body).json()
    wire.call("POST", path, json={"resource_ids_to_delete": [first]})

    assert added["resource_count"] == 3
    assert [one["id"] for one in wire.call("GET", path).json()] == [second, new]


def test_members_have_roles(wire: Wire, project: dict[str, Any]) -> None:
    path = f"/projects/{project['id']}/members"
    eve = f"{path}/eve@example.org"

    made = wire.call("POST", eve, json={"roles": ["PROJECT_ANNOTATOR"]})
    listed = wire.call("GET", path).json()
    none = wire.call("POST", eve, json={"roles": []})

    assert (made.json()["user_id"], made.json()["roles"]) == (
        *("eve@example.org", ["PROJECT_ANNOTATOR"]),
    )
    assert listed == [made.json()]
    assert none.status_code == 400
    assert wire.call("DELETE", eve).status_code == 200
    assert wire.call("DELETE", eve).json() == {"message": "Not Found"}


def test_parts_are_those_of_the_project(wire: Wire, project: dict[str, Any]) -> None:
    path = f"/projects/{project['id']}"
    first, second = project["ids"]
    body = {"resource_ids": [first], "split_name": "val"}

    wire.call("POST", f"{path}/splits", json=body)

    (one,) = wire.call("GET", f"{path}/splits", params={"split_name": "val"}).json()
    assert (one["resource_id"], one["project_id"]) == (first, project["id"])
    assert {"id", "split_name", "created_at", "created_by"} <= one.keys()
    assert wire.call("GET", f"{path}/resources/{first}/split").json() == one
    assert wire.call("GET", f"{path}/resources/{second}/split").status_code == 404


def test_a_project_is_downloaded_as_one_archive(wire: Wire, project: dict[str, Any]) -> None:
    path = f"/projects/{project['id']}/annotated_dataset"

    answer = wire.call("GET", path, params={"all_annotations": True})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        document = json.loads(archive.read("dataset.json"))
    assert [one["id"] for one in document["resources"]] == project["ids"]
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_projects_change_and_end(wire: Wire, project: dict[str, Any]) -> None:
    path = f"/projects/{project['id']}"

    changed = wire.call("PATCH", path, json={"name": f"{project['name']} b", "archived": True})
    wrong = wire.call("PATCH", path, json={"archived": "yes"})
    again = wire.call("POST", "/projects", json={"name": f"{project['name']} b"})

    assert (changed.json()["archived"], changed.json()["name"]) == (
        *(True, f"{project['name']} b"),
    )
    assert (wrong.status_code, again.status_code) == (400, 409)
    active = wire.call("GET", "/projects", params={"includeArchived": False}).json()["data"]
    assert project["id"] not in [one["id"] for one in active]
    assert wire.call("DELETE", path).status_code == 200
    assert wire.call("GET", path).json() == {"message": "Not Found"}
    assert wire.call("GET", f"/datasets/{project['dataset_id']}").status_code == 404


def test_strangers_get_404(wire: Wire, project: dict[str, Any]) -> None:
    stranger = wire.served.new_key()

    for rest in ("", "/resources", "/members", "/splits"):
        answer = wire.call("GET", f"/projects/{project['id']}{rest}", key=stranger)
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
    assert wire.call("DELETE", f"/projects/{project['id']}", key=stranger).status_code == 404
