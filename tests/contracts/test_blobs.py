"""What every blob store promises: one suite for all engines."""

import hashlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.store.blobs import BlobStore, StagedBlob
from tests.stores import BLOB_STORES, HOUR_MS, Clock, key_of, put, read_all, stage

SIZES = [0, 1, 1000, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 3 << 20, (9 << 20) + 7]
HOSTILE_KEYS = [
    "",
    "../" * 20 + "etc/passwd",
    "/etc/passwd",
    "a" * 63,
    "a" * 65,
    "A" * 64,
    "a" * 63 + "/",
    "a" * 63 + "\0",
    "a" * 64 + "\n",
    "..",
    "incoming",
    "\u0661" * 64,
]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=sorted(BLOB_STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[BlobStore]:
    made = BLOB_STORES[request.param](tmp_path, clock)
    yield made
    made.close()


@pytest.mark.parametrize("size_bytes", SIZES)
def test_what_was_published_is_read_again_by_its_hash(store: BlobStore, size_bytes: int) -> None:
    data = os.urandom(size_bytes)

    key = put(store, data)

    assert key == key_of(data)
    assert read_all(store, key) == data


def test_many_small_writes_are_one_blob(store: BlobStore) -> None:
    parts = [os.urandom(size) for size in range(1, 2000)]
    parts += [os.urandom(1 << 20), b"x", os.urandom(1 << 19)]

    staged = stage(store, *parts)
    store.publish(staged)

    assert staged.size_bytes == sum(map(len, parts))
    assert read_all(store, staged.key) == b"".join(parts)


@pytest.mark.parametrize("size_bytes", [100, 1 << 19])
def test_buffer_may_be_used_again_after_a_write(store: BlobStore, size_bytes: int) -> None:
    buffer = bytearray(b"a" * size_bytes)
    with store.new_writer() as writer:
        writer.write(memoryview(buffer))
        buffer[:] = b"b" * size_bytes
        writer.write(buffer)
        staged = writer.finish()
        buffer[:] = b"c" * size_bytes
    store.publish(staged)

    assert read_all(store, staged.key) == b"a" * size_bytes + b"b" * size_bytes


def test_nothing_is_visible_before_publish(store: BlobStore) -> None:
    staged = stage(store, b"not yet")

    with pytest.raises(NotFoundError):
        store.open(staged.key)
    with pytest.raises(NotFoundError):
        store.path_of(staged.key)


def test_discarded_bytes_are_never_visible(store: BlobStore) -> None:
    staged = stage(store, b"never mind")
    store.discard(staged)
    with store.new_writer() as writer:
        writer.write(b"never finished")

    for data in (b"never mind", b"never finished"):
        with pytest.raises(NotFoundError):
            store.open(key_of(data))


def test_writer_that_an_error_leaves_is_discarded(store: BlobStore) -> None:
    def fail() -> None:
        with store.new_writer() as writer:
            writer.write(bytes(1 << 20))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.sweep_staged(1 << 62).removed == 0


def test_discarding_what_was_published_changes_nothing(store: BlobStore) -> None:
    staged = stage(store, b"kept")
    store.publish(staged)

    store.discard(staged)

    assert read_all(store, staged.key) == b"kept"


def test_publishing_again_after_a_failed_transaction_works(store: BlobStore) -> None:
    staged = stage(store, b"again")

    store.publish(staged)
    store.publish(staged)

    assert read_all(store, staged.key) == b"again"


def test_publishing_what_was_discarded_fails(store: BlobStore) -> None:
    staged = stage(store, b"gone")
    store.discard(staged)

    with pytest.raises(Exception, match="missing"):
        store.publish(staged)


def test_several_are_published_at_once_also_equal_ones(store: BlobStore) -> None:
    contents = [b"one", b"two", b"two", b"three"]
    staged = [stage(store, data) for data in contents]

    store.publish(*staged)

    assert [read_all(store, blob.key) for blob in staged] == contents


def test_publishing_nothing_and_deleting_nothing_work(store: BlobStore) -> None:
    store.publish()
    store.discard()
    store.delete()


def test_reader_gives_any_range_and_less_at_the_end(store: BlobStore) -> None:
    data = os.urandom(100_000)
    with store.open(put(store, data)) as reader:
        assert reader.size == len(data)
        assert reader.read_at(5, 10) == data[5:15]
        assert reader.read_at(99_990, 100) == data[99_990:]
        assert reader.read_at(200_000, 10) == b""
        if reader.path is not None:
            assert reader.path.read_bytes() == data


def test_readers_are_shared_by_threads(store: BlobStore) -> None:
    data = os.urandom(1 << 20)
    with store.open(put(store, data)) as reader, ThreadPoolExecutor(8) as threads:
        offsets = range(0, len(data), 4096)
        parts = threads.map(lambda offset: reader.read_at(offset, 4096), offsets)
        assert b"".join(parts) == data


def test_open_reader_outlives_its_blob(store: BlobStore) -> None:
    key = put(store, b"still there")

    with store.open(key) as reader:
        store.delete(key)
        assert reader.read_at(0, 100) == b"still there"
    with pytest.raises(NotFoundError):
        store.open(key)


def test_deleted_bytes_are_gone_and_may_come_back(store: BlobStore) -> None:
    keys = [put(store, data) for data in (b"a", b"b", b"c")]

    store.delete(*keys[:2])
    store.delete(*keys[:2])

    assert read_all(store, keys[2]) == b"c"
    for key in keys[:2]:
        with pytest.raises(NotFoundError):
            store.path_of(key)
    assert read_all(store, put(store, b"a")) == b"a"


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_hostile_keys_reach_no_path(store: BlobStore, key: str) -> None:
    for call in (store.open, store.path_of, store.delete):
        with pytest.raises(InvalidInputError):
            call(key)
    with pytest.raises(InvalidInputError):
        StagedBlob(key, 1, "00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize("token", ["", "../../x", "a" * 36, "/" * 36, ".."])
def test_staged_bytes_are_named_by_a_uuid_only(token: str) -> None:
    with pytest.raises(InvalidInputError):
        StagedBlob("a" * 64, 1, token)


def test_file_of_a_job_is_taken_over(store: BlobStore, tmp_path: Path) -> None:
    made = tmp_path / "made"
    data = os.urandom((5 << 20) + 3)
    made.write_bytes(data)

    staged = store.stage_file(made)
    made.unlink()
    store.publish(staged)

    assert staged == StagedBlob(key_of(data), len(data), staged.token)
    assert read_all(store, staged.key) == data


def test_staging_a_file_that_is_not_there_says_so(store: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        store.stage_file(tmp_path / "nothing")


def test_sweep_removes_only_old_bytes_without_a_row(store: BlobStore, clock: Clock) -> None:
    known = put(store, b"known")
    old = put(store, b"old")
    clock.now_ms += 2 * HOUR_MS
    new = put(store, b"new")

    swept = store.sweep({known}, clock.now_ms - HOUR_MS)

    assert (swept.removed, swept.removed_bytes, swept.missing_keys) == (1, 3, ())
    with pytest.raises(NotFoundError):
        store.open(old)
    assert read_all(store, known) == b"known"
    assert read_all(store, new) == b"new"


def test_bytes_published_again_are_new_for_a_sweep(store: BlobStore, clock: Clock) -> None:
    put(store, b"twice")
    clock.now_ms += 2 * HOUR_MS
    key = put(store, b"twice")

    assert store.sweep((), clock.now_ms - HOUR_MS).removed == 0
    assert read_all(store, key) == b"twice"


def test_sweep_reports_keys_without_bytes(store: BlobStore, clock: Clock) -> None:
    here = put(store, b"here")
    missing = key_of(b"missing")

    assert store.sweep({here, missing}, clock.now_ms).missing_keys == (missing,)


def test_sweep_of_a_prefix_leaves_other_keys_alone(store: BlobStore, clock: Clock) -> None:
    keys = [put(store, str(number).encode()) for number in range(50)]
    prefix = keys[0][:2]
    clock.now_ms += HOUR_MS

    swept = store.sweep((), clock.now_ms, prefix=prefix)

    assert swept.removed == sum(key.startswith(prefix) for key in keys)
    for key in keys:
        if not key.startswith(prefix):
            store.open(key).close()


def test_keys_are_those_of_published_bytes(store: BlobStore) -> None:
    keys = {put(store, str(number).encode()) for number in range(50)}
    stage(store, b"staged")
    gone = keys.pop()
    store.delete(gone)
    prefix = min(keys)[:2]

    assert store.keys("") == keys
    assert store.keys(prefix) == {key for key in keys if key.startswith(prefix)}


def test_sweep_leaves_staged_bytes_of_this_process_alone(store: BlobStore) -> None:
    staged = stage(store, b"about to be published")
    with store.new_writer() as writer:
        writer.write(bytes(1 << 20))
        assert store.sweep_staged(1 << 62).removed == 0
        other = writer.finish()

    store.publish(staged, other)

    assert read_all(store, staged.key) == b"about to be published"


def test_threads_that_write_the_same_and_other_bytes_disturb_nobody(store: BlobStore) -> None:
    contents = [os.urandom(1 << 16) for _ in range(10)]
    problems: list[str] = []

    def work(number: int) -> None:
        for step in range(20):
            data = contents[(number + step) % len(contents)]
            key = put(store, data)
            if read_all(store, key) != data:
                problems.append(key)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not problems
    assert not store.sweep({key_of(data) for data in contents}, 0).missing_keys


def test_second_store_over_the_same_bytes_sees_them(
    request: pytest.FixtureRequest, store: BlobStore, tmp_path: Path, clock: Clock
) -> None:
    key = put(store, b"shared")
    name = request.node.callspec.params["store"]

    other = BLOB_STORES[name](tmp_path, clock)

    assert read_all(other, key) == b"shared"
    assert hashlib.sha256(read_all(other, key)).hexdigest() == key
    other.close()
