"""Files of the local store: linked, opened, hashed, forced, removed."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.store.local_files import (
    folders_in,
    force_folder,
    hash_stream,
    link_alone,
    make_folders,
    open_regular,
    remove_old,
    safe_errors,
)


def test_missing_file_is_not_found_only_where_the_caller_named_it(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no bytes"), safe_errors("no bytes"):
        (tmp_path / "CANARY").stat()
    with pytest.raises(UnavailableError) as caught, safe_errors():
        (tmp_path / "CANARY").stat()
    assert "CANARY" not in str(caught.value)


def test_other_errors_are_said_in_our_words() -> None:
    with pytest.raises(UnavailableError, match="the disk is full"), safe_errors("gone"):
        raise OSError(errno.ENOSPC, "secret", "/CANARY")


def test_folders_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    make_folders(tmp_path / "a" / "b", ["c", "d"])
    make_folders(tmp_path / "a" / "b", ["c", "d", "e"])

    assert sorted(path.name for path in folders_in(tmp_path / "a" / "b")) == ["c", "d", "e"]
    assert (tmp_path / "a" / "b" / "e").stat().st_mode & 0o777 == 0o700


def test_linked_folders_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    assert folders_in(tmp_path) == []


def test_forcing_a_folder_that_is_gone_fails(tmp_path: Path) -> None:
    force_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        force_folder(tmp_path / "gone")


def test_second_name_is_given_only_where_there_is_no_third(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abc")

    assert link_alone(file, tmp_path / "second")
    assert not link_alone(file, tmp_path / "third")
    assert not (tmp_path / "third").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("file")

    with pytest.raises(InvalidInputError):
        link_alone(tmp_path / "link", tmp_path / "second")
    with pytest.raises(OSError, match="symbolic"):
        open_regular(tmp_path / "link")


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(InvalidInputError):
        open_regular(tmp_path / "pipe")


@pytest.mark.parametrize("size_bytes", [0, 1, 1 << 20, (1 << 20) + 1])
def test_hash_and_length_of_a_stream(tmp_path: Path, size_bytes: int) -> None:
    data = os.urandom(size_bytes)
    (tmp_path / "file").write_bytes(data)

    with open_regular(tmp_path / "file") as stream:
        assert hash_stream(stream) == (hashlib.sha256(data).hexdigest(), size_bytes)


def test_only_old_regular_files_are_removed(tmp_path: Path) -> None:
    for name, seconds in (("old", 100), ("new", 300)):
        (tmp_path / name).write_bytes(b"abc")
        os.utime(tmp_path / name, (seconds, seconds))
    (tmp_path / "folder").mkdir()

    removed = remove_old([*tmp_path.iterdir(), tmp_path / "gone"], 200_000)

    assert removed == (1, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "new"]
