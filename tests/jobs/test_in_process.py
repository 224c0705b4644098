"""Jobs of this process: done once, given back when the machine fails, taken over after a kill."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.jobs.in_process import InProcessWorker
from isocenter.jobs.queue import Job
from isocenter.jobs.worker import Finish
from tests.workers import House, now_ms

KIND = "count"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def running(
    house: House, work: Callable[[Job, Finish], None], lease_ms: int = 3000
) -> InProcessWorker:
    worker = InProcessWorker(house.queue, {KIND: work}, lease_ms=lease_ms)
    worker.start()
    return worker


def test_jobs_are_done_and_finished_in_their_own_transaction(house: House) -> None:
    def work(job: Job, finish: Finish) -> None:
        with house.database.begin() as connection:
            finish(connection, {"payload": dict(job.payload)})

    worker = running(house, work)
    jobs = [house.wait(house.add(KIND, {"number": number})) for number in range(3)]
    worker.stop()

    assert [(job.state, job.result) for job in jobs] == [
        ("done", {"payload": {"number": number}}) for number in range(3)
    ]


def test_failing_machine_costs_no_attempt_and_an_error_does(house: House) -> None:
    seen: list[int] = []

    def work(job: Job, finish: Finish) -> None:
        seen.append(job.attempts)
        if len(seen) == 1:
            raise UnavailableError("the store cannot be reached")
        if len(seen) == 2:
            raise InvalidInputError("something")
        with house.database.begin() as connection:
            finish(connection, {})

    worker = running(house, work)
    job = house.wait(house.add(KIND))
    worker.stop()

    assert (job.state, seen) == ("done", [1, 1, 2])


def test_mistake_of_ours_is_told_by_its_class_alone(house: House) -> None:
    def work(*_: object) -> None:
        raise RuntimeError("a value of a file")

    worker = running(house, work)
    job = house.wait(house.add(KIND))
    worker.stop()

    assert job.state == "failed"
    assert job.error == "given up after 3 attempts: the server failed with RuntimeError"


def test_long_work_keeps_its_lease(house: House) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work(_: Job, finish: Finish) -> None:
        begun.set()
        may_end.wait(30)
        with house.database.begin() as connection:
            finish(connection, {})

    worker = running(house, work, lease_ms=600)
    job_id = house.add(KIND)
    assert begun.wait(30)
    leased_ms = now_ms()
    while now_ms() < leased_ms + 1500:
        assert house.queue.recover() == 0
        time.sleep(0.05)
    may_end.set()
    job = house.wait(job_id)
    worker.stop()

    assert (job.state, job.attempts) == ("done", 1)
