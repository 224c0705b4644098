import io

import pytest
from pydicom import Dataset, config
from pydicom.datadict import tag_for_keyword
from pydicom.filereader import read_dataset
from pydicom.valuerep import validate_value

from isocenter.dicom.deidentify.actions import (
    UNKNOWN_CODE,
    code_item,
    dummy_element,
    dummy_value,
    empty_element,
)
from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS
from isocenter.dicom.part10 import encode_data_set


def read(raw: bytes, *, is_implicit: bool) -> Dataset:
    return read_dataset(io.BytesIO(raw), is_implicit, is_little_endian=True)


@pytest.mark.parametrize("vr", sorted((SHORT_VRS | LONG_VRS) - {"SQ"}))
def test_every_vr_has_a_dummy_that_is_valid(vr: str) -> None:
    value = dummy_value(0x00091001, vr)

    assert value
    assert len(value) <= 64
    if vr not in ("OB", "OW", "OD", "OF", "OL", "OV", "UN", "AT") and value.strip(b"\0"):
        validate_value(vr, value.decode(), config.RAISE)


def test_an_element_is_emptied_with_the_vr_of_the_standard() -> None:
    assert empty_element(0x00080050, is_implicit=False) == b"\x08\x00\x50\x00SH\0\0"
    assert empty_element(0x00080050, is_implicit=True) == b"\x08\x00\x50\x00\0\0\0\0"


@pytest.mark.parametrize("is_implicit", [False, True])
def test_a_dummy_sequence_has_one_item_of_what_it_must_hold(is_implicit: bool) -> None:
    tag = tag_for_keyword("VerifyingObserverSequence")
    assert tag is not None

    raw = dummy_element(tag, is_implicit=is_implicit)

    (item,) = read(raw, is_implicit=is_implicit)[tag].value
    assert item.VerifyingObserverName == "REMOVED"
    assert item.VerificationDateTime == "19000101000000"
    assert item.VerifyingObserverIdentificationCodeSequence == []


def test_a_dummy_of_a_code_is_the_code_of_the_unknown() -> None:
    tag = tag_for_keyword("InstitutionCodeSequence")
    assert tag is not None

    (item,) = read(dummy_element(tag, is_implicit=False), is_implicit=False)[tag].value

    assert (item.CodeValue, item.CodingSchemeDesignator) == ("261665006", "SCT")


def test_dummy_content_is_a_text_that_says_so() -> None:
    tag = tag_for_keyword("ContentSequence")
    assert tag is not None

    (item,) = read(dummy_element(tag, is_implicit=False), is_implicit=False)[tag].value

    assert (item.ValueType, item.RelationshipType) == ("TEXT", "CONTAINS")
    assert item.TextValue == "REMOVED"
    assert item.ConceptNameCodeSequence[0].CodeMeaning == "Unknown"


def test_a_code_item_is_value_scheme_and_meaning() -> None:
    raw = encode_data_set(code_item(UNKNOWN_CODE, is_implicit=False))

    item = read(raw, is_implicit=False)
    assert [element.keyword for element in item] == [
        "CodeValue",
        "CodingSchemeDesignator",
        "CodeMeaning",
    ]
