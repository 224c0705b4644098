import json
import sys
from pathlib import Path
from typing import Any

import pytest

from isocenter.errors import CancelledError
from isocenter.services.describe import headers, info, summary
from isocenter.services.reports import NoProgress, Report, Work
from tests.builders import CANARY, instance, series, to_bytes, write, write_series


def _work(*paths: Path, out: Path | None = None, **options: object) -> Work:
    return Work(paths=paths, out=out, options=options, durable=False)


def _statuses(report: Report) -> dict[str, str]:
    return {outcome.path.name: outcome.status for outcome in report.files}


def _truncated(path: Path) -> Path:
    path.write_bytes(to_bytes(instance(rows=64, columns=64))[:-100])
    return path


def test_headers_are_printed_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    report = headers(_work(path))

    assert report.text.startswith(f"DICOM header: {path}\n")
    assert f"'{CANARY}-1'" in report.text
    assert [file.name for file in tmp_path.iterdir()] == ["a.dcm"]
    assert (report.done, report.outputs) == (1, [])


def test_headers_as_json_are_one_object_a_file(tmp_path: Path) -> None:
    paths = write_series(series(2), tmp_path)

    report = headers(_work(tmp_path, json=True))

    data: Any = report.data
    assert [entry["filepath"] for entry in data] == [str(path) for path in paths]
    assert data[1]["header"]["00200013"] == {"vr": "IS", "Value": [2]}
    assert data[1]["warnings"] == []
    json.dumps(data, allow_nan=False)


def test_headers_are_written_beside_the_input_without_touching_what_is_there(
    tmp_path: Path,
) -> None:
    write(instance(0), tmp_path / "a.dcm")
    write(instance(1), tmp_path / "a.ima")
    (tmp_path / "a.txt").write_text("written by the user")

    report = headers(_work(tmp_path, write=True))

    assert (tmp_path / "a.txt").read_text() == "written by the user"
    first, second = (tmp_path / name for name in ("a_1.txt", "a_2.txt"))
    assert first.read_text(encoding="utf-8").startswith("DICOM header: a.dcm\n")
    assert second.read_text(encoding="utf-8").startswith("DICOM header: a.ima\n")
    assert [output.path for output in report.outputs] == [first, second]
    assert _statuses(report) == {"a.dcm": "done", "a.ima": "done", "a.txt": "skipped"}


def test_writing_headers_again_makes_no_second_file(tmp_path: Path) -> None:
    write(instance(0), tmp_path / "a.dcm")
    write(instance(1), tmp_path / "a.ima")
    headers(_work(tmp_path, write=True))

    headers(_work(tmp_path, write=True))

    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["a.txt", "a_1.txt"]


def test_headers_go_to_the_folder_for_outputs_by_their_relative_names(tmp_path: Path) -> None:
    write(instance(), tmp_path / "in" / "deep" / "a.dcm")

    report = headers(_work(tmp_path / "in", out=tmp_path / "out", json=True))

    target = tmp_path / "out" / "deep" / "a.json"
    assert [output.path for output in report.outputs] == [target]
    made = json.loads(target.read_bytes())
    assert made["00080060"] == {"vr": "CS", "Value": ["CT"]}


def test_a_truncated_file_is_shown_as_far_as_it_goes_with_a_warning(tmp_path: Path) -> None:
    path = _truncated(tmp_path / "cut.dcm")

    report = headers(_work(path))

    assert "\nWarning: the file ends inside element (7FE0,0010)" in report.text
    assert f"'{CANARY}-1'" in report.text
    assert len(report.warnings) == 1
    assert _statuses(report) == {"cut.dcm": "done"}


def test_an_odd_file_shows_the_transfer_syntax_that_it_has(
    tmp_path: Path, shared_data: Path
) -> None:
    path = shared_data / "dicom" / "pydicom" / "test_files" / "MR_small_bigendian.dcm"

    report = info(_work(path))

    assert "  transfer_syntax          : 1.2.840.10008.1.2.2\n" in report.text
    assert "  rows                     : 64\n" in report.text
    assert list(tmp_path.iterdir()) == []


def test_info_of_named_files_is_complete_and_of_a_folder_four_lines_for_five(
    tmp_path: Path,
) -> None:
    paths = write_series(series(7), tmp_path)

    named, folder = info(_work(*paths[:2])), info(_work(tmp_path))

    assert [len(block.splitlines()) for block in named.text.split("\n\n")] == [15, 15]
    lines = folder.text.splitlines()
    assert len(lines) == 21
    assert lines[20] == "... and 2 more file(s)"
    data: Any = folder.data
    assert [len(entry) for entry in data] == [15] * 7
    assert data[6]["filepath"] == str(paths[6])
    assert data[6]["compressed"] is False


def test_what_is_not_dicom_is_skipped_and_named(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "empty.dcm").write_bytes(b"")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(300))

    for action in (headers, info, summary):
        report = action(_work(tmp_path))

        skipped = [outcome for outcome in report.files if outcome.status == "skipped"]
        assert {outcome.path.name for outcome in skipped} == {
            "notes.txt",
            "empty.dcm",
            "picture.png",
        }
        assert all("not a DICOM file" in outcome.reason for outcome in skipped)
        assert (report.done, report.failed) == (2, 0)


def test_a_named_file_that_is_no_dicom_fails(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")

    report = info(_work(tmp_path / "notes.txt", tmp_path / "missing.dcm"))

    assert _statuses(report) == {"missing.dcm": "failed", "notes.txt": "failed"}
    assert report.text == ""


def test_a_summary_counts_dicom_files_only(tmp_path: Path) -> None:
    paths = write_series(series(3), tmp_path / "ct")
    paths += write_series(series(2, modality="MR", series_name="other"), tmp_path / "mr")
    (tmp_path / "junk.bin").write_bytes(bytes(1000))

    report = summary(_work(tmp_path))

    size = sum(path.stat().st_size for path in paths)
    assert report.text.startswith(f"Folder Summary: {tmp_path}\n{'=' * 60}\nTotal files: 5\n")
    assert report.data == {
        "paths": [str(tmp_path)],
        "total_files": 5,
        "total_patients": 1,
        "total_series": 2,
        "modalities": ["CT", "MR"],
        "total_frames": 5,
        "total_size_bytes": size,
        "total_size_mb": round(size / 1e6, 1),
        "patients": [f"{CANARY}-1"],
    }


def test_a_summary_of_plain_files_starts_no_child_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(series(2), tmp_path)
    monkeypatch.setattr("subprocess.Popen", None)

    assert summary(_work(tmp_path)).done == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf_8_can_be_printed_and_written(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "n\udcffme.dcm")

    for report in (headers(_work(path, json=True)), info(_work(path)), summary(_work(path))):
        report.text.encode("utf-8")
        json.dumps(report.data, ensure_ascii=False).encode("utf-8")
    assert headers(_work(path, write=True)).done == 1


def test_cancelling_stops_between_two_files(tmp_path: Path) -> None:
    class Impatient(NoProgress):
        def check_cancelled(self) -> None:
            raise CancelledError

    write_series(series(2), tmp_path)

    with pytest.raises(CancelledError):
        summary(Work(paths=(tmp_path,), progress=Impatient()))
