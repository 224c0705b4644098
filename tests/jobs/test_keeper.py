"""The keeper of one lease, with a real queue and a clock that tests move."""

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from isocenter.errors import UnavailableError
from isocenter.jobs.keeper import Keeper, written_bytes
from isocenter.jobs.queue import NewEvent, Progress
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.store.database import Database, open_database

OWNER = "account:1"
WAIT_SECONDS = 60


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path / 'database.sqlite3'}")
    made.migrate()
    yield made
    made.close()


class Room:
    """A leased job, the times, and what its keeper does."""

    def __init__(self, database: Database, scratch: Path, queue: SqliteQueue | None = None) -> None:
        self.times = [1000]
        self.queue = queue or SqliteQueue(database, lambda: self.times[0])
        with database.begin() as connection:
            self.job_id = self.queue.add(connection, "merge", OWNER, {})
        self.queue.lease("w", ["merge"], 3000)
        self.scratch = scratch
        self.killed = threading.Event()
        self.has_no_time = False

    def keeper(self, *, lease_ms: int = 3000, output_bytes: int = 1000) -> Keeper:
        return Keeper(
            self.queue,
            self.job_id,
            "w",
            lease_ms=lease_ms,
            kill=self.killed.set,
            scratch=self.scratch,
            output_bytes=output_bytes,
            has_no_time=lambda: self.has_no_time,
        )


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Room(database, scratch)


class MovingQueue(SqliteQueue):
    """A queue whose clock moves by almost a lease with each sign of life."""

    def __init__(self, database: Database) -> None:
        self.time = 1000
        self.beats = threading.Semaphore(0)
        super().__init__(database, lambda: self.time)

    def heartbeat(
        self,
        job_id: str,
        worker: str,
        lease_ms: int,
        *,
        progress: Progress | None = None,
        events: Sequence[NewEvent] = (),
    ) -> bool:
        self.time += 299
        is_wanted = super().heartbeat(job_id, worker, lease_ms, progress=progress, events=events)
        self.beats.release()
        return is_wanted


def test_lease_is_prolonged_as_long_as_the_job_runs(database: Database, tmp_path: Path) -> None:
    queue = MovingQueue(database)
    room = Room(database, tmp_path, queue)
    with room.keeper(lease_ms=300) as keeper:
        for _ in range(4):
            assert queue.beats.acquire(timeout=WAIT_SECONDS)
        assert queue.lease("other", ["merge"], 300) is None

    assert keeper.reason is None
    assert not room.killed.is_set()


class FailingQueue(SqliteQueue):
    """A queue that fails whenever its keeper wants to know or say something."""

    failure: Exception = KeyError("x")

    def heartbeat(
        self,
        job_id: str,
        worker: str,
        lease_ms: int,
        *,
        progress: Progress | None = None,
        events: Sequence[NewEvent] = (),
    ) -> bool:
        del job_id, worker, lease_ms, progress, events
        raise self.failure

    def is_wanted(self, job_id: str, worker: str) -> bool:
        del job_id, worker
        raise self.failure


def test_cancelled_job_is_killed(room: Room) -> None:
    with room.keeper() as keeper:
        room.queue.cancel(room.job_id, OWNER)
        assert room.killed.wait(WAIT_SECONDS)

    assert keeper.reason == "unwanted"


def test_job_whose_lease_is_lost_is_killed(room: Room) -> None:
    room.times[0] += 3000
    assert room.queue.lease("other", ["merge"], 3000) is not None
    with room.keeper() as keeper:
        assert room.killed.wait(WAIT_SECONDS)

    assert keeper.reason == "unwanted"


def test_job_is_killed_when_the_worker_has_no_time_left(room: Room) -> None:
    room.has_no_time = True
    with room.keeper() as keeper:
        assert room.killed.wait(WAIT_SECONDS)

    assert keeper.reason == "no time"


def test_job_that_writes_too_much_is_killed(room: Room) -> None:
    (room.scratch / "folder").mkdir()
    (room.scratch / "folder" / "output").write_bytes(bytes(1001))
    with room.keeper() as keeper:
        assert room.killed.wait(WAIT_SECONDS)

    assert keeper.reason == "too large"


@pytest.mark.parametrize(
    ("failure", "lease_ms"), [(UnavailableError("the disk is full"), 500), (KeyError("x"), 60_000)]
)
def test_job_is_killed_when_nothing_can_be_said_to_the_queue(
    database: Database, tmp_path: Path, failure: Exception, lease_ms: int
) -> None:
    queue = FailingQueue(database, lambda: 1000)
    queue.failure = failure
    room = Room(database, tmp_path, queue)
    with room.keeper(lease_ms=lease_ms) as keeper:
        assert room.killed.wait(WAIT_SECONDS)

    assert keeper.reason == "unwanted"


def test_what_is_told_is_passed_on(room: Room) -> None:
    keeper = room.keeper()
    keeper.tell(Progress(1, 3, "reading"))
    keeper.tell(Progress(2, 3, "writing"))
    keeper.tell(NewEvent("log", {"line": "one"}))

    assert keeper.flush()
    assert keeper.flush()

    job = room.queue.get(room.job_id, OWNER)
    assert (job.progress_done, job.progress_total, job.label) == (2, 3, "writing")
    assert [e.data for e in room.queue.events(room.job_id, 2)] == [{"line": "one"}]


def test_many_events_are_passed_on_without_waiting(room: Room) -> None:
    keeper = room.keeper()
    for k in range(500):
        keeper.tell(NewEvent("log", {"line": k}))

    assert len(keeper._events) < 500
    keeper.flush()
    assert [e.data["line"] for e in room.queue.events(room.job_id, 2)] == list(range(500))


def test_written_bytes_are_those_of_own_files_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "scratch" / "a" / "b").mkdir(parents=True)
    (tmp_path / "scratch" / "a" / "b" / "file").write_bytes(bytes(10))
    (tmp_path / "scratch" / "file").write_bytes(bytes(5))
    (tmp_path / "input").write_bytes(bytes(1000))
    os.link(tmp_path / "input", tmp_path / "scratch" / "input")

    assert written_bytes(tmp_path / "scratch") == 15
    assert written_bytes(tmp_path / "nothing") == 0
