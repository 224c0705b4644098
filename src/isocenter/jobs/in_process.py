"""Threads that lease jobs whose work is done in this process: short, many, and safe by themselves.

``jobs/worker.py`` gives each job a process, which costs more than what these jobs do. A job whose
process was killed is taken by whoever finds its lease run out.
"""

import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from isocenter.errors import IsocenterError, UnavailableError
from isocenter.jobs.keeper import Keeper
from isocenter.jobs.queue import Job, JobQueue
from isocenter.jobs.worker import Finish
from isocenter.logs import log_event, where_of

logger = logging.getLogger(__name__)

LEASE_MS = 3000
_POLL_SECONDS = 0.5
_PAUSE_SECONDS = 1.0
# Between two jobs of a thread: a job that gathers what many do costs as much as one that does not.
_GATHER_SECONDS = 0.05

Work = Callable[[Job, Finish], None]
"""Does a job, and calls ``finish(connection, result)`` in the transaction that makes it visible."""


class InProcessWorker:
    """Some threads.

    Parameters
    ----------
    table
        Kinds of jobs, and what does them.
    lease_ms
        How long a job is held without a sign of life.
    """

    def __init__(
        self,
        queue: JobQueue,
        table: Mapping[str, Work],
        *,
        threads: int = 2,
        lease_ms: int = LEASE_MS,
    ) -> None:
        self._queue = queue
        self._table = dict(table)
        self._lease_ms = lease_ms
        self._stopping = threading.Event()
        name = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._threads = [
            threading.Thread(target=self._work, args=(f"{name}-{k}",), name=f"work-{k}")
            for k in range(threads)
        ]

    def start(self) -> None:
        """Begin to lease and work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lease nothing more, and return when what is done now has ended."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _work(self, name: str) -> None:
        """Do one job after another until the worker stops."""
        seen = 0
        while not self._stopping.is_set():
            try:
                now = self._queue.wait_for_work(seen, 0)
                job = None
                if now != seen or self._queue.has_work(self._table):
                    self._stopping.wait(_GATHER_SECONDS)
                    job = self._queue.lease(name, self._table, self._lease_ms)
                seen = now
                if job is None:
                    self._queue.wait_for_work(seen, _POLL_SECONDS)
                elif not self._run(job, name):
                    self._stopping.wait(_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the loop goes on, whatever happens
                _note(error, "")
                self._stopping.wait(_PAUSE_SECONDS)

    def _run(self, job: Job, name: str) -> bool:
        """Do one attempt of a job; return whether the machine did what it should."""

        def finish(connection: Connection, result: Mapping[str, object]) -> None:
            self._queue.finish(connection, job.id, name, result)

        keeper = Keeper(
            self._queue,
            job.id,
            name,
            lease_ms=self._lease_ms,
            # Whoever lost the lease cannot finish the job; what it does meanwhile comes to nothing.
            kill=lambda: None,
            scratch=Path(os.devnull),
            output_bytes=sys.maxsize,
            has_no_time=lambda: False,
        )
        try:
            with keeper:
                self._table[job.kind](job, finish)
        except UnavailableError as error:
            _note(error, job.id)
            self._queue.give_back(job.id, name)
            return False
        except Exception as error:  # noqa: BLE001 - whatever happened, the attempt has an end
            _note(error, job.id)
            kind = type(error).__name__
            sentence = (
                str(error)
                if isinstance(error, IsocenterError)
                else f"the server failed with {kind}"
            )
            self._queue.fail(job.id, name, sentence, retry=True, error_class=kind)
            return False
        return True


def _note(error: Exception, job_id: str) -> None:
    """Log the class and the place, never the words."""
    log_event(
        logger,
        "job.failed",
        level=logging.WARNING,
        job=job_id,
        error=type(error).__name__,
        where=where_of(error),
    )
