"""What every queue promises (`jobs/queue.py`), on every engine; workers are names here."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from isocenter.errors import CancelledError, ConflictError, NotFoundError
from isocenter.jobs.queue import Job, JobQueue, NewEvent, Progress
from isocenter.jobs.queue_postgres import PostgresQueue
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.jobs.queue_tables import TableQueue
from isocenter.limits import DEFAULT
from isocenter.store.database import Database
from tests.stores import DATABASES

OWNER = "account:1"
LEASE_MS = 1000
LIMITS = replace(DEFAULT, job_events=10, lane_jobs=5, job_label_characters=20)


@dataclass
class Clock:
    """Milliseconds that pass when a test says so."""

    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Room:
    """A queue, its database and its clock."""

    database: Database
    queue: JobQueue
    clock: Clock = field(default_factory=Clock)

    def add(self, kind: str = "merge", *, lane: str = "", owner: str = OWNER) -> str:
        with self.database.begin() as connection:
            return self.queue.add(connection, kind, owner, {"of": kind}, lane=lane)

    def lease(self, worker: str = "w1", kinds: tuple[str, ...] = ("merge",)) -> Job | None:
        return self.queue.lease(worker, kinds, LEASE_MS)

    def finish(self, job_id: str, worker: str = "w1") -> None:
        with self.database.begin() as connection:
            self.queue.finish(connection, job_id, worker, {"files": 1})

    def states(self, job_id: str) -> list[object]:
        events = self.queue.events(job_id, 0)
        return [event.data["state"] for event in events if event.kind == "state"]


ENGINES: dict[str, type[TableQueue]] = {"sqlite": SqliteQueue, "postgres": PostgresQueue}


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    clock = Clock()
    database = DATABASES[request.param](tmp_path)
    database.migrate()
    queue = ENGINES[request.param](database, clock, limits=LIMITS)
    yield Room(database, queue, clock)
    queue.close()
    database.close()


def test_added_job_is_queued_with_what_it_was_given(room: Room) -> None:
    job = room.queue.get(room.add(lane="s1"), OWNER)

    assert (job.kind, job.owner, job.lane, job.state) == ("merge", OWNER, "s1", "queued")
    assert (job.payload, job.attempts, job.created_ms) == ({"of": "merge"}, 0, room.clock.now)
    assert not job.is_ended


def test_job_of_a_transaction_that_fails_was_never_there(room: Room) -> None:
    with room.database.begin() as connection:
        room.queue.add(connection, "merge", OWNER, {})
        connection.rollback()

    assert room.lease() is None


def test_leased_job_is_running_and_nobody_else_gets_it(room: Room) -> None:
    job_id = room.add()

    job = room.lease("w1")

    assert job is not None
    assert (job.id, job.state, job.attempts, job.started_ms) == (
        *(job_id, "running", 1),
        room.clock.now,
    )
    assert room.lease("w2") is None


def test_oldest_job_comes_first(room: Room) -> None:
    added = [room.add(), room.add()]
    room.clock.now += 1
    added.append(room.add())

    leased = [room.lease(f"w{k}") for k in range(3)]

    assert [job and job.id for job in leased] == added


def test_worker_gets_only_kinds_that_it_knows(room: Room) -> None:
    room.add("split")
    job_id = room.add("merge")

    job = room.lease(kinds=("merge", "export"))

    assert job is not None
    assert job.id == job_id
    assert room.lease("w2", kinds=("merge",)) is None
    assert room.lease("w2", kinds=()) is None


def test_lane_runs_one_job_at_a_time_in_order(room: Room) -> None:
    first, second = room.add(lane="s1"), room.add(lane="s1")
    other = room.add(lane="s2")
    leased = [room.lease(f"w{k}") for k in range(3)]

    assert [job and job.id for job in leased] == [first, other, None]

    room.finish(first, "w0")
    after = room.lease("w0")
    assert after is not None
    assert after.id == second


def test_younger_job_of_a_lane_does_not_overtake_one_of_a_kind_that_nobody_here_runs(
    room: Room,
) -> None:
    room.add("split", lane="s1")
    room.add("merge", lane="s1")

    assert room.lease(kinds=("merge",)) is None


def test_jobs_without_a_lane_hinder_nobody(room: Room) -> None:
    added = {room.add(), room.add(), room.add(lane="s1")}

    assert {job.id for k in range(3) if (job := room.lease(f"w{k}"))} == added


def test_finished_job_is_done_once_and_for_good(room: Room) -> None:
    job_id = room.add()
    room.lease()
    room.finish(job_id)

    job = room.queue.get(job_id, OWNER)
    assert (job.state, job.result, job.error, job.finished_ms) == (
        *("done", {"files": 1}, None),
        room.clock.now,
    )
    with pytest.raises(ConflictError):
        room.finish(job_id)
    assert room.queue.fail(job_id, "w1", "too late", retry=True) is None
    assert room.queue.cancel(job_id, OWNER) == "done"
    room.clock.now += 10 * LEASE_MS
    assert room.lease() is None


def test_finish_and_what_the_caller_writes_are_one_transaction(room: Room) -> None:
    job_id = room.add()
    room.lease()

    with room.database.begin() as connection:
        room.queue.finish(connection, job_id, "w1", {})
        connection.rollback()

    assert room.queue.get(job_id, OWNER).state == "running"


def test_job_that_ran_out_is_taken_back_and_its_worker_can_do_nothing_more(room: Room) -> None:
    job_id = room.add()
    room.lease("w1")
    room.clock.now += LEASE_MS

    job = room.lease("w2")

    assert job is not None
    assert (job.id, job.attempts) == (job_id, 2)
    assert not room.queue.heartbeat(job_id, "w1", LEASE_MS)
    assert not room.queue.is_wanted(job_id, "w1")
    assert room.queue.fail(job_id, "w1", "oh", retry=False) is None
    assert room.queue.give_back(job_id, "w1") is None
    with pytest.raises(ConflictError):
        room.finish(job_id, "w1")
    room.finish(job_id, "w2")


def test_heartbeat_prolongs_the_lease(room: Room) -> None:
    job_id = room.add()
    room.lease("w1")

    for _ in range(3):
        room.clock.now += LEASE_MS - 1
        assert room.queue.heartbeat(job_id, "w1", LEASE_MS)

    assert room.lease("w2") is None
    assert room.queue.recover() == 0


def test_heartbeat_tells_progress_and_events(room: Room) -> None:
    job_id = room.add()
    room.lease()
    said = [NewEvent("log", {"line": "one"}), NewEvent("log", {"line": "two"})]

    room.queue.heartbeat(
        job_id, "w1", LEASE_MS, progress=Progress(3, 7, "reading " * 9), events=said
    )

    job = room.queue.get(job_id, OWNER)
    assert (job.progress_done, job.progress_total) == (3, 7)
    assert job.label == ("reading " * 9)[:20]
    logged = [event for event in room.queue.events(job_id, 0) if event.kind == "log"]
    assert [NewEvent(event.kind, event.data) for event in logged] == said


def test_events_are_numbered_and_read_on_from_a_number(room: Room) -> None:
    job_id = room.add()
    for k in range(4):
        room.queue.event(job_id, "log", {"line": k})

    events = room.queue.events(job_id, 0)

    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert room.queue.events(job_id, 3) == events[3:]
    assert room.queue.events(job_id, 1, most=2) == events[1:3]


def test_events_beyond_the_bound_are_dropped_but_not_changes_of_state(room: Room) -> None:
    job_id = room.add()
    room.lease()
    room.queue.heartbeat(
        job_id, "w1", LEASE_MS, events=[NewEvent("log", {"line": k}) for k in range(50)]
    )
    room.queue.event(job_id, "log", {"line": "more"})
    room.finish(job_id)

    events = room.queue.events(job_id, 0)
    assert len(events) == LIMITS.job_events + 1
    assert events[-1].data == {"state": "done"}


def test_job_whose_workers_die_three_times_has_failed_with_a_reason(room: Room) -> None:
    job_id = room.add()
    for _ in range(3):
        assert room.lease() is not None
        room.clock.now += LEASE_MS

    assert room.lease() is None

    job = room.queue.get(job_id, OWNER)
    assert (job.state, job.attempts) == ("failed", 3)
    assert job.error == "given up after 3 attempts: its worker process died"
    assert room.states(job_id) == [
        *("queued", "running", "queued", "running", "queued", "running"),
        "failed",
    ]


def test_recover_takes_back_all_that_ran_out(room: Room) -> None:
    added = [room.add() for _ in range(3)]
    for k in range(2):
        room.lease(f"w{k}")
    room.clock.now += LEASE_MS

    assert room.queue.recover() == 2
    assert room.queue.recover() == 0
    assert {room.queue.get(job_id, OWNER).state for job_id in added} == {"queued"}


def test_failure_that_may_pass_is_tried_again(room: Room) -> None:
    job_id = room.add()
    states = []
    for _ in range(3):
        room.lease()
        states.append(room.queue.fail(job_id, "w1", "the disk is full", retry=True))

    assert states == ["queued", "queued", "failed"]
    assert room.queue.get(job_id, OWNER).error == "given up after 3 attempts: the disk is full"


def test_failure_that_stays_ends_the_job(room: Room) -> None:
    job_id = room.add()
    room.lease()

    assert room.queue.fail(job_id, "w1", "no slices", retry=False) == "failed"
    assert room.queue.get(job_id, OWNER).error == "no slices"
    assert room.queue.events(job_id, 2)[0].data == {"state": "failed", "error": "no slices"}


def test_job_that_was_given_back_waits_again_and_the_attempt_does_not_count(room: Room) -> None:
    job_id = room.add()
    for _ in range(5):
        room.lease()
        assert room.queue.give_back(job_id, "w1") == "queued"

    job = room.lease("w2")
    assert job is not None
    assert job.attempts == 1


def test_waiting_job_is_cancelled_at_once(room: Room) -> None:
    job_id = room.add()

    assert room.queue.cancel(job_id, OWNER) == "cancelled"
    assert room.queue.get(job_id, OWNER).state == "cancelled"
    assert room.lease() is None


def test_running_job_is_cancelled_by_its_worker(room: Room) -> None:
    job_id = room.add()
    room.lease()

    assert room.queue.cancel(job_id, OWNER) == "running"
    assert room.queue.get(job_id, OWNER).is_cancelling
    assert not room.queue.heartbeat(job_id, "w1", LEASE_MS)
    assert not room.queue.is_wanted(job_id, "w1")
    assert room.queue.fail(job_id, "w1", "killed", retry=True) == "cancelled"

    job = room.queue.get(job_id, OWNER)
    assert (job.state, job.error, job.is_cancelling) == ("cancelled", "cancelled", False)


def test_cancelled_job_cannot_be_finished(room: Room) -> None:
    job_id = room.add()
    room.lease()
    room.queue.cancel(job_id, OWNER)

    with pytest.raises(CancelledError):
        room.finish(job_id)
    assert room.queue.give_back(job_id, "w1") == "cancelled"


def test_cancelled_job_whose_worker_died_is_cancelled(room: Room) -> None:
    job_id = room.add()
    room.lease()
    room.queue.cancel(job_id, OWNER)
    room.clock.now += LEASE_MS

    assert room.queue.recover() == 1
    assert room.queue.get(job_id, OWNER).state == "cancelled"


def test_foreign_job_is_not_there(room: Room) -> None:
    job_id = room.add(lane="s1")

    for owner in ("account:2", "", "cookie:1"):
        with pytest.raises(NotFoundError):
            room.queue.get(job_id, owner)
        with pytest.raises(NotFoundError):
            room.queue.cancel(job_id, owner)
        assert room.queue.lane_jobs(owner, "s1") == []
        with room.database.begin() as connection:
            assert room.queue.clear_lane(connection, owner, "s1") == 0
    assert room.queue.get(job_id, None).id == job_id


def test_same_key_is_the_same_job_and_other_work_a_conflict(room: Room) -> None:
    def add(kind: str, owner: str = OWNER) -> str:
        with room.database.begin() as connection:
            return room.queue.add(connection, kind, owner, {"a": [1]}, idempotency_key="k")

    first = add("merge")

    assert add("merge") == first
    assert add("merge", "account:2") != first
    with pytest.raises(ConflictError):
        add("split")
    room.lease()
    room.finish(first)
    assert add("merge") == first


def test_lane_takes_so_many_waiting_jobs_and_no_more(room: Room) -> None:
    for _ in range(LIMITS.lane_jobs):
        room.add(lane="s1")

    with pytest.raises(ConflictError):
        room.add(lane="s1")
    room.add(lane="s2")
    room.lease()
    room.add(lane="s1")


def test_cleared_lane_leaves_nothing_and_its_worker_has_lost_the_lease(room: Room) -> None:
    running, waiting = room.add(lane="s1"), room.add(lane="s1")
    other = room.add(lane="s2")
    room.lease()

    with room.database.begin() as connection:
        assert room.queue.clear_lane(connection, OWNER, "s1") == 2

    for job_id in (running, waiting):
        with pytest.raises(NotFoundError):
            room.queue.get(job_id, OWNER)
        assert room.queue.events(job_id, 0) == []
    assert not room.queue.heartbeat(running, "w1", LEASE_MS, events=[NewEvent("log", {})])
    with pytest.raises(ConflictError):
        room.finish(running)
    room.queue.event(running, "log", {})
    assert [job.id for job in room.queue.lane_jobs(OWNER, "s2")] == [other]


def test_waiting_for_an_ended_job_returns_it(room: Room) -> None:
    job_id = room.add()
    assert room.queue.wait(job_id, 0).state == "queued"
    room.lease()
    room.finish(job_id)

    assert room.queue.wait(job_id, 60).state == "done"
    with pytest.raises(NotFoundError):
        room.queue.wait("none", 1)


def test_added_work_wakes_who_waits_for_it(room: Room) -> None:
    seen = room.queue.wait_for_work(0, 0)
    room.add()

    assert room.queue.wait_for_work(seen, 60) != seen
