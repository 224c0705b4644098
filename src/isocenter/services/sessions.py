"""Sessions: a workspace with a time to live; files in, one of the twelve actions, files out.

Every method takes the owner and finds nothing of others. What was answered is durable: bytes
first, then one transaction with rows, job and audit (DESIGN 4). Nothing is done here that takes
long but writing what is uploaded; actions run in the worker (``services/session_jobs.py``).
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from sqlalchemy import Connection

from isocenter.access.audit import SYSTEM, Audit
from isocenter.errors import DeadlineExceededError, InvalidInputError, NotFoundError
from isocenter.jobs.queue import Job, JobQueue
from isocenter.limits import DEFAULT, Limits
from isocenter.services.reports import Json
from isocenter.services.session_actions import check_inputs, check_request
from isocenter.services.session_files import (
    Files,
    Kind,
    SessionFile,
    find_file,
    list_files,
    next_number,
)
from isocenter.services.session_jobs import Payload, choose_files
from isocenter.services.session_log import plain
from isocenter.services.session_rows import (
    Session,
    add_session,
    expired_sessions,
    find_session,
    lane_of,
    list_sessions,
    remove_session,
)
from isocenter.services.session_uploads import Engines, Part, Upload
from isocenter.store.blob_rows import drop_unused
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.database import Database

__all__ = [
    "JOB_KIND",
    "Expired",
    "Failed",
    "Files",
    "OutputFile",
    "Part",
    "ProcessResult",
    "Session",
    "SessionFile",
    "Sessions",
    "StoredFile",
    "Upload",
]

JOB_KIND = "session"
Ended = Literal["running", "done", "failed", "cancelled", "timed_out"]

_SOURCES: dict[str, Kind] = {"input": "input", "output": "output"}
_EXPIRED_AT_ONCE = 20
_MS = 1000


class OutputFile(NamedTuple):
    """What an answer says of an output."""

    name: str
    size_bytes: int


class Failed(NamedTuple):
    """An input that should have been processed and was not, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProcessResult:
    r"""What became of one process, as the documents want it told.

    Attributes
    ----------
    ended
        ``running`` while the job has not ended, also while it waits (its events tell the log);
        ``timed_out`` if it took longer than ``limits.process_seconds``; ``failed`` if the action
        as a whole gave up.
    success
        Whether at least one input was done.
    log
        Lines ``[INFO] ...``, ``[WARN] ...``, ``[ERROR] ...``, without ``*``, ``?`` and ``\\``.
    output_files
        What this process made, also where the same was there before.
    failed
        Inputs that failed or were held back.
    error
        One sentence, empty where ``success``.
    """

    action: str
    ended: Ended
    success: bool
    log: str
    output_files: tuple[OutputFile, ...]
    failed: tuple[Failed, ...]
    error: str = ""


@dataclass(slots=True)
class StoredFile:
    """An open file of a session; close it, best with ``with``.

    ``reader.path`` is a file for sending by the kernel where the store has files. It stays
    readable while it is open, even if the session goes.
    """

    name: str
    size_bytes: int
    key: str
    facts: Mapping[str, Json]
    reader: BlobReader

    def close(self) -> None:
        """Close the bytes."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Expired(NamedTuple):
    """What ``expire`` removed."""

    sessions: int
    files: int


class Sessions:
    """All sessions; safe for any number of threads.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    new_id
        Ids that nobody can guess: a session's id is in addresses.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        queue: JobQueue,
        audit: Audit,
        *,
        clock: Callable[[], int],
        limits: Limits = DEFAULT,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._queue = queue
        self._audit = audit
        self._clock = clock
        self._limits = limits
        self._new_id = new_id

    def create(self, owner: str) -> Session:
        """Make a session that lives for ``limits.session_ttl_seconds``.

        Raises
        ------
        FullError
            If ``limits.sessions`` are there; it says after how many seconds one will expire.
        """
        now_ms = self._clock()
        expires_ms = now_ms + self._limits.session_ttl_seconds * _MS
        session = Session(self._new_id(), owner, now_ms, expires_ms)
        with self._database.begin() as connection:
            add_session(connection, session, self._limits)
            self._audit.record(connection, owner, "session.create", ("session", session.id))
        return session

    def get(self, owner: str, session_id: str) -> Session:
        """Return a session.

        Raises
        ------
        NotFoundError
            If it is not there, expired, or somebody else's; also for a malformed id.
        """
        with self._database.read() as connection:
            return find_session(connection, owner, session_id, self._clock(), may_run=True)

    def list(self, owner: str) -> list[Session]:
        """Return the sessions of an owner, newest first."""
        with self._database.read() as connection:
            return list_sessions(connection, owner, self._clock())

    def files(self, owner: str, session_id: str) -> Files:
        """Return all files with their facts; NotFoundError as ``get``."""
        with self._database.read() as connection:
            find_session(connection, owner, session_id, self._clock(), may_run=True)
            return Files(
                list_files(connection, session_id, "input"),
                list_files(connection, session_id, "output"),
            )

    def begin_upload(self, owner: str, session_id: str) -> Upload:
        """Begin to take the files of one request; NotFoundError as ``get``."""
        with self._database.read() as connection:
            find_session(connection, owner, session_id, self._clock())
        engines = Engines(
            self._database, self._blobs, self._audit, self._clock, self._new_id, self._limits
        )
        return Upload(engines, owner, session_id)

    def process(  # noqa: PLR0913 - what a request says
        self,
        owner: str,
        session_id: str,
        action: str,
        *,
        params: str | None = None,
        options: Mapping[str, object] | None = None,
        source: str = "input",
        names: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Queue an action behind those of its session and return the id of the job.

        Parameters
        ----------
        params, options
            As the body had them; they are checked here against the table of actions.
        source
            ``input``, or ``output`` for the DICOM files that the last action made.
        names
            Only these files of the source, of whichever action.

        Raises
        ------
        InvalidInputError
            If there is no such action, an option says nothing sensible, or no file suits.
        ConflictError
            If too many jobs of the session wait.
        NotFoundError
            As ``get``.
        """
        request = check_request(action, params, options, self._limits)
        kind = _SOURCES.get(source)
        if kind is None:
            raise InvalidInputError("input is input or output")
        asked = Payload(
            session=session_id,
            action=action,
            options=request.options,
            source=kind,
            up_to=self._limits.session_files,
            names=list(names or ()),
            notes=[*request.notes],
        )
        self._check_files(owner, asked)
        with self._database.begin() as connection:
            find_session(connection, owner, session_id, self._clock())
            up_to = next_number(connection, session_id, "input") - 1
            payload = asked._replace(up_to=up_to)
            job_id = self._queue.add(
                connection,
                JOB_KIND,
                owner,
                payload.to_json(),
                lane=lane_of(session_id),
                idempotency_key=idempotency_key,
            )
            self._audit.record(connection, owner, "session.process", ("job", job_id))
        return job_id

    def job(self, owner: str, session_id: str, job_id: str) -> Job:
        """Return a job of a session.

        Raises
        ------
        NotFoundError
            If the session has none of this id.
        """
        self.get(owner, session_id)
        job = self._queue.get(job_id, owner)
        if job.lane != lane_of(session_id):
            raise NotFoundError("the session has no such job")
        return job

    def jobs(self, owner: str, session_id: str) -> Sequence[Job]:
        """Return the jobs of a session, oldest first; NotFoundError as ``get``."""
        self.get(owner, session_id)
        return self._queue.lane_jobs(owner, lane_of(session_id))

    def cancel(self, owner: str, session_id: str, job_id: str) -> None:
        """Ask for the end of a job; NotFoundError as ``job``."""
        self._queue.cancel(self.job(owner, session_id, job_id).id, owner)

    def result(self, job: Job) -> ProcessResult:
        """Return what became of a job."""
        action = Payload.read(job.payload).action
        if job.state == "done":
            assert job.result is not None
            return _done(action, job.result)
        if not job.is_ended:
            return _not_done(action, "running", "", "")
        log = self._told(job)
        if job.state == "cancelled":
            return _not_done(action, "cancelled", log, "the action was cancelled")
        if job.error_class == DeadlineExceededError.__name__:
            seconds = self._limits.process_seconds
            error = f"the action took longer than {seconds} seconds and was stopped"
            return _not_done(action, "timed_out", log, error)
        return _not_done(action, "failed", log, plain(job.error or "the action failed"))

    def open_file(self, owner: str, session_id: str, name: str) -> StoredFile:
        """Open what a name means: an output, the alias of the only merge, then an input.

        Raises
        ------
        NotFoundError
            If the session or the file is not there.
        """
        with self._database.read() as connection:
            find_session(connection, owner, session_id, self._clock(), may_run=True)
            file = find_file(connection, session_id, name)
        return self._open(file)

    def open_outputs(self, owner: str, session_id: str) -> Iterator[StoredFile]:
        """Yield all outputs, open one at a time, for an archive; NotFoundError as ``get``."""
        for file in self.files(owner, session_id).outputs:
            with self._open(file) as opened:
                yield opened

    def delete(self, owner: str, session_id: str) -> None:
        """Remove a session with its jobs and its bytes; a job that runs is ended.

        Raises
        ------
        NotFoundError
            As ``get``.
        """
        with self._database.begin() as connection:
            find_session(connection, owner, session_id, self._clock(), may_run=True)
            keys = self._remove(connection, owner, session_id)
            self._audit.record(connection, owner, "session.delete", ("session", session_id))
        self._database.note_removal()
        drop_unused(self._database, self._blobs, keys)

    def expire(self, now_ms: int | None = None) -> Expired:
        """Remove what has expired, rows and bytes; sessions whose job runs are left for later.

        What was deleted also leaves the log of the database here.
        """
        now_ms = self._clock() if now_ms is None else now_ms
        sessions = files = 0
        while True:
            # Looking costs less than a transaction that writes, and mostly there is nothing.
            with self._database.read() as connection:
                if not expired_sessions(connection, now_ms, most=1):
                    break
            keys: list[str] = []
            with self._database.begin() as connection:
                expired = expired_sessions(connection, now_ms, most=_EXPIRED_AT_ONCE)
                for session in expired:
                    keys += self._remove(connection, session.owner, session.id)
                    subject = ("session", session.id)
                    self._audit.record(connection, SYSTEM, "session.expire", subject)
            self._database.note_removal()
            drop_unused(self._database, self._blobs, keys)
            sessions += len(expired)
            files += len(keys)
        self._database.forget_removed()
        return Expired(sessions, files)

    def _remove(self, connection: Connection, owner: str, session_id: str) -> Sequence[str]:
        """Remove jobs and rows of a session and return the keys of its bytes."""
        self._queue.clear_lane(connection, owner, lane_of(session_id))
        return remove_session(connection, session_id)

    def _open(self, file: SessionFile) -> StoredFile:
        reader = self._blobs.open(file.blob_key)
        return StoredFile(file.name, file.size_bytes, file.blob_key, file.facts, reader)

    def _check_files(self, owner: str, asked: Payload) -> None:
        """Refuse what nothing suits; what a job that has not ended will make is not known."""
        with self._database.read() as connection:
            find_session(connection, owner, asked.session, self._clock())
            files = list_files(connection, asked.session, asked.source)
        if asked.source == "output" and self._is_busy(owner, asked.session):
            return
        missing = set(asked.names).difference(one.name for one in files)
        if missing:
            raise InvalidInputError("the session has no file of a name that was given")
        check_inputs(asked.action, [one.facts for one in choose_files(asked, files)])

    def _is_busy(self, owner: str, session_id: str) -> bool:
        """Return whether a job of the session may still make something."""
        jobs = self._queue.lane_jobs(owner, lane_of(session_id))
        return any(not job.is_ended for job in jobs)

    def _told(self, job: Job) -> str:
        """Return the lines that the present attempt of a job told."""
        lines: list[str] = []
        after = 0
        while events := self._queue.events(job.id, after):
            for event in events:
                if event.kind == "state" and event.data.get("state") == "running":
                    lines.clear()
                elif event.kind == "log":
                    lines.append(str(event.data.get("line", "")))
            after = events[-1].number
        return "\n".join(lines)


def _done(action: str, result: Mapping[str, object]) -> ProcessResult:
    """Return what the job wrote down at its end (``services/session_jobs.py``)."""
    outputs, failed = result["output_files"], result["failed"]
    assert isinstance(outputs, list)
    assert isinstance(failed, list)
    return ProcessResult(
        action=action,
        ended="done",
        success=bool(result["success"]),
        log=str(result["log"]),
        output_files=tuple(OutputFile(one["name"], one["size"]) for one in outputs),
        failed=tuple(Failed(one["name"], one["reason"]) for one in failed),
        error=str(result["error"]),
    )


def _not_done(action: str, ended: Ended, log: str, error: str) -> ProcessResult:
    if error:
        log = "\n".join([*log.splitlines(), f"[ERROR] {error}"])
    return ProcessResult(
        action, ended, success=False, log=log, output_files=(), failed=(), error=error
    )
