"""Archives of slices: made once, kept for a while, gone with their session."""

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from pydicom import dcmwrite
from pydicom.uid import ExplicitVRBigEndian

from isocenter.errors import NotSupportedError
from isocenter.limits import DEFAULT
from isocenter.services.files import FileSource
from isocenter.services.slice_archives import SliceArchives, Volume
from tests.builders import instance, series, to_bytes
from tests.in_memory import merged_stack
from tests.multi_frame import enhanced
from tests.stores import Clock, key_of

MINUTE_MS = 60_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archives(tmp_path: Path, clock: Clock) -> Iterator[SliceArchives]:
    folder = tmp_path / "archives"
    folder.mkdir()
    with SliceArchives(folder, clock) as opened:
        yield opened
    assert list(folder.iterdir()) == []


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    data = merged_stack([to_bytes(one) for one in series(4, rows=8, columns=8)]).stream
    with FileSource(put(tmp_path / "volume", data)) as source:
        yield Volume("session-1", key_of(data), source)


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def names_in(archives: SliceArchives, volume: Volume) -> list[str]:
    opened = archives.open(volume)
    with opened.source as source:
        data = source.read_at(0, source.size)
    assert opened.key == key_of(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def is_there(_: str) -> bool:
    return True


def is_gone(_: str) -> bool:
    return False


def kept(tmp_path: Path) -> int:
    return len(list((tmp_path / "archives").iterdir()))


def test_a_volume_becomes_an_archive_once(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    assert archives.count(volume) == 4
    assert kept(tmp_path) == 0

    assert names_in(archives, volume) == names_in(archives, volume)

    assert kept(tmp_path) == 1


def test_threads_that_ask_at_once_get_one_archive(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(names_in(archives, volume))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [len(names) for names in found] == [4, 4, 4, 4]
    assert kept(tmp_path) == 1


def test_a_single_slice_and_what_is_no_dicom_are_no_volumes(
    archives: SliceArchives, tmp_path: Path
) -> None:
    for number, data in enumerate((to_bytes(instance(rows=8, columns=8)), b"no DICOM" * 100)):
        with FileSource(put(tmp_path / str(number), data)) as source:
            other = Volume("session-1", key_of(data), source)
            assert archives.count(other) == 0
    with (
        FileSource(tmp_path / "0") as source,
        pytest.raises(NotSupportedError, match="no volume"),
    ):
        archives.open(Volume("session-1", "0", source))


def test_an_odd_file_is_rewritten_first(archives: SliceArchives, tmp_path: Path) -> None:
    dataset = enhanced("CT", 3)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    target = tmp_path / "odd"
    dcmwrite(target, dataset, little_endian=False, implicit_vr=False)

    with FileSource(target) as source:
        odd = Volume("session-1", "odd", source)
        assert archives.count(odd) == 3
        assert len(names_in(archives, odd)) == 3

    assert kept(tmp_path) == 1


def test_bytes_that_are_no_file_are_copied_for_the_child(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    with FileSource(tmp_path / "volume") as source:
        reader = _Remote(source)
        assert len(names_in(archives, volume._replace(reader=reader, key="other"))) == 4

    assert kept(tmp_path) == 1


def test_archives_end_with_their_session(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    names_in(archives, volume)
    names_in(archives, volume._replace(session_id="session-2"))

    archives.sweep({"session-2"}.__contains__)

    assert kept(tmp_path) == 1


def test_archives_end_some_minutes_after_they_were_last_asked_for(
    archives: SliceArchives, volume: Volume, clock: Clock, tmp_path: Path
) -> None:
    names_in(archives, volume)
    clock.now_ms += 9 * MINUTE_MS
    names_in(archives, volume)
    clock.now_ms += 9 * MINUTE_MS
    archives.sweep(is_there)
    assert kept(tmp_path) == 1

    clock.now_ms += 2 * MINUTE_MS
    archives.sweep(is_there)

    assert kept(tmp_path) == 0


def test_the_oldest_go_where_all_are_too_large(
    volume: Volume, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    limits = replace(DEFAULT, slice_archive_bytes=1)
    with SliceArchives(folder, clock, limits) as archives:
        for number in range(3):
            assert len(names_in(archives, volume._replace(session_id=str(number)))) == 4
            clock.now_ms += 1

        assert kept(tmp_path) == 1


def test_what_is_being_sent_stays_readable(archives: SliceArchives, volume: Volume) -> None:
    opened = archives.open(volume)
    with opened.source as source:
        archives.sweep(is_gone)

        assert source.read_at(0, 4) == b"PK\x03\x04"


class _Remote:
    """A reader of a store that has no files."""

    path = None

    def __init__(self, source: FileSource) -> None:
        self._source = source
        self.size = source.size

    def read_at(self, offset: int, length: int) -> bytes:
        return self._source.read_at(offset, length)

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
