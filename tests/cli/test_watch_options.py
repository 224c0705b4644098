from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

import pytest

from isocenter.cli.watch_options import a_number_of_seconds, add_options, writing_actions


@pytest.fixture
def parser() -> ArgumentParser:
    parser = ArgumentParser()
    add_options(parser)
    return parser


def test_defaults_are_those_of_the_documents(parser: ArgumentParser) -> None:
    chosen = parser.parse_args(["patients"])

    assert chosen.paths == [Path("patients")]
    assert (chosen.watched, chosen.interval, chosen.recursive) == ("merge", 300, True)
    assert chosen.output_dir is chosen.scan_state_file is chosen.log_file is None


def test_every_action_that_writes_files_of_dicom_files_can_be_watched_for(
    parser: ArgumentParser,
) -> None:
    names = [action.name for action in writing_actions()]

    assert {"merge", "split", "headers"} <= set(names)
    assert not {"info", "summary", "convert_images", "convert_video"} & set(names)
    for name in names:
        assert parser.parse_args(["p", "--action", name]).watched == name


def test_options_of_actions_are_there_only_where_they_are_given(parser: ArgumentParser) -> None:
    assert "original_uids" not in parser.parse_args(["p"])
    assert parser.parse_args(["p", "--original-uids"]).original_uids is True
    assert parser.parse_args(["p", "--name-template", "x"]).name_template == "x"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["p", "--interval", "0"],
        ["p", "--interval", "soon"],
        ["p", "--action", "info"],
        ["p", "--jobs", "0"],
        [""],
    ],
    ids=str,
)
def test_wrong_usage_is_refused(parser: ArgumentParser, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(arguments)
    assert ended.value.code == 2


def test_an_interval_is_a_whole_number_of_seconds() -> None:
    assert a_number_of_seconds("300") == 300
    assert a_number_of_seconds("0") == 0
    for text in ("-1", "x", "1.5", "", "1e3", "٣"):
        with pytest.raises(ArgumentTypeError):
            a_number_of_seconds(text)
