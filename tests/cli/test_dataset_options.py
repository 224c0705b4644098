"""Options of `isocenter dataset`: what must be said, and what may be."""

from argparse import ArgumentParser

import pytest

from isocenter.cli.dataset_options import CREATE, LIST, WHAT, add_options


@pytest.fixture
def parser() -> ArgumentParser:
    made = ArgumentParser()
    add_options(made)
    return made


def test_labels_are_said_several_times(parser: ArgumentParser) -> None:
    line = ["create", "CTs", "--channel", "CT", "--label", "a", "--label", "b"]

    chosen = parser.parse_args(line)

    assert (getattr(chosen, WHAT), chosen.name, chosen.channel) == (CREATE, "CTs", "CT")
    assert (chosen.label, chosen.status, chosen.json) == (["a", "b"], None, False)
    assert getattr(parser.parse_args(["list", "--json"]), WHAT) == LIST


@pytest.mark.parametrize("line", [[], ["create"], ["create", "a", "--status", "lost"]])
def test_what_is_not_enough_is_refused(
    parser: ArgumentParser, line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args(line)
    assert "usage" in capsys.readouterr().err
