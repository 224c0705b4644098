"""Sessions with the real database, the real bytes and the real worker, in one folder."""

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydicom import Dataset

from isocenter.access.audit import Audit
from isocenter.access.server_secret import ServerSecret
from isocenter.jobs.queue import Job
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.jobs.worker import JobKind, Worker
from isocenter.jobs.worker_child import JobLimits
from isocenter.limits import DEFAULT, Limits
from isocenter.services.session_jobs import CHILD, SessionJobs
from isocenter.services.sessions import JOB_KIND, ProcessResult, SessionFile, Sessions
from isocenter.store.blob_rows import sweep
from isocenter.store.blobs import Swept
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.database import Database, open_database
from tests.builders import series, to_bytes
from tests.stores import Clock, files_under

OWNER = f"account:{uuid.UUID(int=1)}"
STRANGER = f"account:{uuid.UUID(int=2)}"
WAIT_SECONDS = 60.0


@dataclass
class Bench:
    """Everything that sessions stand on; the worker runs while `working` is entered."""

    folder: Path
    database: Database
    blobs: LocalBlobs
    queue: SqliteQueue
    audit: Audit
    clock: Clock
    sessions: Sessions
    jobs: SessionJobs
    limits: Limits
    wall_seconds: float = DEFAULT.process_seconds
    workers: list[Worker] = field(default_factory=list)

    @contextlib.contextmanager
    def working(self, *, threads: int = 1) -> Iterator[Worker]:
        kind = JobKind(
            CHILD,
            self.jobs.prepare,
            self.jobs.publish,
            JobLimits(wall_seconds=self.wall_seconds),
        )
        worker = Worker(self.queue, {JOB_KIND: kind}, self.folder / "scratch", threads=threads)
        with worker:
            yield worker

    def upload(
        self, session_id: str, files: Mapping[str, bytes], *, owner: str = OWNER
    ) -> list[SessionFile]:
        with self.sessions.begin_upload(owner, session_id) as upload:
            for name, data in files.items():
                part = upload.add_part(name)
                part.write(data)
                part.close()
            return upload.finish()

    def new_session(self, files: Mapping[str, bytes] | None = None, *, owner: str = OWNER) -> str:
        session = self.sessions.create(owner)
        if files:
            self.upload(session.id, files, owner=owner)
        return session.id

    def ended(self, job_id: str) -> Job:
        job = self.queue.wait(job_id, WAIT_SECONDS)
        assert job.is_ended, job
        return job

    def run(
        self,
        session_id: str,
        action: str,
        *,
        params: str | None = None,
        options: Mapping[str, object] | None = None,
        source: str = "input",
    ) -> ProcessResult:
        """Process with a worker that is running, and wait for the result."""
        job_id = self.sessions.process(
            OWNER, session_id, action, params=params, options=options, source=source
        )
        return self.sessions.result(self.ended(job_id))

    def read(self, session_id: str, name: str, *, owner: str = OWNER) -> bytes:
        with self.sessions.open_file(owner, session_id, name) as stored:
            return stored.reader.read_at(0, stored.size_bytes + 1)

    def names(self, session_id: str) -> tuple[list[str], list[str]]:
        files = self.sessions.files(OWNER, session_id)
        return [one.name for one in files.inputs], [one.name for one in files.outputs]

    def sweep(self) -> Swept:
        return sweep(self.database, self.blobs, self.clock() + 1)

    def blob_files(self) -> list[Path]:
        return files_under(self.folder / "blobs")


@contextlib.contextmanager
def open_bench(
    folder: Path,
    *,
    limits: Limits = DEFAULT,
    clock: Clock | None = None,
    wall_seconds: float = DEFAULT.process_seconds,
) -> Iterator[Bench]:
    """Open, or open again, the sessions in a folder."""
    clock = clock or Clock()
    database = open_database(f"sqlite:///{folder / 'database.sqlite3'}")
    database.migrate()
    blobs = LocalBlobs(folder / "blobs", clock)
    queue = SqliteQueue(database, clock, limits=limits)
    secret = ServerSecret(b"s" * 32)
    audit = Audit(secret, clock)
    sessions = Sessions(database, blobs, queue, audit, clock=clock, limits=limits)

    def new_id() -> str:
        return str(uuid.uuid4())

    jobs = SessionJobs(database, blobs, audit, secret, clock, new_id, limits, jobs=2)
    try:
        yield Bench(
            folder, database, blobs, queue, audit, clock, sessions, jobs, limits, wall_seconds
        )
    finally:
        blobs.close()
        database.close()


def slices(count: int, *, name: str = "a", start: int = 0) -> dict[str, bytes]:
    """Return a series of CT slices as files."""
    return files_of(series(count, series_name=name), start=start)


def files_of(datasets: Iterable[Dataset], *, start: int = 0) -> dict[str, bytes]:
    return {f"{k:04d}.dcm": to_bytes(one) for k, one in enumerate(datasets, start)}


def large_zip_free_bytes(size_bytes: int) -> bytes:
    """Return bytes that do not shrink."""
    return np.random.Generator(np.random.PCG64(0)).bytes(size_bytes)
