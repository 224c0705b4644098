"""The database: one door to SQLite or PostgreSQL, with transactions that keep what they promise.

SQLite runs with a write-ahead log: readers see the state of their first query and never wait;
writers come one after another, in the order in which they asked within a process. A transaction
that was committed is on the disk (``synchronous=FULL``); what was deleted is overwritten
(``secure_delete``). Statements are SQLAlchemy Core without anything that only one of the two
databases knows.

PostgreSQL could let many write at once, but whoever counts rows before adding one would have to
know. So writers take one lock there, too, until they commit; those that hold rows by locks of
their own say so (``is_alone=False``) and do not wait for it (docs/decisions/0006).
"""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import OperationalError as DatabaseOperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from isocenter.errors import ConflictError, InvalidInputError, UnavailableError

BUSY_SECONDS = 60
_CONNECTIONS = 80
_KEPT_CONNECTIONS = 16
# Of writers, of those who do not wait for them, of readers: three processes fit into the 100 that
# PostgreSQL has by default.
_POSTGRES_CONNECTIONS = (8, 8, 16)
_RETRY_SECONDS = 0.02
_LOG_WAIT_MS = 100
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7201418853  # any number, the same in all versions: only one migrates at a time
_WRITER_LOCK = 7201418855  # likewise
_CONNECT_SECONDS = 10
_LOCK = text("SELECT pg_advisory_xact_lock(:lock)")  # until the transaction ends
_migrating = threading.Lock()
_PRIMARY_CODE = 0xFF  # the rest of a result code of SQLite says the details
_SQLITE_SETTINGS = (
    "synchronous=FULL",
    "fullfsync=ON",  # macOS has a weaker fsync, which does not reach the disk
    "checkpoint_fullfsync=ON",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",  # sorting leaves no values in temporary files
)
_SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: "the database is busy",
    sqlite3.SQLITE_LOCKED: "the database is busy",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_IOERR: "the database could not be read or written",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_NOTADB: "the database is damaged",
    sqlite3.SQLITE_PERM: "no permission",
}
# Of PostgreSQL, by the code of its condition.
_POSTGRES_SENTENCES = {
    "40001": "the database is busy",
    "40P01": "the database is busy",
    "55P03": "the database is busy",
    "57014": "the database is busy",
    "53100": "the disk of the database is full",
    "53300": "the database has too many connections",
    "28P01": "the database refuses the password",
    "28000": "the database refuses the user",
    "3D000": "the database does not exist",
    "25006": "the database is read-only",
}
_POSTGRES_OPTIONS = (
    f"-c lock_timeout={BUSY_SECONDS}s",
    f"-c idle_in_transaction_session_timeout={10 * BUSY_SECONDS}s",
    "-c synchronous_commit=on",  # what was acknowledged is on the disk, whatever the server's file
    "-c timezone=UTC",
)


class Database:
    """Connections to one database; safe for any number of threads.

    Made by ``open_database``; other processes may open the same database.
    """

    def __init__(self, writers: Engine, readers: Engine, others: Engine | None = None) -> None:
        self._writers = writers
        self._readers = readers
        self._others = others or writers
        self._mine = threading.local()
        # Rows that were removed by somebody before us may be in the log.
        self._has_removed = True

    @property
    def is_sqlite(self) -> bool:
        """Whether the tables are in a file."""
        return self._writers.dialect.name == "sqlite"

    @property
    def url(self) -> URL:
        """Where it is; the password in it is not shown when it is printed."""
        return self._writers.url

    @contextlib.contextmanager
    def begin(self, *, is_alone: bool = True) -> Iterator[Connection]:
        """Give one write transaction: all of it is durable after the block, or nothing happened.

        There is one writer at a time: the block should not wait for anything but the disk.
        A thread may not begin a second one inside of the first.

        Parameters
        ----------
        is_alone
            False where the block locks every row that it decides on (``with_for_update``): then
            PostgreSQL lets others write meanwhile. SQLite does not.

        Raises
        ------
        ConflictError
            If a row contradicts a unique or foreign key, and the block does not catch it.
        UnavailableError
            If the disk is full, the database cannot be reached, or stays busy for a minute.
        """
        assert not getattr(self._mine, "writes", False), "a transaction within a transaction"
        self._mine.writes = True
        try:
            engine = self._writers if is_alone else self._others
            with _safe_errors(), engine.begin() as connection:
                if is_alone and not self.is_sqlite:
                    connection.execute(_LOCK, {"lock": _WRITER_LOCK})
                yield connection
        finally:
            self._mine.writes = False

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give one consistent view to read from; nothing can be written through it.

        Raises
        ------
        UnavailableError
            If the database cannot be read.
        """
        with _safe_errors(), self._readers.connect() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the form that this version of the program wants.

        Several processes may do so at once. All steps are one transaction: after a failure the
        database is as it was.

        Raises
        ------
        ConflictError
            If a newer version of the program made the database.
        UnavailableError
            As ``begin`` does.
        """
        with _safe_errors(), self._writers.connect() as connection:
            if self.is_sqlite:
                # With the keys on, a table that is made anew would empty those that refer to it.
                _pragma(connection, "foreign_keys=OFF")
            try:
                with connection.begin():
                    _upgrade(connection)
            finally:
                connection.invalidate()

    def empty_log(self) -> bool:
        """Move everything into the database file, so that deleted rows are in no file any more.

        Returns
        -------
        bool
            Whether that was possible now: readers that are at work may need the log.
        """
        if not self.is_sqlite:
            return True
        with _safe_errors(), self._writers.connect() as connection:
            # Waiting for a reader would keep all writers waiting, too.
            _pragma(connection, f"busy_timeout={_LOG_WAIT_MS}")
            try:
                return _pragma(connection, "wal_checkpoint(TRUNCATE)")[0] == 0
            finally:
                _pragma(connection, f"busy_timeout={BUSY_SECONDS * 1000}")

    def note_removal(self) -> None:
        """Note that rows were removed which shall be in no file; called after their transaction."""
        self._has_removed = True

    def forget_removed(self) -> None:
        """Empty the log if rows were removed; where readers need it, the next call tries again."""
        if not self._has_removed:
            return
        self._has_removed = False  # before it is emptied: more may be removed meanwhile
        is_empty = False
        try:
            is_empty = self.empty_log()
        finally:
            if not is_empty:
                self._has_removed = True

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._readers.dispose()
        self._others.dispose()
        self._writers.dispose()


def open_database(where: str | Path) -> Database:
    """Return the database of a URL or a file; the file of SQLite is made where it is missing.

    Parameters
    ----------
    where
        ``sqlite:///PATH`` with a path that is quoted as in other URLs, or
        ``postgresql+psycopg://...``; a ``Path`` is a file of SQLite.

    Raises
    ------
    InvalidInputError
        If the URL names neither.
    UnavailableError
        If the file cannot be made.
    """
    if isinstance(where, Path):
        return _open_sqlite(where)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        # The URL may hold a password, so that nothing of it is said.
        raise InvalidInputError("the database URL cannot be read") from None
    is_file = url.database not in {None, "", ":memory:"} and not url.query
    if url.drivername == "sqlite" and is_file:
        return _open_sqlite(Path(url.database or ""))
    if url.drivername == "postgresql+psycopg":
        return _open_postgres(url)
    raise InvalidInputError("the database is neither sqlite:///PATH nor postgresql+psycopg://...")


def _open_postgres(url: URL) -> Database:
    """Return the database; nothing is asked of it yet."""
    options = " ".join(_POSTGRES_OPTIONS)
    arguments = {"options": options, "connect_timeout": _CONNECT_SECONDS}
    # What the URL says itself is stronger.
    own = {name: value for name, value in arguments.items() if name not in url.query}
    try:
        # Apart, so that those who wait for the writers' lock take no connection from the others.
        writers, others, readers = (
            _engine(url, connections=count, **own) for count in _POSTGRES_CONNECTIONS
        )
    except ModuleNotFoundError:
        raise UnavailableError("the driver psycopg is not installed") from None
    readers = readers.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writers, readers, others)


def _open_sqlite(path: Path) -> Database:
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        # The log and its index get the permissions of the database file, so it is made here.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE_MODE))
    except OSError:
        raise UnavailableError("the database file cannot be made") from None
    url = URL.create("sqlite", database=str(path))
    # One connection that writes: threads wait for it in their order instead of for the lock.
    writers = _engine(url, connections=1, check_same_thread=False, timeout=BUSY_SECONDS)
    readers = _engine(url, connections=_CONNECTIONS, check_same_thread=False, timeout=BUSY_SECONDS)
    event.listen(writers, "connect", _prepare_writer)
    event.listen(writers, "begin", _begin_writing)
    event.listen(readers, "connect", _prepare_reader)
    event.listen(readers, "begin", _begin_reading)
    with _safe_errors(), writers.connect():
        pass
    return Database(writers, readers)


def _engine(url: URL, *, connections: int, **arguments: object) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=min(connections, _KEPT_CONNECTIONS),
        max_overflow=max(0, connections - _KEPT_CONNECTIONS),
        pool_timeout=BUSY_SECONDS,
        # A server that was started again has dropped the connections that we kept.
        pool_pre_ping=url.drivername != "sqlite",
        # Values of patients are among the parameters, and errors end in logs.
        hide_parameters=True,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        connect_args=arguments,
    )


def _to_json(value: object) -> str:
    return orjson.dumps(value).decode()


def _prepare_writer(connection: sqlite3.Connection, _: object) -> None:
    """Make every promise of the module true for a new connection."""
    connection.isolation_level = None  # transactions begin where we say so
    _use_write_ahead_log(connection)
    for setting in _SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _prepare_reader(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for setting in (*_SQLITE_SETTINGS, "query_only=ON"):
        connection.execute(f"PRAGMA {setting}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the log on; SQLite does not wait for a process that does the same just now."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            if mode != "wal":
                raise UnavailableError("the file system of the database cannot hold its log")
            return


def _begin_writing(connection: Connection) -> None:
    """Take the write lock first: a reader that becomes a writer later could not be waited for."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _pragma(connection: Connection, pragma: str) -> tuple[int, ...]:
    """Run a pragma outside of any transaction, where alone some of them work."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(f"PRAGMA {pragma}")
        return tuple(cursor.fetchone() or ())
    finally:
        cursor.close()


def _upgrade(connection: Connection) -> None:
    """Apply the steps that this database has not seen, within the caller's transaction."""
    script = ScriptDirectory(_MIGRATIONS, version_locations=[_MIGRATIONS])

    def steps(revision: str, _: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 -- as alembic.command does

    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"lock": _MIGRATION_LOCK})
    # Alembic keeps what it is doing in variables of its module.
    with _migrating, EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection)
        try:
            environment.run_migrations()
        except CommandError:
            raise ConflictError("a newer version of the program made the database") from None
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        assert broken is None, "a migration left rows that refer to nothing"


@contextlib.contextmanager
def _safe_errors() -> Iterator[None]:
    """Turn failures of the machine into errors of our tree; mistakes of ours stay what they are."""
    try:
        yield
    except IntegrityError as error:
        # PostgreSQL names the values that are in the way, and they may be a patient's.
        is_safe = isinstance(error.orig, sqlite3.Error)
        raise ConflictError("another row forbids it") from (error if is_safe else None)
    except PoolTimeoutError as error:
        raise UnavailableError("the database is busy") from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        is_safe = isinstance(error.orig, sqlite3.Error)
        raise UnavailableError(sentence) from (error if is_safe else None)


def _sentence(error: DBAPIError) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE
        return _SQLITE_SENTENCES.get(code)
    known = _POSTGRES_SENTENCES.get(getattr(error.orig, "sqlstate", None) or "")
    if known is None and isinstance(error, DatabaseOperationalError):
        return "the database cannot be reached"
    return known
