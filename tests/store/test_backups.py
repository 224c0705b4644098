import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import ConflictError, IsocenterError
from isocenter.store.backups import Layout, back_up
from isocenter.store.blob_rows import drop_unused, keep
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.consistency import check_consistency
from isocenter.store.database import Database, open_database
from isocenter.store.tables import blobs
from tests.stores import Clock, files_under, local_blobs, read_all, sqlite_database, stage

LAYOUT_NAMES = ("database.sqlite3", "blobs")
LAYOUT = Layout(*LAYOUT_NAMES)
COUNT = 40


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobs:
    return local_blobs(tmp_path / "data", Clock())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = sqlite_database(tmp_path / "data")
    database.migrate()
    yield database
    database.close()


def add(database: Database, store: LocalBlobs, *values: bytes) -> list[str]:
    staged = [stage(store, value) for value in values]
    with database.begin() as connection:
        keep(connection, store, staged, 1)
    return [one.key for one in staged]


@contextlib.contextmanager
def restored(folder: Path) -> Iterator[tuple[Database, LocalBlobs]]:
    """Open a backup as the server opens its data folder."""
    database = open_database(f"sqlite:///{folder / LAYOUT.database_file}")
    database.migrate()
    yield database, LocalBlobs(folder / LAYOUT.blobs_folder, Clock())
    database.close()


def rows(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(blobs.c.key)))


def test_a_backup_is_a_data_folder(database: Database, store: LocalBlobs, tmp_path: Path) -> None:
    values = [bytes([number]) * 1000 for number in range(COUNT)]
    keys = add(database, store, *values)
    secret = tmp_path / "data" / "server.secret"
    secret.write_bytes(b"s" * 64)

    made = back_up(database, store, Layout(*LAYOUT_NAMES, (secret,)), tmp_path / "backup")

    assert (made.blobs, made.missing_keys) == (COUNT, ())
    assert (tmp_path / "backup" / "server.secret").read_bytes() == b"s" * 64
    with restored(tmp_path / "backup") as (copy, copied):
        assert rows(copy) == set(keys)
        assert [read_all(copied, key) for key in keys] == values
        assert check_consistency(copy, copied, read_bytes=True).is_whole


def test_it_stays_what_it_was_when_the_server_goes_on(
    database: Database, store: LocalBlobs, tmp_path: Path
) -> None:
    (kept, dropped) = add(database, store, b"kept", b"dropped")
    back_up(database, store, LAYOUT, tmp_path / "backup")

    drop_unused(database, store, [dropped])
    add(database, store, b"later")

    with restored(tmp_path / "backup") as (copy, copied):
        assert rows(copy) == {kept, dropped}
        assert read_all(copied, dropped) == b"dropped"
        assert check_consistency(copy, copied, read_bytes=True).is_whole


def test_only_the_owner_reads_it(database: Database, store: LocalBlobs, tmp_path: Path) -> None:
    add(database, store, b"a")
    back_up(database, store, LAYOUT, tmp_path / "backup")

    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700
    for path in files_under(tmp_path / "backup"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_comes_and_goes_meanwhile_fits_all_the_same(
    database: Database, store: LocalBlobs, tmp_path: Path
) -> None:
    """Others write and delete all the time; each backup is whole and has what was answered."""
    stop = threading.Event()
    first = add(database, store, *(b"first %d" % number for number in range(COUNT)))

    def write(worker: int) -> None:
        number = 0
        while not stop.is_set():
            keys = add(database, store, b"%d %d" % (worker, number), b"%d+%d" % (worker, number))
            drop_unused(database, store, keys[:1])
            number += 1

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(4):
            (before,) = add(database, store, b"before %d" % number)
            back_up(database, store, LAYOUT, tmp_path / f"backup{number}")
            with restored(tmp_path / f"backup{number}") as (copy, copied):
                found = check_consistency(copy, copied, read_bytes=True)
                assert (found.missing_keys, found.damaged_keys, found.orphans) == ((), (), 0)
                assert {*first, before} <= rows(copy)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_where_no_second_names_are_possible_bytes_are_copied(
    database: Database, store: LocalBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = add(database, store, b"a" * 3_000_000)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    back_up(database, store, LAYOUT, tmp_path / "backup")

    with restored(tmp_path / "backup") as (_, copied):
        assert read_all(copied, key) == b"a" * 3_000_000
        assert copied.path_of(key).stat().st_nlink == 1


def test_rows_whose_bytes_are_lost_are_named(
    database: Database, store: LocalBlobs, tmp_path: Path
) -> None:
    lost, there = add(database, store, b"lost", b"there")
    store.path_of(lost).unlink()

    made = back_up(database, store, LAYOUT, tmp_path / "backup")

    assert (made.blobs, made.missing_keys) == (1, (lost,))
    with restored(tmp_path / "backup") as (_, copied):
        assert read_all(copied, there) == b"there"


def test_a_folder_that_holds_something_is_left_alone(
    database: Database, store: LocalBlobs, tmp_path: Path
) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").write_bytes(b"mine")

    with pytest.raises(ConflictError):
        back_up(database, store, LAYOUT, tmp_path / "backup")

    assert [path.name for path in files_under(tmp_path / "backup")] == ["mine"]


def test_an_empty_folder_is_taken(database: Database, store: LocalBlobs, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()

    back_up(database, store, LAYOUT, tmp_path / "backup")

    assert (tmp_path / "backup" / LAYOUT.database_file).is_file()


def test_a_backup_that_fails_leaves_nothing(
    database: Database, store: LocalBlobs, tmp_path: Path
) -> None:
    add(database, store, b"a")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(IsocenterError):
        back_up(database, store, Layout(*LAYOUT_NAMES, (tmp_path / "none",)), tmp_path / "backup")

    assert sorted(tmp_path.iterdir()) == before
