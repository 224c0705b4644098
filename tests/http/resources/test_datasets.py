"""Datasets on the wire: read by the very lines of the documented clients of 0.4, 0.7 and 2.x."""

import hashlib
import io
import json
import time
import uuid
import zipfile
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # old clients read events with it

from tests.builders import series, to_bytes
from tests.learning_desk import mask_png
from tests.resource_wire import Wire


def new_set(wire: Wire, count: int = 2, name: str = "") -> dict[str, Any]:
    """Make a dataset of slices of a channel of its own."""
    name = name or f"set {uuid.uuid4()}"
    for instance in series(4)[:count]:
        wire.upload_0_7(to_bytes(instance), "slice.dcm", ["fracture"], name)
    answer = wire.call("POST", "/datasets", json={"name": name, "channel": name})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def token_0_7(wire: Wire, set_id: object, **query: object) -> tuple[str, list[tuple[int, int]]]:
    """Read the events as 0.4 and 0.7 do: each line of data as YAML."""
    answer = wire.call("GET", f"/datasets/{set_id}/download/dicom", params=query, stream=True)
    answer.raise_for_status()
    progress: list[tuple[int, int]] = []
    lines = answer.iter_lines(decode_unicode=True)
    for line in lines:
        if "event: error" in line:
            raise AssertionError("\n".join(lines))
        if not line.startswith("data:"):
            continue
        said = yaml.safe_load(line)["data"]
        if "zip" in said:
            return said["zip"], progress
        progress.append((int(said["processedImages"]), int(said["totalImages"])))
    raise AssertionError("no token came")


def download(wire: Wire, token: str) -> bytes:
    """Download as 0.7 does: what came must be as long as was said."""
    answer = wire.call("GET", f"/datasets/download/{token}", stream=True)
    total = int(answer.headers["Content-Length"])
    data = b"".join(answer.iter_content(1024))
    assert len(data) == total
    assert "Content-Encoding" not in answer.headers
    return data


def test_a_dataset_is_downloaded_as_0_7_does(wire: Wire) -> None:
    made = new_set(wire)
    listed = wire.call("GET", "/datasets").json()["data"]
    info = next(one for one in listed if one["name"] == made["name"])

    token, progress = token_0_7(wire, info["id"])
    with zipfile.ZipFile(io.BytesIO(download(wire, token))) as archive:
        assert archive.testzip() is None
        document = json.loads(archive.read("dataset.json"))
        for one in document["resources"]:
            data = archive.read(one["file"])
            assert hashlib.sha256(data).hexdigest() == one["sha256"]

    assert progress[-1] == (2, 2)
    assert document["updated_at"] == info["updated_at"]
    again = wire.call("GET", "/datasets").json()["data"]
    assert next(one for one in again if one["id"] == info["id"]) == {
        **info,
        "version": 1,
    }
    assert [one["labels"] for one in document["resources"]] == [["fracture"]] * 2
    assert all(one["annotations"] == [] for one in document["resources"])
    assert all(one["frame_labels"] == [] for one in document["resources"])


def test_a_dataset_is_downloaded_as_0_4_does(wire: Wire) -> None:
    """By name, with the number of a version; `images[].image_file` are files of the archive."""
    made = new_set(wire)
    listed = wire.call("GET", "/datasets", prefix="/datamint").json()["data"]
    version = next(one for one in listed if one["name"] == made["name"])["last_version"]

    token, _ = token_0_7(wire, made["id"], version=version)
    with zipfile.ZipFile(io.BytesIO(download(wire, token))) as archive:
        document = json.loads(archive.read("dataset.json"))
        names = set(archive.namelist())

    assert document["version"] == version == 1
    assert {one["image_file"] for one in document["images"]} <= names
    assert [one["labels"] for one in document["images"]] == [["fracture"]] * 2


def test_a_dataset_is_downloaded_as_2_does(wire: Wire) -> None:
    made = new_set(wire)
    headers = {"Authorization": f"Bearer {wire.served.key}"}

    answer = wire.call("GET", f"/datasets/{made['id']}/download/dicom", headers=headers)
    resources = wire.call("GET", f"/datasets/{made['id']}/resources", headers=headers).json()

    assert isinstance(answer.json(), str)
    data = download(wire, answer.json())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document = json.loads(archive.read("dataset.json"))
    assert [one["id"] for one in resources] == [one["id"] for one in document["resources"]]
    wanted = {"id", "name", "created_at", "created_by", "description", "customer_id"}
    wanted |= {"updated_at", "total_resource", "resource_ids"}
    assert wanted <= made.keys()
    assert made["resource_ids"] == [one["id"] for one in resources]


def test_a_download_goes_on_where_it_was_cut_off(wire: Wire) -> None:
    made = new_set(wire)
    token, _ = token_0_7(wire, made["id"])
    path = f"/datasets/download/{token}"
    whole = wire.call("GET", path)
    etag = whole.headers["ETag"]

    for start in (1, 100, len(whole.content) - 1):
        headers = {"Range": f"bytes={start}-", "If-Range": etag}
        rest = wire.call("GET", path, headers=headers)
        assert (rest.status_code, rest.content) == (206, whole.content[start:])
    behind = wire.call("GET", path, headers={"Range": f"bytes={len(whole.content)}-"})
    assert behind.status_code == 416
    assert wire.call("GET", path, headers={"If-None-Match": etag}).status_code == 304
    head = wire.call("HEAD", path)
    assert (head.headers["Content-Length"], head.content) == (str(len(whole.content)), b"")


def test_versions_stay_what_they_were(wire: Wire) -> None:
    made = new_set(wire)
    path = f"/datasets/{made['id']}"
    first = wire.call("POST", f"{path}/versions")
    assert first.status_code == 201
    before = download(wire, first.json()["id"])
    gone, kept = made["resource_ids"]

    changed = wire.call("POST", f"{path}/resources", json={"resource_ids_to_delete": [gone]})
    wire.call("DELETE", f"/resources/{gone}")
    token, _ = token_0_7(wire, made["id"], version="latest")

    assert changed.json()["resource_ids"] == [kept]
    assert changed.json()["last_version"] == 2
    assert download(wire, token_0_7(wire, made["id"], version=1)[0]) == before
    assert len(download(wire, token)) < len(before)
    versions = wire.call("GET", f"{path}/versions").json()["data"]
    assert [(one["version"], one["resource_count"]) for one in versions] == [(2, 1), (1, 2)]
    assert versions[1] == first.json()


def test_masks_are_pictures_of_frames_as_0_7_opens_them(wire: Wire) -> None:
    made = new_set(wire, count=1)
    (resource,) = made["resource_ids"]
    annotation = {"identifier": "lung", "scope": "frame", "frame_index": 0, "type": "segmentation"}
    (mask,) = wire.call("POST", f"/annotations/{resource}/annotations", json=[annotation]).json()
    file = f"/annotations/{resource}/annotations/{mask}/file"
    wire.call("POST", file, files={"file": ("lung", mask_png())})

    token, _ = token_0_7(wire, made["id"])
    with zipfile.ZipFile(io.BytesIO(download(wire, token))) as archive:
        (one,) = json.loads(archive.read("dataset.json"))["resources"]
        (told,) = one["annotations"]
        data = archive.read(told["file"])

    assert (told["type"], told["name"], told["index"]) == ("segmentation", "lung", 0)
    assert data == mask_png()


def test_parts_are_assigned_divided_and_told_for_a_time(wire: Wire) -> None:
    made = new_set(wire)
    path = f"/datasets/{made['id']}/splits"
    ids = made["resource_ids"]
    body = {"resource_ids": ids, "split_name": "train"}

    assert wire.call("POST", path, json=body).json() == {"assigned": 2}
    time.sleep(0.002)  # times are milliseconds
    divided = wire.call("POST", path, json={"fractions": {"test": 1}}).json()

    assert divided == {"splits": {"test": 2}}
    now = wire.call("GET", path).json()
    assert [one["split_name"] for one in now] == ["test"] * 2
    before = wire.call("GET", path, params={"as_of_timestamp": "2000-01-01"}).json()
    assert before == []
    wrong = wire.call("POST", path, json={"fractions": {"test": 0.4}})
    assert (wrong.status_code, "sum" in wrong.json()["message"]) == (400, True)


def test_names_are_taken_once_and_can_be_changed(wire: Wire) -> None:
    made = new_set(wire, count=1)
    path = f"/datasets/{made['id']}"

    again = wire.call("POST", "/datasets", json={"name": made["name"]})
    changed = wire.call("PATCH", path, json={"name": f"{made['name']} b", "description": "d"})
    one = wire.call("GET", path).json()
    deleted = wire.call("DELETE", path)

    assert (again.status_code, "message" in again.json()) == (409, True)
    assert (changed.json()["description"], one["name"]) == ("d", f"{made['name']} b")
    assert deleted.status_code == 200
    assert wire.call("GET", path).json() == {"message": "Not Found"}


@pytest.mark.parametrize(
    "body",
    [{}, {"name": 5}, {"name": "a", "resource_ids": "x"}, {"name": "a", "status": "lost"}, []],
)
def test_datasets_that_are_none_are_refused(wire: Wire, body: object) -> None:
    answer = wire.call("POST", "/datasets", json=body)

    assert answer.status_code == 400
    assert list(answer.json()) == ["message"]


def test_strangers_and_the_nameless_get_404_and_401(wire: Wire) -> None:
    made = new_set(wire, count=1)
    token, _ = token_0_7(wire, made["id"])
    stranger = wire.served.new_key()
    paths = [
        ("GET", f"/datasets/{made['id']}"),
        ("DELETE", f"/datasets/{made['id']}"),
        ("GET", f"/datasets/{made['id']}/resources"),
        ("GET", f"/datasets/{made['id']}/versions"),
        ("GET", f"/datasets/{made['id']}/splits"),
        ("GET", f"/datasets/{made['id']}/download/dicom"),
        ("GET", f"/datasets/download/{token}"),
        ("POST", f"/datasets/{made['id']}/versions"),
    ]

    for method, path in paths:
        answer = wire.call(method, path, key=stranger)
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"}), path
        assert wire.call(method, path, key="wrong").status_code == 401
    assert wire.call("GET", "/datasets", key=stranger).json()["data"] == []
    mine = {"name": "mine", "resource_ids": made["resource_ids"]}
    assert wire.call("POST", "/datasets", json=mine, key=stranger).status_code == 404


def test_a_version_that_is_none_is_an_event(wire: Wire) -> None:
    made = new_set(wire, count=1)

    answer = wire.call("GET", f"/datasets/{made['id']}/download/dicom?version=9")
    wrong = wire.call("GET", f"/datasets/{made['id']}/download/dicom?version=x")

    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert "event: error\ndata: the dataset has no version 9\n\n" in answer.text
    assert wrong.status_code == 400
