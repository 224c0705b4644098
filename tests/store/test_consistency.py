from pathlib import Path

import pytest
from sqlalchemy import insert

from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.consistency import Consistency, check_consistency
from isocenter.store.database import Database
from isocenter.store.tables import blobs
from tests.stores import Clock, key_of, local_blobs, put, sqlite_database


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobs:
    return local_blobs(tmp_path, Clock())


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = sqlite_database(tmp_path)
    database.migrate()
    return database


def add_rows(database: Database, *keys: str) -> None:
    with database.begin() as connection:
        for key in keys:
            row = {"key": key, "size_bytes": 1, "created_ms": 1}
            connection.execute(insert(blobs).values(row))


def test_an_empty_store_is_whole(database: Database, store: LocalBlobs) -> None:
    assert check_consistency(database, store, read_bytes=True) == Consistency(0, (), (), 0)


def test_rows_without_bytes_and_bytes_without_rows_are_told(
    database: Database, store: LocalBlobs
) -> None:
    there = [put(store, bytes([number])) for number in range(5)]
    gone = sorted(key_of(bytes([number])) for number in range(7, 9))
    add_rows(database, *there[:3], *gone)

    found = check_consistency(database, store)

    assert found == Consistency(5, tuple(gone), (), 2)
    assert not found.is_whole
    assert set(there) == {key for key in there if store.path_of(key).is_file()}


def test_bytes_that_changed_are_found_where_everything_is_read(
    database: Database, store: LocalBlobs
) -> None:
    keys = [put(store, bytes([number]) * 3_000_000) for number in range(3)]
    add_rows(database, *keys)
    path = store.path_of(keys[1])
    with path.open("r+b") as stream:
        stream.seek(2_500_000)
        stream.write(b"x")

    assert check_consistency(database, store).is_whole
    assert check_consistency(database, store, read_bytes=True).damaged_keys == (keys[1],)


def test_bytes_without_rows_are_no_loss(database: Database, store: LocalBlobs) -> None:
    put(store, b"a")

    found = check_consistency(database, store)

    assert found.orphans == 1
    assert found.is_whole
