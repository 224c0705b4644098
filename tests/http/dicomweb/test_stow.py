"""Storing: what is kept, what is refused and why, what is removed."""

import io
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
import requests
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import generate_frames
from pydicom.uid import SecondaryCaptureImageStorage, generate_uid

from isocenter.dicom.native_xml import from_xml, to_xml
from isocenter.http.dicomweb.negotiation import XML
from isocenter.limits import DEFAULT
from tests.builders import to_bytes
from tests.serving import Served, limited, serving
from tests.stowed import STORED, STUDIES, Archived, archive_slices, new_slices, store, value


def test_a_single_file_is_a_body(served: Served) -> None:
    data = to_bytes(new_slices()[0])
    answer = served.call("POST", STUDIES, data=data, headers={"Content-Type": "application/dicom"})
    assert answer.status_code == 200
    url = value(value(answer.json()["00081199"])["00081190"])
    path = url.removeprefix(served.url)
    assert served.call("GET", path, headers={"Accept": STORED}).content == data


def test_the_same_bytes_again_are_a_success(served: Served, slices: Archived) -> None:
    answer = store(served, *slices.files)
    assert answer.status_code == 200
    assert len(answer.json()["00081199"]["Value"]) == 3


def test_other_bytes_under_the_same_uid_are_a_conflict_unless_put(served: Served) -> None:
    first = new_slices()[0]
    assert store(served, to_bytes(first)).status_code == 200
    first.PatientComments = "other"
    answer = store(served, to_bytes(first))
    assert answer.status_code == 409
    failure = value(answer.json()["00081198"])
    assert value(failure["00081197"]) == 0x0111
    assert value(value(failure["00741048"])["00720026"]) == "00104000"
    assert store(served, to_bytes(first), method="PUT").status_code == 200


def test_what_is_stored_is_kept_beside_what_is_not(served: Served) -> None:
    good, other = to_bytes(new_slices()[0]), to_bytes(new_slices()[0])
    answer = store(served, good, b"nothing", other)
    assert answer.status_code == 202
    assert len(answer.json()["00081199"]["Value"]) == 2
    assert value(value(answer.json()["0008119A"])["00081197"]) == 0xC000


def test_a_study_takes_no_instances_of_another(served: Served, slices: Archived) -> None:
    answer = store(served, to_bytes(new_slices()[0]), path=slices.study)
    assert answer.status_code == 409
    failure = value(answer.json()["00081198"])
    assert value(failure["00081197"]) == 0xA900
    assert value(value(failure["00741048"])["00720026"]) == "0020000D"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("", 415),
        ("text/plain", 415),
        ('multipart/related; type="application/dicom+json"; boundary=b', 400),
        ("application/dicom+json", 400),
        ("application/dicom+xml", 400),
        ('multipart/related; type="text/xml"; boundary=b', 415),
        ("multipart/form-data; boundary=b", 415),
        ("multipart/related", 400),
        ("multipart/related; boundary=b", 400),
        ("application/dicom", 409),
    ],
)
def test_bodies_that_cannot_be_stored(served: Served, content_type: str, status: int) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert served.call("POST", STUDIES, data=b"x", headers=headers).status_code == status


def test_a_body_without_instances_is_400(served: Served) -> None:
    headers = {"Content-Type": "application/dicom"}
    assert served.call("POST", STUDIES, data=b"", headers=headers).status_code == 400
    assert store(served).status_code == 400


def test_the_answer_is_xml_where_that_is_asked_for(served: Served, slices: Archived) -> None:
    answer = store(served, slices.files[0], b"nothing", Accept=XML)
    assert (answer.status_code, answer.headers["Content-Type"]) == (202, XML)
    said = from_xml(answer.content, DEFAULT)
    assert value(value(said["00081199"])["00081155"]) == slices.datasets[0].SOPInstanceUID
    assert value(value(said["0008119A"])["00081197"]) == 0xC000
    refused = store(served, slices.files[0], Accept="text/plain")
    assert refused.status_code == 406
    assert "application/dicom+json" in refused.json()["detail"]


@pytest.mark.parametrize("language", ["json", "xml"])
def test_metadata_and_bulk_data_become_equal_instances(
    served: Served, slices: Archived, language: str
) -> None:
    key = served.new_key()
    answer = served.call("GET", f"{slices.study}/metadata")
    documents = answer.json()
    parts = [("application/dicom+json", "", answer.content)]
    if language == "xml":
        parts = [(XML, "", to_xml(one)) for one in documents]
    for document in documents:
        url = document["7FE00010"]["BulkDataURI"]
        data = served.call("GET", url.removeprefix(served.url)).content
        parts.append(("application/octet-stream", url, data))
    stored = _store_parts(served, parts, key=key, type_=parts[0][0])
    assert stored.status_code == 200, stored.text
    for index, original in enumerate(slices.datasets):
        file = served.call("GET", slices.instance(index), key=key, headers={"Accept": STORED})
        assert dcmread(io.BytesIO(file.content)) == original


def test_a_jpeg_becomes_an_image_with_what_it_says_of_itself(served: Served) -> None:
    source = dcmread(str(get_testdata_file("SC_rgb_jpeg_dcmtk.dcm")))
    jpeg = next(generate_frames(source.PixelData, number_of_frames=1))
    uids = {"0020000D": generate_uid(), "0020000E": generate_uid(), "00080018": generate_uid()}
    told = {tag: {"vr": "UI", "Value": [uid]} for tag, uid in uids.items()}
    told["00080016"] = {"vr": "UI", "Value": [SecondaryCaptureImageStorage]}
    told["7FE00010"] = {"vr": "OB", "BulkDataURI": "image.jpg"}
    parts = [
        ("application/dicom+json", "", orjson.dumps([told])),
        ("image/jpeg", "image.jpg", jpeg),
    ]
    answer = _store_parts(served, parts)
    assert answer.status_code == 200, answer.text
    path = value(value(answer.json()["00081199"])["00081190"]).removeprefix(served.url)
    stored = dcmread(io.BytesIO(served.call("GET", path, headers={"Accept": STORED}).content))
    assert stored.file_meta.TransferSyntaxUID == source.file_meta.TransferSyntaxUID
    assert (stored.Rows, stored.PhotometricInterpretation) == (source.Rows, "YBR_FULL_422")
    assert (stored.pixel_array == source.pixel_array).all()
    assert served.call("GET", f"{path}/rendered").status_code == 200


def test_the_failing_attribute_of_metadata_is_told(served: Served) -> None:
    told = {"00080018": {"vr": "UI", "Value": ["2.25.77"]}, "00280010": {"vr": "US"}}
    headers = {"Content-Type": "application/dicom+json"}
    answer = served.call("POST", STUDIES, data=orjson.dumps(told), headers=headers)
    assert answer.status_code == 409
    failure = value(answer.json()["00081198"])
    assert value(failure["00081155"]) == "2.25.77"
    assert value(value(failure["00741048"])["00720026"]) == "00080016"


def _store_parts(
    served: Served,
    parts: Sequence[tuple[str, str, bytes]],
    *,
    key: str | None = None,
    type_: str = "application/dicom+json",
) -> requests.Response:
    body = b""
    for kind, url, data in parts:
        location = f"\r\nContent-Location: {url}" if url else ""
        body += f"--b\r\nContent-Type: {kind}{location}\r\n\r\n".encode() + data + b"\r\n"
    headers = {"Content-Type": f'multipart/related; type="{type_}"; boundary=b'}
    return served.call("POST", STUDIES, key=key, data=body + b"--b--\r\n", headers=headers)


def test_a_body_that_ends_early_stores_nothing(served: Served) -> None:
    dataset = new_slices()[0]
    body = b"--b\r\n\r\n" + to_bytes(dataset)
    headers = {"Content-Type": "multipart/related; boundary=b"}
    assert served.call("POST", STUDIES, data=body, headers=headers).status_code == 400
    path = f"{STUDIES}/{dataset.StudyInstanceUID}"
    assert served.call("GET", path).status_code == 404


@pytest.mark.parametrize("level", ["instance", "series", "study"])
def test_what_is_deleted_is_gone(served: Served, level: str) -> None:
    stored = archive_slices(served)
    path = {"instance": stored.instance(), "series": stored.series, "study": stored.study}[level]
    assert served.call("DELETE", path).status_code == 204
    assert served.call("GET", path).status_code == 404
    assert served.call("DELETE", path).status_code == 404
    left = served.call("GET", f"{stored.study}/instances")
    assert (left.status_code, level) in {(200, "instance"), (204, "series"), (204, "study")}


def test_nobody_touches_what_belongs_to_others(served: Served, slices: Archived) -> None:
    key = served.new_key()
    assert served.call("DELETE", slices.study, key=key).status_code == 404
    assert served.call("GET", slices.study, key=key).status_code == 404
    assert served.call("GET", slices.study, key="").status_code == 401
    assert store(served, slices.files[0], key="").status_code == 401


def test_a_body_is_bounded(tmp_path: Path) -> None:
    limits = limited(stow_bytes=10_000, stow_parts=2, stow_metadata_bytes=1000)
    with serving(tmp_path, limits=limits) as served:
        assert store(served, b"x" * 10_000).status_code == 413
        assert store(served, b"x", b"x", b"x").status_code == 413
        for kind in ("application/dicom+json", XML):
            headers = {"Content-Type": kind}
            answer = served.call("POST", STUDIES, data=b" " * 1001, headers=headers)
            assert answer.status_code == 413
            assert "stow_metadata_bytes" in answer.json()["detail"]
