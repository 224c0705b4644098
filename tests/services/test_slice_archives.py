"""Archives of slices: made once, kept for a while, gone with their session."""

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from isocenter.errors import NotSupportedError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox
from isocenter.limits import DEFAULT
from isocenter.services.slice_archives import DECODE, SliceArchives, Volume
from isocenter.store.blobs_local import LocalBlobReader
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
    with LocalBlobReader(put(tmp_path / "volume", data)) as source:
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
        with LocalBlobReader(put(tmp_path / str(number), data)) as source:
            other = Volume("session-1", key_of(data), source)
            assert archives.count(other) == 0
    with (
        LocalBlobReader(tmp_path / "0") as source,
        pytest.raises(NotSupportedError, match="no volume"),
    ):
        archives.open(Volume("session-1", "0", source))


def test_an_odd_file_is_rewritten_first(archives: SliceArchives, tmp_path: Path) -> None:
    dataset = enhanced("CT", 3)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    target = tmp_path / "odd"
    dcmwrite(target, dataset, little_endian=False, implicit_vr=False)

    with LocalBlobReader(target) as source:
        odd = Volume("session-1", "odd", source)
        assert archives.count(odd) == 3
        assert len(names_in(archives, odd)) == 3

    assert kept(tmp_path) == 1


def test_what_viewers_cannot_decode_is_decoded_for_them(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    with Sandbox(child=TRANSCODE_CHILD) as sandbox:
        sandbox.transform(DECODE, tmp_path / "volume", tmp_path / "htj2k", codec="htj2k")
    with LocalBlobReader(tmp_path / "htj2k") as source:
        compressed = volume._replace(reader=source, key="htj2k")
        assert archives.count(compressed) == 4
        opened = archives.open(compressed)

    with opened.source as archive, opened.source.as_file() as path:
        files = zipfile.ZipFile(path)
        assert archive.size > 0
        slices = [dcmread(io.BytesIO(files.read(name))) for name in files.namelist()]
    assert {one.file_meta.TransferSyntaxUID for one in slices} == {ExplicitVRLittleEndian}
    expected = [one.pixel_array for one in series(4, rows=8, columns=8)]
    assert np.array_equal(np.stack([one.pixel_array for one in slices]), np.stack(expected))
    assert kept(tmp_path) == 1


def test_archives_end_with_their_session_where_they_have_one(
    archives: SliceArchives, volume: Volume, tmp_path: Path
) -> None:
    names_in(archives, volume)
    names_in(archives, volume._replace(session_id="session-2"))
    names_in(archives, volume._replace(session_id=""))

    archives.sweep({"session-2"}.__contains__)

    assert kept(tmp_path) == 2


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
