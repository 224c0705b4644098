"""Copies of far bytes: made once, compared, given up in time."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import UnavailableError
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.local_copies import KEPT_SECONDS, LocalCopies, copy_blob, local_paths
from tests.stores import Clock, files_under, put


class Far:
    """Bytes elsewhere, which counts how often they are asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.key = hashlib.sha256(data).hexdigest()
        self.asked = 0

    @property
    def size(self) -> int:
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        self.asked += 1
        return self.data[offset : offset + length]


class Seconds:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalBlobs]:
    made = LocalBlobs(tmp_path / "copies", Clock())
    yield made
    made.close()


def test_a_copy_has_the_bytes_and_is_made_once(local: LocalBlobs) -> None:
    copies, far = LocalCopies(local, 1 << 20), Far(b"bytes")

    for _ in range(3):
        with copies.borrow(far.key, far) as path:
            assert path.read_bytes() == b"bytes"

    assert far.asked == 1


def test_many_who_want_it_at_once_share_one_copy(local: LocalBlobs) -> None:
    copies, far = LocalCopies(local, 1 << 20), Far(bytes(1000))
    barrier = threading.Barrier(8)

    def borrow(_: int) -> int:
        barrier.wait()
        with copies.borrow(far.key, far) as path:
            return path.stat().st_size

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(borrow, range(8))) == [1000] * 8
    assert far.asked == 1


def test_a_copy_of_no_bytes_is_a_file(local: LocalBlobs) -> None:
    far = Far(b"")

    with LocalCopies(local, 1 << 20).borrow(far.key, far) as path:
        assert path.read_bytes() == b""


def test_other_bytes_than_were_stored_are_refused_and_leave_nothing(
    local: LocalBlobs, tmp_path: Path
) -> None:
    copies, far = LocalCopies(local, 1 << 20), Far(b"damaged")

    with pytest.raises(UnavailableError, match="other bytes"), copies.borrow("a" * 64, far):
        pass

    assert files_under(tmp_path) == []


def test_copies_go_where_there_is_no_room_but_not_those_in_use(local: LocalBlobs) -> None:
    copies = LocalCopies(local, 1500)
    first, second = Far(b"a" * 1000), Far(b"b" * 1000)

    with copies.borrow(first.key, first) as path:
        with copies.borrow(second.key, second):
            pass
        assert path.is_file()
        assert local.keys("") == {first.key}


def test_copies_go_some_minutes_after_their_last_use(local: LocalBlobs) -> None:
    clock, far = Seconds(), Far(b"bytes")
    copies = LocalCopies(local, 1 << 20, clock)
    with copies.borrow(far.key, far):
        clock.now += KEPT_SECONDS * 2
        copies.trim()
    copies.trim()
    assert local.keys("") == {far.key}

    clock.now += KEPT_SECONDS + 1
    copies.trim()

    assert local.keys("") == frozenset()


def test_a_copy_of_deleted_bytes_goes_at_once(local: LocalBlobs) -> None:
    copies, far = LocalCopies(local, 1 << 20), Far(b"bytes")
    with copies.borrow(far.key, far):
        pass

    copies.forget([far.key, "a" * 64])

    assert local.keys("") == frozenset()


def test_files_of_a_store_are_given_as_they_are(local: LocalBlobs, tmp_path: Path) -> None:
    keys = [put(local, b"one"), put(local, b"two")]

    assert local_paths(local, keys, tmp_path / "none") == [local.path_of(key) for key in keys]
    assert not (tmp_path / "none").exists()


def test_a_blob_is_copied_and_compared(local: LocalBlobs, tmp_path: Path) -> None:
    key = put(local, b"one")

    assert copy_blob(local, key, tmp_path / "new" / "copy").read_bytes() == b"one"

    local.path_of(key).chmod(0o600)
    local.path_of(key).write_bytes(b"two")
    with pytest.raises(UnavailableError, match="other bytes"):
        copy_blob(local, key, tmp_path / "other")
    assert not (tmp_path / "other").exists()
