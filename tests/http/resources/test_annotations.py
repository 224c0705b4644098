"""Annotations on the wire: as 0.4, 0.7 and 2.x send them, and as they read the answers."""

import io
import json

import pytest
from PIL import Image

from tests.builders import series, to_bytes
from tests.learning_desk import mask_png, nifti
from tests.resource_wire import Wire

FRAME = {"identifier": "lung", "scope": "frame", "frame_index": 0, "type": "segmentation"}


@pytest.fixture(scope="module")
def resource(wire: Wire) -> str:
    return str(wire.upload(to_bytes(series(1)[0]), "slice.dcm")["id"])


def annotate(wire: Wire, resource: str, *annotations: object, prefix: str = "") -> list[str]:
    path = f"/annotations/{resource}/annotations"
    answer = wire.call("POST", path, json=list(annotations), prefix=prefix)
    assert answer.status_code == 201, answer.text
    ids: list[str] = answer.json()
    return ids


def test_a_mask_is_sent_as_0_7_does(wire: Wire, resource: str) -> None:
    """A list of annotations, a list of ids, then one form with an RGB PNG for each of them."""
    ids = annotate(wire, resource, FRAME, {**FRAME, "identifier": "heart"}, prefix="/datamint")
    assert len(ids) == 2
    assert all(isinstance(one, str) for one in ids)
    file = f"/annotations/{resource}/annotations/{ids[0]}/file"

    sent = wire.call("POST", file, files={"file": ("lung", mask_png(), "image/png")})

    assert sent.status_code == 201
    assert "error" not in sent.json()
    stored = wire.call("GET", file)
    assert stored.content == mask_png()
    assert stored.headers["Content-Type"] == "image/png"
    part = wire.call("GET", file, headers={"Range": "bytes=5-"})
    assert (part.status_code, part.content) == (206, mask_png()[5:])
    assert wire.call("GET", f"/annotations/{resource}/annotations/{ids[1]}/file").json() == {
        "message": "Not Found"
    }


def test_a_volume_is_sent_as_0_4_does(wire: Wire, resource: str) -> None:
    form = {"dicomId": resource, "segmentationName": "Liver", "taskId": "7"}

    sent = wire.call(
        "POST", "/segmentations", data=form, files={"segmentationData": ("x.nii.gz", nifti())}
    )

    made = sent.json()
    assert (sent.status_code, list(made)) == (201, ["id"])
    found = wire.call("GET", f"/annotations/{made['id']}").json()
    assert (found["name"], found["scope"], found["resource_id"]) == ("Liver", "image", resource)
    file = wire.call("GET", f"/annotations/{resource}/annotations/{made['id']}/file")
    assert file.content == nifti()
    assert file.headers["Content-Type"] == "application/nifti"


def test_a_volume_is_sent_as_2_does(wire: Wire, resource: str) -> None:
    names = {"1": "liver", "2": "tumour"}
    parts = [
        ("file", ("seg.nii", nifti(is_packed=False), "application/nifti")),
        ("segmentation_map", (None, json.dumps(names), "application/json")),
        ("model_id", (None, "m-1", None)),
    ]
    headers = {"Authorization": f"Bearer {wire.served.key}"}

    sent = wire.call(
        "POST", f"/annotations/{resource}/segmentations/file", files=parts, headers=headers
    ).json()

    assert sent["annotation_ids"] == [sent["id"]]
    assert sent["segmentation_map"] == names
    assert (sent["model_id"], sent["created_by_model"]) == ("m-1", "m-1")
    assert "error" not in sent


def test_search_pages_as_2_does(wire: Wire) -> None:
    """Offset and limit are texts within the JSON."""
    resource = str(wire.upload(name="b.png")["id"])
    labels = [
        {"identifier": f"l{number}", "scope": "image", "type": "label"} for number in (1, 2, 3)
    ]
    ids = annotate(wire, resource, *labels)

    body = {"resource_ids": [resource], "annotation_type": "label", "offset": "1", "limit": "2"}
    page = wire.call("POST", "/annotations/search", json=body).json()

    assert [one["id"] for one in page["data"]] == ids[1:]
    assert page["totalCount"] == 3
    first = page["data"][0]
    assert (first["identifier"], first["scope"], first["annotation_type"]) == (
        *("l2", "image", "label"),
    )
    listed = wire.call("GET", f"/annotations/{resource}/annotations").json()
    assert [one["id"] for one in listed["data"]] == ids
    query = {"resource_id": resource, "offset": 0, "limit": 2, "status": ""}
    asked = wire.call("GET", "/annotations", params=query).json()
    assert [one["id"] for one in asked["data"]] == ids[:2]


def test_annotations_change_and_end_as_in_2(wire: Wire, resource: str) -> None:
    ids = annotate(wire, resource, FRAME, FRAME)
    path = f"/annotations/{ids[0]}"

    changed = wire.call("PATCH", path, json={"identifier": "new"}).json()
    approved = wire.call("PATCH", f"{path}/approve").json()
    deleted = wire.call("DELETE", path)
    rest = wire.call("POST", "/annotations/delete-batch", json={"ids": ids[1:]})

    assert changed["identifier"] == "new"
    assert (approved["status"], approved["approved_by"]) == ("published", "test")
    assert (deleted.json(), rest.json()) == ({"deleted": 1}, {"deleted": 1})
    assert wire.call("GET", path).json() == {"message": "Not Found"}


def test_one_annotation_may_come_alone(wire: Wire, resource: str) -> None:
    path = f"/annotations/{resource}/annotations"

    answer = wire.call("POST", path, json={**FRAME, "geometry": {"points": [[0, 1]]}})

    (made,) = answer.json()
    assert wire.call("GET", f"/annotations/{made}").json()["geometry"] == {"points": [[0, 1]]}


def test_masks_of_single_frames_are_given_of_volumes_too(wire: Wire) -> None:
    made = io.BytesIO()
    Image.new("L", (8, 6)).save(made, "PNG")
    resource = wire.upload(made.getvalue(), "c.png")["id"]
    path = f"/annotations/{resource}"
    sent = wire.call(
        "POST", f"{path}/segmentations/file", files={"file": ("v.nii.gz", nifti(slices=1))}
    ).json()

    whole = wire.call("GET", f"{path}/annotations/{sent['id']}/masks/0")
    other = wire.call("GET", f"{path}/annotations/{sent['id']}/masks/0?value=7")
    none = wire.call("GET", f"{path}/annotations/{sent['id']}/masks/5")
    wrong = wire.call("GET", f"{path}/annotations/{sent['id']}/masks/x")

    assert "DICOM" in sent["note"]
    assert whole.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(whole.content)).getextrema() == (0, 255)
    assert Image.open(io.BytesIO(other.content)).getextrema() == (0, 0)
    assert (none.status_code, wrong.status_code) == (404, 400)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({**FRAME, "frame_index": 9}, "frames 0 to 0"),
        ({**FRAME, "type": "dance"}, "type of an annotation"),
        ({**FRAME, "identifier": ""}, "name of an annotation"),
        ({**FRAME, "scope": "galaxy"}, "scope"),
        ({**FRAME, "value": []}, "value"),
        ("text", "JSON object"),
    ],
)
def test_wrong_annotations_are_told(wire: Wire, resource: str, wrong: object, says: str) -> None:
    answer = wire.call("POST", f"/annotations/{resource}/annotations", json=[FRAME, wrong])

    assert answer.status_code == 400
    assert says in answer.json()["message"]


def test_files_that_do_not_fit_are_told(wire: Wire, resource: str) -> None:
    (made,) = annotate(wire, resource, FRAME)
    file = f"/annotations/{resource}/annotations/{made}/file"

    small = wire.call("POST", file, files={"file": ("a", mask_png(3, 3))})
    broken = wire.call("POST", file, files={"file": ("a", nifti()[:-30])})
    none = wire.call("POST", file, files={"other": ("a", mask_png())})
    nobody = wire.call("POST", "/segmentations", files={"segmentationData": ("a", nifti())})
    no_map = wire.call(
        "POST",
        f"/annotations/{resource}/segmentations/file",
        files={"file": ("a", nifti())},
        data={"segmentation_map": "{"},
    )

    assert [one.status_code for one in (small, broken, none, nobody, no_map)] == [400] * 5
    assert "3 rows and 3 columns" in small.json()["message"]
    assert "too early" in broken.json()["message"]
    assert "file" in none.json()["message"]
    assert "dicomId" in nobody.json()["message"]
    assert "segmentation_map" in no_map.json()["message"]


def test_strangers_and_the_nameless_get_404_and_401(wire: Wire, resource: str) -> None:
    (made,) = annotate(wire, resource, FRAME)
    stranger = wire.served.new_key()
    paths = [
        ("GET", f"/annotations/{made}"),
        ("PATCH", f"/annotations/{made}/approve"),
        ("DELETE", f"/annotations/{made}"),
        ("GET", f"/annotations/{resource}/annotations/{made}/file"),
        ("GET", f"/annotations/{made}%00"),
    ]

    for method, path in paths:
        answer = wire.call(method, path, key=stranger)
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
        assert wire.call(method, path, key="wrong").status_code == 401
    sent = wire.call("POST", f"/annotations/{resource}/annotations", json=[FRAME], key=stranger)
    assert sent.status_code == 404
