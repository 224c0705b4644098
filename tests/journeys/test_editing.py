"""Elements, byte order and ACR-NEMA on the command line: lines, names, exit codes, whole files."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from isocenter.cli.switches import main
from tests.builders import instance, series, write, write_series

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    write_series(series(3), folder)
    (folder / "notes.txt").write_text("no DICOM")
    return folder


@pytest.fixture
def edits(tmp_path: Path) -> Path:
    edits = tmp_path / "edits.txt"
    edits.write_text("# who\n(0010,0010)=Doe^Jane\nm 0028 0106 US 3\nr 0008 0080\n")
    return edits


def said(capsys: Captured, *arguments: object) -> tuple[int, list[str]]:
    code = main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out.splitlines()


def test_modify_tells_how_many_and_names_a_single_one(
    folder: Path, edits: Path, capsys: Captured
) -> None:
    assert said(capsys, "-m", edits, "-f", folder)[1][1] == "Modified 3 file(s)"
    made = folder / "0001_mod.dcm"
    after = dcmread(made)
    assert (after.PatientName, after.SmallestImagePixelValue) == ("Doe^Jane", 3)
    assert "InstitutionName" not in after
    code, lines = said(capsys, "-M", edits, "-f", folder / "0000.dcm")
    assert (code, lines[1]) == (0, f"Modified: {folder / '0000.dcm'}")
    code, lines = said(capsys, "-M", edits, "-F", folder)
    assert (code, lines[1]) == (0, "Modified 6 file(s)")


@pytest.mark.parametrize(
    ("switch", "suffix", "line"),
    [
        ("-b", "_be", "Converted 3 file(s) to Big Endian"),
        ("-n", "_nema2", "Converted 3 file(s) from DICOM3 to NEMA2"),
    ],
)
def test_conversions_tell_what_they_did(
    folder: Path, switch: str, suffix: str, line: str, capsys: Captured
) -> None:
    assert said(capsys, switch, "-f", folder)[1][1] == line
    assert len(list(folder.glob(f"*{suffix}.dcm"))) == 3


def test_upper_case_turns_round_and_back_in_place(folder: Path, capsys: Captured) -> None:
    before = {path.name: dcmread(path).PixelData for path in folder.glob("*.dcm")}

    assert said(capsys, "-B", "-f", folder)[1][1] == "Converted 3 file(s) to Big Endian"
    uids = {dcmread(path).file_meta.TransferSyntaxUID for path in folder.glob("*.dcm")}
    assert uids == {ExplicitVRBigEndian}
    assert said(capsys, "-L", "-f", folder)[1][1] == "Converted 3 file(s) to Little Endian"
    after = {path.name: dcmread(path) for path in folder.glob("*.dcm")}
    assert {one.file_meta.TransferSyntaxUID for one in after.values()} == {ExplicitVRLittleEndian}
    assert {name: one.PixelData for name, one in after.items()} == before


def test_acr_nema_in_place_and_back(tmp_path: Path, capsys: Captured) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    assert said(capsys, "-N", "-f", path)[1][1] == f"Converted: {path}"
    assert path.read_bytes()[128:132] != b"DICM"
    assert said(capsys, "-P", "-f", path)[1][1] == f"Converted: {path}"
    assert dcmread(path).PixelData == instance().PixelData


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PatientID=1\n\nPatientBirthDate=soon\n", "line 3: the value for PatientBirthDate"),
        ("PatientID", "line 1: write"),
        ("(7FE0,0010)=00", "line 1: pixel data cannot be edited"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_touched(
    folder: Path, tmp_path: Path, text: str, words: str, capsys: Captured
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    bad = tmp_path / "bad.txt"
    bad.write_text(text)

    code = main(["-M", str(bad), "-f", str(folder)])

    printed = capsys.readouterr()
    assert code != 0
    assert words in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_missing_file_of_edits_is_an_error(folder: Path, capsys: Captured) -> None:
    code = main(["-m", str(folder / "none.txt"), "-f", str(folder)])

    printed = capsys.readouterr()
    assert code == 1
    assert "no such file of parameters" in printed.out + printed.err


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
def test_killing_it_in_place_tears_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    originals = write_series(series(40, rows=128, columns=128), folder)
    before = {path.name: path.read_bytes() for path in originals}
    done = tmp_path / "done"
    shutil.copytree(folder, done)
    program = [str(Path(sys.executable).parent / "isocenter"), "convert", "--big-endian"]
    command = [*program, "--in-place", "--quiet"]
    subprocess.run([*command, str(done)], check=True, timeout=60)
    after = {path.name: path.read_bytes() for path in done.iterdir()}

    for wait_seconds in (0.25, 0.35, 0.45, 0.6):
        for name, data in before.items():
            (folder / name).write_bytes(data)
        process = subprocess.Popen([*command, str(folder)], start_new_session=True)
        time.sleep(wait_seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)

        for name, data in before.items():
            assert (folder / name).read_bytes() in (data, after[name])
