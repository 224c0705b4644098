import pytest

from isocenter.dicom.deidentify.profile import Option
from tests.builders import instance
from tests.dicom.deidentify.deidentifying import deidentified, profile


def test_the_result_says_that_it_is_de_identified_and_how() -> None:
    made = deidentified(instance(), profile(Option.RETAIN_MODIFIED_DATES, Option.CLEAN_DESCRIPTORS))

    codes = [item.CodeValue for item in made.DeidentificationMethodCodeSequence]
    assert made.PatientIdentityRemoved == "YES"
    assert codes == ["113100", "113105", "113107"]
    assert {item.CodingSchemeDesignator for item in made.DeidentificationMethodCodeSequence} == {
        "DCM"
    }
    assert "PS3.15 2024b" in made.DeidentificationMethod[0]
    assert list(made.DeidentificationMethod[1:]) == ["clean-descriptors", "retain-modified-dates"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], "REMOVED"),
        ([Option.RETAIN_MODIFIED_DATES], "MODIFIED"),
        ([Option.RETAIN_FULL_DATES], "UNMODIFIED"),
    ],
)
def test_the_result_says_what_became_of_dates(options: list[Option], expected: str) -> None:
    made = deidentified(instance(), profile(*options))

    assert made.LongitudinalTemporalInformationModified == expected


def test_what_a_source_said_of_earlier_de_identification_is_replaced() -> None:
    dataset = instance()
    dataset.PatientIdentityRemoved = "NO"
    dataset.DeidentificationMethod = "by Xanthippe"

    made = deidentified(dataset)

    assert made.PatientIdentityRemoved == "YES"
    assert "Xanthippe" not in str(made.DeidentificationMethod)
