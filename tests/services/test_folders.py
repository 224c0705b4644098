import os
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError
from isocenter.services.folders import AlreadyDone, Processed, copy_results, process
from isocenter.services.markers import (
    Change,
    find_change,
    find_marker,
    marker_path,
)
from isocenter.services.reports import Work
from tests.builders import instance, series, write, write_series


def test_results_are_copied_and_kept(tmp_path: Path) -> None:
    result = tmp_path / "a.dcm"
    result.write_bytes(b"result")

    copies = copy_results([result], tmp_path / "new" / "out")

    assert copies == [tmp_path / "new" / "out" / "a.dcm"]
    assert copies[0].read_bytes() == result.read_bytes() == b"result"


def test_copies_never_replace_a_file(tmp_path: Path) -> None:
    results = [tmp_path / "x" / "a.dcm", tmp_path / "y" / "a.dcm"]
    for number, result in enumerate(results):
        result.parent.mkdir()
        result.write_bytes(b"result %d" % number)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.dcm").write_bytes(b"precious")

    copies = copy_results(results, out)

    assert [path.name for path in copies] == ["a_1.dcm", "a_2.dcm"]
    assert (out / "a.dcm").read_bytes() == b"precious"
    assert copy_results(results, out) == copies


def test_a_result_that_went_away_is_told_and_no_copy_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    with pytest.raises(NotFoundError):
        copy_results([tmp_path / "a", tmp_path / "gone"], tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def slices(tmp_path: Path) -> Path:
    folder = tmp_path / "slices"
    folder.mkdir()
    write_series(series(3), folder)
    return folder


def merge_work(folder: Path) -> Work:
    return Work(paths=(folder,))


def test_processing_leaves_a_marker_only_on_request(slices: Path) -> None:
    plain = process("merge", merge_work(slices))
    marked = process("merge", merge_work(slices), skip_if_done=True)

    assert isinstance(plain, Processed)
    assert plain.marker is None
    assert isinstance(marked, Processed)
    assert marked.marker == slices / ".dicompressor_done"
    assert marked.report.done == 3


def test_a_folder_that_was_done_is_left_alone(slices: Path) -> None:
    process("merge", merge_work(slices), skip_if_done=True)
    write(instance(7), slices / "late.dcm")
    before = sorted(slices.iterdir())

    again = process("merge", merge_work(slices), skip_if_done=True)

    assert again == AlreadyDone(slices / ".dicompressor_done", Change(3, 4))
    assert sorted(slices.iterdir()) == before


def test_without_the_marker_the_folder_is_processed_again(slices: Path) -> None:
    first = process("merge", merge_work(slices), skip_if_done=True)
    before = sorted(slices.iterdir())
    marker_path(slices, "merge").unlink()

    again = process("merge", merge_work(slices), skip_if_done=True)

    assert isinstance(first, Processed)
    assert isinstance(again, Processed)
    assert again.report.outputs == first.report.outputs
    assert sorted(slices.iterdir()) == before


def test_a_marker_of_one_action_does_not_stop_another(slices: Path) -> None:
    process("merge", merge_work(slices), skip_if_done=True)

    split = process("split", merge_work(slices), skip_if_done=True)

    assert isinstance(split, Processed)
    assert split.marker == slices / ".dicompressor_split_done"
    assert len(split.report.outputs) == 3


def test_partial_success_leaves_no_marker(slices: Path) -> None:
    path = slices / "cut.dcm"
    write(instance(7), path)
    os.truncate(path, path.stat().st_size - 10)

    result = process("merge", merge_work(slices), skip_if_done=True)

    assert isinstance(result, Processed)
    assert (result.report.done, result.report.failed, result.marker) == (3, 1, None)
    assert find_marker(slices, "merge") is None


def test_an_empty_folder_gets_no_marker(tmp_path: Path) -> None:
    result = process("merge", merge_work(tmp_path), skip_if_done=True)

    assert isinstance(result, Processed)
    assert result.marker is None


def test_a_single_file_gets_no_marker(slices: Path) -> None:
    work = Work(paths=(next(slices.iterdir()),), options={"write": True})

    result = process("headers", work, skip_if_done=True)

    assert isinstance(result, Processed)
    assert (result.report.done, result.marker) == (1, None)
    assert list(slices.glob(".*")) == []


def test_outputs_are_copied_and_kept(slices: Path, tmp_path: Path) -> None:
    result = process("merge", merge_work(slices), output_dir=tmp_path / "out")

    assert isinstance(result, Processed)
    (output,) = result.report.outputs
    (copy,) = result.copies
    assert copy == tmp_path / "out" / output.path.name
    assert copy.read_bytes() == output.path.read_bytes()


def test_a_copy_that_fails_is_a_failure_and_leaves_no_marker(slices: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = process("merge", merge_work(slices), skip_if_done=True, output_dir=tmp_path / "file")

    assert isinstance(result, Processed)
    assert result.marker is None
    assert [outcome.reason for outcome in result.report.files if outcome.status == "failed"] == [
        "not copied: the name is taken"
    ]


def test_copies_inside_the_folder_are_no_inputs(slices: Path) -> None:
    process("merge", merge_work(slices), skip_if_done=True, output_dir=slices / "out")

    marker = find_marker(slices, "merge")
    assert marker is not None
    assert find_change(slices, marker) is None
