import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

import isocenter
from isocenter.errors import NotFoundError
from isocenter.services.folders import (
    AlreadyDone,
    Change,
    Processed,
    copy_results,
    find_change,
    find_marker,
    list_folder,
    marker_path,
    process,
    write_marker,
)
from isocenter.services.reports import Work
from tests.builders import instance, series, write, write_series


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "patient"
    (folder / "inner").mkdir(parents=True)
    for name in ("1.dcm", "2.dcm", "inner/3.dcm"):
        (folder / name).write_bytes(name.encode())
    return folder


def mark(folder: Path, action: str, results: list[str], *, is_recursive: bool = True) -> Path:
    """Do as an action does: look, write its results, write its marker."""
    entries = list_folder(folder, is_recursive=is_recursive)
    paths = [folder / name for name in results]
    for path in paths:
        path.write_bytes(b"result")
    return write_marker(folder, action, paths, entries, is_recursive=is_recursive)


def change_since(folder: Path, action: str) -> Change | None:
    marker = find_marker(folder, action)
    assert marker is not None
    return find_change(folder, marker)


def test_the_marker_of_merge_has_the_documented_name_and_the_others_their_own() -> None:
    assert marker_path(Path("a"), "merge") == Path("a/.dicompressor_done")
    assert marker_path(Path("a"), "split") == Path("a/.dicompressor_split_done")


def test_a_folder_without_a_marker_was_not_done(folder: Path) -> None:
    assert find_marker(folder, "merge") is None


def test_a_marker_holds_the_documented_fields(folder: Path) -> None:
    path = mark(folder, "merge", ["A_multiframe.dcm"])

    text = path.read_text()
    content = json.loads(text)
    assert text == json.dumps(content, indent=2) + "\n"
    assert content["action"] == "merge"
    assert content["results"] == ["A_multiframe.dcm"]
    assert content["dicompressor_version"] == isocenter.__version__
    assert content["inputs"]["count"] == 3
    assert re.fullmatch("[0-9a-f]{64}", content["inputs"]["digest"])
    processed_at = datetime.fromisoformat(content["processed_at"])
    assert processed_at.tzinfo is None
    assert abs((datetime.now() - processed_at).total_seconds()) < 60  # noqa: DTZ005


def test_a_folder_with_its_own_outputs_is_unchanged(folder: Path) -> None:
    mark(folder, "merge", ["A_multiframe.dcm"])

    assert change_since(folder, "merge") is None


def test_outputs_of_another_action_are_no_late_inputs(folder: Path) -> None:
    mark(folder, "merge", ["A_multiframe.dcm"])
    mark(folder, "split", ["inner/A_frame0000.dcm"])

    assert change_since(folder, "merge") is None
    assert change_since(folder, "split") is None


def test_an_output_that_was_there_before_is_no_input(folder: Path) -> None:
    (folder / "A_multiframe.dcm").write_bytes(b"result")

    mark(folder, "merge", ["A_multiframe.dcm"])

    assert change_since(folder, "merge") is None


def test_a_late_slice_is_a_change(folder: Path) -> None:
    mark(folder, "merge", ["A_multiframe.dcm"])
    (folder / "inner" / "4.dcm").write_bytes(b"late")

    assert change_since(folder, "merge") == Change(3, 4)


@pytest.mark.parametrize("what", ["size", "time", "gone"])
def test_another_size_or_time_or_a_lost_file_is_a_change(folder: Path, what: str) -> None:
    mark(folder, "merge", [])
    if what == "size":
        (folder / "1.dcm").write_bytes(b"longer than it was")
    elif what == "time":
        os.utime(folder / "1.dcm", ns=(1, 1))
    else:
        (folder / "1.dcm").unlink()

    assert change_since(folder, "merge") == Change(3, 2 if what == "gone" else 3)


def test_a_file_that_came_during_the_action_is_late(folder: Path) -> None:
    entries = list_folder(folder, is_recursive=True)
    (folder / "4.dcm").write_bytes(b"late")

    write_marker(folder, "merge", [], entries, is_recursive=True)

    assert change_since(folder, "merge") == Change(3, 4)


def test_folders_inside_do_not_matter_to_an_action_that_left_them_out(folder: Path) -> None:
    mark(folder, "merge", [], is_recursive=False)
    (folder / "inner" / "4.dcm").write_bytes(b"not meant")

    assert change_since(folder, "merge") is None


def test_copies_inside_the_folder_are_no_inputs(folder: Path) -> None:
    entries = list_folder(folder, is_recursive=True)
    result = folder / "A_multiframe.dcm"
    result.write_bytes(b"result")
    copies = copy_results([result], folder / "out")

    write_marker(folder, "merge", [result], entries, is_recursive=True, copies=copies)

    assert change_since(folder, "merge") is None


def test_hidden_files_are_no_inputs(folder: Path) -> None:
    mark(folder, "merge", [])
    (folder / ".DS_Store").write_bytes(b"x")

    assert change_since(folder, "merge") is None


def test_a_marker_of_the_other_program_counts(folder: Path) -> None:
    (folder / ".dicompressor_done").write_text(
        json.dumps(
            {
                "processed_at": "2025-01-31T10:15:00.123456",
                "action": "merge",
                "results": ["A_multiframe.dcm"],
                "dicompressor_version": "1.0.3",
            },
            indent=2,
        )
    )

    assert find_marker(folder, "merge") is not None
    assert change_since(folder, "merge") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"inputs": 3, "outputs": 4}',
        b'{"inputs": {"count": "x"}, "outputs": [1]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_marker_counts_and_tells_no_change(folder: Path, content: bytes) -> None:
    (folder / ".dicompressor_done").write_bytes(content)

    assert change_since(folder, "merge") is None


def test_a_marker_is_replaced_as_a_whole(folder: Path) -> None:
    path = mark(folder, "merge", ["a"])
    mark(folder, "merge", ["b"])

    assert json.loads(path.read_text())["results"] == ["b"]
    assert list(folder.glob(".isocenter*")) == []


@pytest.mark.skipif(os.name != "posix", reason="names as POSIX has them")
def test_names_that_are_not_utf8_are_counted(folder: Path) -> None:
    (folder / b"\xff\n.dcm".decode(errors="surrogateescape")).write_bytes(b"odd")

    mark(folder, "merge", [b"\xfe.dcm".decode(errors="surrogateescape")])

    assert change_since(folder, "merge") is None


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
