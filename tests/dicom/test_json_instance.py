"""Instances made of DICOM JSON: pydicom reads in them what was told."""

import contextlib
import io
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from isocenter.dicom.bulk_pixels import BulkPart, ElementError
from isocenter.dicom.header_index import index_header
from isocenter.dicom.json_instance import instance_pieces
from isocenter.dicom.json_model import JSON, JSONObject, to_json
from isocenter.dicom.native_xml import from_xml, to_xml
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT

UIDS: JSONObject = {
    "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.7"]},
    "00080018": {"vr": "UI", "Value": ["2.25.1"]},
}
BULK = b"\1\2\3"


def _made(document: JSONObject, bulk: bytes = BULK) -> Dataset:
    source = BytesSource(bulk)
    part = BulkPart("application/octet-stream", "", ByteRange(0, 0, len(bulk)))

    def find(uri: str) -> list[BulkPart]:
        return [part] if uri == "here" else []

    pieces = instance_pieces(document, find, source, DEFAULT)
    return dcmread(io.BytesIO(b"".join(read_pieces(pieces, [source]))))


@pytest.mark.parametrize("is_xml", [False, True])
@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "rtplan.dcm", "test-SR.dcm", "MR_small.dcm", "reportsi.dcm"]
)
def test_what_a_file_tells_makes_an_equal_file(name: str, *, is_xml: bool) -> None:
    path = Path(str(get_testdata_file(name)))
    document = to_json(index_header(BytesSource(path.read_bytes())).dataset)
    made = _made(from_xml(to_xml(document), DEFAULT) if is_xml else document)
    for element in (original := dcmread(path)):
        if element.tag.element == 0 or element.tag == 0x00080005:
            continue
        assert element.tag in made
        assert made[element.tag].VR == original[element.tag].VR
    assert made.to_json_dict() == {
        key: value for key, value in original.to_json_dict().items() if key[4:] != "0000"
    } | (
        {"00080005": made["SpecificCharacterSet"].to_json_dict(None, 0)}
        if "00080005" in document
        else {}
    )


def test_every_vr_is_written() -> None:
    binary = b64encode(bytes(8)).decode()
    told: JSONObject = {
        **UIDS,
        "00080005": {"vr": "CS", "Value": ["ISO_IR 100"]},
        "00081140": {"vr": "SQ", "Value": [{"00080005": {"vr": "CS", "Value": ["GB18030"]}}, {}]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "A^B", "Phonetic": "ひ"}]},
        "00181063": {"vr": "DS", "Value": [1.5]},
        "00189087": {"vr": "FD", "Value": ["NaN", 2]},
        "00200013": {"vr": "IS", "Value": [7]},
        "00280009": {"vr": "AT", "Value": ["00181063"]},
        "00281101": {"vr": "SS", "Value": [65535, 0, 16]},
        "00281203": {"vr": "OW", "BulkDataURI": "here"},
        "00420011": {"vr": "OB", "InlineBinary": binary},
        "7FE00001": {"vr": "OV", "InlineBinary": binary},
        "00091001": {"vr": "SV", "Value": ["-5"]},
        "00091002": {"vr": "UN", "InlineBinary": binary},
        "00091003": {"vr": "LT", "Value": ["x" * 70_000]},
        "00189999": {"Value": ["nothing is known of it"], "vr": "LO"},
    }
    made = _made(told)
    assert made.SpecificCharacterSet == "ISO_IR 192"
    assert str(made.PatientName) == "A^B==ひ"
    assert made[0x00281203].value == BULK + b"\0"
    assert "00080005" not in made.ReferencedImageSequence[0]
    assert made.DiffusionBValue[1] == 2
    assert made.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert made[0x00281101].value == [65535, 0, 16]
    assert made[0x00091003].VR == "UN"
    assert made[0x00091001].value == -5


@pytest.mark.parametrize(
    ("tag", "element"),
    [
        ("00080018", {"vr": "UI"}),
        ("00080016", {"vr": "UI", "Value": ["no UID"]}),
        ("00280010", {"vr": "US", "Value": [65536]}),
        ("00280010", {"vr": "US", "Value": [1.5]}),
        ("00280010", {"vr": "US", "Value": [True]}),
        ("00280010", {"vr": "US", "Value": [None]}),
        ("00280010", {"vr": "US", "Value": 5}),
        ("00280010", {"vr": "XX", "Value": [5]}),
        ("00280010", {"vr": 5, "Value": [5]}),
        ("00181063", {"vr": "FL", "Value": [1e300]}),
        ("00200013", {"vr": "IS", "Value": [1.5]}),
        ("00280009", {"vr": "AT", "Value": ["PatientName"]}),
        ("00080060", {"vr": "CS", "Value": ["É"]}),
        ("00080060", {"vr": "CS", "Value": ["A\\B"]}),
        ("00104000", {"vr": "LT", "Value": ["\x1b$B"]}),
        ("00104000", {"vr": "LT", "Value": ["a", "b"]}),
        ("00100010", {"vr": "PN", "Value": [{"Other": "a"}]}),
        ("00100010", {"vr": "PN", "Value": [{"Alphabetic": "a=b"}]}),
        ("00420011", {"vr": "OB", "InlineBinary": "no base64!"}),
        ("00420011", {"vr": "OB", "Value": [1]}),
        ("00420011", {"vr": "OB", "BulkDataURI": "elsewhere"}),
        ("00420011", {"vr": "OB", "BulkDataURI": 5}),
        ("00420011", {"vr": "OB", "BulkDataURI": "here", "InlineBinary": ""}),
        ("00081140", {"vr": "SQ", "Value": [5]}),
        ("00081140", {"vr": "SQ", "BulkDataURI": "here"}),
        ("FFFEE000", {"vr": "UN"}),
    ],
)
def test_what_cannot_be_stored_is_named_by_its_tag(tag: str, element: JSON) -> None:
    with pytest.raises(ElementError) as raised:
        _made({**UIDS, tag: element})
    assert f"{raised.value.tag:08X}" == tag


def test_depth_is_bounded() -> None:
    nested: JSONObject = {}
    for _ in range(100):
        nested = {"00081140": {"vr": "SQ", "Value": [nested]}}
    with pytest.raises(ElementError):
        _made({**UIDS, **nested})


@pytest.mark.parametrize("more", [{"PatientName": {"vr": "PN"}}, {"00100010": []}])
def test_what_is_no_data_set_is_refused(more: JSONObject) -> None:
    with pytest.raises(InvalidInputError):
        _made({**UIDS, **more})
    with pytest.raises(InvalidInputError):
        _made({**UIDS, "0009100a": {"vr": "LO"}, "0009100A": {"vr": "LO"}})


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*UIDS, "vr", "Value", "InlineBinary", "BulkDataURI", "Alphabetic", "7FE00010"]
            )
            | st.text(max_size=8),
            inner | st.sampled_from(["SQ", "PN", "US", "OB", "UI", "here", "1.2"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(document=st.dictionaries(st.sampled_from(["7FE00010", "00020010", "00081140"]), _VALUES))
def test_any_metadata_is_stored_or_refused(document: JSONObject) -> None:
    with contextlib.suppress(InvalidInputError):
        _made({**UIDS, **document})
