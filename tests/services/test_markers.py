import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

import isocenter
from isocenter.services.looks import Stamp, list_folder, stamp_of
from isocenter.services.markers import (
    Change,
    Done,
    Journal,
    find_change,
    find_journal,
    find_marker,
    journal_path,
    marker_path,
    own_outputs,
    write_journal,
    write_marker,
)


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
    return write_marker(folder, action, Done(paths, entries, is_recursive))


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

    write_marker(folder, "merge", Done([], entries, is_recursive=True))

    assert change_since(folder, "merge") == Change(3, 4)


def test_folders_inside_do_not_matter_to_an_action_that_left_them_out(folder: Path) -> None:
    mark(folder, "merge", [], is_recursive=False)
    (folder / "inner" / "4.dcm").write_bytes(b"not meant")

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


def test_a_marker_tells_its_inputs_and_outputs_file_by_file(folder: Path, tmp_path: Path) -> None:
    entries = list_folder(folder, is_recursive=True)
    result, copy = folder / "A_multiframe.dcm", tmp_path / "out" / "A_multiframe.dcm"
    copy.parent.mkdir()
    for path in (result, copy):
        path.write_bytes(b"result")

    write_marker(
        folder,
        "merge",
        Done([result], entries, is_recursive=True, processed=["1.dcm"], copies=[copy]),
    )

    marker = find_marker(folder, "merge")
    assert marker is not None
    assert marker.files == {entry.name: entry.stamp for entry in entries}
    assert marker.processed == {"1.dcm"}
    assert marker.stamps == {result.name: stamp_of(result)}
    assert marker.copies == {str(copy): stamp_of(copy)}


def test_outputs_that_are_kept_are_no_inputs_and_not_replaceable(folder: Path) -> None:
    (folder / "old.dcm").write_bytes(b"old")
    entries = list_folder(folder, is_recursive=True)

    write_marker(folder, "merge", Done([], entries, is_recursive=True, kept=["old.dcm"]))

    marker = find_marker(folder, "merge")
    assert marker is not None
    assert "old.dcm" in marker.outputs
    assert marker.stamps == {}
    assert "old.dcm" not in marker.files
    assert change_since(folder, "merge") is None


JOURNAL = Journal(
    "digest",
    outputs={"new.dcm": Stamp(1, 2)},
    copies={"/out/new.dcm": Stamp(1, -3)},
    replaced={"old.dcm": Stamp(4, 5)},
    replaced_copies={"/out/old.dcm": Stamp(6, 7)},
)


def test_a_journal_says_what_was_written(folder: Path) -> None:
    assert find_journal(folder, "merge") is None

    write_journal(folder, "merge", JOURNAL)

    assert find_journal(folder, "merge") == JOURNAL
    assert find_journal(folder, "split") is None


def test_what_a_journal_names_is_no_input(folder: Path) -> None:
    write_journal(folder, "split", Journal("", {"1.dcm": Stamp(1, 1)}, {}, {"2.dcm": Stamp(1, 1)}))
    mark(folder, "merge", [])

    assert own_outputs(folder) == {"1.dcm", "2.dcm"}
    marker = find_marker(folder, "merge")
    assert marker is not None
    assert set(marker.files) == {"inner/3.dcm"}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"digest": 1, "outputs": {"a": 1, "b": "x y"}}'])
def test_a_damaged_journal_says_nothing(folder: Path, content: bytes) -> None:
    journal_path(folder, "merge").write_bytes(content)

    assert find_journal(folder, "merge") == Journal("")
