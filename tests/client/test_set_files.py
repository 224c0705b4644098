"""Archives are unpacked whole and checked; folders stay below the root."""

import multiprocessing
import zipfile
from pathlib import Path

import pytest

from isocenter.client.set_files import locked, read_list, remove_others, set_folder, unpack
from isocenter.errors import InvalidInputError, UnavailableError
from tests.prepared_sets import Entry, write_archive


def test_files_lie_where_the_list_says(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "set.zip", [Entry("a", b"bytes")])
    prepared = unpack(archive, tmp_path / "set")
    assert (tmp_path / "set" / "resources" / "a.dcm").read_bytes() == b"bytes"
    assert read_list(tmp_path / "set") == prepared
    assert read_list(tmp_path / "other") is None


def test_a_file_that_is_not_what_it_should_be_is_refused_before_the_list(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "set.zip", [Entry("a", b"bytes")])
    with zipfile.ZipFile(archive) as opened:
        text = opened.read("dataset.json")
    with zipfile.ZipFile(archive, "w") as changed:
        changed.writestr("dataset.json", text)
        changed.writestr("resources/a.dcm", b"other")
    with pytest.raises(UnavailableError, match="SHA-256"):
        unpack(archive, tmp_path / "set")
    assert read_list(tmp_path / "set") is None
    assert list((tmp_path / "set" / "resources").iterdir()) == []


def test_an_archive_that_is_cut_off_or_lacks_a_file_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "set.zip", [Entry("a", b"bytes")])
    with zipfile.ZipFile(archive) as opened:
        text = opened.read("dataset.json")
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(UnavailableError, match="damaged"):
        unpack(archive, tmp_path / "set")
    with zipfile.ZipFile(archive, "w") as changed:
        changed.writestr("dataset.json", text)
    with pytest.raises(InvalidInputError, match="lacks a file"):
        unpack(archive, tmp_path / "set")


def test_another_version_removes_what_it_no_longer_has_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    before = unpack(write_archive(tmp_path / "1.zip", [Entry("a", b"1"), Entry("b", b"2")]), folder)
    (folder / "resources" / "notes.txt").write_text("mine")
    now = unpack(write_archive(tmp_path / "2.zip", [Entry("b", b"2")], 2), folder)
    remove_others(folder, before, now)
    assert sorted(path.name for path in (folder / "resources").iterdir()) == ["b.dcm", "notes.txt"]


def test_folders_have_the_name_of_the_set_or_one_like_it(tmp_path: Path) -> None:
    assert set_folder(tmp_path / "new" / "root", "CT scans") == tmp_path / "new/root/CT scans"
    odd = [set_folder(tmp_path, name) for name in ("../up", "a/b", "a:b", ".frames", "x.")]
    assert len(set(odd)) == 5
    assert all(folder.parent == tmp_path and not folder.name.startswith(".") for folder in odd)
    with pytest.raises(InvalidInputError, match="no name"):
        set_folder(tmp_path, " ")


def test_one_process_at_a_time_works_on_a_set(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    come, gone = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "set", come, gone))
    other.start()
    assert come.wait(60)
    gone.set()
    with locked(tmp_path / "set"):
        assert (tmp_path / "left").exists()
    other.join(60)


def _hold(folder: Path, come: "multiprocessing.synchronize.Event", gone: object) -> None:
    with locked(folder):
        come.set()
        assert gone.wait(60)  # type: ignore[attr-defined]
        (folder.parent / "left").touch()
