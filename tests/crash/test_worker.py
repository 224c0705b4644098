"""`kill -9` of workers and of the processes of jobs, at random: none is lost or done twice."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from isocenter.jobs.queue import Job
from isocenter.jobs.worker import LEASE_MS, Worker
from tests.jobs.test_sandbox import wait_until_gone
from tests.workers import LIMITS, OWNER, SHORT_LEASE_MS, WAIT_SECONDS, House

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def start_worker(
    folder: Path, threads: int = 2, lease_ms: int = SHORT_LEASE_MS
) -> subprocess.Popen[bytes]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.workers", str(folder), str(threads), str(lease_ms)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


def descendants(process: int, *, but: Collection[int] = ()) -> list[int]:
    """Return the processes that a process started, and those that they started.

    Parameters
    ----------
    but
        Processes that are left out, with all that they started.
    """
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text("utf-8").rpartition(")")[2].split()[1])
            child = int(stat.parent.name)
            if parent == process and child not in but:
                found += [child, *descendants(child)]
    return found


def kill(process: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(process, signal.SIGKILL)


def check_ends(house: House, jobs: Sequence[Job]) -> None:
    """Check that each job ended once, as done with its rows or as failed after three deaths."""
    done = {job.id for job in jobs if job.state == "done"}
    failed = [job for job in jobs if job.state == "failed"]
    assert len(done) + len(failed) == len(jobs)
    assert all(job.attempts == 3 for job in failed)
    assert house.published() == done
    for job in jobs:
        states = [
            event.data["state"] for event in house.queue.events(job.id, 0) if event.kind == "state"
        ]
        assert states.count("done") + states.count("failed") == 1
        assert states[-1] == job.state


def test_worker_killed_at_random_moments_loses_no_job_and_ends_none_twice(
    house: House, tmp_path: Path
) -> None:
    chance = random.Random(7)
    added = [
        house.add("write", {"seconds": chance.random() / 5}, lane=f"s{k}" if k % 2 else "")
        for k in range(60)
    ]
    for _ in range(8):
        worker = start_worker(tmp_path)
        time.sleep(chance.random())
        children = descendants(worker.pid)
        worker.kill()
        worker.communicate()
        # The processes of the jobs find that their worker is gone.
        assert all(wait_until_gone(child) for child in children)
    worker = start_worker(tmp_path)
    jobs = [house.wait(job_id) for job_id in added]
    worker.kill()
    worker.communicate()

    check_ends(house, jobs)
    assert sum(job.state == "done" for job in jobs) > len(jobs) // 2


def test_processes_of_jobs_killed_at_random_moments_lose_no_job(house: House) -> None:
    chance = random.Random(11)
    is_over = threading.Event()
    # This process may have started servers for other tests, which live until its end.
    others = frozenset(descendants(os.getpid()))

    def kill_some() -> None:
        for _ in range(40):
            if is_over.wait(chance.random() / 10):
                return
            children = descendants(os.getpid(), but=others)
            if children:
                kill(chance.choice(children))

    killer = threading.Thread(target=kill_some)
    killer.start()
    with Worker(house.queue, house.table("write"), house.scratch, threads=3):
        added = [house.add("write", {"seconds": 0.05}) for _ in range(60)]
        jobs = [house.wait(job_id) for job_id in added]
        is_over.set()
        killer.join()

    check_ends(house, jobs)
    assert sum(job.state == "done" for job in jobs) > len(jobs) // 2
    assert list(house.scratch.iterdir()) == []


def test_stopped_worker_that_wakes_up_again_does_not_end_what_it_lost(
    house: House, tmp_path: Path
) -> None:
    job_id = house.add("write", {"seconds": 0.5})
    sleeper = start_worker(tmp_path, threads=1)
    while house.queue.get(job_id, OWNER).state == "queued":
        time.sleep(0.01)
    os.kill(sleeper.pid, signal.SIGSTOP)
    with Worker(
        house.queue, house.table("write"), house.scratch, threads=1, lease_ms=SHORT_LEASE_MS
    ):
        job = house.wait(job_id)
        os.kill(sleeper.pid, signal.SIGCONT)
        later = house.wait(house.add("write"))
    sleeper.kill()
    sleeper.communicate()

    assert (job.state, job.attempts) == ("done", 2)
    check_ends(house, [job, later])


def test_thousand_jobs_by_four_threads_in_two_processes_are_done_once_each(
    house: House, tmp_path: Path
) -> None:
    with house.database.begin() as connection:
        added = [
            house.queue.add(connection, "lie", OWNER, {}, lane=f"s{k % 100}" if k % 2 else "")
            for k in range(1000)
        ]
    # Nobody is killed here: with a short lease a busy machine alone would begin some again.
    workers = [start_worker(tmp_path, lease_ms=LEASE_MS) for _ in range(2)]
    jobs = [house.wait(job_id) for job_id in added]
    for worker in workers:
        worker.kill()
        worker.communicate()

    assert {job.state for job in jobs} == {"done"}
    assert {job.attempts for job in jobs} == {1}
    check_ends(house, jobs)


def test_waiting_time_of_tests_is_longer_than_a_lease() -> None:
    assert SHORT_LEASE_MS < WAIT_SECONDS * 1000
    assert LIMITS.wall_seconds >= WAIT_SECONDS
