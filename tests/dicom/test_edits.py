"""The grammar of edits: what is understood, and what each mistake is called."""

import pytest

from isocenter.dicom.edits import (
    EVERY_ITEM,
    Edit,
    Step,
    name_of,
    parse_assignments,
    parse_edit,
    parse_edits,
    parse_path,
    parse_removals,
)
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits


@pytest.mark.parametrize(
    "line",
    [
        "(0010,0010)=Doe^Jane",
        "(0010, 0010) = Doe^Jane",
        "PatientName=Doe^Jane",
        " PatientName = Doe^Jane \r",
    ],
)
def test_every_way_of_assigning_means_the_same(line: str) -> None:
    assert parse_edit(line, "line 1") == Edit((Step(0x00100010),), "Doe^Jane", "", "line 1")


@pytest.mark.parametrize(
    "line",
    [
        "i 0010 0010 PN Doe^Jane",
        "m 0010 0010 PN Doe^Jane",
        "M 0010,0010 pn Doe^Jane",
        "i (0010,0010) PN   Doe^Jane",
        "m PatientName PN Doe^Jane",
    ],
)
def test_every_way_of_inserting_and_modifying_means_the_same(line: str) -> None:
    assert parse_edit(line, "") == Edit((Step(0x00100010),), "Doe^Jane", "PN", "")


@pytest.mark.parametrize("line", ["r 0010 0010", "r (0010,0010)", "R PatientName", "r\t0010 0010"])
def test_every_way_of_removing_means_the_same(line: str) -> None:
    assert parse_edit(line, "") == Edit((Step(0x00100010),), None, "", "")


def test_paths_lead_into_items() -> None:
    edit = parse_edit("(0040,0275)[12].ScheduledProcedureStepID=a=b # c", "")

    assert edit is not None
    assert edit.path == (Step(0x00400275, item=12), Step(0x00400009))
    assert edit.text == "a=b # c"


def test_paths_lead_into_every_item_and_end_at_one() -> None:
    assert parse_path("(0040,0275)[*].(0040,0008)[0] x", "") == (
        (Step(0x00400275, item=EVERY_ITEM), Step(0x00400008, item=0)),
        " x",
    )


def test_private_elements_are_named_by_their_creator() -> None:
    edit = parse_edit('i (0009,"ACME 1.1",0F) LO text', "")

    assert edit is not None
    assert edit.path == (Step(0x0009000F, "ACME 1.1"),)
    assert edit.vr == "LO"


def test_a_value_may_be_empty() -> None:
    assert parse_edit("(0010,0010)=", "") == Edit((Step(0x00100010),), "", "", "")
    assert parse_edit("i 0010 0010 PN", "") == Edit((Step(0x00100010),), "", "PN", "")


def test_a_text_has_one_edit_a_line_and_errors_count_all_lines() -> None:
    text = "\ufeff# names\r\n\r\nPatientName=A\x85B\nr PatientID\n"

    with pytest.raises(InvalidInputError, match="line 3: the value for PatientName holds control"):
        parse_edits(text)
    edits = parse_edits(text.replace("\x85", ""))
    assert [(edit.where, edit.name) for edit in edits] == [
        ("line 3", "PatientName"),
        ("line 4", "PatientID"),
    ]


def test_a_text_of_too_many_lines_is_refused() -> None:
    with pytest.raises(TooLargeError):
        parse_edits("\n" * 10, Limits(header_elements=9))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("PatientNam=A", "no attribute has the keyword 'PatientNam'"),
        ("0010 0010 PN A", r"write \(gggg,eeee\)=VALUE or KEYWORD=VALUE"),
        ("i 0010 0010 = A", "write i gggg eeee VR VALUE"),
        ("(0010,001)=A", "no keyword"),
        ("PatientName", r"write \(gggg,eeee\)=VALUE"),
        ("=A", "no keyword"),
        ("r 0010 0010 A", "after r only"),
        ("x 0010 0010 PN A", "no attribute has the keyword 'x'"),
        ("(0002,0010)=1.2", "file meta"),
        ("(0000,0100)=1", "group 0000"),
        ("(FFFE,E000)=", "group FFFE"),
        ("(0010,0000)=1", "group lengths"),
        ("PixelData=00", "pixel data"),
        ("r 7FE0 0010", "pixel data"),
        ("m 0010 0010 LO A", "PatientName has the VR PN, not LO"),
        ("m 0010 0010 XX A", "XX is no VR"),
        ("m 0009 0010 SH A", "a private creator has the VR LO"),
        ("(0010,0010)[0].PatientID=A", "PatientName is no sequence"),
        ("(0040,0275)[0]=A", "after the Item an element must be named"),
        ("(0040,0275)[0].=A", "no keyword"),
        ("Rows=70000", "the value for Rows"),
        ("StudyDate=20240230", "the value for StudyDate is none of its VR, DA"),
        ("StudyInstanceUID=1.02.3", "the value for StudyInstanceUID is none of its VR, UI"),
        ('(0010,"ACME",01)=A', "only odd groups"),
        ('(0009," ",01)=A', "no name"),
    ],
)
def test_what_is_no_edit_is_called_by_its_line(line: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said) as caught:
        parse_edit(line, "line 7")
    assert str(caught.value).startswith("line 7: ")


def test_an_error_never_tells_the_value() -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_edit("PatientBirthDate=CANARY", "line 1")
    assert "CANARY" not in str(caught.value)


def test_assignments_and_removals_come_from_the_command_line() -> None:
    assert parse_assignments(["PatientID=7", "(0010,0010)="]) == [
        Edit((Step(0x00100020),), "7", "", "--set"),
        Edit((Step(0x00100010),), "", "", "--set"),
    ]
    assert parse_removals(["PatientID", "0010 0010"]) == [
        Edit((Step(0x00100020),), None, "", "--remove"),
        Edit((Step(0x00100010),), None, "", "--remove"),
    ]
    with pytest.raises(InvalidInputError, match="--set: write PATH=VALUE"):
        parse_assignments(["PatientID"])
    with pytest.raises(InvalidInputError, match="--remove: only"):
        parse_removals(["PatientID=7"])


def test_elements_are_named_by_keyword_or_tag() -> None:
    assert name_of(0x00100010) == "PatientName"
    assert name_of(0x00091001) == "(0009,1001)"
