from pathlib import Path

import pytest

from isocenter.services.folders import process
from isocenter.services.looks import take_look
from isocenter.services.markers import find_marker, marker_path
from isocenter.services.reports import Work
from isocenter.services.units import (
    Above,
    Task,
    judge,
)
from tests.builders import series, write, write_series
from tests.watching import (
    MERGE,
    add,
    assert_is_done,
    hidden_in,
    merged_in,
    numbered,
    slices_in,
    verdict,
    work,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "patient"
    write_series(series(4), folder)
    return folder


def test_a_folder_is_new_then_done(folder: Path) -> None:
    assert verdict(folder) == "new"

    outcome = work(folder)

    assert (outcome.status, outcome.done_count) == ("processed", 4)
    assert [output.path.parent for output in outcome.outputs] == [folder]
    assert outcome.outputs[0].frames == 4
    assert verdict(folder) == "done"
    assert_is_done(folder)
    assert hidden_in(folder) == []
    assert work(folder).status == "skipped"


def test_a_folder_without_files_is_empty(tmp_path: Path) -> None:
    assert verdict(tmp_path) == "empty"


def test_a_folder_of_foreign_files_is_empty(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("hello")

    assert verdict(tmp_path) == "empty"


def test_a_folder_with_nothing_for_the_action_is_empty_after_a_look(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    split = Task("split")

    assert verdict(tmp_path, split) == "new"
    outcome = work(tmp_path, split)
    assert outcome.status == "empty"
    assert list(tmp_path.glob(".*")) == []
    look = take_look(tmp_path)
    assert judge(tmp_path, look, split, empty_digest=outcome.digest).verdict == "empty"


def test_every_writing_action_works_and_has_its_own_marker(folder: Path) -> None:
    work(folder)
    headers = Task("headers", {"json": True}, durable=False)

    outcome = work(folder, headers)

    assert (outcome.status, outcome.done_count) == ("processed", 4)
    assert sorted(path.name for path in folder.glob("*.json")) == [
        f"000{index}.json" for index in range(4)
    ]
    assert marker_path(folder, "headers").exists()
    assert verdict(folder) == verdict(folder, headers) == "done"


def test_results_of_one_action_are_no_inputs_of_another(folder: Path) -> None:
    work(folder)

    assert work(folder, Task("split", durable=False)).status == "empty"
    assert len(list(folder.glob("*.dcm"))) == 5


def test_a_late_slice_replaces_the_result(folder: Path, tmp_path: Path) -> None:
    task = Task("merge", output_dir=tmp_path / "out", durable=False)
    first = work(folder, task)
    add(folder, 7)
    assert verdict(folder) == "late"

    second = work(folder, task)

    assert [output.path for output in second.outputs] == [output.path for output in first.outputs]
    assert_is_done(folder)
    assert sum(merged_in(folder).values()) == 5
    (copy,) = (tmp_path / "out").iterdir()
    assert copy.read_bytes() == second.outputs[0].path.read_bytes()


def test_a_slice_that_changed_replaces_the_result(folder: Path) -> None:
    work(folder)
    write(numbered(9), folder / "0003.dcm")

    assert work(folder).status == "processed"

    assert_is_done(folder)


def test_a_late_file_that_is_no_dicom_changes_nothing(folder: Path) -> None:
    work(folder)
    (folder / "notes.txt").write_text("hello")

    assert verdict(folder) == "done"


def test_results_outlive_their_sources(folder: Path) -> None:
    work(folder)
    before = merged_in(folder)
    for name in ("0000.dcm", "0001.dcm"):
        (folder / name).unlink()
    assert verdict(folder) == "done"

    add(folder, 7)
    outcome = work(folder)

    assert outcome.status == "processed"
    assert outcome.notes[-1] == "2 earlier input(s) are gone; earlier results are kept"
    assert before <= merged_in(folder)
    assert slices_in(folder) <= merged_in(folder)
    assert len(list(folder.glob("*_multiframe*.dcm"))) == 2
    assert verdict(folder) == "done"


def test_all_inputs_may_go(folder: Path) -> None:
    work(folder)
    before = merged_in(folder)
    for path in folder.glob("000*.dcm"):
        path.unlink()

    assert verdict(folder) == "done"
    assert merged_in(folder) == before


def test_a_result_of_fewer_slices_does_not_replace_one_of_more(folder: Path) -> None:
    work(folder)
    before = merged_in(folder)
    (folder / "0000.dcm").write_text("damaged")
    add(folder, 7)
    (folder / "0001.dcm").write_text("damaged")

    assert work(folder).status == "processed"
    assert before <= merged_in(folder)


def test_a_marker_of_another_program_is_believed(folder: Path) -> None:
    marker_path(folder, "merge").write_text('{"results": ["X_multiframe.dcm"]}')
    assert verdict(folder) == "done"


def test_a_folder_that_was_done_before_watching_goes_on(folder: Path) -> None:
    process("merge", Work(paths=(folder,), durable=False), skip_if_done=True)
    assert verdict(folder) == "done"
    add(folder, 7)

    assert work(folder).status == "processed"

    assert_is_done(folder)


def test_what_was_done_from_above_is_done(tmp_path: Path) -> None:
    inside = tmp_path / "s1"
    write_series(series(3), inside)
    process("merge", Work(paths=(tmp_path,), durable=False), skip_if_done=True)
    marker = find_marker(tmp_path, "merge")
    assert marker is not None
    above = Above(tmp_path, marker)

    assert judge(tmp_path, take_look(tmp_path), MERGE).speaking == (marker,)
    assert verdict(tmp_path) == "done"
    assert verdict(inside, MERGE, above) == "done"
    add(inside, 7)
    assert verdict(inside, MERGE, above) == "new"
    assert verdict(inside, Task("split"), above) == "new"


def test_results_that_were_named_from_above_are_no_inputs(tmp_path: Path) -> None:
    inside = tmp_path / "s1"
    write_series(series(3), inside)
    work(inside)
    marker_path(inside, "merge").unlink()
    process("split", Work(paths=(tmp_path,), durable=False), skip_if_done=True)
    marker = find_marker(tmp_path, "split")
    assert marker is not None

    finding = judge(inside, take_look(inside), MERGE, [Above(tmp_path, marker)])

    assert not any("_frame" in entry.name for entry in finding.entries)
