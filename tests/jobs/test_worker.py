"""Workers with real queues and real processes; what kills them is in tests/crash/test_worker.py."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, InvalidInputError
from isocenter.jobs.queue import Job
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.jobs.worker import Finish, Worker
from isocenter.jobs.worker_child import JobLimits
from isocenter.store.database import open_database
from tests.jobs.test_job_process import noted
from tests.jobs.test_sandbox import wait_until_gone
from tests.workers import LIMITS, OWNER, WAIT_SECONDS, House, now_ms

posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="sessions are looked up in /proc")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def test_job_is_run_and_what_it_made_is_published_with_its_end(house: House) -> None:
    with Worker(house.queue, house.table("write"), house.scratch):
        job = house.wait(job_id := house.add("write"))

    assert (job.state, job.attempts, job.progress_total) == ("done", 1, 1)
    assert job.result == {"answer": {"name": "output"}, "text": job_id}
    assert house.published() == {job_id}


def test_nothing_is_left_in_scratch(house: House) -> None:
    with Worker(house.queue, house.table("write", "miss", "die"), house.scratch):
        for kind in ("write", "miss", "die"):
            house.wait(house.add(kind))

    assert list(house.scratch.iterdir()) == []


def test_what_a_job_tells_is_there_in_order_before_its_end(house: House) -> None:
    with Worker(house.queue, house.table("echo", "chatter"), house.scratch):
        echo = house.wait(house.add("echo"))
        chatter = house.wait(house.add("chatter", {"lines": 1000}))

    events = house.queue.events(echo.id, 0)
    assert [(event.kind, event.data.get("state")) for event in events] == [
        ("state", "queued"),
        ("state", "running"),
        ("log", None),
        ("file", None),
        ("state", "done"),
    ]
    assert (echo.progress_done, echo.progress_total, echo.label) == (2, 2, "whole")
    lines = [event.data["line"] for event in house.queue.events(chatter.id, 2, most=1000)]
    assert lines == [f"line {k}" for k in range(1000)]


def test_error_of_a_job_is_its_failure_at_once(house: House) -> None:
    with Worker(house.queue, house.table("miss"), house.scratch):
        job = house.wait(house.add("miss"))

    assert (job.state, job.attempts, job.error) == ("failed", 1, "Rows is missing or empty")
    assert (job.error_class, job.result) == ("MissingElementError", None)


def test_job_whose_process_dies_is_tried_again(house: House) -> None:
    marks = house.folder / "marks"
    marks.mkdir()
    with Worker(house.queue, house.table("die_at_first"), house.scratch):
        job = house.wait(house.add("die_at_first", {"marks": str(marks), "times": 2}))

    assert (job.state, job.attempts) == ("done", 3)


@pytest.mark.parametrize("kind", ["die", "segfault", "leave"])
def test_job_whose_process_dies_three_times_has_failed_with_a_reason(
    house: House, kind: str
) -> None:
    with Worker(house.queue, house.table(kind), house.scratch):
        job = house.wait(house.add(kind))

    assert (job.state, job.attempts) == ("failed", 3)
    assert job.error == "given up after 3 attempts: its worker process died"
    assert house.published() == set()


@posix
@pytest.mark.parametrize(
    ("kind", "limits", "error_class"),
    [
        ("hang", replace(LIMITS, wall_seconds=1), "DeadlineExceededError"),
        ("burn", replace(LIMITS, cpu_seconds=1), "DeadlineExceededError"),
        ("hog", replace(LIMITS, memory_bytes=1 << 29), "TooLargeError"),
        ("flood", replace(LIMITS, file_bytes=1 << 16), "UnavailableError"),
        ("scatter", LIMITS, "TooLargeError"),
    ],
)
def test_job_that_takes_too_much_has_failed(
    house: House, kind: str, limits: JobLimits, error_class: str
) -> None:
    with Worker(house.queue, house.table(kind, limits=limits), house.scratch):
        job = house.wait(house.add(kind))

    assert (job.state, job.error_class, job.attempts) == ("failed", error_class, 1)


@linux
def test_cancelled_job_is_killed_with_all_that_it_started(house: House) -> None:
    with Worker(house.queue, house.table("family"), house.scratch):
        job_id = house.add("family")
        noted(house.notes, "job")
        assert house.queue.cancel(job_id, OWNER) == "running"
        job = house.wait(job_id)

    assert job.state == "cancelled"
    for name in ("job", "child", "grandchild"):
        assert wait_until_gone(noted(house.notes, name))


def test_job_whose_lane_was_cleared_is_killed(house: House) -> None:
    with Worker(house.queue, house.table("hang", "write"), house.scratch, threads=1):
        house.add("hang", lane="s1")
        job = noted(house.notes, "job")
        with house.database.begin() as connection:
            house.queue.clear_lane(connection, OWNER, "s1")

        assert wait_until_gone(job)
        assert house.wait(house.add("write", lane="s1")).state == "done"


def test_job_cancelled_while_it_is_published_leaves_nothing(house: House) -> None:
    def publish(job: Job, answer: Mapping[str, object], scratch: Path, finish: Finish) -> None:
        house.queue.cancel(job.id, OWNER)
        house.publish(job, answer, scratch, finish)

    table = {"write": replace(house.table("write")["write"], publish=publish)}
    with Worker(house.queue, table, house.scratch):
        job = house.wait(house.add("write"))

    assert job.state == "cancelled"
    assert house.published() == set()


def test_failure_to_publish_is_the_failure_of_the_job(house: House) -> None:
    def publish(job: Job, answer: Mapping[str, object], scratch: Path, finish: Finish) -> None:
        del job, answer, scratch, finish
        raise ConflictError("the name is taken")

    table = {"write": replace(house.table("write")["write"], publish=publish)}
    with Worker(house.queue, table, house.scratch):
        job = house.wait(house.add("write"))

    assert (job.state, job.error, job.attempts) == ("failed", "the name is taken", 1)


def test_failure_to_prepare_is_the_failure_of_the_job(house: House) -> None:
    def prepare(job: Job, scratch: Path) -> Mapping[str, object]:
        del job, scratch
        raise InvalidInputError("no such files")

    table = {"write": replace(house.table("write")["write"], prepare=prepare)}
    with Worker(house.queue, table, house.scratch):
        job = house.wait(house.add("write"))

    assert (job.state, job.error) == ("failed", "no such files")


def test_mistake_of_ours_is_told_and_logged_without_its_words(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def prepare(job: Job, scratch: Path) -> Mapping[str, object]:
        raise KeyError("CANARY", job, scratch)

    table = {"write": replace(house.table("write")["write"], prepare=prepare)}
    with caplog.at_level(logging.DEBUG), Worker(house.queue, table, house.scratch):
        job = house.wait(house.add("write"))

    assert (job.state, job.error) == ("failed", "the server failed with KeyError")
    assert "KeyError" in caplog.text
    assert "CANARY" not in caplog.text


def test_worker_leaves_jobs_of_other_kinds(house: House) -> None:
    with Worker(house.queue, house.table("write"), house.scratch):
        other = house.add("merge")
        house.wait(house.add("write"))

    assert house.queue.get(other, OWNER).state == "queued"


def test_stopping_worker_lets_jobs_end_within_the_grace_time(house: House) -> None:
    worker = Worker(house.queue, house.table("write"), house.scratch, threads=1)
    worker.start()
    job_id = house.add("write", {"seconds": 1})
    later = house.add("write")
    while house.queue.get(job_id, OWNER).state == "queued":
        time.sleep(0.02)
    worker.stop(WAIT_SECONDS)

    assert house.queue.get(job_id, OWNER).state == "done"
    assert house.queue.get(later, OWNER).state == "queued"


def test_stopping_worker_kills_and_gives_back_what_takes_longer(house: House) -> None:
    worker = Worker(house.queue, house.table("hang"), house.scratch)
    worker.start()
    job_id = house.add("hang")
    process = noted(house.notes, "job")
    worker.stop(0.1)

    job = house.queue.get(job_id, OWNER)
    assert (job.state, job.attempts) == ("queued", 0)
    assert wait_until_gone(process)
    assert list(house.scratch.iterdir()) == []


def test_leftovers_of_killed_workers_go_and_those_that_live_stay(house: House) -> None:
    with Worker(house.queue, house.table("hang"), house.scratch, threads=1):
        job_id = house.add("hang")
        noted(house.notes, "job")
        (house.scratch / f"{job_id}-0").mkdir()
        (house.scratch / "4-1").mkdir()
        other = Worker(house.queue, {}, house.scratch)

        assert other.remove_leftovers() == 2
        assert [path.name for path in house.scratch.iterdir()] == [f"{job_id}-1"]


def test_lanes_run_one_after_another_and_side_by_side(house: House) -> None:
    names = [f"s{k % 4}" for k in range(24)]
    with Worker(house.queue, house.table("write"), house.scratch, threads=4):
        added = [house.add("write", lane=lane) for lane in names]
        jobs = [house.wait(job_id) for job_id in added]

    for lane in set(names):
        of_lane = [job for job in jobs if job.lane == lane]
        times = [when or 0 for job in of_lane for when in (job.started_ms, job.finished_ms)]
        assert times == sorted(times)
    assert house.published() == set(added)


def test_many_jobs_for_two_workers_on_one_database_are_done_once_each(house: House) -> None:
    far = SqliteQueue(open_database(str(house.database._writers.url)), now_ms)
    workers = [
        Worker(queue, house.table("echo"), house.scratch, threads=2) for queue in (house.queue, far)
    ]
    with house.database.begin() as connection:
        added = {house.queue.add(connection, "echo", OWNER, {}) for _ in range(100)}
    for worker in workers:
        worker.start()
    more = {house.add("echo") for _ in range(100)}
    for job_id in added | more:
        assert house.wait(job_id).state == "done"
    for worker in workers:
        worker.stop(WAIT_SECONDS)
    far._database.close()

    assert house.published() == added | more


def test_threads_end_with_the_worker(house: House) -> None:
    before = set(threading.enumerate())
    with Worker(house.queue, house.table("write"), house.scratch, threads=3):
        house.wait(house.add("write"))

    assert set(threading.enumerate()) <= before
