"""The queue of the scale-out engine: the same tables in PostgreSQL, with a word to all who wait.

Rows are passed over where another worker has locked them (``SKIP LOCKED``). A change is told by
``NOTIFY`` when its transaction is committed; one connection of each process listens, so that work
begins, and its end is seen, within milliseconds on every machine. A word that is lost, as while
the database starts again, costs a fraction of a second: who waits asks now and then anyway.
"""

import contextlib
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import Connection, text

from isocenter.jobs.queue_tables import TableQueue
from isocenter.limits import DEFAULT, Limits
from isocenter.store.database import Database

_CHANNEL = "isocenter_jobs"
_NOTIFY = text(f"NOTIFY {_CHANNEL}")
_LISTEN_SECONDS = 0.5  # how long closing waits at most
_AGAIN_SECONDS = 1.0


class PostgresQueue(TableQueue):
    """A ``JobQueue`` in the tables of PostgreSQL; ``close`` ends its thread.

    Parameters
    ----------
    clock
        As for every ``TableQueue``.
    """

    def __init__(
        self, database: Database, clock: Callable[[], int], *, limits: Limits = DEFAULT
    ) -> None:
        super().__init__(database, clock, limits=limits)
        self._closing = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="job-news", daemon=True)
        self._starting = threading.Lock()

    def wait_for_work(self, seen: int, seconds: float) -> int:
        """Return when something changed in any process, or after so long; see ``JobQueue``."""
        if seconds > 0:
            self._start()
        return super().wait_for_work(seen, seconds)

    def close(self) -> None:
        """Listen no more."""
        self._closing.set()
        if self._listener.is_alive():
            self._listener.join()

    def _notify(self, connection: Connection) -> None:
        """Tell all processes, this one too, when the transaction is committed."""
        connection.execute(_NOTIFY)

    def _start(self) -> None:
        """Begin to listen; processes that never wait need no connection for it."""
        with self._starting:
            if self._listener.ident is None:
                self._listener.start()

    def _listen(self) -> None:
        url = self._database.url.set(drivername="postgresql")
        while not self._closing.is_set():
            with contextlib.suppress(psycopg.Error):
                self._listen_once(url.render_as_string(hide_password=False))
            self._closing.wait(_AGAIN_SECONDS)

    def _listen_once(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"LISTEN {_CHANNEL}")
            self._wake()  # something may have happened before
            while not self._closing.is_set():
                for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                    self._wake()
