"""Documents in Instances: as they went in, in the type that their SOP Class says."""

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import UID, generate_uid

from tests.builders import to_bytes
from tests.serving import Served
from tests.stowed import Archived, new_slices, store

CLASS = "1.2.840.10008.5.1.4.1.1.104"
CDA = b"<?xml version='1.0'?><ClinicalDocument/>\n"
PDF = b"%PDF-1.4 odd"
assert len(CDA) % 2 == 1


def _stored(served: Served, kind: str, document: bytes, *, has_length: bool) -> Dataset:
    dataset = new_slices()[0]
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit"):
        delattr(dataset, keyword)
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UID(f"{CLASS}.{kind}")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.MIMETypeOfEncapsulatedDocument = "text/html"
    dataset.EncapsulatedDocument = document + bytes(len(document) % 2)
    if has_length:
        dataset.EncapsulatedDocumentLength = len(document)
    assert store(served, to_bytes(dataset)).status_code == 200
    return dataset


@pytest.mark.parametrize("has_length", [True, False])
@pytest.mark.parametrize(
    ("kind", "document", "media_type"), [("1", PDF, "application/pdf"), ("2", CDA, "text/xml")]
)
def test_a_document_is_given_as_it_went_in(
    served: Served, kind: str, document: bytes, media_type: str, *, has_length: bool
) -> None:
    dataset = _stored(served, kind, document, has_length=has_length)
    path = f"{Archived([dataset], []).instance()}/rendered"
    for accept in ("*/*", media_type):
        answer = served.call("GET", path, headers={"Accept": accept})
        assert answer.content == document
        assert answer.headers["Content-Type"].partition(";")[0] == media_type
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        is_shown_inside = "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert is_shown_inside == (media_type == "application/pdf")
    part = served.call("GET", path, headers={"Range": "bytes=1-4"})
    assert (part.status_code, part.content) == (206, document[1:5])
    refused = served.call("GET", path, headers={"Accept": "image/jpeg"})
    assert refused.status_code == 406
    assert media_type in refused.json()["detail"]
    uri = (
        f"/dicom-web/wado?requestType=WADO&studyUID={dataset.StudyInstanceUID}"
        f"&seriesUID={dataset.SeriesInstanceUID}&objectUID={dataset.SOPInstanceUID}"
    )
    for more in ("", f"&contentType={media_type}"):
        assert served.call("GET", uri + more).content == document
    assert served.call("GET", f"{uri}&contentType=image/jpeg").status_code == 406


def test_a_report_is_a_page_with_its_texts(served: Served) -> None:
    dataset = dcmread(str(get_testdata_file("reportsi.dcm")))
    assert store(served, to_bytes(dataset)).status_code == 200
    answer = served.call("GET", f"{Archived([dataset], []).instance()}/rendered")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<h1>" in answer.text
    uri = (
        f"/dicom-web/wado?requestType=WADO&studyUID={dataset.StudyInstanceUID}"
        f"&seriesUID={dataset.SeriesInstanceUID}&objectUID={dataset.SOPInstanceUID}"
    )
    assert served.call("GET", uri).text == answer.text
    assert served.call("GET", f"{uri}&contentType=image/png").status_code == 406


def test_what_holds_no_document_has_none(served: Served, slices: Archived) -> None:
    path = f"{slices.instance()}/rendered"
    assert served.call("GET", path, headers={"Accept": "application/pdf"}).status_code == 406
    assert served.call("GET", f"{slices.instance()}/thumbnail?viewport=0,0").status_code == 400
