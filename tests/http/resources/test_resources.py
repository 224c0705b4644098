"""Resources over HTTP: what the documented clients send, and what they read of the answers."""

import hashlib
import io
import uuid

import pytest
import requests
from PIL import Image

from isocenter.services.annotations import Draft
from isocenter.services.learning_sets import Choice
from tests.builders import instance, to_bytes
from tests.resource_wire import PNG, Wire

DICOMWEB = "/dicom-web/studies/{study_uid}/series/{series_uid}/instances/{instance_uid}"


def dicom(index: int, series_name: str) -> bytes:
    return to_bytes(instance(index, rows=16, columns=16, series_name=series_name))


def test_release_0_4_uploads_lists_and_reads(wire: Wire) -> None:
    data = dicom(0, "release 0.4")
    channel = "CT scans 0.4"
    made = wire.upload_0_4(data, "path/to/dicom.dcm", ["label1", "label2"], channel)

    params = {
        "status": "inbox",
        "mimetype": "application/dicom",
        "ids": False,
        "order_by_asc": True,
        "channel_name": channel,
        "labels[0]": "label1",
        "labels[1]": "nothing has this",
        "offset": 0,
        "limit": 10,
    }
    page = wire.call("GET", "/resources", params=params).json()

    assert [one["id"] for one in page["data"]] == [made]
    assert page["data"][0]["filename"] == "path/to/dicom.dcm"
    assert page["data"][0]["source_filepath"] == "path/to/dicom.dcm"
    assert page["data"][0]["labels"] == ["label1", "label2"]
    accept = {"accept": "application/octet-stream"}
    assert wire.call("GET", f"/resources/{made}/file", headers=accept).content == data


def test_release_0_7_uploads_lists_and_publishes(wire: Wire) -> None:
    channel = "CT scans 0.7"
    made = wire.upload_0_7(dicom(0, "release 0.7"), "/home/x/dicom.dcm", ["a b", "c"], channel)

    params = {"channel_name": channel, "offset": 0, "limit": 50, "ids": "False"}
    page = wire.call("GET", "/resources", params=params).json()
    empty = wire.call("GET", "/resources", params={**params, "offset": 50}).json()
    published = wire.call("POST", f"/resources/{made}/publish")
    again = wire.call("POST", f"/resources/{made}/publish")

    assert [one["id"] for one in page["data"][0]["resources"]] == [made]
    assert page["data"][0]["resources"][0]["labels"] == ["a b", "c"]
    assert page["data"][0]["resources"][0]["filename"] == "dicom.dcm"
    assert empty["data"][0]["resources"] == []
    assert published.status_code == 200
    assert again.status_code == 400
    assert again.json() == {"message": "Resource must be in inbox status to be approved"}
    assert wire.call("GET", f"/resources/{made}").json()["status"] == "published"


def test_release_2_uploads_with_tags_and_metadata(wire: Wire) -> None:
    made = wire.upload_2(PNG, "/data/picture.png", ["tag 1", "tag 2"], {"site": {"id": 7}})

    one = wire.call("GET", f"/datamint/resources/{made}").json()
    tags = '{"items": ["tag 2", "other"], "filterType": "union"}'
    params = {"status": "", "tags": tags, "offset": 0, "limit": 5000, "filename": "picture.png"}
    page = wire.call("GET", "/resources", params=params).json()

    assert one["status"] == "published"
    assert one["published"] is True
    assert one["published_on"]
    assert one["metadata"] == {"site": {"id": 7}}
    assert one["tags"] == one["labels"] == ["tag 1", "tag 2"]
    assert page["totalCount"] == 1
    assert [found["id"] for found in page["data"][0]["resources"]] == [made]
    # All that the entity of 2.29 requires.
    texts = ["id", "storage", "location", "filename", "mimetype", "status", "created_at"]
    texts += ["created_by", "resource_uri", "upload_channel", "customer_id", "upload_mechanism"]
    assert all(isinstance(one[name], str) for name in texts)
    assert isinstance(one["size"], int)
    assert one["deleted"] is False
    assert "error" not in one


@pytest.mark.parametrize("prefix", ["", "/datamint"])
def test_what_is_not_there_is_said_in_the_words_that_clients_know(wire: Wire, prefix: str) -> None:
    resource_id = wire.upload()["id"]
    foreign = wire.served.new_key()
    missing = str(uuid.uuid4())
    asked = [
        wire.call("GET", f"/resources/{missing}", prefix=prefix),
        wire.call("GET", f"/resources/{missing}/file", prefix=prefix),
        wire.call("GET", "/resources/%00", prefix=prefix),
        wire.call("GET", "/resources/..%2f..%2fetc%2fpasswd/file", prefix=prefix),
        wire.call("POST", f"/resources/{missing}/publish", prefix=prefix),
        wire.call("PUT", f"/resources/{missing}/labels", prefix=prefix, json={"labels": []}),
        wire.call("DELETE", f"/resources/{missing}", prefix=prefix),
        wire.call("GET", f"/resources/{resource_id}", prefix=prefix, key=foreign),
        wire.call("GET", f"/resources/{resource_id}/file", prefix=prefix, key=foreign),
        wire.call("GET", f"/resources/{resource_id}/frames/0", prefix=prefix, key=foreign),
        wire.call("DELETE", f"/resources?resource_ids={resource_id}", prefix=prefix, key=foreign),
        wire.call("GET", "/resources/a/b/c", prefix=prefix),
        wire.call("GET", "/users/nobody@example.org", prefix=prefix),
    ]

    assert {answer.status_code for answer in asked} == {404}
    assert {answer.text for answer in asked} == {'{"message":"Not Found"}'}
    assert wire.call("GET", f"/resources/{resource_id}", prefix=prefix).status_code == 200


def test_keys_are_needed_and_say_what_may_be_done(wire: Wire) -> None:
    administration = wire.served.platform.administration
    reader = administration.create_key("reader", scopes=("read",)).text

    assert requests.get(f"{wire.served.url}/resources", timeout=60).status_code == 401
    wrong = wire.call("GET", "/resources", key="wrong.key")
    assert wrong.status_code == 401
    assert list(wrong.json()) == ["message"]
    bearer = {"Authorization": f"Bearer {wire.served.key}"}
    assert requests.get(f"{wire.served.url}/resources", headers=bearer, timeout=60).ok
    assert wire.call("GET", "/resources", key=reader).status_code == 200
    parts = {"resource": ("a.png", PNG)}
    assert wire.call("POST", "/resources", key=reader, files=parts).status_code == 403
    for method, path in (
        ("POST", "/resources/x/publish"),
        ("POST", "/resources/x/archive"),
        ("POST", "/resources/bulk-archive"),
        ("POST", "/resources/bulk-publish"),
        ("PUT", "/resources/x/tags"),
        ("PUT", "/resources/tags"),
        ("DELETE", "/resources/x"),
        ("DELETE", "/resources?resource_ids=x"),
    ):
        assert wire.call(method, path, key=reader).status_code == 403


def test_a_dicom_resource_is_in_dicomweb_for_its_owner_alone(wire: Wire) -> None:
    data = dicom(0, "dicomweb")
    made = wire.upload(data, "a.dcm")
    place = DICOMWEB.format(**made)
    accept = {"Accept": "application/dicom"}

    assert wire.served.call("GET", place, headers=accept).content == data
    stranger = wire.served.new_key()
    assert wire.served.call("GET", place, key=stranger, headers=accept).status_code == 404
    found = wire.served.call(
        "GET", "/dicom-web/studies", params={"StudyInstanceUID": made["study_uid"]}
    )
    assert len(found.json()) == 1

    assert wire.call("DELETE", f"/resources/{made['id']}").json() == {"deleted": 1}
    assert wire.served.call("GET", place, headers=accept).status_code == 404


def test_a_study_that_is_deleted_takes_its_resources_along(wire: Wire) -> None:
    made = wire.upload(dicom(0, "deleted study"), "a.dcm")

    deleted = wire.served.call("DELETE", f"/dicom-web/studies/{made['study_uid']}")

    assert deleted.ok
    assert wire.call("GET", f"/resources/{made['id']}").status_code == 404


def test_files_are_sent_whole_in_part_and_not_again(wire: Wire) -> None:
    made = wire.upload(PNG, "Röntgen/../1.png")
    path = f"/resources/{made['id']}/file"

    whole = wire.call("GET", path)
    part = wire.call("GET", path, headers={"Range": "bytes=8-15"})
    head = wire.call("HEAD", path)
    beyond = wire.call("GET", path, headers={"Range": "bytes=9999-"})
    known = wire.call("GET", path, headers={"If-None-Match": whole.headers["ETag"]})

    digest = hashlib.sha256(PNG).hexdigest()
    assert made["filename"] == "Röntgen/../1.png"
    assert (whole.content, whole.headers["ETag"]) == (PNG, f'"{digest}"')
    assert whole.headers["Content-Type"] == "image/png"
    assert whole.headers["Content-Disposition"] == 'attachment; filename="1.png"'
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in whole.headers
    assert (part.status_code, part.content) == (206, PNG[8:16])
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(PNG)
    assert beyond.status_code == 416
    assert (known.status_code, known.content) == (304, b"")


def test_what_a_browser_would_run_is_bytes_to_it(wire: Wire) -> None:
    made = wire.upload(b"<script>alert(1)</script>", "a.html", mimetype="text/html")

    answer = wire.call("GET", f"/resources/{made['id']}/file")

    assert made["mimetype"] == "text/html"
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_frames_are_pictures(wire: Wire) -> None:
    made = wire.upload(dicom(3, "frames"), "a.dcm")

    answer = wire.call("GET", f"/resources/{made['id']}/frames/0")
    known = {"If-None-Match": answer.headers["ETag"]}
    again = wire.call("GET", f"/resources/{made['id']}/frames/0", headers=known)

    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (16, 16)
    assert again.status_code == 304
    for index in ("1", "x", "-1"):
        assert wire.call("GET", f"/resources/{made['id']}/frames/{index}").status_code == 404
    picture = wire.upload(PNG, "a.png")
    assert wire.call("GET", f"/resources/{picture['id']}/frames/0").content == PNG
    assert wire.call("GET", f"/resources/{picture['id']}/frames/1").status_code == 404
    other = wire.upload(b"text", "a.txt")
    refused = wire.call("GET", f"/resources/{other['id']}/frames/0")
    assert refused.status_code == 400
    assert "only DICOM and pictures have frames" in refused.json()["message"]


def test_frames_are_those_of_the_bytes_of_the_resource(wire: Wire) -> None:
    """Also where another file with its UID is shown, or it is no instance at all."""
    dataset = instance(4, rows=16, columns=16, series_name="frames")
    first = wire.upload(to_bytes(dataset), "a.dcm")
    dataset.PixelData = bytes(len(dataset.PixelData))
    beside = wire.upload(to_bytes(dataset), "b.dcm")
    other = instance(5, rows=16, columns=16, series_name="frames")
    other.StudyInstanceUID = "1.2.3.4.5"
    apart = wire.upload(to_bytes(other), "c.dcm")

    pictures = [
        Image.open(io.BytesIO(wire.call("GET", f"/resources/{one['id']}/frames/0").content))
        for one in (first, beside, apart)
    ]

    assert "belongs to another study" in str(apart["note"])
    are_black = [not any(picture.convert("L").tobytes()) for picture in pictures]
    assert are_black == [False, True, False]
    assert wire.call("GET", f"/resources/{apart['id']}/frames/1").status_code == 404


@pytest.mark.parametrize("word", ["labels", "tags"])
def test_labels_and_tags_are_one_field(wire: Wire, word: str) -> None:
    made = wire.upload(labels="old")

    body = {word: ["new", "b"], "frame_labels": [{"frame": 2, "label": "gap"}]}
    wire.call("PUT", f"/resources/{made['id']}/{word}", json=body)
    one = wire.call("GET", f"/resources/{made['id']}").json()

    assert one["labels"] == one["tags"] == ["b", "new"]
    assert one["frame_labels"] == [{"frame_index": 2, "label": "gap"}]


def test_several_are_labelled_published_and_deleted_at_once(wire: Wire) -> None:
    ids = [str(wire.upload(name=f"{number}.png", channel="bulk")["id"]) for number in range(3)]
    archived = wire.call("POST", "/resources/bulk-archive", json={"resource_ids": ids[:1]})

    tagged = wire.call("PUT", "/resources/tags", json={"resource_ids": ids, "tags": ["x"]})
    published = wire.call("POST", "/resources/bulk-publish", json={"resource_ids": ids})
    found = wire.call("GET", "/resources", params={"channel_name": "bulk", "status": "published"})
    partly = wire.call("DELETE", "/resources", params={"resource_ids": f"{ids[0]},{uuid.uuid4()}"})
    deleted = wire.call("DELETE", "/resources", params={"resource_ids": ",".join(ids)})

    assert archived.json() == {"archived": ids[:1]}
    assert tagged.json() == {"updated": 3}
    assert published.json() == {"published": ids[1:], "skipped": ids[:1]}
    listed = found.json()["data"][0]["resources"]
    assert [(one["id"], one["tags"]) for one in listed] == [(ids[2], ["x"]), (ids[1], ["x"])]
    assert partly.status_code == 404
    assert deleted.json() == {"deleted": 3}
    assert wire.call("GET", "/resources", params={"channel_name": "bulk"}).json()["totalCount"] == 0


def test_channels_say_what_is_in_them(wire: Wire) -> None:
    name = f"channel {uuid.uuid4()}"
    made = wire.upload(channel=name)

    channels = wire.call("GET", "/resources/channels", params={"offset": 0, "limit": 50}).json()
    mine = next(one for one in channels["data"] if one["channel_name"] == name)
    params = {"limit": 1, "resources": 0}
    names = wire.call("GET", "/resources/channels", params=params).json()

    assert mine["resource_count"] == "1"
    assert mine["deleted"] is False
    assert mine["resource_data"] == [
        {
            "created_by": made["created_by"],
            "customer_id": made["customer_id"],
            "resource_id": made["id"],
            "resource_file_name": "a.png",
            "resource_mimetype": "image/png",
        }
    ]
    assert names["totalCount"] == channels["totalCount"] == len(channels["data"])
    assert [one["resource_data"] for one in names["data"]] == [[]]
    foreign = wire.call("GET", "/resources/channels", key=wire.served.new_key())
    assert foreign.json() == {"data": [], "totalCount": 0}


def test_resources_of_projects_and_those_without_annotations(wire: Wire) -> None:
    learning = wire.served.platform.learning
    owner = wire.served.platform.keys.verify(wire.served.key).id
    ids = [str(wire.upload(name=f"{number}.png", channel="learnt")["id"]) for number in range(3)]
    one = learning.projects.create(owner, "One", choice=Choice(tuple(ids[:2])))
    learning.projects.create(owner, "Two", choice=Choice(tuple(ids[1:])))
    learning.annotations.create(owner, ids[0], [Draft("finding", "label")])

    def listed(path: str, **params: str) -> list[object]:
        answer = wire.call("GET", path, params={"channel_name": "learnt", "ids": "1", **params})
        return [found["id"] for found in answer.json()["data"][0]["resources"]]

    assert listed("/resources", project="One") == [ids[1], ids[0]]
    assert listed("/resources", projectId=one.id) == [ids[1], ids[0]]
    assert listed("/resources", project='{"items":["One","Two"]}') == ids[::-1]
    both = '{"items":["One","Two"],"filterType":"intersection"}'
    assert listed("/resources", project=both) == [ids[1]]
    assert listed("/resources", project="Three") == []
    assert listed("/resources/not-annotated") == [ids[2], ids[1]]
    stranger = wire.call("GET", "/resources?project=One", key=wire.served.new_key())
    assert stranger.json()["totalCount"] == 0


def test_there_are_no_batches(wire: Wire) -> None:
    listed = wire.call("GET", "/upload-batches", params={"offset": 0, "limit": 10})
    assert listed.json() == {"data": [], "totalCount": 0}
    assert wire.call("GET", "/upload-batches/1").text == '{"message":"Not Found"}'


def test_ids_alone_and_pages_of_ten(wire: Wire) -> None:
    ids = [wire.upload(name=f"{number}.png", channel="paged")["id"] for number in range(12)]
    params = {"channel_name": "paged", "ids": "True", "order_by_asc": "true", "limit": 10}

    first = wire.call("GET", "/resources", params=params)
    second = wire.call("GET", "/resources", params={**params, "offset": 10})

    assert first.headers["X-Total-Count"] == "12"
    pages = [*first.json()["data"], *second.json()["data"]]
    assert pages == [{"id": one} for one in ids]


def test_bytes_that_are_there_need_not_be_sent(wire: Wire) -> None:
    made = wire.upload(PNG + b"known", "a.png")
    parts = {"sha256": (None, str(made["sha256"])), "filename": (None, "folder%2Fb.png")}

    second = wire.call("POST", "/resources", files=parts)
    foreign = wire.call("POST", "/resources", files=parts, key=wire.served.new_key())
    other = {**parts, "resource": ("a.png", PNG)}

    assert second.status_code == 201
    assert second.json()["id"] != made["id"]
    assert second.json()["filename"] == "folder/b.png"
    assert second.json()["mimetype"] == "image/png"
    assert foreign.text == '{"message":"Not Found"}'
    refused = wire.call("POST", "/resources", files=other)
    assert refused.json() == {"message": "the bytes do not have the sha256 that was told"}


def test_a_retry_makes_no_second_resource(wire: Wire) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    send = {"files": {"resource": ("a.png", PNG)}, "headers": key}

    first = wire.call("POST", "/resources", **send)  # type: ignore[arg-type]  # passed on
    again = wire.call("POST", "/resources", **send)  # type: ignore[arg-type]  # passed on
    other = wire.call("POST", "/resources", files={"resource": ("a.png", PNG + b"x")}, headers=key)

    assert first.json() == again.json()
    assert other.status_code == 409
    assert "Idempotency-Key" in other.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "/resources", {"data": b"x"}),
        ("POST", "/resources", {"files": {"file": ("a.png", PNG)}}),
        ("POST", "/resources", {"files": [("resource", ("a.png", PNG))] * 2}),
        ("POST", "/resources", {"files": {"resource": ("a.dcm", b"no DICOM")}}),
        ("POST", "/resources", {"files": {"resource": PNG}, "data": {"metadata": "[1]"}}),
        ("POST", "/resources", {"files": {"resource": PNG}, "data": {"metadata": "{"}}),
        ("POST", "/resources", {"files": {"resource": PNG}, "data": {"bypass_inbox": "maybe"}}),
        ("POST", "/resources", {"files": {"resource": PNG}, "data": {"channel": b"\xff"}}),
        ("POST", "/resources", {"files": {"sha256": (None, "xyz")}}),
        ("GET", "/resources?limit=0", {}),
        ("GET", "/resources?limit=5001", {}),
        ("GET", "/resources?offset=-1", {}),
        ("GET", "/resources?channel_name=%00", {}),
        ("GET", "/resources?project=%00", {}),
        ("GET", "/resources?projectId=a%00", {}),
        ("GET", "/resources?status=gone", {}),
        ("GET", "/resources?order_field=owner", {}),
        ("GET", "/resources?order_by_asc=up", {}),
        ("GET", "/resources?from=yesterday", {}),
        ("GET", "/resources?tags={", {}),
        ("GET", "/resources?tags={%22items%22:1}", {}),
        ("GET", "/resources/channels?limit=x", {}),
        ("GET", "/resources/channels?resources=-1", {}),
        ("DELETE", "/resources", {}),
        ("POST", "/resources/bulk-publish", {"json": {"resource_ids": " , "}}),
        ("POST", "/resources/bulk-publish", {"json": {"resource_ids": [1]}}),
        ("POST", "/resources/bulk-publish", {"data": b"{"}),
        ("PUT", "/resources/tags", {"json": {"resource_ids": []}}),
    ],
)
def test_what_says_nothing_sensible_is_refused(
    wire: Wire, method: str, path: str, given: dict[str, object]
) -> None:
    answer = wire.call(method, path, **given)  # type: ignore[arg-type]  # passed on

    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["message"]
