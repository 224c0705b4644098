"""Work that is waiting, running or done: what every queue promises, and the values it gives.

``jobs/queue_tables.py`` keeps it in tables of the database, ``jobs/queue_sqlite.py`` and
``jobs/queue_postgres.py`` add what one of the two can do. Services add jobs and ask for
them, ``jobs/worker.py`` leases and ends them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import Connection

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it was when it was asked for.

    Times are milliseconds since 1970 UTC. ``payload`` and ``result`` are values that JSON can
    tell. ``error`` is one safe sentence, ``error_class`` the name of its class, where it is known;
    a time-out is ``DeadlineExceededError``. ``attempts`` counts how often a worker took it.
    ``is_cancelling`` says that somebody cancelled it and its worker has not ended it yet.
    """

    id: str
    kind: str
    owner: str
    lane: str
    payload: Mapping[str, object]
    state: State
    attempts: int
    is_cancelling: bool
    progress_done: int
    progress_total: int
    label: str
    result: Mapping[str, object] | None
    error: str | None
    error_class: str
    created_ms: int
    started_ms: int | None
    finished_ms: int | None

    @property
    def is_ended(self) -> bool:
        """Whether it is done, failed or cancelled, which never changes again."""
        return self.state in ENDED


class NewEvent(NamedTuple):
    """Something that a job tells: its kind, such as ``log``, and values that JSON can tell."""

    kind: str
    data: Mapping[str, object]


class JobEvent(NamedTuple):
    """Something that a job told. Numbers of one job begin at 1 and grow.

    The queue itself tells each change with the kind ``state`` and ``{"state": ...}``; where a job
    ended without being done, ``error`` says why.
    """

    job_id: str
    number: int
    at_ms: int
    kind: str
    data: Mapping[str, object]


class Progress(NamedTuple):
    """How far a job is: so many of so many (0: unknown), and what it does now, in some words."""

    done: int
    total: int
    label: str


class JobQueue(Protocol):
    """Jobs of all owners; safe for any number of threads and processes.

    Promises, which ``tests/contracts/test_queue.py`` holds every engine to:

    - a job whose ``add`` was committed is there until ``clear_lane``, whatever is killed;
    - while a lease holds, nobody else gets the job; of a lane, one job at a time, and always the
      oldest one; jobs without a lane (``""``) hinder nobody;
    - a lease that ran out is taken back by the next ``lease`` or ``recover`` of anybody; who lost
      it can neither finish nor fail the job, nor tell events;
    - an ended job stays as it ended: it is never run again, nor ended a second time;
    - what the caller does in the transaction of ``add`` or ``finish`` is durable together with it,
      or not at all;
    - a foreign owner's job is not there.

    ``worker`` is a name that one thread uses for one job at a time, and nobody else ever.
    """

    def add(
        self,
        connection: Connection,
        kind: str,
        owner: str,
        payload: Mapping[str, object],
        *,
        lane: str = "",
        idempotency_key: str | None = None,
    ) -> str:
        """Add a job within the caller's transaction and return its id; workers wake up.

        With a key that the owner used before, the id of that job; nothing is added.

        Raises
        ------
        ConflictError
            If the key was used for other work, or too many jobs of the lane are waiting.
        """

    def get(self, job_id: str, owner: str | None) -> Job:
        """Return a job of an owner; ``None``: of anybody.

        Raises
        ------
        NotFoundError
            If there is none.
        """

    def lane_jobs(self, owner: str, lane: str) -> list[Job]:
        """Return the jobs of an owner's lane, oldest first."""

    def lease(self, worker: str, kinds: Collection[str], lease_ms: int) -> Job | None:
        """Give the oldest job that may run now to a worker, for so long; ``None``: there is none.

        Leases that ran out are taken back before, as ``recover`` does.
        """

    def heartbeat(
        self,
        job_id: str,
        worker: str,
        lease_ms: int,
        *,
        progress: Progress | None = None,
        events: Sequence[NewEvent] = (),
    ) -> bool:
        """Prolong a lease from now on, and tell how far the job is.

        Returns
        -------
        bool
            False if the job was cancelled or the lease is lost: the worker must end its work,
            and tell so by ``fail``. Events beyond the bound of a job are dropped.
        """

    def is_wanted(self, job_id: str, worker: str) -> bool:
        """Whether ``heartbeat`` would be true; costs less and prolongs nothing."""

    def event(self, job_id: str, kind: str, data: Mapping[str, object]) -> None:
        """Note something about a job that is there; beyond the bound of a job it is dropped."""

    def events(self, job_id: str, after: int, *, most: int = 1000) -> list[JobEvent]:
        """Return the events of a job with larger numbers than ``after``, in their order."""

    def finish(
        self, connection: Connection, job_id: str, worker: str, result: Mapping[str, object]
    ) -> None:
        """End a job as done, within the transaction that makes its results visible.

        Raises
        ------
        CancelledError
            If it was cancelled; nothing of the transaction may be committed then.
        ConflictError
            If the lease is lost; likewise.
        """

    def fail(
        self, job_id: str, worker: str, error: str, *, retry: bool, error_class: str = ""
    ) -> State | None:
        """End an attempt that failed, with one safe sentence, and return the state of the job.

        Cancelled where it was cancelled; queued again with ``retry``, if fewer attempts were made
        than are allowed; else failed. ``None``: the lease was lost, and nothing is changed.
        """

    def give_back(self, job_id: str, worker: str) -> State | None:
        """Queue a job again that its worker has no time to finish; the attempt is not counted."""

    def cancel(self, job_id: str, owner: str | None) -> State:
        """Cancel a job; one that runs stays ``running`` until its worker has ended it.

        Raises
        ------
        NotFoundError
            If the owner has no such job; ``None`` stands for any owner.
        """

    def clear_lane(self, connection: Connection, owner: str, lane: str) -> int:
        """Remove all jobs of an owner's lane with all they told; return how many there were.

        Workers of those that run find that they lost the lease.
        """

    def recover(self) -> int:
        """Take back all leases that ran out; return how many.

        Such jobs are queued again, or failed after the last attempt, or cancelled.
        """

    def has_work(self, kinds: Collection[str]) -> bool:
        """Whether ``lease`` might give a job or take one back; costs less."""

    def wait(self, job_id: str, seconds: float) -> Job:
        """Return a job as soon as it has ended, or after so long as it is then.

        Raises
        ------
        NotFoundError
            If it is not there, or removed meanwhile.
        """

    def wait_for_work(self, seen: int, seconds: float) -> int:
        """Return when something was added or ended, or after so long.

        What other processes do may not wake it (SQLite).

        Parameters
        ----------
        seen
            What the last call returned, at first 0: what happened since then ends the call.
        """

    def close(self) -> None:
        """Release what waiting needs; nobody waits any more."""
