"""SQLite as the database: its settings, its files, its errors."""

import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from isocenter.errors import ConflictError, InvalidInputError, UnavailableError
from isocenter.store.database import Database, open_database
from isocenter.store.tables import sessions
from tests.conftest import Mounted
from tests.servers import postgres
from tests.stores import files_under, sqlite_database

CANARY = "CANARY^PATIENT"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(text(f"PRAGMA {name}")).scalar()


def add(database: Database, name: str, owner: str = "me") -> None:
    with database.begin() as connection:
        connection.execute(
            insert(sessions).values(id=name, owner=owner, created_ms=0, expires_ms=0)
        )


def test_every_connection_has_the_promised_settings(database: Database) -> None:
    for open_connection in (database.begin, database.read):
        with open_connection() as connection:
            assert pragma(connection, "journal_mode") == "wal"
            assert pragma(connection, "synchronous") == 2  # FULL
            assert pragma(connection, "foreign_keys") == 1
            assert pragma(connection, "secure_delete") == 1
            assert pragma(connection, "trusted_schema") == 0
            assert pragma(connection, "temp_store") == 2  # memory
            assert pragma(connection, "busy_timeout") == 60_000


def test_keys_are_on_again_after_migrating(database: Database) -> None:
    database.migrate()

    with database.begin() as connection:
        assert pragma(connection, "foreign_keys") == 1


def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = open_database(f"sqlite:///{tmp_path / 'new' / 'database.sqlite3'}")
        database.migrate()
        add(database, "a")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in files_under(tmp_path / "new")}
        database.close()
    finally:
        os.umask(before)

    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_path_with_odd_characters_is_one_file(tmp_path: Path) -> None:
    open_database(tmp_path / "a #%3F ü").close()
    open_database(f"sqlite:///{tmp_path}/b%20c").close()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a #%3F ü", "b c"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file?mode=memory&uri=true",
        "mysql://user:SECRET@host/name",
        "postgresql://user:SECRET@host/name",
        "postgresql+psycopg://user:SECRET@host:port/name",
    ],
)
def test_other_databases_are_refused_without_saying_the_url(url: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        open_database(url)

    assert "SECRET" not in str(caught.value)


def test_deleted_rows_are_in_no_file(database: Database, tmp_path: Path) -> None:
    add(database, "a", owner=CANARY)
    assert any(CANARY.encode() in path.read_bytes() for path in files_under(tmp_path))

    with database.begin() as connection:
        connection.execute(sessions.delete())
    assert database.empty_log()

    assert not any(CANARY.encode() in path.read_bytes() for path in files_under(tmp_path))


def test_removed_rows_leave_the_log_when_readers_let_it(database: Database, tmp_path: Path) -> None:
    add(database, "a", owner=CANARY)
    database.forget_removed()
    with database.read() as connection:
        connection.execute(sessions.select()).all()
        with database.begin() as writer:
            writer.execute(sessions.delete())
        database.note_removal()
        database.forget_removed()
    assert any(CANARY.encode() in path.read_bytes() for path in files_under(tmp_path))

    database.forget_removed()

    assert not any(CANARY.encode() in path.read_bytes() for path in files_under(tmp_path))


def test_log_is_not_emptied_under_a_reader(database: Database) -> None:
    add(database, "a")
    with database.read() as connection:
        connection.execute(sessions.select()).all()
        add(database, "b")
        assert not database.empty_log()

    assert database.empty_log()


def test_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConflictError, match="newer version"):
        database.migrate()


def test_damaged_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "database.sqlite3").write_bytes(os.urandom(8192))

    with pytest.raises(UnavailableError, match="damaged"):
        sqlite_database(tmp_path)


def test_folder_in_place_of_the_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "database.sqlite3").mkdir()

    with pytest.raises(UnavailableError, match="cannot be made"):
        sqlite_database(tmp_path)


def test_full_disk_is_unavailable_and_loses_nothing(tmp_path: Path, mounted: Mounted) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "size=4m"):
        database = sqlite_database(disk)
        database.migrate()
        add(database, "kept")

        def fill() -> None:
            for number in range(200):
                add(database, str(number), owner="x" * 50_000)

        with pytest.raises(UnavailableError, match="disk is full"):
            fill()
        with database.read() as connection:
            assert "kept" in set(connection.scalars(sessions.select()))
        database.close()


def test_busy_database_is_unavailable_in_the_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isocenter.store.database.BUSY_SECONDS", 0.2)
    impatient = sqlite_database(tmp_path)
    with database.begin(), pytest.raises(UnavailableError, match="busy"):
        add(impatient, "a")

    add(impatient, "a")
    impatient.close()


def test_statement_that_is_wrong_stays_our_mistake(database: Database) -> None:
    with pytest.raises(Exception, match="no such table"), database.read() as connection:
        connection.execute(text("SELECT 1 FROM nowhere"))


def test_file_is_plain_sqlite(database: Database, tmp_path: Path) -> None:
    add(database, "a")
    with sqlite3.connect(tmp_path / "database.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT id FROM sessions").fetchall() == [("a",)]
    connection.close()


def test_base_library_loads_no_database() -> None:
    script = (
        "import sys, isocenter, isocenter.cli.main, isocenter.services.actions;"
        "sys.exit(bool({'sqlalchemy', 'alembic', 'sqlite3'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_server_that_is_not_there_is_unavailable_without_saying_the_url() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    database = open_database(f"postgresql+psycopg://user:SECRET@127.0.0.1:{port}/name")

    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        database.migrate()

    assert "SECRET" not in f"{caught.value} {caught.value.__cause__} {database.url}"


def test_database_of_postgresql_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    there = postgres().url_of(tmp_path)
    database = open_database(there.replace("?", "-none?"))

    with pytest.raises(UnavailableError) as caught:
        database.migrate()

    assert caught.value.__cause__ is None
    database.close()
