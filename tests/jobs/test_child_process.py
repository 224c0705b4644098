"""The child's side of the sandbox, called in this process where no process is needed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pytest

from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.jobs.child_process import Function, answer
from isocenter.jobs.sandbox import from_answer
from isocenter.limits import DEFAULT, Limits


def double(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Write the source twice."""
    del limits
    target.write(source.read() * 2)
    return {"warnings": ["twice"]}


def fail(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Fail as foreign code does, with a value in the text."""
    del source, target, limits
    raise KeyError("CANARY")


def unsayable(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Return what JSON cannot say."""
    del source, target, limits
    return {"bytes": b"CANARY"}


CRAFTED: Mapping[str, Function] = {"double": double, "fail": fail, "unsayable": unsayable}


def ask(folder: Path, function: str) -> bytes:
    (folder / "source").write_bytes(b"ab")
    (folder / "target").touch()
    request = {
        "function": function,
        "source": str(folder / "source"),
        "target": str(folder / "target"),
        "options": {},
    }
    return answer(json.dumps(request).encode(), CRAFTED, DEFAULT)


@pytest.fixture(autouse=True)
def _no_limits_on_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    # They cannot be taken back, and this process runs the other tests, too.
    monkeypatch.setattr("isocenter.jobs.child_process._limit_output", lambda *_: None)


def test_function_reads_the_source_and_writes_the_target(tmp_path: Path) -> None:
    facts = from_answer(ask(tmp_path, "double"))

    assert facts == {"warnings": ["twice"]}
    assert (tmp_path / "target").read_bytes() == b"abab"


def test_foreign_exception_is_told_by_its_class_only(tmp_path: Path) -> None:
    line = ask(tmp_path, "fail")

    assert b"CANARY" not in line
    with pytest.raises(InvalidInputError, match="the reader failed with KeyError"):
        from_answer(line)


def test_facts_that_json_cannot_tell_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="TypeError"):
        from_answer(ask(tmp_path, "unsayable"))


def test_function_outside_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError):
        from_answer(ask(tmp_path, "builtins:exec"))


@pytest.mark.parametrize("line", [b"", b"null", b"{}", b"\xff", b'{"function": []}'])
def test_broken_request_is_answered(line: bytes) -> None:
    with pytest.raises(InvalidInputError):
        from_answer(answer(line, CRAFTED, DEFAULT))
