import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import isocenter
from isocenter.cli.main import main
from isocenter.cli.process import number_of_jobs, shown, with_key_file
from isocenter.services.actions import ACTIONS, Option
from isocenter.settings import Settings
from tests.builders import instance, series, write, write_series
from tests.conftest import Unprivileged

needs_posix = pytest.mark.skipif(os.name != "posix", reason="names and pipes as in POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    write_series(series(3), folder / "a")
    write_series(series(2, series_name="other"), folder / "b")
    return folder


def truncated(folder: Path) -> Path:
    path = folder / "cut.dcm"
    write(instance(9), path)
    os.truncate(path, path.stat().st_size - 10)
    return path


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def test_outputs_are_named_on_stdout_and_nothing_on_stderr(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("merge", folder / "a")

    output = next((folder / "a").glob("*_multiframe.dcm"))
    captured = capsys.readouterr()
    assert code == 0
    assert captured.out == f"{output} (0.0 MB, 3 frames)\n"
    assert captured.err == ""


def test_outputs_go_to_the_folder_that_is_named(folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.rglob("*"))

    assert run("headers", folder, "--out", tmp_path / "new" / "out") == 0

    assert sorted(folder.rglob("*")) == before
    written = sorted(
        path.relative_to(tmp_path / "new" / "out").as_posix()
        for path in (tmp_path / "new" / "out").rglob("*.txt")
    )
    assert len(written) == 5
    assert {path.split("/")[0] for path in written} == {"a", "b"}


def test_folders_inside_are_left_out_on_request(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("summary", folder, "--no-recursive") == 1
    assert run("summary", folder / "a", "--no-recursive") == 0
    assert run("summary", folder, "--recursive") == 0
    assert "Total files: 5" in capsys.readouterr().out


def test_json_is_printed_as_utf8_json(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run("info", folder, "--json") == 0

    facts = json.loads(capsysbinary.readouterr().out)
    assert len(facts) == 5
    assert {fact["modality"] for fact in facts} == {"CT"}


def test_quiet_prints_failures_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a" / "readme.txt").write_text("hello")
    path = truncated(folder / "a")

    code = run("merge", folder / "a", "--quiet")

    captured = capsys.readouterr()
    assert code == 3
    assert captured.out == ""
    assert captured.err.startswith(f"failed: {path}: the file ends inside element")
    assert captured.err.count("\n") == 1


def test_what_was_skipped_and_what_failed_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("readme.txt", "notes.txt"):
        (folder / "a" / name).write_text("hello")
    path = truncated(folder / "a")

    code = run("merge", folder / "a")

    lines = capsys.readouterr().err.splitlines()
    assert code == 3
    assert lines[0].startswith(f"failed: {path}: ")
    assert lines[1].startswith("skipped: 2 file(s): not a DICOM file")
    assert lines[-1] == "3 done, 2 skipped, 1 failed"


def test_a_folder_without_files_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("merge", tmp_path) == 1
    assert capsys.readouterr().err == "no files found\n"


def test_a_path_that_is_not_there_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "gone"

    assert run("merge", missing) == 1
    assert run("merge", missing, folder / "a") == 3

    named = f"failed: {missing}: there is no such file or folder\n"
    assert capsys.readouterr().err.count(named) == 2


def test_a_report_tells_what_became_of_every_input(folder: Path, tmp_path: Path) -> None:
    (folder / "readme.txt").write_text("hello")
    path = truncated(folder / "a")
    report = tmp_path / "report.json"

    assert run("merge", folder, "--out", tmp_path / "out", "--report", report) == 3

    content = json.loads(report.read_text())
    assert (content["program"], content["version"]) == ("isocenter", isocenter.__version__)
    assert content["action"] == "merge"
    assert content["seconds"] >= 0
    assert content["error"] == ""
    assert (content["done"], content["skipped"], content["failed"]) == (5, 1, 1)
    by_path = {outcome["path"]: outcome for outcome in content["files"]}
    assert set(by_path) == {str(found) for found in folder.rglob("*") if found.is_file()}
    assert by_path[str(path)]["reason"].startswith("the file ends inside element")
    outputs = {output["path"]: output["frames"] for output in content["outputs"]}
    assert sorted(outputs.values()) == [2, 3]
    assert all(Path(output).stat().st_size for output in outputs)
    assert {tuple(outcome["outputs"]) for outcome in by_path.values()} == {
        (),
        *((output,) for output in outputs),
    }
    assert isinstance(content["warnings"], list)


def test_a_report_replaces_an_older_one(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("old")

    assert run("summary", folder, "--report", report) == 0

    assert json.loads(report.read_text())["done"] == 5


def test_a_report_says_why_the_whole_action_failed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOCENTER_LIMIT_FOLDER_FILES", "1")
    report = tmp_path / "report.json"

    assert run("merge", folder, "--report", report) == 1

    content = json.loads(report.read_text())
    assert content["error"].startswith("folder_files: ")
    assert content["files"] == []


def test_a_report_in_a_missing_folder_is_noticed_before_the_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("merge", folder, "--report", tmp_path / "gone" / "report.json") == 2

    assert "--report" in capsys.readouterr().err
    assert list(folder.rglob("*_multiframe.dcm")) == []


def test_a_report_that_cannot_be_written_is_a_failure(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("summary", folder, "--report", tmp_path)

    captured = capsys.readouterr()
    assert code == 3
    assert captured.err.startswith(f"failed: {tmp_path}: not written: ")
    assert "Total files: 5" in captured.out


@needs_posix
def test_a_report_can_go_into_a_pipe(folder: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()

    assert run("summary", folder, "--report", pipe) == 0

    reader.join(10)
    assert json.loads(read[0])["done"] == 5


@needs_posix
def test_a_report_names_files_that_are_not_utf8(tmp_path: Path) -> None:
    folder = tmp_path / b"\xff\n".decode(errors="surrogateescape")
    write_series(series(2), folder)

    assert run("merge", folder, "--report", tmp_path / "report.json") == 0

    content = json.loads((tmp_path / "report.json").read_text())
    assert all(outcome["path"].startswith(str(folder)) for outcome in content["files"])


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_jobs_must_be_a_number_from_1(folder: Path, number: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run("merge", folder, "--jobs", number)

    assert ended.value.code == 2


def test_jobs_are_chosen_or_set_or_one_a_core() -> None:
    assert number_of_jobs(Settings(jobs=3), 2) == 2
    assert number_of_jobs(Settings(jobs=3)) == 3
    assert 1 <= number_of_jobs(Settings()) <= (os.cpu_count() or 1)


def test_a_wrong_setting_is_wrong_usage(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ISOCENTER_JOBS", "many")

    assert run("merge", folder) == 2
    assert "ISOCENTER_JOBS" in capsys.readouterr().err


def test_a_wrong_option_value_is_wrong_usage(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("merge", folder, "--name-template", "{patient}") == 2
    assert "template" in capsys.readouterr().err


def test_options_of_an_action_reach_it(folder: Path, tmp_path: Path) -> None:
    assert run("merge", folder / "a", "--name-template", "s{index}", "--out", tmp_path / "o") == 0
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["s1.dcm"]


def test_the_fast_way_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert run("merge", folder / "a", "--out", tmp_path / "x") == 0
    assert run("merge", folder / "a", "--out", tmp_path / "y", "--no-fsync") == 0

    (durable,), (fast,) = (list((tmp_path / name).iterdir()) for name in "xy")
    assert durable.read_bytes() == fast.read_bytes()


@needs_posix
def test_a_folder_that_may_not_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], unprivileged: Unprivileged
) -> None:
    (folder / "a").chmod(0o555)

    with unprivileged(folder / "a"):
        code = run("merge", folder / "a")

    captured = capsys.readouterr()
    assert code == 1
    assert captured.out == ""
    assert captured.err.count(": no permission\n") == 3


def test_paths_are_shown_on_one_line() -> None:
    assert shown(Path("a\nb\x1b[31m")) == r"a\nb\x1b[31m"
    assert shown(Path(b"\xff".decode(errors="surrogateescape"))) == r"\udcff"


def test_pseudonyms_have_the_users_own_key_unless_another_is_given(tmp_path: Path) -> None:
    action = replace(ACTIONS["split"], options=(Option("key_file", "file", "", "the key"),))
    home = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}

    own = with_key_file(action, {"key_file": None}, Settings(), home)
    chosen = with_key_file(action, {"key_file": Path("k")}, Settings(), home)
    setting = with_key_file(action, {}, Settings(key_file="other"), home)
    homeless = with_key_file(action, {}, Settings(), {})
    other_action = with_key_file(ACTIONS["merge"], {}, Settings(), home)

    name = own["key_file"]
    assert isinstance(name, Path)
    assert name.name == "pseudonyms.key"
    assert name.is_relative_to(tmp_path)
    assert chosen == {"key_file": Path("k")}
    assert setting == {"key_file": Path("other")}
    assert homeless == other_action == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "--in-place"],
        ["convert", "--nema2", "--multiframe"],
        ["convert", "--nema2", "--set", "PatientID=1"],
        ["export", "--video", "--bits", "16"],
    ],
)
def test_options_of_another_action_are_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = arguments

    assert main([command, str(tmp_path), *options]) == 2

    assert "does not go with" in capsys.readouterr().err
