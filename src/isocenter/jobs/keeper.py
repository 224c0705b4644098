"""Keeping the lease of one job that runs: signs of life, progress, and the reasons to end it."""

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from isocenter.errors import UnavailableError
from isocenter.jobs.queue import JobQueue, NewEvent, Progress

logger = logging.getLogger(__name__)

Reason = Literal["unwanted", "too large", "no time"]

_TICK_SECONDS = 0.2
_TELL_SECONDS = 0.5
_MEASURE_SECONDS = 1.0
_EVENTS_AT_ONCE = 200


class Keeper:
    """A thread beside one job; a context manager.

    ``reason`` says why it had the job killed: nobody wants it any more (it was cancelled, or the
    lease is lost), it wrote too much, or the worker has no time left.

    Parameters
    ----------
    kill
        Ends the process of the job; called again and again as long as there is a reason.
    scratch, output_bytes
        Folder of the job, and how much may be in it.
    has_no_time
        Whether the worker must stop now.
    """

    def __init__(  # noqa: PLR0913 - what is kept, and how it is ended
        self,
        queue: JobQueue,
        job_id: str,
        worker: str,
        *,
        lease_ms: int,
        kill: Callable[[], None],
        scratch: Path,
        output_bytes: int,
        has_no_time: Callable[[], bool],
    ) -> None:
        self.reason: Reason | None = None
        self._queue = queue
        self._job_id = job_id
        self._worker = worker
        self._lease_ms = lease_ms
        self._kill = kill
        self._scratch = scratch
        self._output_bytes = output_bytes
        self._has_no_time = has_no_time
        self._turn = threading.Lock()
        self._progress: Progress | None = None
        self._events: list[NewEvent] = []
        self._beat_at = self._measured_at = time.monotonic()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def tell(self, told: Progress | NewEvent) -> None:
        """Take what the job tells; it is passed on from time to time."""
        with self._turn:
            if isinstance(told, Progress):
                self._progress = told
            else:
                self._events.append(told)
            is_much = len(self._events) >= _EVENTS_AT_ONCE
        if is_much:
            self.flush()

    def flush(self) -> bool:
        """Pass on what was told, prolong the lease, and return whether the job is still wanted.

        Raises
        ------
        UnavailableError
            If the queue cannot be written; what was told is passed on later.
        """
        with self._turn:
            is_wanted = self._queue.heartbeat(
                self._job_id,
                self._worker,
                self._lease_ms,
                progress=self._progress,
                events=self._events,
            )
            self._progress, self._events = None, []
            self._beat_at = time.monotonic()
        return is_wanted

    def _keep(self) -> None:
        while not self._is_over.wait(_TICK_SECONDS):
            try:
                self.reason = self.reason or self._look()
            except Exception as error:  # noqa: BLE001 - without its keeper a job must not go on
                logger.error("a keeper failed with %s", type(error).__name__)  # noqa: TRY400
                self.reason = "unwanted"
            if self.reason is not None:
                self._kill()

    def _look(self) -> Reason | None:
        if self._has_no_time():
            return "no time"
        if not self._is_wanted():
            return "unwanted"
        if time.monotonic() - self._measured_at >= _MEASURE_SECONDS:
            if written_bytes(self._scratch) > self._output_bytes:
                return "too large"
            self._measured_at = time.monotonic()
        return None

    def _is_wanted(self) -> bool:
        since = time.monotonic() - self._beat_at
        has_news = bool(self._events) or self._progress is not None
        try:
            if since >= self._lease_ms / 3000 or (has_news and since >= _TELL_SECONDS):
                return self.flush()
            return self._queue.is_wanted(self._job_id, self._worker)
        except UnavailableError:
            # Who cannot say that he is alive may have lost the lease when it would have run out.
            return since < self._lease_ms / 1000


def written_bytes(folder: Path) -> int:
    """Return how many bytes are in a folder, without files that have a name elsewhere, too."""
    total = 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(Path(entry.path))
                        continue
                    status = entry.stat(follow_symlinks=False)
                    total += status.st_size if status.st_nlink <= 1 else 0
        except OSError:
            continue  # it has just been removed
    return total
