"""Files that can be made again are kept while there is room."""

import errno
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.services.derived_files import DerivedFiles, Make


def writing(data: bytes, made: list[bytes]) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(data)
        made.append(data)

    return make


def test_file_is_made_once(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 1000), list[bytes]()

    assert [files.read("a", "b", make=writing(b"x", made)) for _ in range(3)] == [b"x"] * 3
    assert len(made) == 1
    assert files.read("a\0b", make=writing(b"x", made)) == b"x"


def test_the_ones_that_nobody_asked_for_go_first(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 250), list[bytes]()
    for name in ("a", "b", "a", "c", "a", "b"):
        files.read(name, make=writing(name.encode() * 100, made))

    assert [data[:1] for data in made] == [b"a", b"b", b"c", b"b"]
    assert sum(path.stat().st_size for path in (tmp_path / "files").iterdir()) <= 250


def test_open_file_stays_readable_when_it_goes(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 150), list[bytes]()
    with files.open("a", make=writing(b"a" * 100, made)) as source:
        files.read("b", make=writing(b"b" * 100, made))
        assert source.read_at(0, 100) == b"a" * 100


def test_failure_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 1000), list[bytes]()

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise InvalidInputError("no")

    with pytest.raises(InvalidInputError):
        files.read("a", make=fail)
    assert list((tmp_path / "files").iterdir()) == []
    assert files.read("a", make=writing(b"x", made)) == b"x"


def test_what_was_made_from_something_goes_with_it(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 1000), list[bytes]()
    for kind, source, how in (("a", "1", "x"), ("b", "1", ""), ("a", "2", "x")):
        files.read(kind, source, how, make=writing(b"x" * 300, made))
    files.forget({"1", "3"})

    assert len(list((tmp_path / "files").iterdir())) == 1
    files.read("a", "2", "x", make=writing(b"x" * 300, made))
    files.read("a", "1", "x", make=writing(b"x" * 300, made))
    assert len(made) == 4


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path / "files", 1000)

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UnavailableError):
        files.read("a", make=fail)
    assert list((tmp_path / "files").iterdir()) == []


def test_many_who_want_the_same_wait_for_one(tmp_path: Path) -> None:
    files, made = DerivedFiles(tmp_path / "files", 1000), list[bytes]()
    gate = threading.Barrier(8)

    def read(_: int) -> bytes:
        gate.wait(30)
        return files.read("a", make=writing(b"x", made))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [b"x"] * 8
    assert len(made) == 1
