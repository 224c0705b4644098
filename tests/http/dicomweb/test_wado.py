"""Instances, metadata and bulk data of the archive."""

import io
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import pytest
import requests

from isocenter.http.app import AppOptions
from tests.serving import Served, serving
from tests.stowed import STORED, STUDIES, Archived, archive_slices, parts_of, store, value

_SYNTAXES = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80")


def test_every_level_gives_its_instances(served: Served, slices: Archived) -> None:
    for path, count in ((slices.study, 3), (slices.series, 3), (slices.instance(), 1)):
        assert len(parts_of(served.call("GET", path))) == count


@pytest.mark.parametrize("uid", _SYNTAXES)
def test_a_named_transfer_syntax_is_given_with_equal_pixels(
    served: Served, slices: Archived, uid: str
) -> None:
    accept = {"Accept": f"application/dicom; transfer-syntax={uid}"}
    answer = served.call("GET", slices.instance(), headers=accept)
    assert answer.headers["Content-Type"] == f"application/dicom; transfer-syntax={uid}"
    dataset = pydicom.dcmread(io.BytesIO(answer.content))
    assert dataset.file_meta.TransferSyntaxUID == uid
    assert np.array_equal(dataset.pixel_array, slices.datasets[0].pixel_array)


def test_a_transfer_syntax_that_cannot_be_had_is_406(served: Served, slices: Archived) -> None:
    for uid in ("1.2.840.10008.1.2.4.102", "1.2.3", "1.2.840.10008.1.2.4.51"):
        accept = {"Accept": f"application/dicom; transfer-syntax={uid}"}
        assert served.call("GET", slices.instance(), headers=accept).status_code == 406
        fallback = {"Accept": f"application/dicom; transfer-syntax={uid}, {STORED}; q=0.1"}
        answer = served.call("GET", slices.instance(), headers=fallback)
        assert answer.content == slices.files[0]


def test_a_zip_has_the_stored_bytes(served: Served, slices: Archived, tmp_path: Path) -> None:
    answer = served.call("GET", slices.study, headers={"Accept": "application/zip"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert [archive.read(name) for name in sorted(archive.namelist())] == slices.files
    (tmp_path / "a.zip").write_bytes(answer.content)
    subprocess.run(["python3", "-m", "zipfile", "-t", tmp_path / "a.zip"], check=True)


def test_metadata_is_what_pydicom_reads(served: Served, slices: Archived) -> None:
    found = served.call("GET", f"{slices.series}/metadata").json()
    for one, dataset in zip(found, slices.datasets, strict=True):
        read = pydicom.Dataset.from_json(
            {tag: e for tag, e in one.items() if "BulkDataURI" not in e}
        )
        for element in dataset:
            if element.tag != 0x7FE00010:
                assert read[element.tag].value == element.value, element.keyword


def test_metadata_that_the_client_has_is_not_sent_again(served: Served, slices: Archived) -> None:
    path = f"{slices.study}/metadata"
    first = served.call("GET", path)
    assert first.headers["Content-Encoding"] == "gzip"
    plain = served.call("GET", path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == first.json()
    again = served.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("uid", ["1.2.3", "x", "..", "1" * 65, "%00", "1.2%2F3", "'--"])
@pytest.mark.parametrize("what", ["", "/metadata", "/rendered"])
def test_what_is_not_there_is_404(served: Served, uid: str, what: str) -> None:
    assert served.call("GET", f"{STUDIES}/{uid}/series/1.2{what}").status_code == 404


def test_methods_that_are_not_offered_are_405_and_say_which_are(
    served: Served, slices: Archived
) -> None:
    answer = served.call("PATCH", slices.study)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
    asked = served.call("OPTIONS", slices.study)
    assert asked.headers["Allow"] == answer.headers["Allow"]


def test_addresses_are_right_behind_a_proxy(tmp_path: Path) -> None:
    with serving(tmp_path, options=AppOptions(behind_proxy=True)) as served:
        slices = archive_slices(served)
        headers = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "images.example",
            "X-Forwarded-Prefix": "/pacs",
        }
        found: requests.Response = served.call("GET", STUDIES, headers=headers)
        url = value(found.json()[0]["00081190"])
        assert url == f"https://images.example/pacs{slices.study}"
        told = served.call("GET", f"/pacs{slices.instance()}/metadata", headers=headers).json()
        url = told[0]["7FE00010"]["BulkDataURI"]
        assert url == f"https://images.example/pacs{slices.instance()}/bulkdata/7FE00010"
        forms = {
            f"{slices.instance()}/metadata": ("application/dicom+xml", url),
            f"{slices.instance()}/frames/1": ("*/*", f"pacs{slices.instance()}/frames/1\r\n"),
            f"{slices.instance()}/bulkdata/7FE00010": (
                'multipart/related; type="application/octet-stream"',
                f"Content-Location: {url}\r\n",
            ),
        }
        for path, (accept, said) in forms.items():
            for prefix in ("", "/pacs"):  # a proxy may cut it off
                asked = {**headers, "Accept": accept}
                answer = served.call("GET", f"{prefix}{path}", headers=asked)
                assert said.encode() in answer.content, path
        again = store(served, slices.files[0], **headers)
        said = value(value(again.json()["00081199"])["00081190"])
        assert said == f"https://images.example/pacs{slices.instance()}"
