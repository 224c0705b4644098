"""A queue with workers that run crafted functions, in this process and in others.

``python -m tests.workers FOLDER THREADS LEASE_MS`` works on the jobs there until it is killed.
"""

import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import insert, select

from isocenter.jobs.queue import Job
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.jobs.worker import Finish, JobKind, Worker
from isocenter.jobs.worker_child import JobLimits
from isocenter.store.database import open_database
from isocenter.store.tables import blobs
from tests.jobs import crafted_jobs

JOBS = crafted_jobs.__name__
OWNER = "account:1"
WAIT_SECONDS = 60
LIMITS = JobLimits(wall_seconds=60, cpu_seconds=60, memory_bytes=1 << 30, output_bytes=1 << 20)
# So short that a job is soon taken over from a worker that was killed.
SHORT_LEASE_MS = 1000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class House:
    """A database, a queue, and workers that run the crafted functions as kinds of jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = folder / "scratch"
        self.notes = folder / "notes"
        self.notes.mkdir(exist_ok=True)
        self.database = open_database(f"sqlite:///{folder / 'database.sqlite3'}")
        self.database.migrate()
        self.queue = SqliteQueue(self.database, now_ms)

    def prepare(self, job: Job, scratch: Path) -> Mapping[str, object]:
        assert list(scratch.iterdir()) == []
        return {**job.payload, "notes": str(self.notes), "text": job.id}

    def publish(
        self, job: Job, answer: Mapping[str, object], scratch: Path, finish: Finish
    ) -> None:
        """Add a row for the text that the job wrote, in the transaction that finishes it."""
        text = (scratch / str(answer["name"])).read_text("utf-8") if answer.get("name") else ""
        with self.database.begin() as connection:
            row = {"key": f"{job.id}-{job.attempts}", "size_bytes": len(text), "created_ms": 0}
            connection.execute(insert(blobs).values(row))
            finish(connection, {"answer": dict(answer), "text": text})

    def table(self, *names: str, limits: JobLimits = LIMITS) -> dict[str, JobKind]:
        return {
            name: JobKind(f"{JOBS}:{name}", self.prepare, self.publish, limits) for name in names
        }

    def add(self, kind: str, payload: Mapping[str, object] | None = None, lane: str = "") -> str:
        with self.database.begin() as connection:
            return self.queue.add(connection, kind, OWNER, payload or {}, lane=lane)

    def wait(self, job_id: str) -> Job:
        return self.queue.wait(job_id, WAIT_SECONDS)

    def published(self) -> set[str]:
        """Return ids of jobs of which rows were written, asserting that it was once each."""
        with self.database.read() as connection:
            keys = list(connection.scalars(select(blobs.c.key)))
        jobs = [key.rpartition("-")[0] for key in keys]
        assert len(jobs) == len(set(jobs))
        return set(jobs)


def main() -> None:
    """Work until the process is killed."""
    house = House(Path(sys.argv[1]))
    worker = Worker(
        house.queue,
        house.table("write", "lie"),
        house.scratch,
        threads=int(sys.argv[2]),
        lease_ms=int(sys.argv[3]),
    )
    worker.start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
