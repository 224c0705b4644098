"""Any history of a queue: adding, leasing, dying, ending, cancelling, crashing, against a model."""

import shutil
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import Connection

from isocenter.errors import CancelledError, ConflictError, NotFoundError
from isocenter.jobs.queue import ENDED, State
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.limits import DEFAULT
from isocenter.store.database import Database, open_database

pytestmark = pytest.mark.slow
LIMITS = replace(DEFAULT, lane_jobs=4)
LEASE_MS = 1000
KINDS = ("merge", "split")
workers = st.sampled_from(["w1", "w2", "w3"])
owners = st.sampled_from(["account:1", "cookie:2"])


@dataclass
class Known:
    """What the model knows of a job."""

    kind: str
    owner: str
    lane: str
    order: int
    state: State = "queued"
    attempts: int = 0
    worker: str = ""
    until_ms: int = 0
    is_cancelling: bool = False


class QueueMachine(RuleBasedStateMachine):
    """A queue beside a dictionary that does what the queue promises."""

    jobs = Bundle("jobs")
    database: Database | None = None

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.now = 1_000_000
        self.count = 0
        self.known: dict[str, Known] = {}
        self.ended: dict[str, State] = {}
        self.reopen()

    def teardown(self) -> None:
        if self.database is not None:
            self.database.close()
            shutil.rmtree(self.folder)

    @rule()
    def reopen(self) -> None:
        """Forget everything that is not on the disk, as a process that was killed does."""
        if self.database is not None:
            self.database.close()
        self.database = open_database(f"sqlite:///{self.folder / 'database.sqlite3'}")
        self.database.migrate()
        self.queue = SqliteQueue(self.database, lambda: self.now, limits=LIMITS)

    @rule(
        target=jobs,
        kind=st.sampled_from(KINDS),
        owner=owners,
        lane=st.sampled_from(["", "s1", "s2"]),
        is_committed=st.booleans(),
    )
    def add(self, kind: str, owner: str, lane: str, *, is_committed: bool) -> str:
        waiting = [k for k in self.known.values() if k.lane == lane and k.state == "queued"]
        with self.writing() as connection:
            if lane and len(waiting) == LIMITS.lane_jobs:
                with pytest.raises(ConflictError):
                    self.queue.add(connection, kind, owner, {}, lane=lane)
                return "none"
            job_id = self.queue.add(connection, kind, owner, {}, lane=lane)
            if not is_committed:
                connection.rollback()
                return job_id
        self.count += 1
        self.known[job_id] = Known(kind, owner, lane, self.count)
        return job_id

    @rule(milliseconds=st.sampled_from([1, LEASE_MS // 2, LEASE_MS]))
    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds

    @rule()
    def recover(self) -> None:
        ran_out = [
            k for k in self.known.values() if k.state == "running" and k.until_ms <= self.now
        ]
        assert self.queue.recover() == len(ran_out)
        self.take_back()

    @rule(worker=workers, kinds=st.sets(st.sampled_from(KINDS)))
    def lease(self, worker: str, kinds: set[str]) -> None:
        if any(k.state == "running" and k.worker == worker for k in self.known.values()):
            return  # a worker has one job at a time
        self.take_back()
        expected = self.next_job(kinds)
        job = self.queue.lease(worker, kinds, LEASE_MS)
        assert (job and job.id) == expected
        if job is not None:
            known = self.known[job.id]
            known.state, known.worker = "running", worker
            known.attempts += 1
            known.until_ms = self.now + LEASE_MS

    @rule(job_id=jobs, worker=workers)
    def heartbeat(self, job_id: str, worker: str) -> None:
        held = self.held(job_id, worker)
        is_wanted = held is not None and not held.is_cancelling
        assert self.queue.is_wanted(job_id, worker) == is_wanted
        assert self.queue.heartbeat(job_id, worker, LEASE_MS) == is_wanted
        if held is not None:
            held.until_ms = self.now + LEASE_MS

    @rule(job_id=jobs, worker=workers)
    def finish(self, job_id: str, worker: str) -> None:
        held = self.held(job_id, worker)
        with self.writing() as connection:
            if held is None:
                with pytest.raises(ConflictError):
                    self.queue.finish(connection, job_id, worker, {})
            elif held.is_cancelling:
                with pytest.raises(CancelledError):
                    self.queue.finish(connection, job_id, worker, {})
            else:
                self.queue.finish(connection, job_id, worker, {})
                held.state = "done"

    @rule(job_id=jobs, worker=workers, retry=st.booleans())
    def fail(self, job_id: str, worker: str, *, retry: bool) -> None:
        held = self.held(job_id, worker)
        state = self.queue.fail(job_id, worker, "no slices", retry=retry)
        if held is not None:
            self.end_attempt(held, retry=retry)
        assert state == (held and held.state)

    @rule(job_id=jobs, worker=workers)
    def give_back(self, job_id: str, worker: str) -> None:
        held = self.held(job_id, worker)
        state = self.queue.give_back(job_id, worker)
        if held is not None:
            held.attempts -= 0 if held.is_cancelling else 1
            held.state = "cancelled" if held.is_cancelling else "queued"
        assert state == (held and held.state)

    @rule(job_id=jobs, owner=owners)
    def cancel(self, job_id: str, owner: str) -> None:
        known = self.known.get(job_id)
        if known is None or known.owner != owner:
            with pytest.raises(NotFoundError):
                self.queue.cancel(job_id, owner)
            return
        if known.state == "queued":
            known.state = "cancelled"
        known.is_cancelling = known.state == "running"
        assert self.queue.cancel(job_id, owner) == known.state

    @rule(owner=owners, lane=st.sampled_from(["s1", "s2"]))
    def clear(self, owner: str, lane: str) -> None:
        mine = [i for i, k in self.known.items() if (k.owner, k.lane) == (owner, lane)]
        with self.writing() as connection:
            assert self.queue.clear_lane(connection, owner, lane) == len(mine)
        for job_id in mine:
            del self.known[job_id]
            self.ended.pop(job_id, None)

    @rule(job_id=consumes(jobs))
    def forget(self, job_id: str) -> None:
        """Leave a job to itself, so that histories have more of others."""

    @invariant()
    def queue_is_as_the_model(self) -> None:
        if not hasattr(self, "known"):
            return
        for job_id, known in self.known.items():
            job = self.queue.get(job_id, known.owner)
            assert (job.state, job.attempts) == (known.state, known.attempts)
            assert job.is_cancelling == (known.state == "running" and known.is_cancelling)
            assert (job.finished_ms is None) == (known.state not in ENDED)

    @invariant()
    def ended_jobs_stay_as_they_ended(self) -> None:
        for job_id, known in getattr(self, "known", {}).items():
            if known.state in ENDED:
                assert self.ended.setdefault(job_id, known.state) == known.state

    @invariant()
    def lane_runs_one_job(self) -> None:
        running = [k.lane for k in getattr(self, "known", {}).values() if k.state == "running"]
        lanes = [lane for lane in running if lane]
        assert len(lanes) == len(set(lanes))

    def writing(self) -> AbstractContextManager[Connection]:
        assert self.database is not None
        return self.database.begin()

    def held(self, job_id: str, worker: str) -> Known | None:
        known = self.known.get(job_id)
        is_held = known is not None and known.state == "running" and known.worker == worker
        return known if is_held else None

    def take_back(self) -> None:
        for known in self.known.values():
            if known.state == "running" and known.until_ms <= self.now:
                self.end_attempt(known, retry=True)

    def end_attempt(self, known: Known, *, retry: bool) -> None:
        if known.is_cancelling:
            known.state = "cancelled"
        elif retry and known.attempts < LIMITS.job_attempts:
            known.state = "queued"
        else:
            known.state = "failed"

    def next_job(self, kinds: set[str]) -> str | None:
        """Return the oldest queued job of these kinds that is the first of its lane."""
        for job_id, known in self.known.items():
            before = [
                other
                for other in self.known.values()
                if known.lane
                and other.lane == known.lane
                and (
                    other.state == "running"
                    or (other.state == "queued" and other.order < known.order)
                )
            ]
            if known.state == "queued" and known.kind in kinds and not before:
                return job_id
        return None


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
