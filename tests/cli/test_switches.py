import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom import dcmread

import isocenter
from isocenter.cli.switches import main
from tests.builders import instance, series, write, write_series

COMPLETED = re.compile(r"\n\nCompleted in \d+\.\d\d seconds\n\Z")
LOG_LINE = re.compile(r"\d\d:\d\d:\d\d \[(DEBUG|INFO|WARNING|ERROR)\] .+")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "patient"
    write_series(series(3), folder)
    return folder


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def lines_of(capsys: Captured) -> list[str]:
    """Return the action's lines: between the log file's and the time's."""
    text = capsys.readouterr().out
    assert text.startswith("Log file: none\n")
    assert COMPLETED.search(text), text
    return COMPLETED.sub("", text).split("\n")[1:]


def test_without_arguments_and_with_h_there_is_help(capsys: Captured) -> None:
    assert run() == 0
    without = capsys.readouterr().out
    assert run("-h") == 0
    assert capsys.readouterr().out == without

    for switch in (
        "-j",
        "-s",
        "-t",
        "--info",
        "--summary",
        "-c",
        "-f",
        "-F",
        "--skip-if-done",
        "--watch",
    ):
        assert f"  {switch}" in without


def test_c_prints_four_lines(capsys: Captured) -> None:
    assert run("-c") == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0] == f"Isocenter version {isocenter.__version__}"
    assert lines[3] == f"Python {sys.version.split()[0]}"


def test_j_merges_a_folder(folder: Path, capsys: Captured) -> None:
    assert run("-j", "-f", folder) == 0

    (output,) = folder.glob("*_multiframe.dcm")
    assert re.fullmatch(r"[A-Za-z0-9_-]+_series\d+_multiframe\.dcm", output.name)
    assert lines_of(capsys) == ["Created 1 multi-frame file(s)", f"  -> {output} (0.0 MB)"]


def test_f_takes_subfolders_and_capital_f_does_not(folder: Path, capsys: Captured) -> None:
    write_series(series(2, series_name="other"), folder / "inner")

    assert run("-j", "-F", folder) == 0
    assert lines_of(capsys)[0] == "Created 1 multi-frame file(s)"
    assert run("-j", "-f", folder) == 0
    assert lines_of(capsys)[0] == "Created 2 multi-frame file(s)"
    assert list((folder / "inner").glob("*_multiframe.dcm")) == []


def test_s_splits_and_counts_what_was_written(folder: Path, capsys: Captured) -> None:
    run("-j", "-f", folder)
    capsys.readouterr()

    assert run("-s", "-f", folder) == 0

    assert lines_of(capsys) == ["Split into 3 single-frame file(s)"]
    frames = sorted(path.name for path in folder.glob("*_frame*.dcm"))
    assert [name[-len("_frame0000.dcm") :] for name in frames] == [
        "_frame0000.dcm",
        "_frame0001.dcm",
        "_frame0002.dcm",
    ]


def test_s_takes_one_file(folder: Path, capsys: Captured) -> None:
    run("-j", "-f", folder)
    (merged,) = folder.glob("*_multiframe.dcm")
    capsys.readouterr()

    assert run("-s", "-f", merged) == 0
    assert lines_of(capsys) == ["Split into 3 single-frame file(s)"]


def test_s_run_again_makes_nothing_new(folder: Path) -> None:
    run("-j", "-f", folder)
    run("-s", "-f", folder)
    before = sorted(folder.iterdir())

    assert run("-s", "-f", folder) == 0
    assert run("-j", "-f", folder) in (0, 3)
    assert sorted(path for path in folder.iterdir() if "_frame" in path.name) == [
        path for path in before if "_frame" in path.name
    ]


def test_t_exports_headers_of_a_folder(folder: Path, capsys: Captured) -> None:
    assert run("-t", "-f", folder) == 0

    assert lines_of(capsys) == ["Exported 3 header(s) to text"]
    text = min(folder.glob("*.txt")).read_text()
    assert "--- File Meta Information ---" in text
    assert "--- Dataset ---" in text


def test_t_exports_the_header_of_one_file(folder: Path, capsys: Captured) -> None:
    path = min(folder.iterdir())

    assert run("-t", "-f", path) == 0
    assert lines_of(capsys) == [f"Exported header: {path.with_suffix('.txt')}"]


def test_t_never_replaces_a_file(folder: Path) -> None:
    path = min(folder.iterdir())
    path.with_suffix(".txt").write_text("the user's own")

    assert run("-t", "-f", path) == 0

    assert path.with_suffix(".txt").read_text() == "the user's own"
    assert (folder / f"{path.stem}_1.txt").exists()


def test_info_of_a_file_has_fifteen_lines(folder: Path, capsys: Captured) -> None:
    path = min(folder.iterdir())

    assert run("--info", "-f", path) == 0

    lines = lines_of(capsys)
    assert len(lines) == 15
    assert lines[0] == f"  {'filepath':<25}: {path}"
    assert lines[4] == f"  {'modality':<25}: CT"


def test_info_of_a_folder_goes_on_after_junk(folder: Path, capsys: Captured) -> None:
    (folder / "0.txt").write_text("junk")

    assert run("--info", "-f", folder) == 0
    assert len(lines_of(capsys)) == 3 * 4


def test_summary_counts(folder: Path, capsys: Captured) -> None:
    assert run("--summary", "-f", folder) == 0

    lines = lines_of(capsys)
    assert lines[:2] == [f"Folder Summary: {folder}", "=" * 60]
    assert "Total files: 3" in lines
    assert "Total frames: 3" in lines


def test_the_first_action_of_the_documented_order_wins(folder: Path, capsys: Captured) -> None:
    assert run("--summary", "--info", "-t", "-j", "-f", folder) == 0
    assert lines_of(capsys)[0] == "Created 1 multi-frame file(s)"
    assert run("--summary", "-t", "-s", "-f", folder) == 0
    assert lines_of(capsys)[0].startswith("Split into ")
    assert run("--summary", "--info", "-f", folder) == 0
    assert lines_of(capsys)[0].startswith("  filepath")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-j", "-f", "a", "-F", "b"],
        ["-j", "-f"],
        ["-j", "-f", ""],
        ["--frobnicate"],
        ["-j", "a"],
        ["--summ", "-f", "a"],
        ["-V"],
    ],
    ids=str,
)
def test_wrong_usage_ends_with_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)

    assert ended.value.code == 2


def refusal(capsys: Captured) -> str:
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0] == "Log file: none"
    assert lines[-1].startswith("ERROR: ")
    assert "[ERROR]" in captured.err
    return lines[-1].removeprefix("ERROR: ")


def test_nothing_to_do_ends_with_code_1(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "readme.txt").write_text("hello")
    file = min(folder.iterdir())

    assert run("-j") == 1
    assert refusal(capsys).startswith("no path given")
    assert run("-f", folder) == 1
    assert refusal(capsys).startswith("no action given")
    assert run("-j", "-f", tmp_path / "gone") == 1
    assert refusal(capsys) == f"path does not exist: {tmp_path / 'gone'}"
    assert run("-j", "-f", file) == 1
    assert refusal(capsys) == f"merging needs a folder: {file}"
    for switch in ("-j", "-s", "-t", "--info", "--summary"):
        assert run(switch, "-f", tmp_path / "empty") == 1
        assert refusal(capsys) == f"no files in {tmp_path / 'empty'}"
        assert run(switch, "-f", tmp_path / "junk") == 1
        assert refusal(capsys).endswith("1 file(s) skipped")


def test_some_failures_end_with_code_3_and_are_named(folder: Path, capsys: Captured) -> None:
    path = folder / "cut.dcm"
    write(instance(9), path)
    os.truncate(path, path.stat().st_size - 10)

    assert run("-j", "-f", folder) == 3

    captured = capsys.readouterr()
    assert "Created 1 multi-frame file(s)" in captured.out
    assert COMPLETED.search(captured.out)
    assert f"[ERROR] {path}: the file ends inside element" in captured.err


def test_log_lines_have_time_and_level(folder: Path, capsys: Captured) -> None:
    run("-j", "-f", folder, "--verbose")

    lines = capsys.readouterr().err.splitlines()
    assert all(LOG_LINE.fullmatch(line) for line in lines)
    assert sum("[DEBUG]" in line for line in lines) == 3
    assert lines[-1].endswith("[INFO] 3 file(s) done, 0 skipped, 0 failed")


def test_quiet_logs_errors_only_and_prints_all_the_same(folder: Path, capsys: Captured) -> None:
    assert run("-j", "-f", folder, "--quiet") == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    assert "Created 1 multi-frame file(s)" in captured.out


def test_a_log_file_is_written_where_it_is_named(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    log = tmp_path / "logs" / "my.log"

    assert run("-j", "-f", folder, "--log-file", log, "--quiet") == 0

    assert capsys.readouterr().out.startswith(f"Log file: {log}\n")
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[INFO\] ", log.read_text())


def test_a_log_file_that_cannot_be_written_is_told(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run("-j", "-f", folder, "--log-file", tmp_path) == 1
    assert capsys.readouterr().out == f"ERROR: cannot write the log file: {tmp_path}\n"
    assert list(folder.glob("*_multiframe.dcm")) == []


def test_a_folder_that_was_done_is_skipped(folder: Path, capsys: Captured) -> None:
    assert run("-j", "-f", folder, "--skip-if-done") == 0
    assert lines_of(capsys)[0] == "Created 1 multi-frame file(s)"
    marker = folder / ".dicompressor_done"
    assert json.loads(marker.read_text())["action"] == "merge"

    assert run("-j", "-f", folder, "--skip-if-done") == 0
    assert lines_of(capsys) == [
        f"SKIPPED (already processed): {folder}",
        f"  Marker: {marker}",
        "  Delete the marker file to re-process.",
    ]

    marker.unlink()
    assert run("-j", "-f", folder, "--skip-if-done") == 0
    assert lines_of(capsys)[0] == "Created 1 multi-frame file(s)"
    assert marker.exists()


@pytest.mark.parametrize(
    ("switch", "marker"),
    [
        ("-j", ".dicompressor_done"),
        ("-s", ".dicompressor_split_done"),
        ("-t", ".dicompressor_headers_done"),
    ],
)
def test_every_writing_action_has_its_own_marker(
    folder: Path, switch: str, marker: str, capsys: Captured
) -> None:
    run("-j", "-f", folder)
    capsys.readouterr()

    assert run(switch, "-f", folder, "--skip-if-done") == 0
    assert [path.name for path in folder.glob(".*")] == [marker]
    first = lines_of(capsys)
    assert run(switch, "-f", folder, "--skip-if-done") == 0
    assert lines_of(capsys)[0].startswith("SKIPPED")
    assert not first[0].startswith("SKIPPED")


def test_describing_actions_leave_no_marker(folder: Path) -> None:
    for switch in ("--info", "--summary"):
        assert run(switch, "-f", folder, "--skip-if-done") == 0
        assert run(switch, "-f", folder, "--skip-if-done") == 0

    assert list(folder.glob(".*")) == []


def test_a_single_file_is_processed_and_not_marked(folder: Path, capsys: Captured) -> None:
    path = min(folder.iterdir())

    assert run("-t", "-f", path, "--skip-if-done") == 0

    assert "[WARNING] --skip-if-done is for folders" in capsys.readouterr().err
    assert list(folder.glob(".*")) == []


def test_late_slices_are_skipped_and_reported(folder: Path, capsys: Captured) -> None:
    run("-j", "-f", folder, "--skip-if-done")
    write(instance(9), folder / "late.dcm")
    before = sorted(folder.iterdir())
    capsys.readouterr()

    assert run("-j", "-f", folder, "--skip-if-done") == 0

    captured = capsys.readouterr()
    assert "SKIPPED (already processed)" in captured.out
    assert "[WARNING]" in captured.err
    assert "(3 files then, 4 now)" in captured.err
    assert sorted(folder.iterdir()) == before


def test_partial_failure_leaves_no_marker(folder: Path) -> None:
    path = folder / "cut.dcm"
    write(instance(9), path)
    os.truncate(path, path.stat().st_size - 10)

    assert run("-j", "-f", folder, "--skip-if-done") == 3
    assert list(folder.glob(".*")) == []


def test_results_are_copied_to_the_output_folder(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "new" / "out"

    assert run("-j", "-f", folder, "--output-dir", out) == 0

    (merged,) = folder.glob("*_multiframe.dcm")
    (copy,) = out.iterdir()
    assert copy.name == merged.name
    assert copy.read_bytes() == merged.read_bytes()
    assert lines_of(capsys) == [
        "Created 1 multi-frame file(s)",
        f"  -> {merged} (0.0 MB)",
        f"Copied 1 file(s) to {out}",
    ]


def test_copies_never_replace_a_file(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_series(series(4), other)
    out = tmp_path / "out"

    assert run("-j", "-f", folder, "--output-dir", out) == 0
    assert run("-j", "-f", other, "--output-dir", out) == 0

    frames = {path.name: int(dcmread(path).NumberOfFrames) for path in out.iterdir()}
    (merged,) = folder.glob("*_multiframe.dcm")
    assert frames == {merged.name: 3, f"{merged.stem}_1.dcm": 4}


@pytest.mark.skipif(os.name != "posix", reason="names as POSIX has them")
def test_lines_with_odd_names_stay_one_line(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / b"a\nCompleted \x1b[31m\xff".decode(errors="surrogateescape")
    write_series(series(2), folder)

    assert run("-j", "-f", folder) == 0

    lines = lines_of(capsys)
    assert len(lines) == 2
    assert r"a\nCompleted \x1b[31m\udcff/" in lines[1]


@pytest.mark.parametrize("arguments", [["-h"], ["-c"], []], ids=str)
def test_help_and_version_load_no_heavy_library(arguments: list[str]) -> None:
    assert heavy_after(*arguments) == set()


def test_skipping_loads_no_heavy_library(folder: Path) -> None:
    run("-j", "-f", folder, "--skip-if-done")

    assert heavy_after("-j", "-f", str(folder), "--skip-if-done") == set()


def heavy_after(*arguments: str) -> set[str]:
    """Return which slow modules a run of these arguments loads."""
    script = """
import sys
from isocenter.cli.switches import main
assert main(sys.argv[1:]) == 0
heavy = {"pydicom", "numpy", "rich", "orjson", "isocenter.dicom.header_index"}
print("\\nheavy:", *(heavy & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True
    )
    return set(result.stdout.rpartition("heavy:")[2].split())
