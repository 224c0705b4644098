from argparse import ArgumentParser
from pathlib import Path

import pytest

from isocenter.cli.upload_options import PARALLEL_MAX, add_options
from isocenter.client import uploads

NAMED = ["--api-endpoint", "https://host", "--path", "images"]


@pytest.fixture
def parser() -> ArgumentParser:
    parser = ArgumentParser()
    add_options(parser)
    return parser


def test_the_documented_options_are_enough(parser: ArgumentParser) -> None:
    for arguments in (NAMED, ["-u", "https://host", "-p", "images"]):
        chosen = parser.parse_args(arguments)

        assert (chosen.api_endpoint, chosen.path) == ("https://host", [Path("images")])
        assert chosen.parallel == 8


@pytest.mark.parametrize(
    "wrong",
    [["--parallel", "21"], ["--parallel", "0"], ["--wait", "-1"], ["--wait", "nan"], ["-p", ""]],
)
def test_what_makes_no_sense_is_refused(
    parser: ArgumentParser, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parser.parse_args([*NAMED, *wrong])

    assert caught.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_help_and_engine_agree_on_the_bound() -> None:
    assert PARALLEL_MAX == uploads.PARALLEL_MAX
