"""Threads that lease jobs from the queue and run each in a process of its own.

A worker knows a table *kind of job -> how it is run*; the functions come from services, by way of
``platform``. A job whose process dies is tried again; one that tells an error has failed with its
sentence; one that is cancelled, takes too long or writes too much is killed with all that it
started. Whatever a job writes goes to a scratch folder, which is gone when the attempt has ended.
"""

import logging
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from isocenter.errors import IsocenterError, NotFoundError, TooLargeError, UnavailableError
from isocenter.jobs.job_process import DiedError, JobProcess
from isocenter.jobs.keeper import Keeper, Reason
from isocenter.jobs.queue import Job, JobQueue
from isocenter.jobs.worker_child import JobLimits

logger = logging.getLogger(__name__)

LEASE_MS = 10_000
_POLL_SECONDS = 0.5
_PAUSE_SECONDS = 1.0
_FOLDER_MODE = 0o700

Finish = Callable[[Connection, Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of one kind are run.

    Parameters
    ----------
    child
        ``module:function`` of ``f(arguments, tell) -> dict``, which runs in a child process.
    prepare
        Called with the job and its empty scratch folder; returns the arguments, values that JSON
        can tell.
    publish
        Called with the job, what the function returned, the scratch folder and ``finish``. It
        takes over what the job made, and in the one transaction that makes this visible it calls
        ``finish(connection, result)``. Where that raises, it leaves nothing behind and lets the
        error pass: the job was cancelled, or the lease is lost.
    limits
        What one job may take.
    """

    child: str
    prepare: Callable[[Job, Path], Mapping[str, object]]
    publish: Callable[[Job, Mapping[str, object], Path, Finish], None]
    limits: JobLimits = field(default_factory=JobLimits)


class Worker:
    """Some threads, each with a warm child process; a context manager.

    Parameters
    ----------
    table
        Kinds of jobs that it runs; others stay in the queue for other workers.
    scratch
        Folder for the folders of jobs; made where it is missing. Several workers may share it.
    threads
        How many jobs run at once.
    lease_ms
        How long a job is held without a sign of life; the sooner another worker takes it after
        this process was killed.
    """

    def __init__(
        self,
        queue: JobQueue,
        table: Mapping[str, JobKind],
        scratch: Path,
        *,
        threads: int = 2,
        lease_ms: int = LEASE_MS,
    ) -> None:
        self._queue = queue
        self._table = dict(table)
        self._scratch = scratch
        self._lease_ms = lease_ms
        self._stopping = threading.Event()
        self._out_of_time = threading.Event()
        # Never used before or again, also not by a process of the same number.
        name = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._threads = [
            threading.Thread(target=self._work, args=(f"{name}-{k}",), name=f"job-{k}")
            for k in range(threads)
        ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop(0)

    def start(self) -> None:
        """Begin to lease and run.

        Raises
        ------
        UnavailableError
            If the scratch folder cannot be made.
        """
        try:
            self._scratch.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(f"no scratch folder: {error.strerror}") from None
        self.remove_leftovers()
        for thread in self._threads:
            thread.start()

    def stop(self, grace_seconds: float) -> None:
        """Lease nothing more; after the grace time kill what runs and give it back.

        Returns when all threads and processes have ended.
        """
        self._stopping.set()
        until = time.monotonic() + grace_seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        self._out_of_time.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def remove_leftovers(self) -> int:
        """Remove scratch folders of attempts that ended with their worker; return how many."""
        removed = 0
        for folder in self._scratch.iterdir():
            job_id, _, attempt = folder.name.rpartition("-")
            try:
                job = self._queue.get(job_id, None)
                is_running = job.state == "running" and str(job.attempts) == attempt
            except NotFoundError:
                is_running = False
            if not is_running:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
        return removed

    def _work(self, name: str) -> None:
        """Run one job after another until the worker stops."""
        with JobProcess([kind.child for kind in self._table.values()]) as process:
            seen = 0
            while not self._stopping.is_set():
                try:
                    process.start()
                    now = self._queue.wait_for_work(seen, 0)
                    # Who adds a job tells it before the end of the transaction: then only a
                    # lease, which waits for that end, can see it.
                    job = None
                    if now != seen or self._queue.has_work(self._table):
                        job = self._queue.lease(name, self._table, self._lease_ms)
                    seen = now
                    if job is None:
                        self._queue.wait_for_work(seen, _POLL_SECONDS)
                    else:
                        self._run(job, name, process)
                except IsocenterError as error:
                    logger.warning("a worker waits: %s", error)
                    self._stopping.wait(_PAUSE_SECONDS)
                except Exception as error:  # noqa: BLE001 - the loop goes on, whatever happens
                    logger.error("a worker failed with %s", type(error).__name__)  # noqa: TRY400
                    self._stopping.wait(_PAUSE_SECONDS)

    def _run(self, job: Job, name: str, process: JobProcess) -> None:
        """Run one attempt of a job and end it in the queue, whatever happens."""
        kind = self._table[job.kind]
        folder = self._scratch / f"{job.id}-{job.attempts}"
        keeper = Keeper(
            self._queue,
            job.id,
            name,
            lease_ms=self._lease_ms,
            kill=process.kill,
            scratch=folder,
            output_bytes=kind.limits.output_bytes,
            has_no_time=self._out_of_time.is_set,
        )
        try:
            with keeper:
                self._attempt(job, name, kind, folder, process, keeper)
        except Exception as error:  # noqa: BLE001 - whatever happened, the attempt has an end
            self._end(job, name, kind, keeper.reason, error)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _attempt(
        self,
        job: Job,
        name: str,
        kind: JobKind,
        folder: Path,
        process: JobProcess,
        keeper: Keeper,
    ) -> None:
        is_finished = False

        def finish(connection: Connection, result: Mapping[str, object]) -> None:
            nonlocal is_finished
            self._queue.finish(connection, job.id, name, result)
            is_finished = True

        self._make_folder(job, folder)
        arguments = kind.prepare(job, folder)
        answer = process.run(kind.child, arguments, folder, kind.limits, keeper.tell)
        if keeper.reason is None:
            keeper.flush()
        elif keeper.reason == "too large":
            raise DiedError
        kind.publish(job, answer, folder, finish)
        assert is_finished, "a job that was published has an end"

    def _make_folder(self, job: Job, folder: Path) -> None:
        """Make the scratch folder; those of earlier attempts, whose worker was killed, go."""
        for attempt in range(1, job.attempts + 1):
            shutil.rmtree(folder.with_name(f"{job.id}-{attempt}"), ignore_errors=True)
        try:
            folder.mkdir(mode=_FOLDER_MODE)
        except OSError as error:
            raise UnavailableError(f"no scratch folder: {error.strerror}") from None

    def _end(
        self, job: Job, name: str, kind: JobKind, reason: Reason | None, error: Exception
    ) -> None:
        """End an attempt that did not finish; the queue knows whether the job was cancelled."""
        if reason == "no time":
            self._queue.give_back(job.id, name)
            return
        if reason == "too large":
            most = kind.limits.output_bytes
            error = TooLargeError("process_output_bytes", most, most + 1, "bytes")
        sentence = str(error)
        if not isinstance(error, IsocenterError):
            # The mistake is ours; its text may hold values.
            logger.error("a %s job failed with %s", job.kind, type(error).__name__)
            sentence = f"the server failed with {type(error).__name__}"
        self._queue.fail(
            job.id,
            name,
            sentence,
            retry=isinstance(error, DiedError),
            error_class=type(error).__name__,
        )
