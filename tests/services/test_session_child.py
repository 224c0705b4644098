"""One action in the folder of a job: names of the session go in and come out, nothing else."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from isocenter.services.session_child import run
from tests.builders import instance, series, to_bytes


class Told:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[tuple[int, int, str]] = []

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        self.steps.append((done, total, label))

    def log(self, line: str) -> None:
        self.lines.append(line)


def run_in(
    folder: Path,
    action: str,
    files: Mapping[str, bytes],
    options: Mapping[str, object] | None = None,
) -> tuple[dict[str, object], Told]:
    """Run an action on files that lie under their hash, as blobs do."""
    scratch = folder / "scratch"
    scratch.mkdir()
    inputs = []
    for number, (name, data) in enumerate(files.items()):
        path = folder / f"blob{number}"
        path.write_bytes(data)
        inputs.append({"path": str(path), "name": name})
    told = Told()
    with contextlib.chdir(scratch):
        answer = run(
            {
                "action": action,
                "options": dict(options or {}),
                "inputs": inputs,
                "notes": [],
                "key": "k" * 64,
                "jobs": 1,
            },
            told,
        )
    return dict(answer), told


def names_of(answer: Mapping[str, object]) -> list[str]:
    outputs = answer["outputs"]
    assert isinstance(outputs, list)
    return [one["name"] for one in outputs]


def test_inputs_are_linked_under_generated_names(tmp_path: Path) -> None:
    files = {"patient name.dcm": to_bytes(instance(0)), "IM1": to_bytes(instance(1))}

    answer, told = run_in(tmp_path, "headers", files)

    linked = sorted((tmp_path / "scratch" / "in").iterdir())
    assert [path.name for path in linked] == ["input_00001.dcm", "input_00002"]
    assert linked[0].samefile(tmp_path / "blob0")
    assert names_of(answer) == ["patient_name.txt", "IM1.txt"]
    assert told.lines == str(answer["log"]).split("\n")
    assert told.steps[-1][0] == told.steps[-1][1] == 2


def test_inputs_are_never_changed(tmp_path: Path) -> None:
    data = to_bytes(instance(0))

    run_in(tmp_path, "compress_lossless", {"a.dcm": data})

    assert (tmp_path / "blob0").read_bytes() == data


def test_same_bytes_under_two_names_are_two_files(tmp_path: Path) -> None:
    data = to_bytes(instance(0))
    (tmp_path / "blob0").write_bytes(data)

    answer, _ = run_in(tmp_path, "headers", {"a.dcm": data, "b.dcm": data})

    assert names_of(answer) == ["a.txt", "b.txt"]


def test_files_on_another_file_system_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "cross-device link")

    monkeypatch.setattr(os, "link", refuse)

    answer, _ = run_in(tmp_path, "info", {"a.dcm": to_bytes(instance(0))})

    assert answer["success"] is True


def test_suffixes_stand_before_the_suffix_of_the_name(tmp_path: Path) -> None:
    files = {
        "a.dcm": to_bytes(instance(0)),
        "IM1": to_bytes(instance(1)),
        "1.2.840.5": to_bytes(instance(2)),
    }

    answer, _ = run_in(tmp_path, "compress_lossless", files, {"codec": "rle"})

    assert names_of(answer) == ["a_jll.dcm", "IM1_jll", "1.2.840_jll.5"]


def test_neutral_names_where_the_patient_may_not_show(tmp_path: Path) -> None:
    files = {f"{k}.dcm": to_bytes(one) for k, one in enumerate(series(2))}

    answer, _ = run_in(tmp_path, "merge", files, {"name_template": "stack{number}"})

    assert names_of(answer) == ["stack31.dcm"]


def test_an_action_that_gives_up_answers_with_its_sentence(tmp_path: Path) -> None:
    answer, told = run_in(
        tmp_path, "merge", {"a.dcm": to_bytes(instance(0))}, {"name_template": "*?\\"}
    )

    assert answer["success"] is False
    assert str(answer["error"]).startswith("the name template takes")
    assert told.lines[-1] == f"[ERROR] {answer['error']}"
    assert answer["outputs"] == []


def test_no_path_of_the_machine_is_told(tmp_path: Path) -> None:
    files = {"a.dcm": to_bytes(instance(0)), "b.dcm": to_bytes(instance(1))[:-9], "c": b"text"}

    for action in ("info", "summary", "merge"):
        folder = tmp_path / action
        folder.mkdir()
        answer, _ = run_in(folder, action, files)
        assert str(tmp_path) not in str({**answer, "outputs": ""})
        assert "input_0" not in str({**answer, "outputs": ""})


def test_no_file_in_the_scratch_folder_is_named_after_the_patient(tmp_path: Path) -> None:
    files = {f"{index}.dcm": to_bytes(dataset) for index, dataset in enumerate(series(3))}

    answer, _ = run_in(tmp_path, "merge", files)

    assert "CANARY" in names_of(answer)[0]
    assert names_of(answer)[0].endswith("_multiframe.dcm")
    assert not [path for path in (tmp_path / "scratch").rglob("*") if "CANARY" in path.name]
