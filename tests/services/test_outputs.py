import errno
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import FrameType

import pytest

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import CancelledError, ConflictError, NotFoundError, UnavailableError
from isocenter.services import outputs, pieces
from isocenter.services.durability import forcing_threads
from isocenter.services.files import FileSource
from isocenter.services.outputs import (
    Batch,
    folder_for,
    make_folder,
    possible_paths,
    write_pieces,
)
from tests.conftest import Mounted, Unprivileged

LARGE = 300_000
WATCHED = (outputs.__file__, pieces.__file__)
needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions and kills as in POSIX")


def no_source(_: int) -> FileSource:
    raise AssertionError


def pattern(length: int, seed: int = 1) -> bytes:
    return bytes((seed + number * 31) % 251 for number in range(length))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "result.dcm"


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"source{number}" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_bytes(pattern(LARGE, number))
    return paths


def opener(paths: list[Path]) -> Callable[[int], FileSource]:
    return lambda source_index: FileSource(paths[source_index])


@pytest.mark.parametrize("durable", [True, False])
def test_bytes_and_ranges_are_written_in_order(
    target: Path, sources: list[Path], *, durable: bool
) -> None:
    pieces: list[Piece] = [
        b"head",
        ByteRange(0, 1, 200_000),
        ByteRange(1, 7, 3),
        b"",
        b"x" * 2_000_000,
        ByteRange(1, 10, 290_000),
        ByteRange(0, 0, 0),
        ByteRange(0, LARGE - 1, 1),
    ]
    a, b = pattern(LARGE, 0), pattern(LARGE, 1)
    expected = b"head" + a[1:200_001] + b[7:10] + b"x" * 2_000_000 + b[10:290_010] + a[-1:]
    told: list[int] = []

    size = write_pieces(target, pieces, opener(sources), durable=durable, on_bytes=told.append)

    assert target.read_bytes() == expected
    assert size == len(expected) == sum(told)
    assert left_in(target.parent) == ["result.dcm"]


def test_a_file_of_no_pieces_is_empty(target: Path) -> None:
    assert write_pieces(target, [], no_source) == 0
    assert target.read_bytes() == b""


@needs_posix
def test_outputs_have_the_permissions_that_the_user_chose(target: Path) -> None:
    before = os.umask(0o027)
    try:
        write_pieces(target, [b"x"], no_source)
    finally:
        os.umask(before)

    assert target.stat().st_mode & 0o777 == 0o640


def test_an_existing_file_is_never_replaced_unasked(target: Path) -> None:
    target.write_bytes(b"precious")

    with pytest.raises(ConflictError, match="exists already"):
        write_pieces(target, [b"new"], no_source)

    assert target.read_bytes() == b"precious"
    assert left_in(target.parent) == ["result.dcm"]


def test_an_existing_file_is_replaced_on_request(target: Path) -> None:
    target.write_bytes(b"old")

    write_pieces(target, [b"new"], no_source, overwrite=True)

    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("length", [LARGE + 1, LARGE + 100_000])
def test_a_source_that_is_too_short_is_a_conflict_and_leaves_nothing(
    target: Path, sources: list[Path], length: int
) -> None:
    with pytest.raises(ConflictError, match="changed while it was read"):
        write_pieces(target, [b"head", ByteRange(0, 0, length)], opener(sources))

    assert left_in(target.parent) == []


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_without_links_a_name_is_given_by_renaming(
    target: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As FAT and some network file systems answer.
    def refuse(*_: object) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(os, "link", refuse, raising=False)

    write_pieces(target, [b"new"], no_source)
    with pytest.raises(ConflictError):
        write_pieces(target, [b"newer"], no_source)

    assert target.read_bytes() == b"new"
    assert left_in(target.parent) == ["result.dcm"]


class StopError(BaseException):
    """What no ordinary handler catches, like Ctrl+C."""


@pytest.mark.parametrize("stop", [KeyboardInterrupt, StopError, CancelledError, MemoryError])
def test_whatever_stops_the_writing_leaves_nothing(
    target: Path, sources: list[Path], stop: type[BaseException]
) -> None:
    def stop_late(_: int) -> None:
        if Path(target.parent, left_in(target.parent)[0]).stat().st_size > LARGE:
            raise stop

    with pytest.raises(stop):
        write_pieces(
            target,
            [ByteRange(0, 0, LARGE), ByteRange(1, 0, LARGE)],
            opener(sources),
            on_bytes=stop_late,
        )

    assert left_in(target.parent) == []


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        write_pieces(tmp_path / "gone" / "a", [b"x"], no_source)


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="too long"):
        write_pieces(tmp_path / ("x" * 300), [b"x"], no_source)

    assert left_in(tmp_path) == []


@needs_posix
def test_a_read_only_folder_is_told(target: Path, unprivileged: Unprivileged) -> None:
    target.parent.chmod(0o555)

    with unprivileged(target.parent), pytest.raises(UnavailableError, match="no permission"):
        write_pieces(target, [b"x"], no_source)


def test_a_read_only_file_system_is_told(target: Path, mounted: Mounted) -> None:
    with (
        mounted(target.parent, "ro,size=64k"),
        pytest.raises(UnavailableError, match="read-only"),
    ):
        write_pieces(target, [b"x"], no_source)


@pytest.mark.parametrize("kind", ["bytes", "small ranges", "large range"])
def test_a_full_disk_is_told_and_leaves_nothing(
    target: Path, sources: list[Path], kind: str, mounted: Mounted
) -> None:
    pieces: dict[str, list[Piece]] = {
        "bytes": [pattern(LARGE)],
        "small ranges": [ByteRange(0, 0, 1000)] * 300,
        "large range": [ByteRange(0, 0, LARGE)],
    }

    with mounted(target.parent, "size=100k"):
        with pytest.raises(UnavailableError, match="the disk is full"):
            write_pieces(target, pieces[kind], opener(sources))

        assert left_in(target.parent) == []


def test_a_batch_gives_names_only_when_all_is_written(target: Path) -> None:
    folder = target.parent
    with Batch() as batch:
        batch.write(folder / "a", [b"1"], no_source)
        batch.write(folder / "b", [b"2"], no_source)
        assert all(name.startswith(".isocenter-") for name in left_in(folder))

        assert batch.publish() == [folder / "a", folder / "b"]

    assert left_in(folder) == ["a", "b"]


def test_a_batch_that_is_not_published_leaves_nothing(target: Path) -> None:
    with Batch() as batch:
        batch.write(target, [b"1"], no_source)

    assert left_in(target.parent) == []


def test_a_batch_that_meets_a_taken_name_takes_its_own_back(target: Path) -> None:
    folder = target.parent
    with Batch() as batch:
        for name in ("a", "b", "c"):
            batch.write(folder / name, [b"new"], no_source)
        (folder / "b").write_bytes(b"precious")
        with pytest.raises(ConflictError):
            batch.publish()

    assert left_in(folder) == ["b"]
    assert (folder / "b").read_bytes() == b"precious"


def test_placed_files_take_the_next_free_name(target: Path) -> None:
    folder = target.parent
    (folder / "a.dcm").write_bytes(b"precious")
    with Batch() as batch:
        first = batch.place(folder, "a", ".dcm", [b"one"], no_source)
        second = batch.place(folder, "a", ".dcm", [b"two"], no_source)
        batch.publish()

    assert [first.path.name, second.path.name] == ["a_1.dcm", "a_2.dcm"]
    assert (folder / "a.dcm").read_bytes() == b"precious"
    assert (folder / "a_2.dcm").read_bytes() == b"two"


def test_placing_the_same_bytes_again_writes_nothing(target: Path, sources: list[Path]) -> None:
    folder = target.parent
    (folder / "a.dcm").write_bytes(b"x" * LARGE)
    places = []
    for _ in range(2):
        with Batch() as batch:
            places += [
                batch.place(folder, "a", ".dcm", [ByteRange(0, 0, LARGE)], opener(sources)),
                batch.place(folder, "b", ".dcm", [b"b"], opener(sources)),
            ]
            batch.publish()

    assert [(placed.path.name, placed.is_new) for placed in places] == [
        ("a_1.dcm", True),
        ("b.dcm", True),
        ("a_1.dcm", False),
        ("b.dcm", False),
    ]
    assert left_in(folder) == ["a.dcm", "a_1.dcm", "b.dcm"]


def test_a_folder_of_the_name_counts_as_taken(target: Path) -> None:
    target.mkdir()
    with Batch() as batch:
        placed = batch.place(target.parent, "result", ".dcm", [b"x"], no_source)
        batch.publish()

    assert placed.path.name == "result_1.dcm"


def test_possible_paths_count_up() -> None:
    names = [path.name for path in islice(possible_paths(Path("a"), "b.c", ".txt"), 3)]

    assert names == ["b.c.txt", "b.c_1.txt", "b.c_2.txt"]


@needs_posix
def test_a_broken_link_counts_as_taken(target: Path) -> None:
    target.symlink_to(target.parent / "gone")
    with Batch() as batch:
        placed = batch.place(target.parent, "result", ".dcm", [b"x"], no_source)
        batch.publish()

    assert placed.path.name == "result_1.dcm"
    assert target.is_symlink()


def test_outputs_lie_beside_their_input_or_keep_relative_names() -> None:
    source = Path("in/patient/series/1.dcm")

    assert folder_for(source, [Path("in")], None) == Path("in/patient/series")
    assert folder_for(source, [Path("in")], Path("out")) == Path("out/patient/series")
    assert folder_for(source, [Path("x"), Path("in/patient")], Path("out")) == Path("out/series")
    assert folder_for(source, [source], Path("out")) == Path("out")
    assert folder_for(Path("1.dcm"), [Path()], Path("out")) == Path("out")
    assert folder_for(Path("../b/1.dcm"), [Path("..")], Path("out")) == Path("out/b")


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_under_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="no folder"):
        make_folder(tmp_path / "file" / "b")


def stop_at_call(number: int, stop: Callable[[], None]) -> Callable[[FrameType, str, object], None]:
    """Return a profiler that stops before or after the n-th call that writing makes."""
    seen = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal seen
        if frame.f_code.co_filename in WATCHED and event in ("c_call", "c_return"):
            seen += 1
            if seen == number:
                stop()

    return profile


def write_two(folder: Path, source: Path) -> None:
    with Batch() as batch:
        for name in ("a", "b"):
            pieces: list[Piece] = [b"head", ByteRange(0, 0, LARGE)]
            batch.write(folder / name, pieces, opener([source]))
        batch.publish()


def interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupt_at_any_step_leaves_all_or_nothing(target: Path, sources: list[Path]) -> None:
    folder = target.parent
    expected = b"head" + pattern(LARGE, 0)
    number = 0
    interrupted = True
    while interrupted:
        number += 1
        sys.setprofile(stop_at_call(number, interrupt))
        try:
            write_two(folder, sources[0])
            interrupted = False
        except KeyboardInterrupt:
            pass
        finally:
            sys.setprofile(None)
        names = left_in(folder)
        assert names in ([], ["a", "b"]), f"stopped at call {number}"
        for name in names:
            assert (folder / name).read_bytes() == expected
            (folder / name).unlink()

    assert number > 30


KILLS = """
import os, signal, sys
from pathlib import Path
from tests.services.test_outputs import LARGE, pattern, stop_at_call, write_two

folder, source = Path(sys.argv[1]), Path(sys.argv[2])
expected = b"head" + pattern(LARGE, 0)
killed, number, complete = True, 0, 0
while killed:
    number += 1
    child = os.fork()
    if child == 0:
        sys.setprofile(stop_at_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        write_two(folder, source)
        sys.setprofile(None)
        os._exit(0)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    for path in folder.iterdir():
        if path.name.startswith(".isocenter-"):
            assert path.name.endswith(".part")
        else:
            assert path.name in ("a", "b") and path.read_bytes() == expected, (number, path)
            complete += 1
        path.unlink()
print(number, complete)
"""


@needs_posix
def test_a_kill_at_any_step_shows_no_half_file(
    target: Path, sources: list[Path], repository: Path
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", KILLS, str(target.parent), str(sources[0])],
        check=False,
        capture_output=True,
        text=True,
        cwd=repository,
    )

    assert result.returncode == 0, result.stderr
    steps, complete = map(int, result.stdout.split())
    assert steps > 30
    assert complete >= 2


def test_what_was_written_is_compared_with_what_it_was_made_of(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")

    def open_source(_: int) -> FileSource:
        return FileSource(old)

    with Batch(durable=False) as batch:
        batch.write(tmp_path / "new", [b"new ", ByteRange(0, 0, 3)], open_source)
        batch.check_last([b"new ", ByteRange(0, 0, 3)], open_source, old)
        others: list[list[Piece]] = [[b"new old!"], [b"new ", ByteRange(0, 1, 2)], [b"new"]]
        for other in others:
            with pytest.raises(ConflictError, match="not what was made"):
                batch.check_last(other, open_source, old)


def test_folders_can_be_forced_once_for_several_batches(tmp_path: Path) -> None:
    folders: set[Path] = set()

    with forcing_threads() as threads:
        for name in ("a", "b"):
            with Batch(threads=threads) as batch:
                batch.write(tmp_path / name, [b"x"], no_source)
                batch.publish(folders=folders)

    assert folders == {tmp_path}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
