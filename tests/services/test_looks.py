import os
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError, TooLargeError
from isocenter.limits import Limits
from isocenter.services.looks import (
    Entry,
    Stamp,
    is_copying,
    is_leftover,
    is_record,
    list_folder,
    stamp_of,
    take_look,
)


def put(path: Path, content: bytes = b"x", modified_ns: int = 5_000_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(modified_ns, modified_ns))
    return path


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def test_a_look_has_names_sizes_and_times(tmp_path: Path) -> None:
    put(tmp_path / "b.dcm", b"12")
    put(tmp_path / "a.dcm", b"123", 7)
    put(tmp_path / "s10" / "x")
    (tmp_path / "s9").mkdir()

    look = take_look(tmp_path)

    assert look.entries == (Entry("a.dcm", 3, 7), Entry("b.dcm", 2, 5_000_000_000))
    assert look.folders == ("s9", "s10")
    assert look.name_count == 4
    assert look.modified_ns == tmp_path.stat().st_mtime_ns
    assert look == take_look(tmp_path)


def test_hidden_files_and_folders_are_left_out_but_counted(tmp_path: Path) -> None:
    put(tmp_path / ".DS_Store")
    put(tmp_path / ".hidden" / "x.dcm")

    look = take_look(tmp_path)

    assert look.folders == ()
    assert look.entries == look.records == look.leftovers == look.copying == ()
    assert look.name_count == 2


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as in POSIX")
def test_links_and_pipes_are_left_out(tmp_path: Path) -> None:
    real = put(tmp_path / "real" / "a.dcm")
    (tmp_path / "file").symlink_to(real)
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "broken").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")

    look = take_look(tmp_path)

    assert look.entries == ()
    assert look.folders == ("real",)


@pytest.mark.parametrize(
    "name",
    [
        "a.dcm.part",
        "A.DCM.TMP",
        "a.filepart",
        "a.crdownload",
        "a.partial",
        ".a.dcm.part",
        ".a.dcm.x7Gh2Q",
    ],
)
def test_names_of_copies_under_way_are_known(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)

    assert names(take_look(tmp_path).copying) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "a.dcm",
        "part",
        ".DS_Store",
        "._a.dcm",
        ".isocenter-0123.part",
        ".isocenter-merge.journal",
        ".dicompressor_done",
    ],
)
def test_other_names_are_no_copies_under_way(name: str) -> None:
    assert not is_copying(name)


def test_our_own_names_are_known() -> None:
    assert is_record(".dicompressor_done")
    assert is_record(".dicompressor_split_done")
    assert is_record(".isocenter-merge.journal")
    assert not is_record(".isocenter-lock")
    assert not is_record("dicompressor_done")
    assert is_leftover(".isocenter-0123.part")
    assert is_leftover(".isocenter-0123.staging")
    assert not is_leftover(".other.part")


def test_records_and_leftovers_are_seen(tmp_path: Path) -> None:
    put(tmp_path / ".dicompressor_done")
    put(tmp_path / ".isocenter-0123.part")
    (tmp_path / ".isocenter-4567.staging").mkdir()

    look = take_look(tmp_path)

    assert names(look.records) == [".dicompressor_done"]
    assert names(look.leftovers) == [".isocenter-0123.part", ".isocenter-4567.staging"]


@pytest.mark.parametrize("what", ["added", "grown", "touched", "removed", "marked"])
def test_every_change_shows(tmp_path: Path, what: str) -> None:
    path = put(tmp_path / "a.dcm")
    before = take_look(tmp_path)

    if what == "added":
        put(tmp_path / "b.dcm")
    elif what == "grown":
        put(path, b"longer")
    elif what == "touched":
        put(path, modified_ns=1)
    elif what == "removed":
        path.unlink()
    else:
        put(tmp_path / ".dicompressor_done")

    after = take_look(tmp_path)
    assert after.substance != before.substance
    assert (after.inputs == before.inputs) == (what == "marked")


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        take_look(tmp_path / "gone")


def test_a_folder_has_a_bound(tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path / str(number))

    with pytest.raises(TooLargeError):
        take_look(tmp_path, Limits(folder_files=3))


def test_a_list_goes_into_folders_only_when_asked(tmp_path: Path) -> None:
    put(tmp_path / "a")
    put(tmp_path / "s" / "t" / "b")
    put(tmp_path / "s" / ".hidden" / "c")

    assert names(list_folder(tmp_path, is_recursive=False)) == ["a"]
    assert names(list_folder(tmp_path, is_recursive=True)) == ["a", "s/t/b"]
    with pytest.raises(TooLargeError):
        list_folder(tmp_path, is_recursive=True, limits=Limits(folder_files=1))


def test_a_stamp_is_that_of_a_regular_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a", b"123", 7)

    assert stamp_of(path) == Stamp(3, 7)
    assert stamp_of(tmp_path) is None
    assert stamp_of(tmp_path / "gone") is None
