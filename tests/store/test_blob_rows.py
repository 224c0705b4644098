"""Bytes and rows together: kept, shared, dropped, swept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from isocenter.errors import NotFoundError
from isocenter.store.blob_rows import drop_unused, keep, sweep
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.database import Database
from isocenter.store.tables import blobs, session_files, sessions
from tests.stores import (
    HOUR_MS,
    Clock,
    files_under,
    local_blobs,
    put,
    read_all,
    sqlite_database,
    stage,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[LocalBlobs]:
    made = local_blobs(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def add_file(database: Database, store: LocalBlobs, session: str, data: bytes) -> str:
    staged = stage(store, data)
    with database.begin() as connection:
        keep(connection, store, [staged], 7)
        connection.execute(
            insert(sessions).values(id=session, owner="me", created_ms=0, expires_ms=0)
        )
        connection.execute(
            insert(session_files).values(
                id=session,
                session_id=session,
                kind="input",
                number=1,
                name="a",
                blob_key=staged.key,
                size_bytes=staged.size_bytes,
                facts={},
                created_ms=0,
            )
        )
    return staged.key


def remove_session(database: Database, session: str) -> None:
    with database.begin() as connection:
        connection.execute(delete(sessions).where(sessions.c.id == session))


def keys_of(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(blobs.c.key)))


def test_kept_bytes_have_a_row_with_size_and_time(database: Database, store: LocalBlobs) -> None:
    key = add_file(database, store, "s", b"abc")

    with database.read() as connection:
        assert connection.execute(select(blobs)).one() == (key, 3, 7)
    assert read_all(store, key) == b"abc"


def test_keeping_nothing_needs_no_row(database: Database, store: LocalBlobs) -> None:
    with database.begin() as connection:
        keep(connection, store, [], 7)

    assert keys_of(database) == set()


def test_same_bytes_in_one_or_several_uploads_are_one_row(
    database: Database, store: LocalBlobs
) -> None:
    add_file(database, store, "s", b"abc")
    with database.begin() as connection:
        keep(connection, store, [stage(store, b"abc"), stage(store, b"abc")], 9)

    with database.read() as connection:
        assert [row.created_ms for row in connection.execute(select(blobs))] == [7]


def test_bytes_that_somebody_still_has_stay(database: Database, store: LocalBlobs) -> None:
    key = add_file(database, store, "one", b"abc")
    add_file(database, store, "two", b"abc")
    remove_session(database, "one")

    assert drop_unused(database, store, [key]) == 0
    assert read_all(store, key) == b"abc"


def test_bytes_of_the_last_session_go_with_it(database: Database, store: LocalBlobs) -> None:
    key = add_file(database, store, "one", b"abc")
    other = add_file(database, store, "two", b"other")
    remove_session(database, "one")
    remove_session(database, "two")

    assert drop_unused(database, store, [key, key]) == 1

    assert keys_of(database) == {other}
    with pytest.raises(NotFoundError):
        store.open(key)


def test_hundreds_of_keys_are_dropped_in_several_transactions(
    database: Database, store: LocalBlobs
) -> None:
    staged = [stage(store, str(number).encode()) for number in range(450)]
    with database.begin() as connection:
        keep(connection, store, staged, 7)

    assert drop_unused(database, store, [blob.key for blob in staged]) == 450
    assert keys_of(database) == set()


def test_failed_transaction_leaves_bytes_for_the_sweep(
    database: Database, store: LocalBlobs, clock: Clock
) -> None:
    staged = stage(store, b"abc")

    def fail() -> None:
        with database.begin() as connection:
            keep(connection, store, [staged], 7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert keys_of(database) == set()
    assert sweep(database, store, clock.now_ms - HOUR_MS).removed == 0
    clock.now_ms += 2 * HOUR_MS

    assert sweep(database, store, clock.now_ms - HOUR_MS) == (1, 3, ())
    with pytest.raises(NotFoundError):
        store.open(staged.key)


def test_sweep_keeps_what_is_referred_to_and_drops_unused_rows(
    database: Database, store: LocalBlobs, clock: Clock
) -> None:
    kept = add_file(database, store, "s", b"kept")
    with database.begin() as connection:
        keep(connection, store, [stage(store, b"unused")], 7)
    clock.now_ms += 2 * HOUR_MS

    swept = sweep(database, store, clock.now_ms)

    assert swept == (0, 0, ())
    assert keys_of(database) == {kept}
    assert read_all(store, kept) == b"kept"
    with pytest.raises(NotFoundError):
        store.open(stage(store, b"unused").key)


def test_sweep_reports_rows_without_bytes_and_keeps_them(
    database: Database, store: LocalBlobs, clock: Clock
) -> None:
    key = add_file(database, store, "s", b"abc")
    store.delete(key)

    assert sweep(database, store, clock.now_ms).missing_keys == (key,)
    assert keys_of(database) == {key}


def test_sweep_removes_bytes_without_rows(
    database: Database, store: LocalBlobs, clock: Clock
) -> None:
    put(store, b"orphan")
    clock.now_ms += 2 * HOUR_MS

    assert sweep(database, store, clock.now_ms - HOUR_MS).removed == 1


@pytest.mark.parametrize("at_once", [1, 10, 1000])
def test_sweep_in_parts_does_the_same(
    database: Database,
    store: LocalBlobs,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    at_once: int,
) -> None:
    monkeypatch.setattr("isocenter.store.blob_rows._SWEPT_AT_ONCE", at_once)
    kept = {add_file(database, store, f"s{number}", bytes([number])) for number in range(50)}
    for number in range(50):
        put(store, b"orphan" + bytes([number]))
    clock.now_ms += HOUR_MS

    assert sweep(database, store, clock.now_ms) == (50, 350, ())
    assert {path.name for path in files_under(tmp_path / "blobs")} == kept
