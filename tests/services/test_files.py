import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from isocenter.limits import Limits
from isocenter.services.files import FileSource, find_files, natural_key
from isocenter.services.reports import FileOutcome
from tests.conftest import Unprivileged

needs_posix = pytest.mark.skipif(os.name != "posix", reason="pipes and links as POSIX has them")


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode(errors="surrogateescape"))
    return path


def names(folder: Path, files: list[Path]) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files]


def test_files_come_in_natural_order_before_the_folders_beside_them(tmp_path: Path) -> None:
    for name in ("b/2", "b/10", "b/1", "10.dcm", "9.dcm", "a/x", "z.dcm"):
        touch(tmp_path / name)

    found = names(tmp_path, find_files([tmp_path], recursive=True))

    assert found == ["9.dcm", "10.dcm", "z.dcm", "a/x", "b/1", "b/2", "b/10"]


def test_natural_keys_of_text_and_digits_compare() -> None:
    words = ["a1b10", "²", "1a", "a", "a01b2", "1", "", "a1", "01"]

    assert sorted(words, key=natural_key) == [
        "",
        "01",
        "1",
        "1a",
        "a",
        "a1",
        "a01b2",
        "a1b10",
        "²",
    ]


def test_folders_inside_are_left_out_on_request(tmp_path: Path) -> None:
    touch(tmp_path / "a")
    touch(tmp_path / "inner" / "b")

    assert names(tmp_path, find_files([tmp_path], recursive=False)) == ["a"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path / ".dicompressor_done")
    touch(tmp_path / ".git" / "x")
    touch(tmp_path / "a")

    assert names(tmp_path, find_files([tmp_path], recursive=True)) == ["a"]


def test_a_hidden_folder_that_is_named_is_looked_into(tmp_path: Path) -> None:
    touch(tmp_path / ".hidden" / "a")

    assert len(find_files([tmp_path / ".hidden"], recursive=True)) == 1


def test_a_file_that_is_meant_twice_is_found_once(tmp_path: Path) -> None:
    file = touch(tmp_path / "inner" / "a")

    found = find_files([tmp_path, file, tmp_path / "inner", tmp_path], recursive=True)

    assert found == [file]


@needs_posix
def test_links_are_followed_to_files_and_not_to_folders(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere" / "a")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").symlink_to(tmp_path / "elsewhere" / "a")
    (folder / "again").symlink_to(tmp_path / "elsewhere" / "a")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "circle").symlink_to(folder)
    (folder / "broken").symlink_to(tmp_path / "nowhere")
    problems: list[FileOutcome] = []

    found = find_files([folder], recursive=True, on_problem=problems.append)

    assert names(folder, found) == ["again"]
    assert {(problem.path.name, problem.status) for problem in problems} == {
        ("linked", "skipped"),
        ("circle", "skipped"),
        ("broken", "failed"),
    }


@needs_posix
def test_a_linked_folder_that_is_named_is_looked_into(tmp_path: Path) -> None:
    touch(tmp_path / "real" / "a")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert names(tmp_path, find_files([tmp_path / "link"], recursive=True)) == ["link/a"]


@needs_posix
def test_a_link_to_itself_is_a_problem_and_no_hang(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    problems: list[FileOutcome] = []

    found = find_files([tmp_path / "loop", tmp_path], recursive=True, on_problem=problems.append)

    assert not found
    assert [problem.status for problem in problems] == ["failed", "failed"]


@needs_posix
def test_pipes_and_sockets_are_left_out_and_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        problems: list[FileOutcome] = []

        found = find_files([tmp_path], recursive=True, on_problem=problems.append)

    assert not found
    assert [(problem.path.name, problem.status) for problem in problems] == [
        ("pipe", "skipped"),
        ("socket", "skipped"),
    ]


@needs_posix
def test_a_pipe_that_is_named_is_a_failure(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    problems: list[FileOutcome] = []

    find_files([tmp_path / "pipe"], recursive=True, on_problem=problems.append)

    assert problems == [FileOutcome(tmp_path / "pipe", "failed", "not a regular file")]


def test_a_missing_path_is_a_failure_and_the_others_are_found(tmp_path: Path) -> None:
    file = touch(tmp_path / "a")
    problems: list[FileOutcome] = []

    found = find_files([tmp_path / "gone", file], recursive=True, on_problem=problems.append)

    assert found == [file]
    assert problems == [FileOutcome(tmp_path / "gone", "failed", "there is no such file or folder")]


def test_a_path_with_a_zero_byte_is_a_failure() -> None:
    problems: list[FileOutcome] = []

    find_files([Path("a\0b")], recursive=True, on_problem=problems.append)

    assert [problem.status for problem in problems] == ["failed"]


def test_problems_without_a_listener_are_not_fatal(tmp_path: Path) -> None:
    assert find_files([tmp_path / "gone"], recursive=True) == []


@needs_posix
def test_a_forbidden_folder_is_a_failure_and_the_others_are_found(
    tmp_path: Path, unprivileged: Unprivileged
) -> None:
    touch(tmp_path / "a")
    touch(tmp_path / "locked" / "b")
    (tmp_path / "locked").chmod(0)
    problems: list[FileOutcome] = []

    with unprivileged(tmp_path):
        found = find_files([tmp_path], recursive=True, on_problem=problems.append)

    (tmp_path / "locked").chmod(0o700)
    assert names(tmp_path, found) == ["a"]
    assert problems == [FileOutcome(tmp_path / "locked", "failed", "no permission")]


@needs_posix
def test_a_forbidden_file_cannot_be_opened(tmp_path: Path, unprivileged: Unprivileged) -> None:
    path = touch(tmp_path / "a")
    path.chmod(0)

    with unprivileged(tmp_path), pytest.raises(UnavailableError, match="no permission"):
        FileSource(path)


@needs_posix
@pytest.mark.parametrize(
    "name", ["with space", 'it\'s "quoted"', "line\nend", "..dots..", "-f", "b\udcff\udcfe"]
)
def test_any_name_is_found(tmp_path: Path, name: str) -> None:
    file = touch(tmp_path / name)

    assert find_files([tmp_path], recursive=True) == ([] if name.startswith(".") else [file])


def test_a_walk_ends_at_the_limit(tmp_path: Path) -> None:
    for number in range(4):
        touch(tmp_path / str(number))

    assert len(find_files([tmp_path], recursive=True, limits=Limits(folder_files=4))) == 4
    with pytest.raises(TooLargeError):
        find_files([tmp_path], recursive=True, limits=Limits(folder_files=3))


def test_a_source_reads_what_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))

    with FileSource(path) as source:
        assert source.size == 100
        assert source.read_at(10, 5) == bytes(range(10, 15))
        assert source.read_at(95, 50) == bytes(range(95, 100))
        assert source.read_at(100, 1) == b""
        assert source.read_at(5, 0) == b""


def test_a_source_without_pread_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isocenter.services.files._HAS_PREAD", False)
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))

    with FileSource(path) as source:
        assert source.read_at(90, 20) == bytes(range(90, 100))
        assert source.read_at(3, 4) == bytes(range(3, 7))


def test_a_source_that_shrank_gives_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(100))

    with FileSource(path) as source:
        os.truncate(path, 10)

        assert len(source.read_at(0, 100)) == 10


def test_a_source_closes_twice(tmp_path: Path) -> None:
    source = FileSource(touch(tmp_path / "a"))

    source.close()
    source.close()

    with pytest.raises(UnavailableError):
        source.read_at(0, 1)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        FileSource(tmp_path / "gone")


def test_a_folder_is_no_source(tmp_path: Path) -> None:
    with pytest.raises((InvalidInputError, UnavailableError)):
        FileSource(tmp_path)


@needs_posix
def test_a_pipe_is_no_source_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(InvalidInputError, match="not a regular file"):
        FileSource(tmp_path / "pipe")


@needs_posix
def test_a_socket_is_no_source(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))

        with pytest.raises(UnavailableError, match="not a regular file"):
            FileSource(tmp_path / "socket")


def test_a_source_that_is_no_longer_the_same_is_a_conflict(tmp_path: Path) -> None:
    path = touch(tmp_path / "a")
    with FileSource(path) as source:
        stamp = source.stamp
    FileSource(path, stamp).close()
    path.write_bytes(b"something else")

    with pytest.raises(ConflictError, match="changed"):
        FileSource(path, stamp)


def test_importing_files_and_outputs_loads_neither_pydicom_nor_numpy() -> None:
    heavy = {"pydicom", "numpy", "rich", "isocenter.dicom.header_index"}
    script = (
        "import sys, isocenter.services.files, isocenter.services.outputs;"
        f"sys.exit(bool({heavy} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
