"""Metadata in XML: as much as in JSON, one model in each part."""

import pytest

from isocenter.dicom.native_xml import from_xml
from isocenter.http.dicomweb.negotiation import XML
from isocenter.http.dicomweb.xml_answers import documents_of
from isocenter.limits import DEFAULT
from tests.serving import Served
from tests.stowed import Archived, parts_of

RELATED_XML = f'multipart/related; type="{XML}"'


@pytest.mark.parametrize("level", ["study", "series", "instance"])
def test_xml_tells_what_json_tells(served: Served, slices: Archived, level: str) -> None:
    path = {"study": slices.study, "series": slices.series, "instance": slices.instance()}[level]
    path = f"{path}/metadata"
    answer = served.call("GET", path, headers={"Accept": RELATED_XML})
    assert answer.status_code == 200
    found = parts_of(answer)
    told = served.call("GET", path).json()
    assert [kind for kind, _ in found] == [XML] * len(told)
    for (_, data), one in zip(found, told, strict=True):
        read = from_xml(data, DEFAULT)
        assert read.keys() == one.keys()
        assert read["7FE00010"] == one["7FE00010"]
    again = served.call(
        "GET", path, headers={"Accept": RELATED_XML, "If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_one_instance_may_be_the_whole_answer(served: Served, slices: Archived) -> None:
    path = f"{slices.instance()}/metadata"
    answer = served.call("GET", path, headers={"Accept": XML})
    assert answer.headers["Content-Type"] == XML
    assert from_xml(answer.content, DEFAULT).keys() == served.call("GET", path).json()[0].keys()
    series = served.call("GET", f"{slices.series}/metadata", headers={"Accept": XML})
    assert series.status_code == 406
    assert RELATED_XML in series.json()["detail"]


def test_objects_are_found_in_chunks() -> None:
    assert list(documents_of([b'[{"a":1},{"b":2}', b',{"c":3}', b"]"])) == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
    ]
    assert list(documents_of([b"[]"])) == []
