import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import ConflictError
from isocenter.services.files import FileSource
from isocenter.services.pieces import OpenSource, PieceWriter

LARGE = 300_000


def pattern(length: int, seed: int = 1) -> bytes:
    return bytes((seed + number * 31) % 251 for number in range(length))


def write(
    target: Path,
    pieces: Sequence[Piece],
    open_source: OpenSource,
    on_bytes: Callable[[int], None] | None = None,
) -> int:
    with target.open("xb", buffering=0) as file:
        return PieceWriter(file.fileno(), open_source, on_bytes).write(pieces)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "result.dcm"


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"source{number}" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_bytes(pattern(LARGE, number))
    return paths


def opener(paths: list[Path]) -> OpenSource:
    return lambda source_index: FileSource(paths[source_index])


def test_pieces_are_counted_as_they_are_written(target: Path, sources: list[Path]) -> None:
    told: list[int] = []

    size = write(
        target, [b"head", ByteRange(0, 0, LARGE), ByteRange(1, 5, 7)], opener(sources), told.append
    )

    assert size == sum(told) == 4 + LARGE + 7 == target.stat().st_size


def test_every_source_is_closed_after_use(target: Path, sources: list[Path]) -> None:
    opened: list[FileSource] = []

    def open_source(source_index: int) -> FileSource:
        opened.append(FileSource(sources[source_index]))
        return opened[-1]

    pieces = [ByteRange(0, 0, 5), ByteRange(0, 5, LARGE - 5), ByteRange(1, 0, LARGE)]
    write(target, pieces, open_source)

    assert [source.fd for source in opened] == [-1, -1]


def test_a_small_range_beyond_the_end_is_a_conflict(target: Path, sources: list[Path]) -> None:
    with pytest.raises(ConflictError):
        write(target, [ByteRange(0, LARGE - 2, 5)], opener(sources))


@pytest.mark.parametrize(
    "missing", [(), ("copy_file_range",), ("copy_file_range", "sendfile")], ids=str
)
def test_every_way_to_copy_gives_the_same_bytes(
    target: Path, sources: list[Path], missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in missing:
        monkeypatch.delattr(os, name, raising=False)

    write(target, [b"a", ByteRange(0, 3, LARGE - 3)], opener(sources))

    assert target.read_bytes() == b"a" + pattern(LARGE, 0)[3:]


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, 0])
def test_where_the_kernel_cannot_copy_the_bytes_are_read(
    target: Path, sources: list[Path], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on file systems and kernels that we do not have here; 0 stands for "copied nothing".
    def refuse(*_: object) -> int:
        if code:
            raise OSError(code, "refused")
        return 0

    monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    monkeypatch.setattr(os, "sendfile", refuse, raising=False)

    write(target, [ByteRange(0, 0, LARGE)], opener(sources))

    assert target.read_bytes() == pattern(LARGE, 0)


@pytest.mark.skipif(not hasattr(os, "copy_file_range"), reason="the system has no such call")
def test_short_copies_are_continued(
    target: Path, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = os.copy_file_range
    monkeypatch.setattr(
        os, "copy_file_range", lambda src, dst, count, at: copy(src, dst, min(count, 999), at)
    )

    write(target, [ByteRange(0, 5, LARGE - 5)], opener(sources))

    assert target.read_bytes() == pattern(LARGE, 0)[5:]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")  # noqa: S108
def test_ranges_are_copied_from_another_file_system(target: Path) -> None:
    source = Path("/dev/shm") / f"isocenter-test-{os.getpid()}"  # noqa: S108
    source.write_bytes(pattern(LARGE))
    try:
        write(target, [ByteRange(0, 0, LARGE)], opener([source]))
    finally:
        source.unlink()

    assert target.read_bytes() == pattern(LARGE)
