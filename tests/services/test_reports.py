import json
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotDicomError
from isocenter.services.reports import FileOutcome, NoProgress, Output, Report, Work


def test_report_counts_how_its_inputs_ended() -> None:
    report = Report(
        "merge",
        files=[
            FileOutcome(Path("a"), "done"),
            FileOutcome(Path("b"), "skipped", "not a DICOM file"),
            FileOutcome(Path("c"), "failed", "no permission"),
            FileOutcome(Path("d"), "done"),
            FileOutcome(Path("e"), "unchanged", "not compressed"),
        ],
    )

    assert (report.done, report.unchanged, report.skipped, report.failed) == (2, 1, 1, 1)
    assert report.settled == 3


def test_report_as_json_names_every_input_output_and_warning() -> None:
    outcome = FileOutcome(Path("in/a"), "done", outputs=(Path("out/a"),))
    report = Report("split", [outcome], [Output(Path("out/a"), 12, 3)], ["one slice is missing"])

    assert json.loads(json.dumps(report.to_json())) == {
        "action": "split",
        "done": 1,
        "unchanged": 0,
        "skipped": 0,
        "failed": 0,
        "files": [{"path": "in/a", "status": "done", "reason": "", "outputs": ["out/a"]}],
        "outputs": [{"path": "out/a", "size_bytes": 12, "frames": 3}],
        "warnings": ["one slice is missing"],
    }


def test_report_with_a_name_that_is_not_utf8_becomes_json() -> None:
    path = Path(b"\xff.dcm".decode(errors="surrogateescape"))

    text = json.dumps(Report("merge", [FileOutcome(path, "done")]).to_json())

    assert json.loads(text)["files"][0]["path"] == str(path)


def test_work_needs_at_least_one_job() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Work((), jobs=0)


def test_no_progress_never_cancels() -> None:
    progress = NoProgress()

    progress.start(3, "reading")
    progress.advance(2)
    progress.check_cancelled()
    progress.finish()


def test_a_foreign_file_is_skipped_in_a_folder_and_fails_where_it_was_named(tmp_path: Path) -> None:
    foreign, named = tmp_path / "notes.txt", tmp_path / "named.txt"
    work = Work((tmp_path, named))

    assert work.refused(foreign, NotDicomError()).status == "skipped"
    assert work.refused(named, NotDicomError()).status == "failed"


def test_a_damaged_file_always_fails_with_its_reason(tmp_path: Path) -> None:
    refused = Work((tmp_path,)).refused(tmp_path / "cut.dcm", InvalidInputError("it is cut off"))

    assert (refused.status, refused.reason) == ("failed", "it is cut off")
