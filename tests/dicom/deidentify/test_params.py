import pytest

from isocenter.dicom.deidentify.params import parse_parameters
from isocenter.dicom.deidentify.profile import Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.errors import InvalidInputError
from tests.builders import add_private, instance
from tests.dicom.deidentify.deidentifying import KEY, deidentified

TEXT = """\
# the documented file
(0010,0010)=ANONYMOUS^ONE
(0010,0020)=

0008 0050
0008 1030 LO Chest # of study 7
(0010,1030)=70
(0040,0275)[0].(0032,1060)=CT
r 1 2 3 4
ri 0 0 9 9
rv 5 5 6 6
"""


def test_lines_become_edits_and_regions_in_their_order() -> None:
    edits, regions = parse_parameters(TEXT)

    assert [(edit.where, edit.text) for edit in edits] == [
        ("line 2", "ANONYMOUS^ONE"),
        ("line 3", ""),
        ("line 5", ""),
        ("line 6", "Chest # of study 7"),
        ("line 7", "70"),
        ("line 8", "CT"),
    ]
    assert regions == (
        Region(1, 2, 3, 3),
        Region(0, 0, 10, 10, "single"),
        Region(5, 5, 2, 2, "multi"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\nXanthippe", 3),
        ("r 1 2 3", 1),
        ("# x\nr 9 9 1 1", 2),
        ("(0010,0010)", 1),
        ("(0018,0050)=Xanthippe", 1),
        ("0008 1030 ZZ x", 1),
        ("(7fe0,0010)=1", 1),
        ("(0002,0010)=1.2", 1),
    ],
)
def test_errors_name_the_line_and_never_the_value(text: str, line: int) -> None:
    with pytest.raises(InvalidInputError, match=f"^line {line}: ") as caught:
        parse_parameters(text)
    assert text.isalpha() or "(0018,0050)" not in text or "Xanthippe" not in str(caught.value)


def test_line_ends_and_byte_order_marks_of_editors_do_not_matter() -> None:
    text = "\ufeff(0010,0010)=A\r\n(0010,0020)=B\r(0008,0050)=C"

    assert [edit.text for edit in parse_parameters(text).edits] == ["A", "B", "C"]


def test_parameters_are_set_on_top_of_the_profile() -> None:
    edits, _ = parse_parameters(TEXT)
    dataset = instance()
    dataset.InstitutionName = "Xanthippe"

    made = deidentified(dataset, Profile(KEY, parameters=edits))

    assert made.PatientName == "ANONYMOUS^ONE"
    assert made.PatientID is None or made.PatientID == ""
    assert made.StudyDescription == "Chest # of study 7"
    assert made.PatientWeight == 70
    assert made.RequestAttributesSequence[0].RequestedProcedureDescription == "CT"
    assert "InstitutionName" not in made
    assert made.PatientIdentityRemoved == "YES"


def test_the_profile_none_sets_the_parameters_and_nothing_else() -> None:
    dataset = add_private(instance())
    edits, _ = parse_parameters("(0010,0010)=ANONYMOUS")

    made = deidentified(dataset, Profile(is_none=True, parameters=edits))

    expected = add_private(instance())
    expected.PatientName = "ANONYMOUS"
    assert made == expected
    assert "PatientIdentityRemoved" not in made


def test_a_new_instance_uid_stands_in_the_file_meta_too() -> None:
    edits, _ = parse_parameters("(0008,0018)=1.2.3.4")

    made = deidentified(instance(), Profile(KEY, parameters=edits))

    assert made.SOPInstanceUID == made.file_meta.MediaStorageSOPInstanceUID == "1.2.3.4"
