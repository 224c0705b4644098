"""Blobs as files: names, permissions, links, full and read-only disks."""

import collections
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.store.blobs_local import LocalBlobs
from tests.conftest import Mounted, Unprivileged
from tests.stores import Clock, files_under, key_of, local_blobs, put, read_all, stage

MIB = 1 << 20


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalBlobs]:
    made = local_blobs(tmp_path, Clock())
    yield made
    made.close()


def folder_of(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def test_file_has_its_key_as_name_in_a_folder_of_its_first_digits(
    store: LocalBlobs, tmp_path: Path
) -> None:
    key = put(store, b"abc")

    assert key == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert store.path_of(key) == folder_of(tmp_path) / "ba" / key
    assert files_under(folder_of(tmp_path)) == [store.path_of(key)]


def test_nobody_else_may_read(store: LocalBlobs, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = store.path_of(put(store, b"abc"))
        made = tmp_path / "made"
        made.write_bytes(b"made")
        made.chmod(0o666)
        store.publish(staged := store.stage_file(made))
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path_of(staged.key).stat().st_mode) == 0o600
    for folder in (tmp_path / "blobs", tmp_path / "blobs" / "incoming", path.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_same_bytes_are_one_file(store: LocalBlobs, tmp_path: Path) -> None:
    for _ in range(3):
        put(store, b"same")

    assert len(files_under(folder_of(tmp_path))) == 1


def test_file_of_a_job_is_linked_not_copied(store: LocalBlobs, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(bytes(MIB))
    inode = made.stat().st_ino

    staged = store.stage_file(made)
    store.publish(staged)

    assert store.path_of(staged.key).stat().st_ino == inode


def test_file_with_other_names_is_copied(store: LocalBlobs, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"before")
    (tmp_path / "other").hardlink_to(made)

    staged = store.stage_file(made)
    store.publish(staged)
    (tmp_path / "other").write_bytes(b"after!")

    assert read_all(store, key_of(b"before")) == b"before"


def test_file_of_another_file_system_is_copied(
    store: LocalBlobs, tmp_path: Path, mounted: Mounted
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with mounted(scratch, "size=1m"):
        (scratch / "made").write_bytes(b"far away")
        staged = store.stage_file(scratch / "made")
        store.publish(staged)

    assert read_all(store, staged.key) == b"far away"


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "dangling"])
def test_only_regular_files_are_taken_over(store: LocalBlobs, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd"
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(secret if kind == "link" else "nowhere")

    with pytest.raises(InvalidInputError, match="regular"):
        store.stage_file(path)

    assert files_under(folder_of(tmp_path)) == []


def test_linked_blob_is_not_opened(store: LocalBlobs, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    key = "a" * 64
    (folder_of(tmp_path) / "aa" / key).symlink_to(tmp_path / "secret")

    with pytest.raises(UnavailableError):
        store.open(key)


def test_full_disk_leaves_nothing_behind(tmp_path: Path, mounted: Mounted) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "size=3m"):
        store = local_blobs(disk, Clock())
        kept = put(store, b"kept")
        writer = store.new_writer()
        with pytest.raises(UnavailableError, match="disk is full"):
            collections.deque(map(writer.write, [os.urandom(MIB)] * 8))
        writer.discard()
        assert len(files_under(disk)) == 1

        assert read_all(store, kept) == b"kept"
        assert read_all(store, put(store, bytes(MIB))) == bytes(MIB)
        store.close()


def test_copy_to_a_full_disk_leaves_nothing_behind(tmp_path: Path, mounted: Mounted) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = tmp_path / "made"
    made.write_bytes(bytes(4 * MIB))
    with mounted(disk, "size=3m"):
        store = local_blobs(disk, Clock())
        with pytest.raises(UnavailableError, match="disk is full"):
            store.stage_file(made)
        assert files_under(disk) == []
        store.close()


def test_disk_without_names_left_says_so(tmp_path: Path, mounted: Mounted) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "size=3m,nr_inodes=262"):
        store = local_blobs(disk, Clock())
        with pytest.raises(UnavailableError, match="disk is full"):
            [put(store, bytes(number)) for number in range(20)]
        assert not list((disk / "blobs" / "incoming").iterdir())
        store.close()


def test_read_only_disk_says_so(tmp_path: Path, mounted: Mounted) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "ro"), pytest.raises(UnavailableError, match="read-only"):
        local_blobs(disk, Clock())


def test_disk_that_becomes_read_only_still_reads(
    store: LocalBlobs, tmp_path: Path, unprivileged: Unprivileged
) -> None:
    key = put(store, b"abc")
    store.path_of(key).chmod(0o644)
    for folder in (folder_of(tmp_path), store.path_of(key).parent):
        folder.chmod(0o755)
    (folder_of(tmp_path) / "incoming").chmod(0o555)
    with unprivileged(tmp_path):
        if os.geteuid() == 0:
            pytest.skip("permissions do not hold here")
        with pytest.raises(UnavailableError, match="no permission"):
            store.new_writer()
        assert read_all(store, key) == b"abc"


def test_store_without_its_folders_is_unavailable_not_empty(
    store: LocalBlobs, tmp_path: Path
) -> None:
    staged = stage(store, b"abc")
    (folder_of(tmp_path) / staged.key[:2]).rmdir()

    with pytest.raises(UnavailableError, match="missing"):
        store.publish(staged)
    with pytest.raises(NotFoundError):
        store.open(staged.key)


def test_errors_and_temporary_names_hold_no_path(store: LocalBlobs, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        store.stage_file(tmp_path / "CANARY")

    assert "CANARY" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_sweep_leaves_what_is_no_file_alone(store: LocalBlobs, tmp_path: Path) -> None:
    (folder_of(tmp_path) / "aa" / "folder").mkdir()
    (folder_of(tmp_path) / "incoming" / "folder").mkdir()

    assert store.sweep((), 1 << 62).removed == 0
    assert store.sweep_staged(1 << 62).removed == 0


def test_large_blob_grows_memory_by_little(tmp_path: Path) -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    store = local_blobs(tmp_path, Clock())
    chunk = os.urandom(1 << 16)
    tracemalloc.start()
    with store.new_writer() as writer:
        for _ in range(1600):
            writer.write(chunk)
        store.publish(writer.finish())
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    store.close()

    assert peak_bytes < 2 * MIB


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_slow_disk_does_not_let_files_pile_up(
    store: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    force = os.fsync

    def force_slowly(fd: int) -> None:
        time.sleep(0.005)
        force(fd)

    monkeypatch.setattr(os, "fsync", force_slowly)
    before = open_files()
    most = 0
    for number in range(300):
        stage(store, bytes(number))
        most = max(most, open_files() - before)

    assert most <= 66
