"""Reports as pages: all that pydicom finds in them, and nothing that a browser would run."""

from html import unescape
from html.parser import HTMLParser

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from isocenter.dicom.header_index import index_header
from isocenter.dicom.json_model import JSONObject, to_json
from isocenter.dicom.report_html import REPORTS, report_html
from isocenter.dicom.streams import BytesSource
from tests.builders import to_bytes


class _Reader(HTMLParser):
    """Collects elements with attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[tuple[str, ...]] = set()
        self.depth = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add((tag, *(name for name, _ in attrs)))
        self.depth += tag not in {"br", "meta"}
        self.text += "\n" if tag == "br" else ""

    def handle_endtag(self, _: str) -> None:
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(dataset: Dataset) -> _Reader:
    document = to_json(index_header(BytesSource(to_bytes(dataset))).dataset)
    reader = _Reader()
    reader.feed(report_html(document))
    assert reader.depth == 0
    return reader


@pytest.mark.parametrize("name", ["reportsi.dcm", "test-SR.dcm"])
def test_every_text_and_number_is_in_the_page(name: str) -> None:
    dataset = dcmread(str(get_testdata_file(name)))
    assert str(dataset.SOPClassUID).startswith(REPORTS)
    text = " ".join(_page(dataset).text.split())
    count = 0
    for element in dataset.iterall():
        if element.keyword in {"TextValue", "NumericValue"} and element.value:
            assert " ".join(str(element.value).split()) in text
            count += 1
    for item in dataset.ContentSequence:
        if "ConceptNameCodeSequence" in item:
            assert item.ConceptNameCodeSequence[0].CodeMeaning in text
            count += 1
    assert count > 1


def test_nothing_of_a_report_is_markup() -> None:
    evil = '<script>alert(1)</script>" onload=x &amp; \r\nsecond line'
    code: JSONObject = {"00080104": {"vr": "LO", "Value": [evil]}}
    item: JSONObject = {
        "0040A040": {"vr": "CS", "Value": ["TEXT"]},
        "0040A043": {"vr": "SQ", "Value": [code]},
        "0040A160": {"vr": "UT", "Value": [evil]},
    }
    page = report_html({"0040A730": {"vr": "SQ", "Value": [item]}, "00100010": {"vr": "PN"}})
    reader = _Reader()
    reader.feed(page)
    assert reader.elements == {
        *(("html", "lang"), ("head",), ("meta", "charset"), ("title",), ("body",), ("h1",)),
        *(("dl",), ("ul",), ("li",), ("b",), ("br",)),
    }
    assert "<script>alert(1)</script>" in unescape(page)
    assert "<script" not in page


@pytest.mark.parametrize(
    ("kind", "more", "shown"),
    [
        ("NUM", {"0040A30A": 3.5, "unit": "mm"}, "3.5 mm"),
        ("NUM", {"0040A30A": 3, "unit": "1"}, "3"),
        ("DATE", {"0040A121": "20240102"}, "20240102"),
        ("OTHER", {"0040A160": "hidden"}, ""),
    ],
)
def test_values_are_told_by_their_kind(kind: str, more: dict[str, object], shown: str) -> None:
    unit = {"00080100": {"vr": "SH", "Value": [more.pop("unit", "")]}}
    values = {tag: {"vr": "DS", "Value": [value]} for tag, value in more.items()}
    measured = {**values, "004008EA": {"vr": "SQ", "Value": [unit]}}
    item = {"0040A040": {"vr": "CS", "Value": [kind]}, **values}
    item["0040A300"] = {"vr": "SQ", "Value": [measured]}
    page = report_html({"0040A730": {"vr": "SQ", "Value": [item]}})  # type: ignore[list-item]  # as JSON is
    assert f"<li><b></b>{shown}\n</li>" in page
