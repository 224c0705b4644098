"""The twelve actions: the documented names, and requests checked before they become jobs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT
from isocenter.services.actions import ACTIONS
from isocenter.services.session_actions import (
    SESSION_ACTIONS,
    Facts,
    check_inputs,
    check_request,
    describe_actions,
)
from tests.conftest import MISSING_DATA, SHARED_DATA

DICOM: Facts = {"is_dicom": True, "rows": 8, "num_frames": 1}
MULTI_FRAME: Facts = {"is_dicom": True, "rows": 8, "num_frames": 3}
REPORT: Facts = {"is_dicom": True, "rows": None, "num_frames": 0}
OTHER: Facts = {"is_dicom": False}
ODD: Facts = {"is_dicom": True, "problem": "unusual"}
DOCUMENT = SHARED_DATA.parent / "specs" / "session-api.md"


def test_the_documented_names_are_the_table() -> None:
    if not Path(DOCUMENT).is_file():
        pytest.skip(MISSING_DATA)
    section = DOCUMENT.read_text().partition("## Available Actions")[2].partition("\n---")[0]

    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(SESSION_ACTIONS)


def test_every_action_is_a_row_of_the_one_table() -> None:
    assert all(one.row in ACTIONS for one in SESSION_ACTIONS.values())
    assert [one["name"] for one in describe_actions()] == list(SESSION_ACTIONS)


def test_no_option_reaches_files_of_the_machine() -> None:
    for action in SESSION_ACTIONS.values():
        names = {option.name for option in action.options}
        assert not names & {"in_place", "key_file", "crosswalk", "copy", "parent", "write"}
        assert {option.name for option in action.options if option.kind == "file"} <= {"params"}


@pytest.mark.parametrize("action", ["", "MERGE", "modify", "../merge", "merge\0", "export"])
def test_other_actions_are_refused(action: str) -> None:
    with pytest.raises(InvalidInputError, match="one of merge, split"):
        check_request(action, None, None)


@pytest.mark.parametrize(
    "options",
    [
        {"codec": "gif"},
        {"codec": 3},
        {"codec": ["j2k"]},
        {"recompress": "yes"},
        {"recompress": 1},
        {"in_place": True},
        {"unknown": ""},
        ["codec"],
        "codec",
        {"codec": "j2k\0"},
        {"codec": "\ud800"},
    ],
)
def test_wrong_options_are_refused(options: object) -> None:
    with pytest.raises(InvalidInputError):
        check_request("compress_lossless", None, options)


def test_options_come_as_their_function_takes_them() -> None:
    asked = check_request("compress_lossy", None, {"quality": 80, "codec": None})
    assert asked.options == {"quality": "80"}

    regions = [[1, 2, 3, 4], "5,6,7,8"]
    asked = check_request("anonymize", None, {"profile": "basic", "regions": regions})
    assert asked.options == {"profile": "basic", "regions": ["1,2,3,4", "5,6,7,8"]}


@pytest.mark.parametrize("params", [None, "", "  \n "])
def test_anonymize_without_params_or_profile_is_refused(params: str | None) -> None:
    with pytest.raises(InvalidInputError, match="params"):
        check_request("anonymize", params, {"retain": ["uids"]})

    assert check_request("anonymize", params, {"profile": "basic"})


def test_a_bad_line_is_named_by_its_number_and_not_repeated() -> None:
    with pytest.raises(InvalidInputError, match="line 2") as refused:
        check_request("anonymize", "(0010,0010)=ok\n(0010,0020 CANARY", None)

    assert "CANARY" not in str(refused.value)


def test_options_of_the_profile_are_checked_at_once() -> None:
    for options in ({"retain": ["everything"]}, {"regions": ["a"]}, {"accept": ["x"]}):
        with pytest.raises(InvalidInputError):
            check_request("anonymize", None, {"profile": "basic", **options})


def test_params_are_text_and_bounded() -> None:
    with pytest.raises(InvalidInputError, match="params is text"):
        check_request("anonymize", ["(0010,0010)=x"], None)
    with pytest.raises(TooLargeError):
        check_request("anonymize", "# " + "x" * 200, None, replace(DEFAULT, parameters_bytes=100))
    with pytest.raises(InvalidInputError, match="twice"):
        check_request("anonymize", "(0010,0010)=x", {"params": "(0010,0010)=y"})


def test_params_for_other_actions_are_ignored_and_told() -> None:
    asked = check_request("merge", "(0010,0010)=x", None)

    assert asked.options == {}
    assert len(asked.notes) == 1


@pytest.mark.parametrize("action", SESSION_ACTIONS)
def test_without_a_suitable_file_there_is_nothing_to_do(action: str) -> None:
    with pytest.raises(InvalidInputError, match="no files"):
        check_inputs(action, [])
    with pytest.raises(InvalidInputError, match="none of the files"):
        check_inputs(action, [OTHER, OTHER])

    check_inputs(action, [OTHER, MULTI_FRAME])
    check_inputs(action, [ODD])


def test_split_wants_frames_and_pictures_want_pixels() -> None:
    with pytest.raises(InvalidInputError, match="multi-frame"):
        check_inputs("split", [DICOM])
    with pytest.raises(InvalidInputError, match="image"):
        check_inputs("export_png", [REPORT])

    check_inputs("headers", [REPORT])
