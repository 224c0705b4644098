"""Record types and keys of a DICOMDIR, held against pydicom's tables of the standard."""

import pytest
from pydicom import fileset
from pydicom.datadict import dictionary_VR, tag_for_keyword

from isocenter.dicom.dicomdir_records import (
    INSTANCE_KEYS,
    INSTEAD,
    MADE_UP,
    PATIENT_KEYS,
    ROOT_TYPES,
    SERIES_KEYS,
    STUDY_KEYS,
    record_type,
)
from isocenter.dicom.dictionary import vr_of

THEIRS = {**fileset._SINGLE_LEVEL_SOP_CLASSES, **fileset._FOUR_LEVEL_SOP_CLASSES}


@pytest.mark.parametrize(("sop_class_uid", "expected"), THEIRS.items())
def test_types_are_those_of_pydicom(sop_class_uid: str, expected: str) -> None:
    assert record_type(sop_class_uid, has_pixels=False) == expected


@pytest.mark.parametrize(
    ("sop_class_uid", "expected"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", "IMAGE"),  # CT
        ("1.2.840.10008.5.1.4.1.1.66.4", "IMAGE"),  # Segmentation
        ("1.2.840.10008.5.1.4.1.1.481.1", "IMAGE"),  # RT Image
        ("1.2.840.10008.5.1.4.1.1.481.23", "IMAGE"),  # Enhanced RT Image
        ("1.2.840.10008.5.1.4.1.1.481.5", "RT PLAN"),
        ("1.2.840.10008.5.1.4.1.1.481.8", "RT PLAN"),  # Ion
        ("1.2.840.10008.5.1.4.1.1.481.10", "RADIOTHERAPY"),
        ("1.2.840.10008.5.1.4.34.7", "PLAN"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "ENCAP DOC"),
        ("1.2.840.10008.5.1.4.1.1.91.1", "ANNOTATION"),
        ("1.2.840.10008.5.1.4.1.1.11.6", "PRESENTATION"),  # Planar MPR
    ],
)
def test_types_are_those_of_the_standard(sop_class_uid: str, expected: str) -> None:
    assert record_type(sop_class_uid, has_pixels=False) == expected


@pytest.mark.parametrize("end", ["8", "129", "200.1", "201.1", "9.100.1"])
def test_storage_classes_without_a_record_have_none(end: str) -> None:
    assert record_type(f"1.2.840.10008.5.1.4.1.1.{end}", has_pixels=True) == ""


def test_a_private_class_is_an_image_if_it_has_pixels() -> None:
    assert record_type("1.2.3.4", has_pixels=True) == "IMAGE"
    assert record_type("1.2.3.4", has_pixels=False) == ""


def test_keys_are_elements_of_the_standard_in_ascending_order() -> None:
    for keys in (PATIENT_KEYS, STUDY_KEYS, SERIES_KEYS, *INSTANCE_KEYS.values()):
        tags = [key.tag for key in keys]
        assert tags == sorted(set(tags))
        assert {vr_of(tag) for tag in tags} == {dictionary_VR(tag) for tag in tags}


def test_there_are_the_keys_that_pydicom_writes() -> None:
    for name, keyword in (
        ("RT DOSE", "DoseSummationType"),
        ("RT STRUCTURE SET", "StructureSetLabel"),
        ("RT TREAT RECORD", "TreatmentDate"),
        ("PRESENTATION", "ReferencedSeriesSequence"),
        ("SR DOCUMENT", "ConceptNameCodeSequence"),
        ("KEY OBJECT DOC", "ContentSequence"),
        ("SPECTROSCOPY", "ReferencedImageEvidenceSequence"),
        ("HANGING PROTOCOL", "HangingProtocolUserIdentificationCodeSequence"),
        ("ENCAP DOC", "MIMETypeOfEncapsulatedDocument"),
        ("IMPLANT", "ImplantPartNumber"),
        ("IMPLANT ASSY", "ProcedureTypeCodeSequence"),
        ("IMPLANT GROUP", "ImplantTemplateGroupIssuer"),
        ("ASSESSMENT", "InstanceCreationDate"),
        ("RADIOTHERAPY", "UserContentLongLabel"),
    ):
        assert tag_for_keyword(keyword) in {key.tag for key in INSTANCE_KEYS[name]}
    assert set(fileset.DIRECTORY_RECORDERS) - set(INSTANCE_KEYS) == {"PATIENT", "STUDY", "SERIES"}
    assert set(fileset._SINGLE_LEVEL_SOP_CLASSES.values()) == ROOT_TYPES


def test_what_stands_in_has_the_same_vr() -> None:
    for tag, others in INSTEAD.items():
        assert {vr_of(other) for other in others} == {vr_of(tag)}
        assert tag in MADE_UP
