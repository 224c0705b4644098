"""Sessions: a workspace with a time to live; files in, one of the twelve actions, files out.

Every method takes the owner and finds nothing of others. What was answered is durable: bytes
first, then one transaction with rows, job and audit (DESIGN 4). Nothing is done here that takes
long but writing what is uploaded; actions run in the worker (``services/session_jobs.py``).
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from isocenter.jobs.queue import Job, JobQueue
from isocenter.limits import DEFAULT, Limits
from isocenter.services.reports import Json
from isocenter.services.session_files import Files, SessionFile
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.database import Database

JOB_KIND = "session"


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times are milliseconds since 1970 UTC."""

    id: str
    owner: str
    created_ms: int
    expires_ms: int


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
    """What became of one process, as the documents want it told.

    Attributes
    ----------
    ended
        ``running`` while the job is not ended (also while it waits); ``timed_out`` if it took
        longer than ``limits.process_seconds``; ``failed`` if the action as a whole gave up.
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
    ended: Literal["running", "done", "failed", "cancelled", "timed_out"]
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


class Part:
    """One file of an upload; written by one thread at a time, then closed."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes.

        Raises
        ------
        TooLargeError
            If the session would hold more bytes than ``limits.session_bytes``.
        UnavailableError
            If the disk is full.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the file: its header is read; an archive is expanded.

        Raises
        ------
        InvalidInputError
            If it is an archive that cannot be read, or is encrypted.
        TooManyFilesError
            If it holds more files than a session may.
        TooLargeError
            If it expands to more than ``limits`` allow.
        """
        raise NotImplementedError


class Upload:
    """The files of one request: all of them are stored by ``finish``, or none.

    Leaving its ``with`` block without ``finish`` leaves nothing behind.
    """

    def add_part(self, name: str) -> Part:
        """Begin the next file; the one before must be closed.

        Parameters
        ----------
        name
            The client's name for it, decoded, otherwise untouched.

        Raises
        ------
        TooManyFilesError
            If the request alone has more files than a session may have.
        """
        raise NotImplementedError

    def finish(self) -> list[SessionFile]:
        """Store all files in one transaction and return them in their order, durable.

        A file that was there already with the same bytes stands in the list as it was.

        Raises
        ------
        InvalidInputError
            If there was no file.
        TooManyFilesError
            If the session would have more than ``limits.session_files``; nothing is stored.
        NotFoundError
            If the session went meanwhile.
        """
        raise NotImplementedError

    def discard(self) -> None:
        """Forget everything; does nothing after ``finish``."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


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
        *,
        clock: Callable[[], int],
        limits: Limits = DEFAULT,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._queue = queue
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
        raise NotImplementedError

    def get(self, owner: str, session_id: str) -> Session:
        """Return a session.

        Raises
        ------
        NotFoundError
            If it is not there, expired, or somebody else's; also for a malformed id.
        """
        raise NotImplementedError

    def list(self, owner: str) -> list[Session]:
        """Return the sessions of an owner, newest first."""
        raise NotImplementedError

    def files(self, owner: str, session_id: str) -> Files:
        """Return all files with their facts; NotFoundError as ``get``."""
        raise NotImplementedError

    def begin_upload(self, owner: str, session_id: str) -> Upload:
        """Begin to take the files of one request; NotFoundError as ``get``."""
        raise NotImplementedError

    def process(
        self,
        owner: str,
        session_id: str,
        action: str,
        *,
        params: str | None = None,
        options: Mapping[str, object] | None = None,
        source: str = "input",
        idempotency_key: str | None = None,
    ) -> str:
        """Queue an action behind those of its session and return the id of the job.

        Parameters
        ----------
        params, options
            As the body had them; they are checked here against the table of actions.
        source
            ``input``, or ``output`` for what earlier actions made.

        Raises
        ------
        InvalidInputError
            If there is no such action, an option says nothing sensible, or no file suits.
        ConflictError
            If too many jobs of the session wait.
        NotFoundError
            As ``get``.
        """
        raise NotImplementedError

    def job(self, owner: str, session_id: str, job_id: str) -> Job:
        """Return a job of a session.

        Raises
        ------
        NotFoundError
            If the session has none of this id.
        """
        raise NotImplementedError

    def jobs(self, owner: str, session_id: str) -> Sequence[Job]:
        """Return the jobs of a session, oldest first; NotFoundError as ``get``."""
        raise NotImplementedError

    def cancel(self, owner: str, session_id: str, job_id: str) -> None:
        """Ask for the end of a job; NotFoundError as ``job``."""
        raise NotImplementedError

    def result(self, job: Job) -> ProcessResult:
        """Return what became of a job."""
        raise NotImplementedError

    def open_file(self, owner: str, session_id: str, name: str) -> StoredFile:
        """Open what a name means: an output, the alias of the only merge, then an input.

        Raises
        ------
        NotFoundError
            If the session or the file is not there.
        """
        raise NotImplementedError

    def open_outputs(self, owner: str, session_id: str) -> Iterator[StoredFile]:
        """Yield all outputs, open one at a time, for an archive; NotFoundError as ``get``."""
        raise NotImplementedError

    def delete(self, owner: str, session_id: str) -> None:
        """Remove a session with its jobs and its bytes; a job that runs is ended.

        Raises
        ------
        NotFoundError
            As ``get``.
        """
        raise NotImplementedError

    def expire(self, now_ms: int | None = None) -> Expired:
        """Remove what has expired, rows and bytes; sessions whose job runs are left for later."""
        raise NotImplementedError
