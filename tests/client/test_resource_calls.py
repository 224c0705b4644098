import datetime as dt
import io
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from isocenter.client import APIHandler
from isocenter.errors import InvalidInputError, NotFoundError, ResourceNotFoundError
from tests import builders
from tests.faulty_store import Fault, FaultyStore


def png(colour: int = 7) -> bytes:
    target = io.BytesIO()
    Image.new("L", (4, 3), colour).save(target, format="PNG")
    return target.getvalue()


def test_resources_are_found_by_what_is_known_of_them(api: APIHandler) -> None:
    today = dt.datetime.now(dt.UTC).date()
    (dicom,) = builders.series(1)
    first = api.upload_resource(dicom, labels=["a", "b"], channel="CT scans", modality="CT")
    second = api.upload_resource(png(), labels="b", publish=True)

    def found(**filters: object) -> set[str]:
        ids = api.get_resources(return_ids_only=True, **filters)  # type: ignore[call-overload]  # any
        return set(ids)

    assert found() == {first, second}
    assert found(status="inbox") == {first}
    assert found(status="published") == {second}
    assert found(channel="CT scans") == {first}
    assert found(labels=["a"]) == {first}
    assert found(tags="b") == {first, second}
    assert found(mimetype="image/png") == {second}
    assert found(modality="CT") == {first}
    assert found(from_date=today, to_date=today) == {first, second}
    assert found(to_date=today - dt.timedelta(days=2)) == set()
    assert found(channel="none") == set()


def test_lists_are_sequences(api: APIHandler) -> None:
    made = api.upload_resources([png(colour) for colour in range(3)])

    found = api.get_resources(order_field="created_at", order_ascending=True)

    assert len(found) == 3
    assert isinstance(made, list)
    assert {found[0]["id"], found[1]["id"], found[-1]["id"]} == set(made)
    assert [one["id"] for one in found[1:]] == [found[1]["id"], found[2]["id"]]
    assert len(api.get_resources(limit=2)) == 2


def test_resources_come_by_their_ids_in_order(api: APIHandler) -> None:
    made = api.upload_resources([png(), png(8)])
    assert isinstance(made, list)
    ids = [str(one) for one in made][::-1]

    assert [one["id"] for one in api.get_resources_by_ids(ids)] == ids
    assert api.get_resources_by_ids(ids[0])["id"] == ids[0]
    assert api.get_resource(ids[1])["filename"]


def test_content_comes_as_bytes_object_and_file(api: APIHandler, tmp_path: Path) -> None:
    (dicom,) = builders.series(1)
    path = tmp_path / "a.dcm"
    path.write_bytes(builders.to_bytes(dicom))
    one = api.upload_resource(path)
    target = tmp_path / "new" / "folder" / "b.dcm"

    assert api.download_resource_file(one, auto_convert=False) == path.read_bytes()
    assert api.download_resource_file(one) == dicom
    made = api.download_resources({"id": one}, save_path=target)
    api.download_resource_file(one, save_path=tmp_path / "new", auto_convert=False)

    assert isinstance(made, pydicom.Dataset)
    assert target.read_bytes() == path.read_bytes()
    assert sorted(one.name for one in (tmp_path / "new").rglob("*")) == [
        "a.dcm",
        "b.dcm",
        "folder",
    ]


def test_each_kind_comes_as_an_object_of_its_library(api: APIHandler, tmp_path: Path) -> None:
    array = io.BytesIO()
    np.save(array, np.arange(4))
    for name, data in (
        ("a.png", png()),
        ("a.npy", array.getvalue()),
        ("a.json", b'{"a": 1}'),
        ("a.bin", b"bytes"),
    ):
        (tmp_path / name).write_bytes(data)

    def content(name: str) -> object:
        return api.download_resource_file(api.upload_resource(tmp_path / name))

    picture = content("a.png")
    assert isinstance(picture, Image.Image)
    assert picture.size == (4, 3)
    assert np.array_equal(np.asarray(content("a.npy")), np.arange(4))
    assert content("a.json") == {"a": 1}
    assert content("a.bin") == b"bytes"


def test_a_name_from_the_server_leads_nowhere_else(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    store.answers["GET /resources/r"] = {"id": "r", "filename": "../../etc/..\\x.dcm"}
    store.answers["GET /resources/r/file"] = b"data"

    faulty.download_resource_file("r", save_path=tmp_path, auto_convert=False)

    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["x.dcm"]


def test_a_download_that_fails_leaves_nothing(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    store.fail("GET", 404)

    with pytest.raises(ResourceNotFoundError):
        faulty.download_resource_file("r", save_path=tmp_path / "new" / "a", auto_convert=False)

    assert list((tmp_path / "new").iterdir()) == []


def test_publishing_twice_is_no_error(api: APIHandler) -> None:
    one = api.upload_resource(png())

    api.publish_resource(one)
    api.publish_resource(one)
    api.publish_resources([one, {"id": one}])

    assert api.get_resource(one)["status"] == "published"


def test_many_are_published_with_one_request(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["POST /resources/bulk-publish"] = {}
    faulty.publish_resources([str(number) for number in range(500)])
    assert store.count("POST") == 1

    store.fail("POST", 404)
    store.answers |= {f"POST /resources/{one}/publish": {} for one in "ab"}
    faulty.publish_resources(["a", "b"])
    assert [one.path for one in store.asked[2:]] == [
        "/resources/a/publish",
        "/resources/b/publish",
    ]


def test_a_resource_that_is_not_there_is_named_among_many(api: APIHandler) -> None:
    one = api.upload_resource(png())

    with pytest.raises(ResourceNotFoundError, match="id none"):
        api.publish_resources([one, "none"])
    assert api.get_resource(one)["status"] == "published"


def test_another_refusal_to_publish_is_an_error(faulty: APIHandler, store: FaultyStore) -> None:
    store.fail("POST", Fault(400, text='{"message": "no"}'))

    with pytest.raises(InvalidInputError, match="no"):
        faulty.publish_resource("r")


def test_labels_are_set_and_archived_resources_are_apart(api: APIHandler) -> None:
    one = api.upload_resource(png(), labels=["a"])

    api.set_resource_labels(one, ["b", "c"])
    assert api.get_resource(one)["labels"] == ["b", "c"]
    api.set_resource_tags(one, "d")
    assert api.get_resource(one)["tags"] == ["d"]
    api.archive_resources(one)
    assert api.get_resource(one)["status"] == "archived"


def test_channels_say_what_is_in_them(api: APIHandler) -> None:
    made = api.upload_resources([png(), png(9)], channel="mine")

    (channel,) = api.get_channels()

    assert channel["channel_name"] == "mine"
    assert {one["resource_id"] for one in channel["resource_data"]} == {*made}


def test_deleted_resources_are_gone(api: APIHandler) -> None:
    one = api.upload_resource(png())

    api.delete_resource(one)

    with pytest.raises(ResourceNotFoundError):
        api.get_resource(one)
    with pytest.raises(NotFoundError):
        api.delete_resources([one])


def test_people_of_the_account_are_listed(api: APIHandler) -> None:
    assert json.dumps(api.get_users())
