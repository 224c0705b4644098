import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.services.durability import Forcing, force_folder

LARGE_BYTES = 1 << 26


@pytest.fixture
def forcing() -> Iterator[Forcing]:
    made = Forcing()
    yield made
    made.stop()


def opened(path: Path, data: bytes = b"data") -> int:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(fd, data)
    return fd


def is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def pipe_end() -> int:
    """Return a descriptor that cannot be forced: a pipe is on no disk."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def test_many_files_are_forced_and_closed(forcing: Forcing, tmp_path: Path) -> None:
    descriptors = [opened(tmp_path / str(number)) for number in range(200)]
    for fd in descriptors:
        forcing.finish(fd)

    forcing.wait()

    assert not any(map(is_open, descriptors))
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"data"}


@pytest.mark.skipif(os.name == "nt", reason="pipes can be flushed there")
def test_a_file_that_cannot_be_forced_is_told_and_closed(forcing: Forcing, tmp_path: Path) -> None:
    broken = pipe_end()
    forcing.finish(opened(tmp_path / "a"))
    forcing.finish(broken)

    with pytest.raises(OSError, match="Invalid argument"):
        forcing.wait()

    assert not is_open(broken)


@pytest.mark.skipif(os.name == "nt", reason="pipes can be flushed there")
def test_an_error_of_an_early_attempt_is_told_even_if_the_last_one_works(
    forcing: Forcing, tmp_path: Path
) -> None:
    fd = opened(tmp_path / "a")
    broken = pipe_end()
    forcing.wrote(broken, LARGE_BYTES)
    forcing.finish(fd)

    with pytest.raises(OSError, match="Invalid argument"):
        forcing.wait()

    os.close(broken)


def test_forcing_begins_before_a_large_file_is_complete(forcing: Forcing, tmp_path: Path) -> None:
    fd = opened(tmp_path / "a")
    for _ in range(5):
        forcing.wrote(fd, LARGE_BYTES)
    assert is_open(fd)
    forcing.finish(fd)

    forcing.wait()

    assert not is_open(fd)


def test_an_abandoned_file_is_closed_and_forgotten(forcing: Forcing, tmp_path: Path) -> None:
    fd = opened(tmp_path / "a")
    forcing.wrote(fd, LARGE_BYTES)

    forcing.abandon(fd)
    assert not is_open(fd)

    forcing.finish(opened(tmp_path / "b"))
    forcing.wait()


def test_waiting_for_nothing_returns(forcing: Forcing) -> None:
    forcing.wait()


def test_a_folder_is_forced(tmp_path: Path) -> None:
    force_folder(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="folders are not opened there")
def test_a_missing_folder_cannot_be_forced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        force_folder(tmp_path / "none")
