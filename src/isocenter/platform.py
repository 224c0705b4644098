"""The one place where engines are chosen from settings, and services are wired."""

import contextlib
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from isocenter.access.api_keys import ApiKeys
from isocenter.access.audit import Audit
from isocenter.access.authenticator import Authenticator
from isocenter.access.bearer_tokens import BearerTokens
from isocenter.access.cookies import Cookies
from isocenter.access.server_secret import FILE_NAME as SECRET_FILE
from isocenter.access.server_secret import ServerSecret, read_or_make_secret
from isocenter.access.sign_ins import SignIns
from isocenter.access.signed_tokens import SignedTokens
from isocenter.access.tokens import Tokens
from isocenter.errors import ConflictError, InvalidInputError, NotFoundError
from isocenter.jobs.queue import JobQueue
from isocenter.jobs.queue_postgres import PostgresQueue
from isocenter.jobs.queue_sqlite import SqliteQueue
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
from isocenter.services.people import People, make_reset
from isocenter.services.reading import Reading
from isocenter.services.resources import Resources
from isocenter.services.scratch import remove_abandoned, scratch_folder
from isocenter.services.session_jobs import CHILD, SessionJobs
from isocenter.services.session_keeping import SessionKeeping
from isocenter.services.sessions import JOB_KIND, Sessions
from isocenter.services.slice_archives import SliceArchives
from isocenter.services.viewer_table import VIEWERS_FOLDER
from isocenter.settings import Settings, user_data_folder
from isocenter.store.blob_rows import sweep
from isocenter.store.blobs import BlobStore
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.blobs_s3 import S3Blobs, S3Place, open_s3
from isocenter.store.database import Database, open_database
from isocenter.store.incoming_s3 import IncomingObjects
from isocenter.store.tables import jobs, session_files, sessions

DATABASE_FILE = "database.sqlite3"
BLOBS_FOLDER = "blobs"
SCRATCH_FOLDER = "scratch"
SLICES_FOLDER = "slices"
STAGING_FOLDER = "staging"
STOP_SECONDS = 10.0
STATES = ("queued", "running", "done", "failed", "cancelled")
_FILE_SCHEME = "file:"
_S3_SCHEME = "s3://"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Engines:
    """What the server stands on."""

    folder: Path
    database: Database
    blobs: BlobStore
    secret: ServerSecret


def now_ms() -> int:
    """Return the time in milliseconds since 1970 UTC: the clock of everything but tests."""
    return time.time_ns() // 1_000_000


def data_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Return the folder where the server keeps what it has.

    Raises
    ------
    InvalidInputError
        If none is set and the user has no home.
    """
    if settings.data_folder:
        return Path(settings.data_folder).absolute()
    folder = user_data_folder(environment)
    if folder is None:
        raise InvalidInputError("ISOCENTER_DATA must name a folder, as the user has no home")
    return folder


def viewers_folder(settings: Settings, folder: Path) -> Path:
    """Return the folder of all viewers, by default one in the data folder."""
    named = settings.viewers_folder
    return Path(named).absolute() if named else folder / VIEWERS_FOLDER


@contextlib.contextmanager
def open_engines(
    settings: Settings, folder: Path, clock: Callable[[], int] = now_ms
) -> Iterator[Engines]:
    """Give the engines that the settings name, with tables of this version.

    The data folder, the secret and the database are made where they are missing.

    Raises
    ------
    InvalidInputError
        If a setting names nothing known, or others can read the secret.
    ConflictError
        If a newer version of the program made the database, or one with another secret.
    UnavailableError
        If something cannot be read or made.
    """
    open_blobs = _blobs_opener(settings, folder)
    with contextlib.ExitStack() as stack:
        secret, _ = read_or_make_secret(folder)
        database = open_database(settings.database_url or f"sqlite:///{folder / DATABASE_FILE}")
        stack.callback(database.close)
        database.migrate()
        if not database.is_sqlite:
            _check_secret(database, Audit(secret, clock))
        blobs = open_blobs(clock, stack)
        stack.callback(blobs.close)
        yield Engines(folder, database, blobs, secret)


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
        make_queue = SqliteQueue if database.is_sqlite else PostgresQueue
        queue = stack.enter_context(contextlib.closing(make_queue(database, clock, limits=limits)))
        threads = settings.jobs or os.cpu_count() or 1
        session_jobs = SessionJobs(
            database, blobs, audit, secret, clock, new_id, limits, jobs=threads
        )
        kind = JobKind(CHILD, session_jobs.prepare, session_jobs.publish, _job_limits(limits))
        worker = Worker(queue, {JOB_KIND: kind}, folder / SCRATCH_FOLDER, threads=threads)
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
            reading=stack.enter_context(Reading(scratch / "reading", threads, limits)),
            resources=Resources(
                database, blobs, archive.studies, audit, clock=clock, new_id=new_id, limits=limits
            ),
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


def _check_secret(database: Database, audit: Audit) -> None:
    """Refuse to work with a secret that is not that of the other machines.

    Raises
    ------
    ConflictError
        If it is another one.
    """
    with database.read() as connection:
        is_ours = audit.is_ours(connection)
    if not is_ours:
        raise ConflictError(
            "the database was made with another secret: every machine needs a copy of the "
            f"{SECRET_FILE} of the first"
        )


_OpenBlobs = Callable[[Callable[[], int], contextlib.ExitStack], BlobStore]


def _blobs_opener(settings: Settings, folder: Path) -> _OpenBlobs:
    """Return what opens the store that the settings name, before anything is made.

    Raises
    ------
    InvalidInputError
        If they name none.
    """
    blobs = settings.blobs or f"{_FILE_SCHEME}{folder / BLOBS_FOLDER}"
    scheme = next((one for one in (_FILE_SCHEME, _S3_SCHEME) if blobs.startswith(one)), "")
    name = blobs.removeprefix(scheme)
    if scheme == _FILE_SCHEME and name:
        return lambda clock, _: LocalBlobs(Path(name).absolute(), clock)
    if scheme != _S3_SCHEME or not _BUCKET.fullmatch(name):
        raise InvalidInputError("ISOCENTER_BLOBS must be file:PATH or s3://BUCKET")
    bucket = open_s3(_place(settings))

    def open_bucket(clock: Callable[[], int], stack: contextlib.ExitStack) -> BlobStore:
        return S3Blobs(bucket, stack.enter_context(scratch_folder(folder / STAGING_FOLDER)), clock)

    return open_bucket


def _place(settings: Settings) -> S3Place:
    return S3Place(
        settings.blobs.removeprefix(_S3_SCHEME),
        settings.s3_endpoint,
        settings.s3_access_key,
        settings.s3_secret_key.reveal(),
        settings.s3_region,
    )


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
        incoming=_incoming(settings, clock),
    )


def _incoming(settings: Settings, clock: Callable[[], int]) -> IncomingObjects | None:
    """Return where clients put uploads themselves, ``None`` where they send them to us."""
    if not settings.blobs.startswith(_S3_SCHEME) or settings.uploads_through_server:
        return None
    place = _place(settings)
    return IncomingObjects(open_s3(place), place, settings.s3_public_endpoint, clock)
