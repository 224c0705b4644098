"""The queue in tables of the database: jobs with leases, and what they told.

Every change is one short write transaction. Jobs are added one after another, so that ``number``
is their order; SQLite lets one writer run at a time, over all processes, and in PostgreSQL every
row is locked before it is decided on. Either makes a lease exclusive. Looking for work where there
is none only reads.
"""

import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from isocenter.errors import CancelledError, ConflictError, NotFoundError
from isocenter.jobs.queue import ENDED, Job, JobEvent, NewEvent, Progress, State
from isocenter.limits import DEFAULT, Limits
from isocenter.store.database import Database
from isocenter.store.tables import job_events, jobs

_LOST = "the lease of the job is lost"
_CANCELLED = "cancelled"
_DIED = "its worker process died"
# Where a failed job keeps the class of its error.
_ERROR_CLASS = "error_class"
_POLL_SECONDS = 0.1
_NEXT_NUMBER = select(func.coalesce(func.max(jobs.c.number), 0) + 1).scalar_subquery()


class TableQueue:
    """A ``JobQueue`` in the tables of a database; who waits asks again and again.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC, the same for all processes: of several machines the clocks
        must agree to a fraction of a lease.
    """

    def __init__(
        self, database: Database, clock: Callable[[], int], *, limits: Limits = DEFAULT
    ) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._changes = 0
        self._changed = threading.Condition()

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
        """Add a job within the caller's transaction; see ``JobQueue``."""
        if idempotency_key is not None:
            known = connection.execute(
                select(jobs).where(jobs.c.owner == owner, jobs.c.idempotency_key == idempotency_key)
            ).one_or_none()
            if known is not None:
                if (known.kind, known.lane, known.payload) != (kind, lane, dict(payload)):
                    raise ConflictError("the idempotency key was used for other work")
                return str(known.id)
        self._check_room(connection, lane)
        job_id = str(uuid.uuid4())
        connection.execute(
            insert(jobs).values(
                id=job_id,
                number=_NEXT_NUMBER,
                kind=kind,
                owner=owner,
                lane=lane,
                payload=dict(payload),
                state="queued",
                idempotency_key=idempotency_key,
                created_ms=self._clock(),
            )
        )
        self._tell_state(connection, job_id, "queued")
        # Whoever wakes up now asks for the write lock, and gets it after this transaction.
        self._notify(connection)
        return job_id

    def get(self, job_id: str, owner: str | None) -> Job:
        """Return a job of an owner; see ``JobQueue``."""
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(*_named(job_id, owner))).one_or_none()
        if row is None:
            raise NotFoundError("there is no such job")
        return _job(row)

    def lane_jobs(self, owner: str, lane: str) -> list[Job]:
        """Return the jobs of an owner's lane, oldest first."""
        query = (
            select(jobs).where(jobs.c.owner == owner, jobs.c.lane == lane).order_by(jobs.c.number)
        )
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(query)]

    def lease(self, worker: str, kinds: Collection[str], lease_ms: int) -> Job | None:
        """Give the oldest job that may run now to a worker; see ``JobQueue``."""
        assert lease_ms > 0
        with self._database.begin(is_alone=False) as connection:
            now = self._clock()  # not before: others may have had the turn for a while
            self._take_back(connection, now)
            # What another process is about to take is passed over.
            query = _next_job(kinds).with_for_update(skip_locked=True, of=jobs)
            job_id = connection.scalar(query)
            if job_id is None:
                return None
            row = connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.state == "queued")
                .values(
                    state="running",
                    attempts=jobs.c.attempts + 1,
                    worker=worker,
                    lease_until_ms=now + lease_ms,
                    started_ms=func.coalesce(jobs.c.started_ms, now),
                )
                .returning(*jobs.c)
            ).one()
            self._tell_state(connection, row.id, "running", attempt=row.attempts)
        return _job(row)

    def heartbeat(
        self,
        job_id: str,
        worker: str,
        lease_ms: int,
        *,
        progress: Progress | None = None,
        events: Sequence[NewEvent] = (),
    ) -> bool:
        """Prolong a lease and tell how far the job is; see ``JobQueue``."""
        values: dict[str, object] = {}
        if progress is not None:
            values["progress_done"] = progress.done
            values["progress_total"] = progress.total
            values["label"] = progress.label[: self._limits.job_label_characters]
        with self._database.begin(is_alone=False) as connection:
            row = connection.execute(
                update(jobs)
                .where(*_held(job_id, worker))
                .values(lease_until_ms=self._clock() + lease_ms, **values)
                .returning(jobs.c.cancel_requested)
            ).one_or_none()
            if row is None:
                return False
            self._tell(connection, job_id, events)
        return not row.cancel_requested

    def is_wanted(self, job_id: str, worker: str) -> bool:
        """Whether a heartbeat would be true; see ``JobQueue``."""
        query = select(jobs.c.id).where(*_held(job_id, worker), ~jobs.c.cancel_requested)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def event(self, job_id: str, kind: str, data: Mapping[str, object]) -> None:
        """Note something about a job; see ``JobQueue``."""
        with self._database.begin(is_alone=False) as connection:
            # The row is locked, so that two events never get one number.
            query = select(jobs.c.id).where(jobs.c.id == job_id).with_for_update()
            if connection.scalar(query) is not None:
                self._tell(connection, job_id, [NewEvent(kind, data)])

    def events(self, job_id: str, after: int, *, most: int = 1000) -> list[JobEvent]:
        """Return the events of a job with larger numbers than ``after``, in their order."""
        query = (
            select(job_events)
            .where(job_events.c.job_id == job_id, job_events.c.number > after)
            .order_by(job_events.c.number)
            .limit(most)
        )
        with self._database.read() as connection:
            return [
                JobEvent(row.job_id, row.number, row.at_ms, row.kind, row.data)
                for row in connection.execute(query)
            ]

    def finish(
        self, connection: Connection, job_id: str, worker: str, result: Mapping[str, object]
    ) -> None:
        """End a job as done within the caller's transaction; see ``JobQueue``."""
        row = connection.execute(
            select(jobs.c.cancel_requested).where(*_held(job_id, worker)).with_for_update()
        ).one_or_none()
        if row is None:
            raise ConflictError(_LOST)
        if row.cancel_requested:
            raise CancelledError(_CANCELLED)
        self._end(connection, job_id, "done", result=dict(result))

    def fail(
        self, job_id: str, worker: str, error: str, *, retry: bool, error_class: str = ""
    ) -> State | None:
        """End an attempt that failed; see ``JobQueue``."""
        with self._database.begin(is_alone=False) as connection:
            query = select(jobs).where(*_held(job_id, worker)).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            return self._fail(connection, row, error, error_class, retry=retry)

    def give_back(self, job_id: str, worker: str) -> State | None:
        """Queue a job again, without counting the attempt; see ``JobQueue``."""
        with self._database.begin(is_alone=False) as connection:
            query = select(jobs).where(*_held(job_id, worker)).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            if row.cancel_requested:
                return self._end(connection, job_id, "cancelled", error=_CANCELLED)
            return self._queue_again(connection, job_id, attempts=row.attempts - 1)

    def cancel(self, job_id: str, owner: str | None) -> State:
        """Cancel a job; see ``JobQueue``."""
        with self._database.begin(is_alone=False) as connection:
            query = select(jobs).where(*_named(job_id, owner)).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError("there is no such job")
            state: State = row.state
            if state == "queued":
                return self._end(connection, job_id, "cancelled", error=_CANCELLED)
            if state == "running":
                connection.execute(
                    update(jobs).where(jobs.c.id == job_id).values(cancel_requested=True)
                )
                self._notify(connection)
            return state

    def clear_lane(self, connection: Connection, owner: str, lane: str) -> int:
        """Remove all jobs of an owner's lane; see ``JobQueue``."""
        assert lane, "jobs without a lane belong to nothing"
        mine = and_(jobs.c.owner == owner, jobs.c.lane == lane)
        ids = select(jobs.c.id).where(mine)
        connection.execute(delete(job_events).where(job_events.c.job_id.in_(ids)))
        removed = connection.execute(delete(jobs).where(mine)).rowcount
        self._notify(connection)
        return removed

    def recover(self) -> int:
        """Take back all leases that ran out; see ``JobQueue``."""
        with self._database.begin(is_alone=False) as connection:
            return self._take_back(connection, self._clock())

    def has_work(self, kinds: Collection[str]) -> bool:
        """Whether ``lease`` might give a job or take one back; see ``JobQueue``."""
        with self._database.read() as connection:
            return (
                connection.scalar(_next_job(kinds)) is not None
                or connection.scalar(select(jobs.c.id).where(_ran_out(self._clock())).limit(1))
                is not None
            )

    def wait(self, job_id: str, seconds: float) -> Job:
        """Return a job as soon as it has ended, or after so long; see ``JobQueue``."""
        until = time.monotonic() + seconds
        seen = self._changes
        while True:
            job = self.get(job_id, None)
            left = until - time.monotonic()
            if job.is_ended or left <= 0:
                return job
            # What other processes change is seen by asking again.
            seen = self.wait_for_work(seen, min(left, _POLL_SECONDS))

    def wait_for_work(self, seen: int, seconds: float) -> int:
        """Return when something changed in this process, or after so long; see ``JobQueue``."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes != seen, seconds)
            return self._changes

    def close(self) -> None:
        """Release what waiting needs; see ``JobQueue``."""

    def _check_room(self, connection: Connection, lane: str) -> None:
        if not lane:
            return
        query = select(func.count()).where(jobs.c.lane == lane, jobs.c.state == "queued")
        if (connection.scalar(query) or 0) >= self._limits.lane_jobs:
            raise ConflictError("too many jobs are waiting already")

    def _take_back(self, connection: Connection, now: int) -> int:
        query = select(jobs).where(_ran_out(now)).with_for_update(skip_locked=True)
        rows = connection.execute(query).all()
        for row in rows:
            self._fail(connection, row, _DIED, "DiedError", retry=True)
        return len(rows)

    def _fail(
        self,
        connection: Connection,
        row: Row[tuple[object, ...]],
        error: str,
        error_class: str,
        *,
        retry: bool,
    ) -> State:
        about = {_ERROR_CLASS: error_class}
        if row.cancel_requested:
            return self._end(connection, row.id, "cancelled", error=_CANCELLED)
        if not retry:
            return self._end(connection, row.id, "failed", result=about, error=error)
        if row.attempts < self._limits.job_attempts:
            return self._queue_again(connection, row.id, attempts=row.attempts)
        sentence = f"given up after {row.attempts} attempts: {error}"
        return self._end(connection, row.id, "failed", result=about, error=sentence)

    def _queue_again(self, connection: Connection, job_id: str, *, attempts: int) -> State:
        connection.execute(
            update(jobs)
            .where(jobs.c.id == job_id)
            .values(
                state="queued",
                attempts=attempts,
                worker=None,
                lease_until_ms=None,
                progress_done=0,
                progress_total=0,
                label="",
            )
        )
        self._tell_state(connection, job_id, "queued")
        self._notify(connection)
        return "queued"

    def _end(
        self,
        connection: Connection,
        job_id: str,
        state: State,
        *,
        result: Mapping[str, object] | None = None,
        error: str | None = None,
    ) -> State:
        assert state in ENDED
        ended = connection.execute(
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state.not_in(ENDED))
            .values(
                state=state,
                result=result,
                error=error,
                worker=None,
                lease_until_ms=None,
                finished_ms=self._clock(),
            )
        )
        assert ended.rowcount == 1, "a job ends once"
        about: dict[str, object] = {} if error is None else {"error": error}
        self._tell_state(connection, job_id, state, **about)
        self._notify(connection)
        return state

    def _tell_state(
        self, connection: Connection, job_id: str, state: State, **about: object
    ) -> None:
        self._tell(
            connection, job_id, [NewEvent("state", {"state": state, **about})], is_bounded=False
        )

    def _tell(
        self,
        connection: Connection,
        job_id: str,
        events: Sequence[NewEvent],
        *,
        is_bounded: bool = True,
    ) -> None:
        """Add events up to the bound of a job; its changes of state are few and always told."""
        if not events:
            return
        highest = select(func.max(job_events.c.number)).where(job_events.c.job_id == job_id)
        number = connection.scalar(highest) or 0
        if is_bounded:
            events = events[: max(0, self._limits.job_events - number)]
        now = self._clock()
        rows = [
            {"job_id": job_id, "number": k, "at_ms": now, "kind": e.kind, "data": dict(e.data)}
            for k, e in enumerate(events, start=number + 1)
        ]
        if rows:
            connection.execute(insert(job_events), rows)

    def _notify(self, _: Connection) -> None:
        """Wake who waits, within the transaction of the change."""
        self._wake()

    def _wake(self) -> None:
        with self._changed:
            self._changes += 1
            self._changed.notify_all()


def _named(job_id: str, owner: str | None) -> tuple[ColumnElement[bool], ...]:
    mine = () if owner is None else (jobs.c.owner == owner,)
    return (jobs.c.id == job_id, *mine)


def _held(job_id: str, worker: str) -> tuple[ColumnElement[bool], ...]:
    """Return what is true while the lease is this worker's."""
    return (jobs.c.id == job_id, jobs.c.worker == worker, jobs.c.state == "running")


def _ran_out(now: int) -> ColumnElement[bool]:
    return and_(jobs.c.state == "running", jobs.c.lease_until_ms <= now)


def _next_job(kinds: Collection[str]) -> Select[tuple[str]]:
    """Return the query for the oldest queued job before which nothing of its lane comes."""
    other = jobs.alias("other")
    is_older = other.c.number < jobs.c.number
    comes_first = exists().where(
        other.c.lane == jobs.c.lane,
        or_(other.c.state == "running", and_(other.c.state == "queued", is_older)),
    )
    return (
        select(jobs.c.id)
        .where(
            jobs.c.state == "queued",
            jobs.c.kind.in_(kinds),
            or_(jobs.c.lane == "", ~comes_first),
        )
        .order_by(jobs.c.number)
        .limit(1)
    )


def _job(row: Row[tuple[object, ...]]) -> Job:
    has_failed = row.state == "failed"
    return Job(
        id=row.id,
        kind=row.kind,
        owner=row.owner,
        lane=row.lane,
        payload=row.payload,
        state=row.state,
        attempts=row.attempts,
        is_cancelling=row.state == "running" and row.cancel_requested,
        progress_done=row.progress_done,
        progress_total=row.progress_total,
        label=row.label,
        result=None if has_failed else row.result,
        error=row.error,
        error_class=str(row.result[_ERROR_CLASS]) if has_failed else "",
        created_ms=row.created_ms,
        started_ms=row.started_ms,
        finished_ms=row.finished_ms,
    )
