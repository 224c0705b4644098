"""The data dictionary as pydicom's own has it, and patterns that cannot take long."""

import pydicom
import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom._version import __dicom_version__
from pydicom.datadict import keyword_dict

from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.dictionary_fields import (
    STANDARD_EDITION,
    FieldFilters,
    allowed_fields,
    keywords,
    required_types,
)

# What `str(type)` is for values of each VR, from a Data Set that pydicom made.
EXAMPLES = {"IS": "1", "DS": "1.5", "PN": "A^B", "UI": "1.2", "LO": "text"}


def test_all_keywords_come_in_the_order_of_their_tags() -> None:
    expected = [row[4] for _, row in sorted(DicomDictionary.items()) if row[4]]
    assert list(keywords()) == expected
    assert set(expected) == set(keyword_dict) - {""}
    assert (keywords()[0], keywords()[-1]) == ("CommandGroupLength", "SequenceDelimitationItem")
    assert __dicom_version__ == STANDARD_EDITION


def test_each_keyword_has_the_type_of_its_value() -> None:
    types = required_types()

    assert list(types) == list(keywords())
    assert len(set(types.values())) == 9
    for vr, value in EXAMPLES.items():
        element = pydicom.DataElement(0x00091010, vr, value)
        of_vr = {types[row[4]] for row in DicomDictionary.values() if row[0] == vr and row[4]}
        assert of_vr == {str(type(element.value))}, vr
    assert types["Rows"] == "<class 'int'>"
    assert types["ReferencedImageSequence"] == "<class 'str'>"
    assert types["FrameIncrementPointer"] == "<class 'tuple'>"
    assert types["Item"] == "<class 'str'>"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (FieldFilters(contains=("PatientSex",)), ["PatientSex", "PatientSexNeutered"]),
        (FieldFilters(startswith=("StudyDate",)), ["StudyDate"]),
        (FieldFilters(regex=("^StudyDate.*",)), ["StudyDate"]),
        (FieldFilters(regex=("PatientSex$",)), ["PatientSex"]),
        (FieldFilters(regex=("SexNeutered",)), []),
        (FieldFilters(contains=("Sex",), endswith=("Neutered",)), ["PatientSexNeutered"]),
        (FieldFilters(contains=("Patient", "Sex"), regex=(".*ed",)), ["PatientSexNeutered"]),
        (FieldFilters(contains=("patientsex",)), []),
    ],
)
def test_filters_leave_what_they_name(filters: FieldFilters, expected: list[str]) -> None:
    assert allowed_fields(filters, DEFAULT) == expected


def test_the_names_that_end_with_patient_are_the_measured_ones() -> None:
    assert set(allowed_fields(FieldFilters(endswith=("Patient",)), DEFAULT)) >= {
        "ColumnAngulationPatient",
        "DataCollectionCenterPatient",
        "ImagePositionPatient",
        "CalciumScoringMassFactorPatient",
        "ReconstructionTargetCenterPatient",
        "ImageOrientationPatient",
        "DistanceSourceToPatient",
    }


@pytest.mark.parametrize("pattern", [r"([A-Za-z]+)+\d", r"(.*)(.*)(.*)(.*)x(.*)*$", "(a|a|b?)*Z"])
def test_patterns_that_explode_elsewhere_are_answered(pattern: str) -> None:
    found = allowed_fields(FieldFilters(regex=(pattern,)), DEFAULT)
    assert all(keyword in keywords() for keyword in found)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "*",
        "[z-a]",
        r"(?=x)",  # look-ahead is what RE2 cannot do in linear time, and so does not do
        r"(x)\1",
        "((.{0,30}){0,30})Z",  # a program of some hundred thousand steps
        "(((a|b|.)*){0,9}){0,90}Z",
        "\udcff",
    ],
)
def test_patterns_that_are_none_or_too_large_are_refused(
    pattern: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInputError):
        allowed_fields(FieldFilters(regex=(pattern,)), DEFAULT)
    assert capfd.readouterr() == ("", "")


def test_a_long_pattern_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="6 characters"):
        allowed_fields(FieldFilters(regex=("x" * 6,)), Limits(pattern_characters=5))
