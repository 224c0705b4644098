import pytest
from pydicom.datadict import tag_for_keyword

from isocenter.dicom.deidentify.iod_types import (
    MAY_BE_EMPTY,
    OPTIONAL,
    REQUIRED,
    required_in_items,
    type_in_items,
    type_in_root,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
UNKNOWN = "1.2.3.4"


def tag(keyword: str) -> int:
    found = tag_for_keyword(keyword)
    assert found is not None
    return found


# Types as PS3.3 has them: C.7.1.1, C.7.2.1, C.7.5.1, C.7.5.2, C.8.15.2, C.7.6.2.
@pytest.mark.parametrize(
    ("keyword", "sop_class_uid", "expected"),
    [
        ("SOPInstanceUID", CT, REQUIRED),
        ("PatientName", CT, MAY_BE_EMPTY),
        ("StationName", CT, OPTIONAL),
        ("Manufacturer", CT, MAY_BE_EMPTY),
        ("Manufacturer", ENHANCED_CT, REQUIRED),
        ("DeviceSerialNumber", CT, OPTIONAL),
        ("DeviceSerialNumber", ENHANCED_CT, REQUIRED),
        ("PixelSpacing", CT, REQUIRED),
        ("DeviceSerialNumber", UNKNOWN, REQUIRED),
        ("TextComments", CT, OPTIONAL),
    ],
)
def test_types_in_the_root_are_those_of_the_iod(
    keyword: str, sop_class_uid: str, expected: int
) -> None:
    assert type_in_root(tag(keyword), sop_class_uid) == expected


def test_types_in_items_are_those_of_their_sequence() -> None:
    codes = tag("AnatomicRegionSequence")

    assert type_in_items(tag("CodeMeaning"), codes) == REQUIRED
    assert type_in_items(tag("StationName"), codes) == OPTIONAL
    assert type_in_items(tag("PatientID"), tag("OtherPatientIDsSequence")) == REQUIRED


def test_an_item_must_hold_what_is_required_without_a_condition() -> None:
    required = required_in_items(tag("OtherPatientIDsSequence"))

    assert required[tag("PatientID")] == REQUIRED
    assert required[tag("TypeOfPatientID")] == REQUIRED
    assert required_in_items(0x00091001) == {}
