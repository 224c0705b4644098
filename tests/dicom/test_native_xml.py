"""XML of Data Sets: as DCMTK writes it, and back to what it was made of."""

import contextlib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from isocenter.dicom.header_index import index_header
from isocenter.dicom.json_model import JSON, JSONObject, to_json
from isocenter.dicom.native_xml import NAMESPACE, from_xml, to_xml
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT
from tests.judges import run

FILES = (
    *("CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "reportsi.dcm", "test-SR.dcm"),
    *("JPEG2000.dcm", "rtdose_1frame.dcm", "nested_priv_SQ.dcm", "UN_sequence.dcm"),
)

# Elements whose keyword DCMTK has forgotten.
RETIRED = {"00101000", "300A0082"}


def _document(path: Path) -> JSONObject:
    source = BytesSource(path.read_bytes())
    return to_json(index_header(source).dataset, exclude=(0x7FE00010,))


def _path(name: str) -> Path:
    path = get_testdata_file(name)
    if path is None:
        pytest.skip("pydicom has no such file any more")
    return Path(str(path))


def _told(node: ET.Element) -> object:
    """Return a node as a value that compares as its meaning does."""
    name = node.tag.rpartition("}")[2]
    text = (node.text or "") if not len(node) else ""
    kept = dict(node.attrib)
    if kept.get("tag") in RETIRED:
        kept.pop("keyword", None)
    return name, kept, _number(text), [_told(child) for child in node]


def _number(text: str) -> str:
    try:
        return f"{float(text):.6g}"  # DCMTK writes fewer digits of FL
    except ValueError:
        return text.strip()


@pytest.mark.parametrize("name", FILES[:6])
def test_it_is_what_dcmtk_writes(name: str, tmp_path: Path) -> None:
    path, made = _path(name), tmp_path / "made.xml"
    options = ("--native-format", "--use-xml-namespace", "--convert-to-utf8", "--encode-base64")
    more = ("--load-all", "--charset-assume", "ISO_IR 100", "--quiet")
    run("dcm2xml", *options, *more, path, made)
    theirs = ET.parse(made).getroot()  # noqa: S314 - of a tool of ours
    ours = ET.fromstring(to_xml(_document(path)))  # noqa: S314 - our own
    skipped = {"00080005", "7FE00010"}  # UTF-8 is said by one, and pixels are told by the other
    left = [
        [
            _told(one)
            for one in root
            if one.attrib["tag"] not in skipped and one.attrib["tag"][4:] != "0000"
        ]
        for root in (ours, theirs)
    ]
    assert left[0] == left[1]


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_read(name: str) -> None:
    document = _document(_path(name))
    assert _plain(from_xml(to_xml(document), DEFAULT)) == _plain(document)


def _plain(value: JSON) -> JSON:
    """Return DICOM JSON with the numbers of DS and IS as text, which XML has."""
    if isinstance(value, dict):
        plain = {key: _plain(one) for key, one in value.items()}
        values = plain.get("Value")
        if plain.get("vr") in {"DS", "IS", "UV", "SV"} and isinstance(values, list):
            plain["Value"] = [None if one is None else str(one) for one in values]
        return plain
    return [_plain(one) for one in value] if isinstance(value, list) else value


def test_names_values_and_odd_characters_come_back() -> None:
    document: JSONObject = {
        "00080008": {"vr": "CS", "Value": ["A", None, "C"]},
        "00100010": {
            "vr": "PN",
            "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}, None],
        },
        "00101002": {"vr": "SQ", "Value": [{}, {"00100020": {"vr": "LO", "Value": ["<&>"]}}]},
        "00104000": {"vr": "LT", "Value": ["one\r\ntwo\n\tthree  "]},
        "00181063": {"vr": "FD", "Value": [0.1, "NaN"]},
        "7FE00010": {"vr": "OW", "BulkDataURI": "https://host/a?b=1&c='\"2"},
    }
    document["00100010"]["Value"][1] = {}  # type: ignore[index, call-overload]  # as XML tells it
    assert from_xml(to_xml(document), DEFAULT) == document
    assert b"\xef\xbf\xbd" in to_xml({"00104000": {"vr": "LT", "Value": ["a\x0cb"]}})


def test_private_elements_go_into_a_block_of_their_creator() -> None:
    attribute = '<DicomAttribute tag="{}" vr="LO" privateCreator="{}"/>'
    text = "".join(
        attribute.format(tag, creator) for tag, creator in (("00090001", "A"), ("00090001", "B"))
    )
    found = from_xml(
        f'<NativeDicomModel xmlns="{NAMESPACE}">{text}</NativeDicomModel>'.encode(), DEFAULT
    )
    assert found["00090010"] == {"vr": "LO", "Value": ["A"]}
    assert found["00090011"] == {"vr": "LO", "Value": ["B"]}
    assert found["00091001"] == found["00091101"] == {"vr": "LO"}
    twice: JSONObject = {
        "00090010": {"vr": "LO", "Value": ["A"]},
        "00090011": {"vr": "LO", "Value": ["A"]},
        "00091001": {"vr": "LO", "Value": ["1"]},
        "00091101": {"vr": "LO", "Value": ["2"]},
    }
    assert from_xml(to_xml(twice), DEFAULT) == twice


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no XML",
        b"<NativeDicomModel>",
        b"<Other/>",
        b"<NativeDicomModel><Other/></NativeDicomModel>",
        b'<NativeDicomModel><DicomAttribute tag="1" vr="CS"/></NativeDicomModel>',
        (
            b'<NativeDicomModel><DicomAttribute tag="00080060" vr="CS"/>'
            b'<DicomAttribute tag="00080060" vr="CS"/></NativeDicomModel>'
        ),
        (
            b'<NativeDicomModel><DicomAttribute tag="00080060" vr="CS"><Value/></DicomAttribute>'
            b"</NativeDicomModel>"
        ),
        (
            b'<NativeDicomModel><DicomAttribute tag="00080060" vr="CS"><Value number="90000"/>'
            b"</DicomAttribute></NativeDicomModel>"
        ),
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><NativeDicomModel/>',
        b'<?xml version="1.0" encoding="utf-7"?><NativeDicomModel/>',
    ],
)
def test_what_is_no_model_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInputError):
        from_xml(text, DEFAULT)


def test_depth_is_bounded() -> None:
    level = b'<DicomAttribute tag="00081140" vr="SQ"><Item number="1">'
    with pytest.raises(TooLargeError):
        from_xml(b"<NativeDicomModel>" + level * 1000, DEFAULT)


_PIECES = st.sampled_from(
    [
        *("<NativeDicomModel>", "</NativeDicomModel>", "</DicomAttribute>", "<Item number='1'>"),
        *("</Item>", "<DicomAttribute tag='00081140' vr='SQ'>", "<Value number='1'>", "</Value>"),
        *("<DicomAttribute tag='00091001' vr='UN' privateCreator='A'>", "<PersonName number='2'>"),
        *("</PersonName>", "<Alphabetic/>", "<InlineBinary>AA==</InlineBinary>", "<BulkData/>"),
        *("text", "&#0;", "&lt;", "<!--", "]]>", "<Value number='99999999999999999999'/>"),
    ]
)


@given(pieces=st.lists(_PIECES, max_size=12))
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    text = "<NativeDicomModel>" + "".join(pieces) + "</NativeDicomModel>"
    with contextlib.suppress(InvalidInputError):
        to_xml(from_xml(text.encode(), DEFAULT))
