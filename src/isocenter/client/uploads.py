"""Many files sent at once, each taken once: hashed, given a ticket, sent, and asked for.

The files go in groups: while one group is sent, the next is hashed and gets its tickets. What a
server has by its SHA-256 is not sent, what it took in an earlier run is only asked for.
"""

import contextlib
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

from isocenter.client.ingest_client import (
    BATCH_MAX,
    IngestClient,
    Json,
    Ticket,
    TicketGoneError,
    Wanted,
)
from isocenter.client.upload_state import Sent, Stamp, UploadState
from isocenter.errors import (
    CancelledError,
    ConflictError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    NotSupportedError,
    UnavailableError,
)
from isocenter.system_errors import safe_error

PARALLEL_MAX = 20  # as the documented service recommends, and as many as its store wants
State = Literal["stored", "present", "rejected", "taken", "failed"]

_GROUP = 64
_GROUP_BYTES = 256 << 20
_GROUPS_AT_ONCE = 2
_TICKETS = 3
_READ_BYTES = 1 << 18
_HASHERS = 2
_ASKED_SECONDS = 10
_POLL_SECONDS = 0.25
# A ticket that waited for so long may run out on the way.
_TICKET_SECONDS = 240.0
_DECIDED = frozenset({"stored", "rejected"})
_TAKEN = _DECIDED | {"received"}
# Where these are raised, no other file fares better.
_FOR_ALL = (NotAuthenticatedError, NotAllowedError, CancelledError)


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of one file.

    Attributes
    ----------
    state
        ``stored``: in the archive by this run or an earlier one; ``present``: its bytes were there
        before; ``rejected``: ``code`` and ``reason`` say why; ``taken``: durable on the server,
        which has not told more; ``failed``: not sent, ``reason`` says why.
    facts
        What the server says of it.
    is_earlier
        Whether an earlier run sent it.
    """

    path: Path
    state: State
    size_bytes: int = 0
    sha256: str = ""
    key: str = ""
    code: str = ""
    reason: str = ""
    facts: Json = field(default_factory=dict)
    is_earlier: bool = False


class _Looked(NamedTuple):
    """A file that was read once."""

    at: int
    path: Path
    stamp: Stamp
    sha256: str


_Launched = list[tuple[_Looked, Future[Upload]]]


class Uploads:
    """Sends files; made for one run.

    Parameters
    ----------
    parallel
        How many are sent at once, at most 20.
    told
        Called with numbers of bytes that are done, negative where they must be sent again; from
        one thread at a time.
    stop
        That of the client: set to end early.
    patience_seconds
        How long to wait for the server to decide about what it took, counted anew with each
        decision.
    """

    def __init__(
        self,
        client: IngestClient,
        state: UploadState,
        stop: threading.Event,
        *,
        parallel: int,
        told: Callable[[int], None],
        patience_seconds: float,
    ) -> None:
        assert 1 <= parallel <= PARALLEL_MAX
        self._client = client
        self._state = state
        self._stop = stop
        self._parallel = parallel
        self._told = told
        self._turn = threading.Lock()
        self._patience_seconds = patience_seconds
        self._failed_in_a_row = 0
        self.done: dict[int, Upload] = {}

    def run(self, paths: Sequence[Path]) -> None:
        """Send all files; ``done`` says of each by its place in the list what became of it.

        It holds what is known also where this ends early; what is not in it was not sent.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, NotFoundError
            If the server does not let us.
        UnavailableError
            If the server cannot be reached, or notes cannot be written.
        InvalidInputError
            If files would go without TLS.
        """
        left = self._ask_for_earlier_ones(paths)
        flying: deque[_Launched] = deque()
        senders = ThreadPoolExecutor(self._parallel, thread_name_prefix="upload-send")
        hashers = ThreadPoolExecutor(_HASHERS, thread_name_prefix="upload-hash")
        try:
            for group in _groups(paths, left):
                looked = list(hashers.map(lambda at: self._look(at, paths[at]), group))
                flying.append(self._launch([one for one in looked if one is not None], senders))
                if len(flying) >= _GROUPS_AT_ONCE:
                    self._land(flying[0])
                    flying.popleft()
            for launched in flying:
                self._land(launched)
        except BaseException:
            self._stop.set()
            raise
        finally:
            hashers.shutdown(cancel_futures=True)
            senders.shutdown(cancel_futures=True)
            # Whatever ended it early, what was sent by then is not forgotten.
            for one, future in (pair for launched in flying for pair in launched):
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._note(one, future.result())
        self._ask_until_decided()

    def _ask_for_earlier_ones(self, paths: Sequence[Path]) -> list[int]:
        """Note what is known of files that an earlier run sent; return the places of the others."""
        sent: dict[int, Upload] = {}
        for at, path in enumerate(paths):
            with contextlib.suppress(OSError):
                stamp = _stamp(path)
                noted = self._state.get(str(path), stamp)
                if noted is not None:
                    size = stamp.size_bytes
                    sent[at] = Upload(path, "taken", size, noted.sha256, noted.key, is_earlier=True)
        known = self._report([one.key for one in sent.values()])
        for at, upload in sent.items():
            if known is None or known.get(upload.key, {}).get("state") in _TAKEN:
                said = {} if known is None else known[upload.key]
                self.done[at] = _decided(upload, said)
                self._tell(upload.size_bytes)
        return [at for at in range(len(paths)) if at not in self.done]

    def _look(self, at: int, path: Path) -> _Looked | None:
        """Read a file once; what cannot be read is noted as failed."""
        try:
            stamp = _stamp(path)
            digest = hashlib.sha256()
            for data in _pieces(path, self._stop):
                digest.update(data)
        except OSError as error:
            self.done[at] = Upload(path, "failed", reason=str(safe_error(error)))
            return None
        return _Looked(at, path, stamp, digest.hexdigest())

    def _launch(self, group: Sequence[_Looked], senders: ThreadPoolExecutor) -> _Launched:
        """Get tickets for a group and begin to send it; what the server has is done."""
        tickets = self._client.ask([_wanted(one) for one in group]) if group else []
        at_seconds = time.monotonic()
        launched = []
        for one, ticket in zip(group, tickets, strict=True):
            if ticket.url:
                launched.append((one, senders.submit(self._send, one, ticket, at_seconds)))
            else:
                self.done[one.at] = _present(one, ticket)
                self._tell(one.stamp.size_bytes)
        return launched

    def _land(self, launched: _Launched) -> None:
        """Wait for a group and note what became of it.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError
            If the server lets nobody in any more.
        UnavailableError
            If as many files in a row as are sent at once could not be sent.
        """
        for one, future in launched:
            try:
                self._note(one, future.result())
            except _FOR_ALL:
                raise
            except IsocenterError as error:
                self.done[one.at] = Upload(one.path, "failed", reason=str(error))
                self._failed_in_a_row += isinstance(error, UnavailableError)
                if self._failed_in_a_row > self._parallel:
                    raise
            else:
                self._failed_in_a_row = 0

    def _note(self, one: _Looked, upload: Upload) -> None:
        if one.at not in self.done:
            self._state.note(str(one.path), one.stamp, Sent(upload.sha256, upload.key))
            self.done[one.at] = upload

    def _send(self, one: _Looked, ticket: Ticket, at_seconds: float) -> Upload:
        """Send one file, with another ticket where the first is no longer good."""
        for attempt in range(_TICKETS):
            if attempt or time.monotonic() - at_seconds > _TICKET_SECONDS:
                (ticket,) = self._client.ask([_wanted(one)])
                if not ticket.url:
                    self._tell(one.stamp.size_bytes)
                    return _present(one, ticket)
            body = _Body(one, self._tell, self._stop)
            try:
                self._client.send(ticket, one.stamp.size_bytes, body.read)
            except TicketGoneError:
                body.take_back()
            except BaseException:
                body.take_back()
                raise
            else:
                return _sent(one, ticket)
        raise TicketGoneError

    def _ask_until_decided(self) -> None:
        """Ask what became of everything that the server took, while it goes on deciding."""
        until = time.monotonic() + self._patience_seconds
        while True:
            taken = {one.key: at for at, one in self.done.items() if one.state == "taken"}
            known = self._report(list(taken), _ASKED_SECONDS) if taken else None
            if known is None:
                return
            decided = {key for key, said in known.items() if said.get("state") in _DECIDED}
            decided &= taken.keys()
            for key in decided:
                at = taken[key]
                self.done[at] = _decided(self.done[at], known[key])
            if decided:
                until = time.monotonic() + self._patience_seconds
            if len(decided) == len(taken) or time.monotonic() > until:
                return
            if self._stop.wait(_POLL_SECONDS):
                raise CancelledError("the upload was stopped")

    def _report(self, keys: Sequence[str], wait_seconds: int = 0) -> dict[str, Json] | None:
        """Return what the server knows; ``None`` where it makes no reports."""
        known: dict[str, Json] = {}
        try:
            for begin in range(0, len(keys), BATCH_MAX):
                if not self._client.has_reports:
                    return None
                known |= self._client.report(keys[begin : begin + BATCH_MAX], wait_seconds)
        except NotSupportedError:
            return None
        return known

    def _tell(self, number_of_bytes: int) -> None:
        with self._turn:
            self._told(number_of_bytes)


class _Body:
    """The bytes of one file; what of them was told as done can be taken back."""

    def __init__(self, one: _Looked, tell: Callable[[int], None], stop: threading.Event) -> None:
        self._one = one
        self._tell = tell
        self._stop = stop
        self._told_bytes = 0

    def read(self) -> Iterator[bytes]:
        """Yield them from the beginning.

        Raises
        ------
        ConflictError
            If the file is another one by now.
        IsocenterError
            If it cannot be read.
        """
        self.take_back()
        try:
            if _stamp(self._one.path) != self._one.stamp:
                raise ConflictError("the file changed while it was sent")
            for data in _pieces(self._one.path, self._stop):
                yield data
                self._told_bytes += len(data)
                self._tell(len(data))
        except OSError as error:
            raise safe_error(error) from None

    def take_back(self) -> None:
        """Tell that nothing of it is done."""
        told, self._told_bytes = self._told_bytes, 0
        if told:
            self._tell(-told)


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def _pieces(path: Path, stop: threading.Event) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as stream:
        while data := stream.read(_READ_BYTES):
            if stop.is_set():
                raise CancelledError("the upload was stopped")
            yield data


def _groups(paths: Sequence[Path], places: Sequence[int]) -> Iterator[list[int]]:
    """Yield places in groups that are neither long nor many bytes."""
    group: list[int] = []
    size_bytes = 0
    for at in places:
        with contextlib.suppress(OSError):
            size_bytes += _stamp(paths[at]).size_bytes
        group.append(at)
        if len(group) >= _GROUP or size_bytes >= _GROUP_BYTES:
            yield group
            group, size_bytes = [], 0
    if group:
        yield group


def _wanted(one: _Looked) -> Wanted:
    return Wanted(one.stamp.size_bytes, one.sha256)


def _sent(one: _Looked, ticket: Ticket) -> Upload:
    return Upload(one.path, "taken", one.stamp.size_bytes, one.sha256, ticket.key)


def _present(one: _Looked, ticket: Ticket) -> Upload:
    return replace(_sent(one, ticket), state="present", facts=ticket.facts)


def _decided(upload: Upload, said: Json) -> Upload:
    """Return an upload with what the server says of it, where it has decided."""
    match said.get("state"):
        case "stored":
            state: State = "present" if said.get("outcome") == "present" else "stored"
            return replace(upload, state=state, facts=said)
        case "rejected":
            reason = said.get("reason")
            told = reason if isinstance(reason, dict) else {}
            code, detail = str(told.get("code", "")), str(told.get("detail", ""))
            return replace(upload, state="rejected", code=code, reason=detail, facts=said)
    return upload
