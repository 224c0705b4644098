"""The one place where services are wired to one another and to their engines."""

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from isocenter.access.api_keys import ApiKeys
from isocenter.access.audit import Audit
from isocenter.access.authenticator import Authenticator
from isocenter.access.bearer_tokens import BearerTokens
from isocenter.access.cookies import Cookies
from isocenter.access.sign_ins import SignIns
from isocenter.access.signed_tokens import SignedTokens
from isocenter.access.tokens import Tokens
from isocenter.engines import (
    STAGING_FOLDER,
    Engines,
    now_ms,
    open_engines,
    open_incoming,
    viewers_folder,
)
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.jobs.queue import JobQueue
from isocenter.jobs.queue_postgres import PostgresQueue
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.jobs.queue_tables import TableQueue
from isocenter.jobs.sweeper import Sweeper
from isocenter.jobs.worker import JobKind, Worker
from isocenter.jobs.worker_child import JobLimits
from isocenter.limits import Limits
from isocenter.services.administration import Administration
from isocenter.services.analyses import Analyses, make_analyses
from isocenter.services.analysis_table import Plan, read_analyses
from isocenter.services.archive import Archive, open_archive
from isocenter.services.developers import Developers
from isocenter.services.frame_pictures import FramePictures
from isocenter.services.ingest import Ingest, make_ingest
from isocenter.services.learning import Learning, make_learning
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.people import People, make_reset
from isocenter.services.reading import Reading
from isocenter.services.resources import Resources
from isocenter.services.scratch import remove_abandoned, scratch_folder
from isocenter.services.session_jobs import CHILD, SessionJobs
from isocenter.services.session_keeping import SessionKeeping
from isocenter.services.sessions import JOB_KIND, Sessions
from isocenter.services.slice_archives import SliceArchives
from isocenter.settings import Settings
from isocenter.store.blob_rows import sweep
from isocenter.store.database import Database
from isocenter.store.tables import jobs, session_files, sessions

SCRATCH_FOLDER = "scratch"
SLICES_FOLDER = "slices"
STOP_SECONDS = 10.0
STATES = ("queued", "running", "done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that faces call, wired; made by ``open_platform``.

    ``start`` begins the work in the background and is called once, ``stop`` ends it.
    """

    settings: Settings
    engines: Engines
    queue: JobQueue
    worker: Worker
    sessions: Sessions
    keys: ApiKeys
    bearers: BearerTokens
    tokens: SignedTokens
    sign_ins: SignIns
    cookies: Cookies
    people_tokens: Tokens
    people: People
    developers: Developers
    reading: Reading
    resources: Resources
    learning: Learning
    authenticator: Authenticator
    administration: Administration
    pictures: FramePictures
    slices: SliceArchives
    archive: Archive
    analyses: Analyses
    ingest: Ingest
    keeping: SessionKeeping
    sweeper: Sweeper

    @property
    def limits(self) -> Limits:
        """The bounds in force."""
        return self.settings.limits

    @property
    def viewers_folder(self) -> Path:
        """Where viewers are installed."""
        return viewers_folder(self.settings, self.engines.folder)

    def start(self) -> None:
        """Clean up after the last run, then begin to work on jobs.

        Raises
        ------
        UnavailableError
            If the machine does not let us.
        """
        self.queue.recover()
        self.worker.start()
        self.ingest.start()
        self.analyses.start()
        self.sweeper.start()

    def work(self) -> None:
        """Begin to work on jobs and do nothing else: for a process beside the server.

        Raises
        ------
        InvalidInputError
            If the database is a file, which is for one machine.
        UnavailableError
            If the machine does not let us.
        """
        if self.engines.database.is_sqlite:
            raise InvalidInputError(
                "workers of their own need PostgreSQL: set ISOCENTER_DATABASE_URL"
            )
        self.worker.start()
        self.analyses.start()
        self.ingest.work()

    def stop_work(self) -> None:
        """End what ``work`` began; jobs that run get some seconds, then they are given back."""
        self.ingest.stop()
        self.analyses.stop(STOP_SECONDS)
        self.worker.stop(STOP_SECONDS)

    def stop(self) -> None:
        """End the work: jobs that run get some seconds, then they are given back to the queue."""
        self.sweeper.stop()
        self.ingest.stop()
        self.analyses.stop(STOP_SECONDS)
        self.worker.stop(STOP_SECONDS)
        self.keys.write_uses()

    def check(self) -> None:
        """Return if database and store work.

        Raises
        ------
        UnavailableError
            If one of them does not.
        """
        with self.engines.database.read() as connection:
            connection.execute(select(1))
        self.engines.blobs.new_writer().discard()
        with contextlib.suppress(NotFoundError):  # which says that the store answers
            self.engines.blobs.path_of("0" * 64)

    def count_things(self) -> dict[str, int]:
        """Return how many sessions, files and jobs of each state there are."""
        with self.engines.database.read() as connection:
            states = connection.execute(
                select(jobs.c.state, func.count()).group_by(jobs.c.state)
            ).all()
            return {
                "sessions": connection.scalar(select(func.count()).select_from(sessions)) or 0,
                "session_files": connection.scalar(select(func.count()).select_from(session_files))
                or 0,
                **{f"jobs_{state}": 0 for state in STATES},
                **{f"jobs_{state}": count for state, count in states},
                **self.ingest.counts(),
            }

    def owner_of_session(self, session_id: str) -> str:
        """Return the owner of a session that is there.

        Raises
        ------
        NotFoundError
            If it is not.
        """
        owner = _owner_of(self.engines.database, session_id)
        if owner is None:
            raise NotFoundError("there is no such session")
        return owner


@contextlib.contextmanager
def open_platform(
    settings: Settings,
    folder: Path,
    clock: Callable[[], int] = now_ms,
    *,
    is_secure: bool = False,
) -> Iterator[Platform]:
    """Give everything that faces call; nothing works in the background before ``start``.

    Parameters
    ----------
    is_secure
        Whether browsers reach the server over TLS.

    Raises
    ------
    InvalidInputError, ConflictError, UnavailableError
        As ``open_engines`` does.
    """
    limits = settings.limits
    with contextlib.ExitStack() as stack:
        engines = stack.enter_context(open_engines(settings, folder, clock))
        database, blobs, secret = engines.database, engines.blobs, engines.secret
        audit = Audit(secret, clock)
        queue = stack.enter_context(contextlib.closing(_make_queue(database, clock, limits)))
        threads = settings.jobs or os.cpu_count() or 1
        worker = _make_worker(settings, engines, queue, audit, clock)
        sessions_service = Sessions(database, blobs, queue, audit, clock=clock, limits=limits)
        keys = ApiKeys(database, secret, clock)
        tokens = SignedTokens(secret, clock)
        sign_ins = SignIns(database, secret, clock, limits)
        cookies = Cookies(tokens, sign_ins, is_secure=is_secure)
        bearers = BearerTokens(keys, tokens)
        people_tokens = Tokens(database, secret, clock, bearers.verify)
        reset = make_reset(settings.mail_url.reveal(), settings.mail_from, tokens)

        scratch = stack.enter_context(scratch_folder(folder / SLICES_FOLDER))
        slices = stack.enter_context(SliceArchives(scratch, clock, limits))
        archive = stack.enter_context(
            open_archive(database, blobs, audit, scratch, clock=clock, limits=limits, jobs=threads)
        )
        reading = stack.enter_context(Reading(scratch / "reading", threads, limits))
        ingest = _ingest(settings, engines, queue, audit, archive, tokens, clock)
        analyses = _open_analyses(settings, engines, queue, audit, tokens, clock)

        def clean() -> None:
            ingest.sweep()
            analyses.tick()
            sessions_service.expire()
            slices.sweep(lambda session_id: _owner_of(database, session_id) is not None)
            _remove_abandoned(folder)
            keys.write_uses()
            sign_ins.sweep()

        def sweep_store() -> None:
            analyses.sweep()
            sweep(database, blobs, clock() - limits.leftover_seconds * 1000)

        yield Platform(
            settings=settings,
            engines=engines,
            queue=queue,
            worker=worker,
            sessions=sessions_service,
            keys=keys,
            bearers=bearers,
            tokens=tokens,
            sign_ins=sign_ins,
            cookies=cookies,
            people_tokens=people_tokens,
            people=People(database, audit, people_tokens, clock, limits, reset),
            developers=Developers(database, audit, keys, clock, limits),
            reading=reading,
            resources=Resources(
                database, blobs, archive.studies, audit, clock=clock, new_id=new_id, limits=limits
            ),
            learning=_learning(engines, audit, archive, reading, scratch, clock, limits),
            authenticator=Authenticator(people_tokens.verify, cookies.check, tokens),
            administration=Administration(database, secret, clock, limits=limits),
            pictures=stack.enter_context(FramePictures(threads, limits)),
            slices=slices,
            archive=archive,
            ingest=ingest,
            analyses=analyses,
            keeping=SessionKeeping(
                database, blobs, archive.studies, audit, clock=clock, limits=limits
            ),
            sweeper=Sweeper(clean, sweep_store),
        )


def _remove_abandoned(folder: Path) -> None:
    """Remove what servers that were killed left where they worked."""
    for name in (SLICES_FOLDER, STAGING_FOLDER):
        with contextlib.suppress(FileNotFoundError):
            remove_abandoned(folder / name)


def _owner_of(database: Database, session_id: str) -> str | None:
    with database.read() as connection:
        query = select(sessions.c.owner).where(sessions.c.id == session_id)
        owner: str | None = connection.scalar(query)
    return owner


def new_id() -> str:
    """Return an id that nobody can guess."""
    return str(uuid.uuid4())


def _open_analyses(
    settings: Settings,
    engines: Engines,
    queue: JobQueue,
    audit: Audit,
    tokens: SignedTokens,
    clock: Callable[[], int],
) -> Analyses:
    """Return the analyses that the settings name."""
    stable_ms = settings.analysis_stable_seconds * 1000
    return make_analyses(
        engines.database,
        engines.blobs,
        queue,
        audit,
        tokens,
        Plan(read_analyses(settings.analyses), stable_ms, settings.public_url),
        engines.folder / SCRATCH_FOLDER,
        clock=clock,
        new_id=new_id,
        limits=settings.limits,
        threads=settings.analysis_jobs,
    )


def _job_limits(limits: Limits) -> JobLimits:
    return JobLimits(
        wall_seconds=limits.process_seconds,
        cpu_seconds=limits.process_seconds * (os.cpu_count() or 1),
        memory_bytes=limits.process_memory_bytes,
        file_bytes=limits.process_output_bytes,
        output_bytes=limits.process_output_bytes,
        answer_bytes=limits.process_answer_bytes,
    )


def _make_queue(database: Database, clock: Callable[[], int], limits: Limits) -> TableQueue:
    make = SqliteQueue if database.is_sqlite else PostgresQueue
    return make(database, clock, limits=limits)


def _learning(
    engines: Engines,
    audit: Audit,
    archive: Archive,
    reading: Reading,
    scratch: Path,
    clock: Callable[[], int],
    limits: Limits,
) -> Learning:
    stands_on = LearningEngines(engines.database, engines.blobs, audit, clock, new_id, limits)
    return make_learning(stands_on, archive, reading.any, scratch / "learning")


def _make_worker(
    settings: Settings,
    engines: Engines,
    queue: JobQueue,
    audit: Audit,
    clock: Callable[[], int],
) -> Worker:
    limits, threads = settings.limits, settings.jobs or os.cpu_count() or 1
    session_jobs = SessionJobs(
        engines.database,
        engines.blobs,
        audit,
        engines.secret,
        clock,
        new_id,
        limits,
        jobs=threads,
    )
    kind = JobKind(CHILD, session_jobs.prepare, session_jobs.publish, _job_limits(limits))
    return Worker(queue, {JOB_KIND: kind}, engines.folder / SCRATCH_FOLDER, threads=threads)


def _ingest(
    settings: Settings,
    engines: Engines,
    queue: JobQueue,
    audit: Audit,
    archive: Archive,
    tokens: SignedTokens,
    clock: Callable[[], int],
) -> Ingest:
    return make_ingest(
        engines.database,
        engines.blobs,
        queue,
        audit,
        archive.studies,
        tokens,
        clock=clock,
        new_id=new_id,
        limits=settings.limits,
        policy=settings.ingest_policy,
        incoming=open_incoming(settings, clock),
    )
