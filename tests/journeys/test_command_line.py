"""The command line as its users meet it: documented examples as written, and bad input."""

import hashlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydicom import dcmread

from isocenter.cli.main import main
from tests.builders import CANARY, instance, series, write, write_series
from tests.conftest import Mounted, Unprivileged

# What would otherwise hang must fail instead.
TIMEOUT_SECONDS = 60
PROGRAMS = {
    "isocenter": (sys.executable, "-m", "isocenter.cli.main"),
    "dicompressor": (sys.executable, "-m", "isocenter.cli.switches"),
}
needs_posix = pytest.mark.skipif(os.name != "posix", reason="names and signals as in POSIX")


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAMS[program], *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=TIMEOUT_SECONDS,
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def cut(path: Path) -> Path:
    """Make a file that ends too early."""
    write(instance(90), path)
    os.truncate(path, path.stat().st_size - 10)
    return path


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    folder = tmp_path / "patient_folder"
    write_series(series(4), folder)
    return folder


@pytest.fixture
def merged(patient: Path, tmp_path: Path) -> Path:
    """Return a multi-frame file alone in its folder."""
    assert run("isocenter", "merge", patient, "--out", tmp_path / "merged").returncode == 0
    return next((tmp_path / "merged").iterdir())


# The blocks stand in the documents as they stand here.
SKIP_IF_DONE = """
# Merge, but skip if already processed
python3 dicompressor.py -j --skip-if-done -f /path/to/patient_folder

# Second run — instantly skips
python3 dicompressor.py -j --skip-if-done -f /path/to/patient_folder
# Output: SKIPPED (already processed)

# To re-process, delete the marker:
rm /path/to/patient_folder/.dicompressor_done
"""
OUTPUT_DIR = """
# Single merge + copy result:
python3 dicompressor.py -j --output-dir /data/merged -f /path/to/patient_folder
"""


def run_block(block: str, patient: Path, data: Path) -> subprocess.CompletedProcess[str]:
    """Run a documented block in a shell, with our program and our folders in it."""
    script = (
        block.replace("python3 dicompressor.py", shlex.join(PROGRAMS["dicompressor"]))
        .replace("/path/to/patient_folder", str(patient))
        .replace("/data/", f"{data}/")
    )
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


@needs_posix
def test_the_documented_skip_if_done_block_runs_as_written(patient: Path, tmp_path: Path) -> None:
    for _ in range(2):
        result = run_block(SKIP_IF_DONE, patient, tmp_path)

        assert result.returncode == 0, result.stderr
        assert result.stdout.count("Created 1 multi-frame file(s)\n") == 1
        assert result.stdout.count(f"SKIPPED (already processed): {patient}\n") == 1
        assert result.stdout.index("Created") < result.stdout.index("SKIPPED")
    assert len(names_in(patient)) == 4 + 1


@needs_posix
def test_the_documented_output_dir_block_runs_as_written(patient: Path, tmp_path: Path) -> None:
    result = run_block(OUTPUT_DIR, patient, tmp_path)

    assert result.returncode == 0, result.stderr
    (copy,) = (tmp_path / "merged").iterdir()
    assert (patient / copy.name).read_bytes() == copy.read_bytes()
    assert dcmread(copy).NumberOfFrames == 4


@pytest.mark.parametrize(
    ("switches", "line"),
    [
        (["-j"], "Created 1 multi-frame file(s)"),
        (["-t"], "Exported 4 header(s) to text"),
        (["--info"], "  filepath                 : {path}"),
        (["--summary"], "Folder Summary: {folder}"),
    ],
    ids=str,
)
def test_each_documented_switch_works_on_a_folder(
    patient: Path, switches: list[str], line: str
) -> None:
    result = run("dicompressor", *switches, "-f", patient)

    first = min(patient.glob("*.dcm"))
    lines = result.stdout.splitlines()
    assert (result.returncode, lines[0]) == (0, "Log file: none")
    assert lines[1] == line.format(path=first, folder=patient)
    assert lines[-2] == ""
    assert lines[-1].startswith("Completed in ")


def test_the_documented_split_switch_works_on_a_file(merged: Path) -> None:
    result = run("dicompressor", "-s", "-f", merged)

    assert result.returncode == 0
    assert "Split into 4 single-frame file(s)\n" in result.stdout
    assert names_in(merged.parent) == [
        merged.name,
        *(f"{merged.stem}_frame{number:04d}.dcm" for number in range(4)),
    ]


def test_the_installed_entries_are_the_same_programs() -> None:
    folder = Path(sys.executable).parent
    for name in PROGRAMS:
        entry = folder / name
        if not entry.exists():
            pytest.skip("the package is not installed beside this Python")
        installed = subprocess.run([entry, "-h"], check=False, capture_output=True, text=True)

        assert (installed.returncode, installed.stdout) == (0, run(name, "-h").stdout)


def test_both_programs_write_the_same_bytes(patient: Path, merged: Path) -> None:
    assert run("dicompressor", "-j", "-f", patient).returncode == 0

    assert (patient / merged.name).read_bytes() == merged.read_bytes()


def test_everything_can_be_run_again_and_again(patient: Path) -> None:
    def run_all() -> dict[str, str]:
        for switch in ("-j", "-s", "-t"):
            assert run("dicompressor", switch, "-f", patient).returncode == 0
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in patient.iterdir()
        }

    first = run_all()
    second = run_all()

    assert {name: second.get(name) for name in first} == first


# Bad input: a clear sentence that names the file, the right code, nothing half-written.


@pytest.mark.parametrize("program", list(PROGRAMS))
def test_an_empty_folder_is_nothing_to_do(program: str, tmp_path: Path) -> None:
    arguments: list[str | Path]
    arguments = ["merge", tmp_path] if program == "isocenter" else ["-j", "-f", tmp_path]

    result = run(program, *arguments)

    assert result.returncode == 1
    assert "no files" in result.stdout + result.stderr
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("program", list(PROGRAMS))
@pytest.mark.parametrize("action", ["merge", "split"])
def test_a_folder_of_junk_is_nothing_to_do(program: str, action: str, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.dcm").write_bytes(os.urandom(300 * number))
    switch = {"merge": "-j", "split": "-s"}[action]
    arguments: list[str | Path]
    arguments = [action, tmp_path] if program == "isocenter" else [switch, "-f", tmp_path]

    result = run(program, *arguments)

    assert result.returncode == 1
    assert "5" in result.stdout + result.stderr
    assert len(names_in(tmp_path)) == 5


def test_one_truncated_file_among_many_is_named_and_the_others_are_merged(
    patient: Path, tmp_path: Path
) -> None:
    path = cut(patient / "0002b.dcm")
    out = tmp_path / "out"

    result = run("isocenter", "merge", patient, "--out", out, "--report", tmp_path / "r.json")

    assert result.returncode == 3
    assert f"failed: {path}: the file ends inside element" in result.stderr
    (output,) = out.iterdir()
    assert dcmread(output).NumberOfFrames == 4
    report = json.loads((tmp_path / "r.json").read_text())
    assert [file["path"] for file in report["files"] if file["status"] == "failed"] == [str(path)]


def test_only_truncated_files_are_nothing_to_do(tmp_path: Path) -> None:
    path = cut(tmp_path / "a.dcm")

    result = run("isocenter", "merge", tmp_path)

    assert result.returncode == 1
    assert str(path) in result.stderr
    assert names_in(tmp_path) == ["a.dcm"]


def test_a_single_file_that_is_no_dicom_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("hello")

    for action in ("merge", "split", "headers", "info", "summary"):
        result = run("isocenter", action, path)
        assert result.returncode == 1
        assert result.stderr.startswith(f"failed: {path}: not a DICOM file")


@needs_posix
def test_an_unreadable_file_is_named(
    patient: Path, capsys: pytest.CaptureFixture[str], unprivileged: Unprivileged
) -> None:
    path = patient / "locked.dcm"
    write(instance(9), path)
    path.chmod(0)

    with unprivileged(patient):
        code = main(["summary", str(patient)])

    captured = capsys.readouterr()
    assert code == 3
    assert f"failed: {path}: no permission\n" in captured.err
    assert "Total files: 4" in captured.out


@needs_posix
def test_pipes_sockets_and_circles_do_not_hang(patient: Path, tmp_path: Path) -> None:
    os.mkfifo(patient / "pipe.dcm")
    (patient / "circle").symlink_to(patient)
    (patient / "self.dcm").symlink_to(patient / "self.dcm")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(patient / "socket.dcm"))

        result = run("isocenter", "merge", patient, "--out", tmp_path / "out")
        named = run("isocenter", "headers", patient / "pipe.dcm")

    assert result.returncode == 3
    assert f"failed: {patient / 'self.dcm'}: " in result.stderr
    assert "skipped: 2 file(s): not a regular file" in result.stderr
    assert "skipped: 1 file(s): a linked folder, which is not followed" in result.stderr
    assert len(names_in(tmp_path / "out")) == 1
    assert named.returncode == 1
    assert named.stderr.startswith(f"failed: {patient / 'pipe.dcm'}: not a regular file")


@pytest.mark.parametrize("arguments", [["merge", "{slices}"], ["split", "{merged}"]], ids=str)
def test_a_full_disk_is_told_and_nothing_half_written_is_left(
    tmp_path: Path, arguments: list[str], mounted: Mounted
) -> None:
    slices = tmp_path / "slices"
    write_series(series(6, rows=64, columns=64), slices)
    assert run("isocenter", "merge", slices, "--out", tmp_path / "m").returncode == 0
    merged = next((tmp_path / "m").iterdir())
    out = tmp_path / "out"
    out.mkdir()
    given = [argument.format(slices=slices, merged=merged) for argument in arguments]

    with mounted(out, "size=12k"):
        result = run("isocenter", *given, "--out", out)

        assert names_in(out) == []
    assert result.returncode == 1
    assert "the disk is full" in result.stderr
    assert result.stdout == ""


def test_a_full_disk_under_dicompressor_leaves_nothing(tmp_path: Path, mounted: Mounted) -> None:
    folder = tmp_path / "patient"
    folder.mkdir()
    with mounted(folder, "size=100k"):
        write_series(series(8, rows=64, columns=64), folder)
        before = names_in(folder)

        result = run("dicompressor", "-j", "-f", folder, "--skip-if-done")

        assert names_in(folder) == before
    assert result.returncode == 1
    assert "the disk is full" in result.stderr
    assert "ERROR: " in result.stdout


def test_a_read_only_folder_is_told(patient: Path, tmp_path: Path, mounted: Mounted) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with mounted(out, "ro"):
        result = run("isocenter", "merge", patient, "--out", out / "new")
        beside = run("isocenter", "merge", patient, "--out", out)

    assert (result.returncode, beside.returncode) == (1, 1)
    assert "the file system is read-only" in result.stderr
    assert "the file system is read-only" in beside.stderr


@needs_posix
@pytest.mark.parametrize(
    "name",
    [
        "with space",
        'it\'s "quoted"',
        "line\nfailed: forged",
        "dots..",
        "a..b",
        "-j",
        "$(touch x)`id`;",
        "\x1b[31mred",
        "b\udcff\udcfe",
        "山田",
        "%s%n{0}",
    ],
)
def test_any_name_works_and_is_shown_on_one_line(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    write_series(series(3), folder)
    path = cut(folder / f"{name}.dcm")

    result = run("isocenter", "merge", folder, "--report", tmp_path / "report.json")
    old = run("dicompressor", "-t", "-f", folder)

    assert (result.returncode, old.returncode) == (3, 0)
    assert len(result.stdout.splitlines()) == 1
    assert len([line for line in result.stderr.splitlines() if line.startswith("failed:")]) == 1
    assert "\x1b" not in result.stdout + result.stderr + old.stdout + old.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert str(path) in [file["path"] for file in report["files"]]
    assert (folder / f"{name}.txt").exists()


def test_paths_with_dots_work(patient: Path) -> None:
    result = run("isocenter", "merge", patient / ".." / patient.name, "--out", patient / ".." / "o")

    assert result.returncode == 0
    assert len(names_in(patient.parent / "o")) == 1


def test_a_neutral_name_template_keeps_the_name_out_of_everything(
    patient: Path, tmp_path: Path
) -> None:
    cut(patient / "cut.dcm")
    (patient / "x.txt").write_text("junk")

    result = run(
        *("isocenter", "merge", patient, "--name-template", "series{number}_{index}"),
        *("--out", tmp_path / "out", "--report", tmp_path / "report.json"),
    )

    seen = result.stdout + result.stderr + (tmp_path / "report.json").read_text()
    assert result.returncode == 3
    assert CANARY not in seen + " ".join(names_in(tmp_path / "out"))


@needs_posix
def test_ctrl_c_ends_with_one_line(patient: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # nobody reads it: writing the report waits
    command = [*PROGRAMS["isocenter"], "summary", str(patient), "--report", str(pipe)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=TIMEOUT_SECONDS)

    assert process.returncode == 130
    assert errors == "isocenter: interrupted, nothing half-written is left\n"
    assert output == ""


@needs_posix
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_merge_that_is_stopped_shows_no_half_file(tmp_path: Path, number: signal.Signals) -> None:
    slices = tmp_path / "slices"
    write_series(series(120, rows=128, columns=128), slices)
    reference = tmp_path / "reference"
    started = time.monotonic()
    assert run("isocenter", "merge", slices, "--out", reference).returncode == 0
    whole_seconds = time.monotonic() - started
    complete = next(reference.iterdir())
    stopped = 0
    for step in range(1, 13):
        out = tmp_path / f"out{step}"
        command = [*PROGRAMS["isocenter"], "merge", str(slices), "--out", str(out)]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(whole_seconds * step / 12)
            process.send_signal(number)
            process.wait(TIMEOUT_SECONDS)
        stopped += process.returncode != 0
        for path in out.glob("*") if out.exists() else ():
            if number == signal.SIGKILL and path.name.startswith(".isocenter-"):
                continue
            assert path.name == complete.name
            assert path.read_bytes() == complete.read_bytes()
    assert stopped >= 4
