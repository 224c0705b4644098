import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, IsocenterError, NotFoundError
from isocenter.key_files import new_key, read_or_make_key


def test_a_missing_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "project.key"

    key, is_new = read_or_make_key(path)

    assert is_new
    assert len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_key(path) == (key, False)
    assert [one.name for one in path.parent.iterdir()] == ["project.key"]


def test_two_keys_are_never_the_same() -> None:
    assert len({new_key() for _ in range(100)}) == 100


def test_a_given_key_is_any_text_of_enough_characters(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("correct horse battery staple and more\n")
    path.chmod(0o600)

    assert read_or_make_key(path) == (b"correct horse battery staple and more", False)


@pytest.mark.parametrize("content", [b"", b"short", b" " * 64, b"x" * 5000])
def test_what_is_no_key_is_refused_without_its_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(InvalidInputError, match="key file") as caught:
        read_or_make_key(path)

    assert "short" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX systems")
def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"x" * 64)
    path.chmod(0o640)

    with pytest.raises(InvalidInputError, match="chmod 600"):
        read_or_make_key(path)


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(IsocenterError):
        read_or_make_key(tmp_path)


def test_many_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read_or_make_key, [tmp_path / "a" / "key"] * 32))

    assert len({key for key, _ in found}) == 1
    assert sum(is_new for _, is_new in found) == 1
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["key"]


def test_a_file_system_without_links_holds_a_key_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)

    key, is_new = read_or_make_key(tmp_path / "key")

    assert is_new
    assert read_or_make_key(tmp_path / "key") == (key, False)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_key_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key", 0o600)

    with pytest.raises(InvalidInputError, match="regular"):
        read_or_make_key(tmp_path / "key")


def test_a_link_to_nothing_is_not_followed_into_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "nowhere")

    with pytest.raises(NotFoundError):
        read_or_make_key(tmp_path / "key")

    assert not (tmp_path / "nowhere").exists()
