from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.services.analysis_table import Analysis, Plan, read_analyses


def read(tmp_path: Path, text: str) -> tuple[Analysis, ...]:
    path = tmp_path / "analyses.toml"
    path.write_text(text)
    return read_analyses(str(path))


def test_a_file_names_commands_webhooks_and_the_built_in_one(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        [[analysis]]
        name = "lungs"
        command = ["/opt/lungs", "{study}", "{output}"]
        modalities = ["CT"]
        seconds = 600
        [[analysis]]
        name = "elsewhere"
        webhook = "https://host/hook"
        [[analysis]]
        name = "what"
        builtin = "sample"
        """,
    )

    command = ("/opt/lungs", "{study}", "{output}")
    assert found == (
        Analysis("lungs", command, "", frozenset({"CT"}), 600),
        Analysis("elsewhere", (), "https://host/hook"),
        Analysis("what"),
    )
    assert [one.is_builtin for one in found] == [False, False, True]


def test_a_word_and_nothing_are_enough() -> None:
    assert read_analyses("sample") == (Analysis("sample"),)
    assert read_analyses("") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "no TOML"),
        ("analysis = 1", "[[analysis]]"),
        ("other = 1", "[[analysis]]"),
        ("analysis = [1]", "no table"),
        ("[[analysis]]\nbuiltin = 'sample'", "needs a name"),
        ("[[analysis]]\nname = 'A B'\nbuiltin = 'sample'", "needs a name"),
        ("[[analysis]]\nname = 'a'", "needs one of"),
        ("[[analysis]]\nname = 'a'\nbuiltin = 'other'", "only built-in"),
        ("[[analysis]]\nname = 'a'\nbuiltin = 'sample'\nshell = 'x'", "no setting"),
        ("[[analysis]]\nname = 'a'\ncommand = 'rm -rf'", "list of texts"),
        ("[[analysis]]\nname = 'a'\ncommand = []", "list of texts"),
        ("[[analysis]]\nname = 'a'\ncommand = ['rm']", "whole path"),
        ("[[analysis]]\nname = 'a'\nwebhook = 'file:///etc'", "must be an address"),
        ("[[analysis]]\nname = 'a'\nbuiltin = 'sample'\nmodalities = 'CT'", "modalities"),
        ("[[analysis]]\nname = 'a'\nbuiltin = 'sample'\nseconds = true", "whole number"),
        ("[[analysis]]\nname = 'a'\nbuiltin = 'sample'\n" * 2, "same name"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path, text)

    assert sentence in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="ISOCENTER_ANALYSES"):
        read_analyses(str(tmp_path / "none.toml"))


def test_a_webhook_needs_to_know_where_the_server_is() -> None:
    hook = Analysis("hook", webhook="https://host")

    with pytest.raises(InvalidInputError, match="ISOCENTER_PUBLIC_URL"):
        Plan((hook,), 0)
    assert Plan((hook,), 0, "https://here").find("hook") is hook
    with pytest.raises(NotFoundError):
        Plan((hook,), 0, "https://here").find("other")
