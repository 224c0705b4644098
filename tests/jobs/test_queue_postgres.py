"""The queue in PostgreSQL with several machines; tests/contracts/test_queue.py has the rest."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from isocenter.jobs.queue_postgres import PostgresQueue
from isocenter.store.database import Database, open_database
from tests.servers import postgres

OWNER = "account:1"
Machines = list[tuple[Database, PostgresQueue]]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    url = postgres().url_of(tmp_path)
    databases = [open_database(url) for _ in range(3)]
    databases[0].migrate()
    made = [(database, PostgresQueue(database, now_ms)) for database in databases]
    yield made
    for database, queue in made:
        queue.close()
        database.close()


def test_many_workers_get_each_job_once_and_of_a_lane_one_at_a_time(machines: Machines) -> None:
    with machines[0][0].begin() as connection:
        for k in range(60):
            machines[0][1].add(connection, "merge", OWNER, {}, lane=f"s{k % 4}" if k % 2 else "")
    leased: list[str] = []
    running: list[str] = []
    problems: list[str] = []

    def work(number: int) -> None:
        database, queue = machines[number % 3]
        idle = 0
        while idle < 20:
            job = queue.lease(f"w{number}", ["merge"], 600_000)
            if job is None:
                idle += 1
                time.sleep(0.01)
                continue
            idle = 0
            leased.append(job.id)
            if job.lane and job.lane in running:
                problems.append(job.lane)
            running.append(job.lane)
            time.sleep(0.002)
            running.remove(job.lane)
            with database.begin() as connection:
                queue.finish(connection, job.id, f"w{number}", {})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(leased) == 60
    assert set(Counter(leased).values()) == {1}
    assert problems == []


def test_work_that_another_machine_adds_wakes_who_waits(machines: Machines) -> None:
    (here, mine), (there, other) = machines[:2]
    seen = mine.wait_for_work(0, 5)  # now it listens
    time.sleep(0.2)
    seen = mine.wait_for_work(seen, 0)

    with there.begin() as connection:
        other.add(connection, "merge", OWNER, {})
        assert mine.wait_for_work(seen, 0.2) == seen  # not committed yet

    begun = time.monotonic()
    assert mine.wait_for_work(seen, 60) != seen
    assert time.monotonic() - begun < 30
    assert here.url == there.url


def test_waiting_goes_on_after_the_database_dropped_all_connections(machines: Machines) -> None:
    (here, mine), (there, other) = machines[:2]
    mine.wait_for_work(0, 5)
    with there.begin() as connection:
        job_id = other.add(connection, "merge", OWNER, {})
    with there.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.lease("w", ["merge"], 600_000)
    other.fail(job_id, "w", "no slices", retry=False)

    assert mine.wait(job_id, 30).state == "failed"
    assert here.url == there.url


def test_a_heartbeat_does_not_wait_for_a_writer(machines: Machines) -> None:
    (here, mine), (there, _) = machines[:2]
    with here.begin() as connection:
        job_id = mine.add(connection, "merge", OWNER, {})
    mine.lease("w", ["merge"], 600_000)

    with there.begin():
        assert mine.heartbeat(job_id, "w", 600_000)
