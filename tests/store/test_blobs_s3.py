"""Blobs in an object store: large ones, what killed processes leave, errors without secrets."""

import os
import socket
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.store import blobs_s3
from isocenter.store.blobs import StagedBlob
from isocenter.store.blobs_s3 import LARGE_BYTES, S3Blobs, S3Place, open_s3
from tests.servers import ObjectStore, object_store
from tests.stores import Clock, key_of, put, read_all, stage

SECRET = "not-to-be-told"  # noqa: S105 -- a canary


@pytest.fixture(scope="module")
def place() -> S3Place:
    return object_store().bucket()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(place: S3Place, tmp_path: Path, clock: Clock) -> Iterator[S3Blobs]:
    made = S3Blobs(open_s3(place), tmp_path / "local", clock)
    yield made
    made.delete(*made.keys(""))
    made.close()


def names(store: S3Blobs) -> list[str]:
    return sorted(
        str(one["path"]).partition("/")[0] for batch in obstore.list(store._store) for one in batch
    )


def test_large_bytes_are_a_part_and_its_name(store: S3Blobs) -> None:
    data = os.urandom(LARGE_BYTES + 1)
    staged = stage(store, data)
    assert names(store) == ["parts"]
    with store.open_staged(staged) as reader:
        assert reader.read_at(LARGE_BYTES, 10) == data[LARGE_BYTES:]

    store.publish(staged)

    assert names(store) == ["blobs", "parts"]
    with store.open(staged.key) as reader:
        assert reader.size == len(data)
        assert reader.read_at(LARGE_BYTES - 5, 100) == data[LARGE_BYTES - 5 :]
        assert reader.read_at(LARGE_BYTES + 1, 10) == b""
        with reader.as_file() as path:
            assert path.read_bytes() == data
    store.delete(staged.key)
    assert names(store) == []


def test_large_bytes_twice_are_kept_once_and_readers_go_on(store: S3Blobs) -> None:
    data = os.urandom(LARGE_BYTES)
    key = put(store, data)
    with store.open(key) as reader:
        again = [stage(store, data), stage(store, data)]
        store.publish(*again)
        assert reader.read_at(0, 100) == data[:100]

    assert names(store) == ["blobs", "parts"]
    assert read_all(store, key) == data


def test_reader_of_large_bytes_that_were_deleted_says_so(store: S3Blobs) -> None:
    key = put(store, bytes(LARGE_BYTES))
    with store.open(key) as reader:
        store.delete(key)
        with pytest.raises(NotFoundError):
            reader.read_at(0, 10)


def test_discarded_large_bytes_are_gone(store: S3Blobs) -> None:
    store.discard(stage(store, bytes(LARGE_BYTES)))

    assert names(store) == []


def test_parts_of_a_killed_process_are_swept_and_published_ones_stay(
    place: S3Place, store: S3Blobs, tmp_path: Path, clock: Clock
) -> None:
    data = os.urandom(LARGE_BYTES)
    key = put(store, data)
    killed = S3Blobs(open_s3(place), tmp_path / "other", clock)
    stage(killed, os.urandom(LARGE_BYTES))
    mine = stage(store, os.urandom(LARGE_BYTES))

    assert store.sweep_staged(0).removed == 0
    swept = store.sweep_staged(1 << 62)

    assert (swept.removed, swept.removed_bytes) == (1, LARGE_BYTES)
    store.publish(mine)
    assert read_all(store, key) == data
    killed.close()


def test_old_large_bytes_without_a_row_are_swept_whole(store: S3Blobs, clock: Clock) -> None:
    put(store, bytes(LARGE_BYTES))
    clock.now_ms += 1000

    swept = store.sweep((), clock.now_ms)

    assert (swept.removed, swept.removed_bytes) == (1, LARGE_BYTES)
    assert names(store) == []


def test_publishing_a_part_that_is_gone_fails(store: S3Blobs) -> None:
    staged = stage(store, bytes(LARGE_BYTES))
    obstore.delete(store._store, f"parts/{staged.key}.{staged.token}")

    with pytest.raises(UnavailableError):
        store.publish(staged)
    assert names(store) == []


def test_memory_does_not_grow_with_the_blob(store: S3Blobs, tmp_path: Path) -> None:
    made = tmp_path / "made"
    with made.open("wb") as stream:
        for _ in range(64):
            stream.write(os.urandom(1 << 20))
    tracemalloc.start()
    try:
        staged = store.stage_file(made)
        store.publish(staged)
        with store.open(staged.key) as reader, reader.as_file() as path:
            assert path.stat().st_size == 64 << 20
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40 << 20


def test_copy_of_deleted_bytes_is_gone(store: S3Blobs) -> None:
    key = put(store, b"copied")
    with store.open(key) as reader, reader.as_file() as path:
        assert path.read_bytes() == b"copied"
    store.delete(key)

    assert not path.exists()


@pytest.mark.parametrize(
    "who",
    [
        lambda server: server.guest,
        lambda server: (server.owner[0], SECRET),
        lambda _: ("nobody", SECRET),
    ],
    ids=["guest", "wrong key", "nobody"],
)
def test_strangers_are_refused_without_telling_the_key(
    place: S3Place, tmp_path: Path, who: Callable[[ObjectStore], tuple[str, str]]
) -> None:
    other = S3Blobs(
        open_s3(object_store().place(place.bucket, *who(object_store()))), tmp_path / "s", Clock()
    )

    for call in (
        lambda: put(other, b"x"),
        lambda: other.open("a" * 64),
        lambda: other.keys(""),
        lambda: other.delete("a" * 64),
    ):
        with pytest.raises(UnavailableError) as caught:
            call()
        assert SECRET not in f"{caught.value} {caught.value.__cause__}"
    other.close()


def test_bucket_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    other = S3Blobs(open_s3(object_store().place("isocenter-none")), tmp_path / "s", Clock())

    with pytest.raises(UnavailableError):
        put(other, b"x")
    other.close()


def test_server_that_is_not_there_is_unavailable_in_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs_s3, "RETRY_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    place = S3Place("isocenter-none", f"http://127.0.0.1:{port}", "user", SECRET)
    other = S3Blobs(open_s3(place), tmp_path / "s", Clock())

    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        other.open(key_of(b"x"))

    assert SECRET not in str(caught.value)
    assert SECRET not in repr(place)
    other.close()


def test_settings_that_are_none_are_refused_without_telling_them() -> None:
    with pytest.raises(InvalidInputError) as caught:
        open_s3(S3Place("bucket", "no url " + SECRET, "user", SECRET))

    assert SECRET not in str(caught.value)


def test_unknown_staged_bytes_are_missing(store: S3Blobs) -> None:
    staged = StagedBlob("a" * 64, 1, str(uuid.uuid4()))

    with pytest.raises(UnavailableError, match="missing"):
        store.publish(staged)
