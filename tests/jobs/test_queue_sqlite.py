"""The queue in SQLite across several connections; tests/contracts/test_queue.py has the rest."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.store.database import Database, open_database

OWNER = "account:1"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path / 'database.sqlite3'}")
    made.migrate()
    yield made
    made.close()


def test_there_is_work_when_a_job_waits_or_a_lease_ran_out(database: Database) -> None:
    times = [1000]
    queue = SqliteQueue(database, lambda: times[0])
    assert not queue.has_work(["merge"])
    with database.begin() as connection:
        queue.add(connection, "merge", OWNER, {})
    assert queue.has_work(["merge"])
    assert not queue.has_work(["split"])
    queue.lease("w", ["merge"], 100)
    assert not queue.has_work(["merge"])
    times[0] += 100
    assert queue.has_work(["split"])


def test_threads_with_connections_of_their_own_get_each_job_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'database.sqlite3'}"
    databases = [open_database(url) for _ in range(3)]
    databases[0].migrate()
    queues = [SqliteQueue(database, now_ms) for database in databases]
    with databases[0].begin() as connection:
        for k in range(60):
            queues[0].add(connection, "merge", OWNER, {}, lane=f"s{k}" if k % 2 else "")
    leased: list[str] = []

    def work(number: int) -> None:
        while job := queues[number % 3].lease(f"w{number}", ["merge"], 600_000):
            leased.append(job.id)
            with databases[number % 3].begin() as connection:
                queues[number % 3].finish(connection, job.id, f"w{number}", {})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()

    assert set(Counter(leased).values()) == {1}
    assert len(leased) == 60


def test_end_in_another_process_is_seen_by_who_waits(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'database.sqlite3'}"
    here, there = open_database(url), open_database(url)
    here.migrate()
    mine, other = SqliteQueue(here, now_ms), SqliteQueue(there, now_ms)
    with here.begin() as connection:
        job_id = mine.add(connection, "merge", OWNER, {})
    other.lease("w", ["merge"], 600_000)
    ender = threading.Timer(0.2, lambda: other.fail(job_id, "w", "no slices", retry=False))
    ender.start()

    job = mine.wait(job_id, 60)

    ender.join()
    here.close()
    there.close()
    assert job.state == "failed"
