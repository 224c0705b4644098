"""`isocenter dicomdir` and `dicompressor -d|-D` on the command line; every file in a copy."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pydicom
import pytest
from pydicom import dcmread
from pydicom.data import get_charset_files

from isocenter.services.dicomdir import dicomdir
from isocenter.services.reports import Report, Work
from tests.builders import instance, write
from tests.file_sets import referenced
from tests.judges import errors_of, run

PROGRAMS = {
    "isocenter": (sys.executable, "-m", "isocenter.cli.main"),
    "dicompressor": (sys.executable, "-m", "isocenter.cli.switches"),
}
# UIDs of one collection of samples are none; dciodvfy is older than ANNOTATION; a summary of these.
_OF_OTHERS = re.compile(r"999\.999\.|<ANNOTATION>|Dicom dataset contains invalid data values")
TEST_FILES = Path(pydicom.__file__).parent / "data"


def call(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAMS[program], *arguments], check=False, capture_output=True, text=True, timeout=120
    )


def disc(folder: Path, suffix: str = "", count: int = 3) -> Path:
    for index in range(count):
        write(instance(index), folder / f"IM{index}{suffix}")
    return folder


@pytest.mark.parametrize(("switch", "place"), [("-d", "DISC/DICOMDIR"), ("-D", "DICOMDIR")])
def test_the_documented_switches_make_a_dicomdir(switch: str, place: str, tmp_path: Path) -> None:
    disc(tmp_path / "DISC")

    done = call("dicompressor", switch, "-f", tmp_path / "DISC")

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Created DICOMDIR: {tmp_path / place}" in done.stdout.splitlines()
    assert len(referenced(tmp_path / place)) == 3
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 4
    assert call("dicompressor", switch, "-f", tmp_path / "DISC").returncode == 0


def test_illegal_names_end_in_an_error_that_advises_a_copy(tmp_path: Path) -> None:
    disc(tmp_path, ".dcm", 5)

    done = call("dicompressor", "-d", "-f", tmp_path)
    ours = call("isocenter", "dicomdir", tmp_path)

    assert (done.returncode, ours.returncode) == (1, 1)
    assert "--copy DIR" in done.stderr
    assert f"failed: {tmp_path / 'IM0.dcm'}: its name cannot stand in a DICOMDIR" in ours.stderr
    assert "failed: 2 more file(s) for the last reason" in ours.stderr
    assert not (tmp_path / "DICOMDIR").exists()


def test_a_copy_is_made_and_made_once(tmp_path: Path) -> None:
    disc(tmp_path / "in", ".dcm")

    first = call("isocenter", "dicomdir", tmp_path / "in", "--copy", tmp_path / "out")
    second = call("isocenter", "dicomdir", tmp_path / "in", "--out", tmp_path / "out")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    names = [f"PT000000/ST000000/SE000000/IM00000{number}" for number in range(3)]
    assert referenced(tmp_path / "out" / "DICOMDIR") == names
    assert first.stderr == ""


@pytest.mark.parametrize("content", [None, b"no image"])
def test_nothing_to_do_is_an_error(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "JUNK").write_bytes(content)

    done = call("dicompressor", "-d", "-f", tmp_path)

    assert done.returncode == 1
    assert "ERROR: " in done.stdout
    assert not (tmp_path / "DICOMDIR").exists()


def test_names_that_try_to_escape_stay_names(tmp_path: Path) -> None:
    hostile = tmp_path / "in" / 'x"; ..%2f..\n[31m'
    write(instance(0), hostile)

    done = call("isocenter", "dicomdir", tmp_path / "in")
    copied = call("isocenter", "dicomdir", tmp_path / "in", "--copy", tmp_path / "out")

    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert copied.returncode == 0
    assert len(referenced(tmp_path / "out" / "DICOMDIR")) == 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    disc(tmp_path / "in", ".dcm", 400)
    command = [*PROGRAMS["isocenter"], "dicomdir", str(tmp_path / "in"), "--copy"]
    stopped = 0
    for number in range(8):
        out = tmp_path / f"out{number}"
        process = subprocess.Popen(
            [*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(0.1 + 0.08 * number)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        if out.exists():  # it was ready, and perhaps interrupted while it said so
            assert len(referenced(out / "DICOMDIR")) == 400
        else:
            stopped += 1
    assert stopped > 0


def check_every_file(report: Report, out: Path) -> None:
    """Every file is in the copy, or was refused with a reason; others read the copy."""
    done = [one for one in report.files if one.status == "done"]
    assert all(one.reason for one in report.files if one.status != "done")
    names = sorted(output.relative_to(out).as_posix() for one in done for output in one.outputs)
    copies = [path for path in out.rglob("*") if path.is_file() and path.name != "DICOMDIR"]
    assert len(names) == len(done) == len(copies)
    records = dcmread(out / "DICOMDIR").DirectoryRecordSequence
    kinds = Counter(record.DirectoryRecordType for record in records)
    files = [record["ReferencedFileID"] for record in records if "ReferencedFileID" in record]
    texts = [one.value if one.VM == 1 else "/".join(one.value) for one in files]
    assert sorted(texts) == names
    if "ANNOTATION" not in kinds:  # of which FileSet of pydicom 3.0 does not know
        assert referenced(out / "DICOMDIR") == names
    for one in done:
        (copy,) = one.outputs
        source, copied = one.path.read_bytes(), copy.read_bytes()
        half = len(source) // 2  # the file meta is another one where it was not whole
        assert copied == source or copied[-half:] == source[-half:]
    printed = run("dcmdump", "--quiet", out / "DICOMDIR")
    assert not [line for line in printed.splitlines() if line.startswith(("E:", "W:"))]
    assert [
        one.line for one in errors_of(out / "DICOMDIR") if not _OF_OTHERS.search(one.line)
    ] == []


@pytest.mark.judge("dciodvfy", "dcmdump")
@pytest.mark.usefixtures("odd_values_allowed")
def test_every_file_of_pydicom_is_in_a_copy_or_refused_with_a_reason(tmp_path: Path) -> None:
    report = dicomdir(Work((TEST_FILES,), out=tmp_path / "out", jobs=2, durable=False))

    check_every_file(report, tmp_path / "out")
    assert report.done > 100


@pytest.mark.judge("dciodvfy", "dcmdump")
@pytest.mark.usefixtures("odd_values_allowed")
def test_every_real_file_is_in_a_copy_or_refused_with_a_reason(
    shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "dicom"
    report = dicomdir(Work((source,), out=tmp_path / "out", jobs=2, durable=False))

    check_every_file(report, tmp_path / "out")
    assert report.done > 700


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chrGerm.dcm", "Äneas^Rüdiger"),
        ("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        ("chrKoreanMulti.dcm", "김희중"),
        ("chrX1.dcm", "Wang^XiaoDong=王^小東"),
        ("chrX2.dcm", "Wang^XiaoDong=王^小东"),
        ("chrRuss.dcm", "Люкceмбypг"),  # noqa: RUF001 - as it stands in the file
        ("chrArab.dcm", "قباني^لنزار"),
        ("chrHbrw.dcm", "שרון^דבורה"),
        ("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("chrGreek.dcm", "Διονυσιος"),
    ],
)
@pytest.mark.usefixtures("odd_values_allowed")
def test_real_names_come_out_as_they_are(name: str, expected: str, tmp_path: Path) -> None:
    dataset = dcmread(get_charset_files(name)[0])
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.4"
    dataset.save_as(tmp_path / "IM0")

    report = dicomdir(Work((tmp_path,), durable=False))

    assert report.done == 1, report.files
    (patient, *_) = dcmread(tmp_path / "DICOMDIR").DirectoryRecordSequence
    assert str(patient.PatientName) == expected
    assert patient.PatientName == dataset.PatientName
