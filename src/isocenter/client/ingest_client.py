"""The ingest API as its clients see it: tickets, bytes sent, reports.

What passes by itself is tried again, as long as a server asks for by Retry-After or with growing
pauses. Credentials go to the server alone, never to the address of a ticket, and no error says an
address, a token or a key.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from isocenter.client.attempts import (
    NONSENSE,
    Attempts,
    TooLargeForServerError,
    detail_of,
    new_http_client,
)
from isocenter.client.credentials import Server
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    NotSupportedError,
    UnavailableError,
)

BATCH_MAX = 1000
_NO_BATCHES = frozenset({404, 405, 501})
_GONE = frozenset({403, 404})

Json = Mapping[str, object]


class TicketGoneError(IsocenterError):
    """A ticket is no longer good: it ran out, or its server has forgotten it."""

    def __init__(self) -> None:
        super().__init__("the address for the file is no longer good")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that shall be sent. Its name is nobody's business and stays here."""

    size_bytes: int
    sha256: str

    def to_json(self) -> dict[str, object]:
        """Return it as a batch names it."""
        return {"size": self.size_bytes, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where one file goes; ``url`` is ``""`` where the server has these bytes already."""

    key: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    facts: Json = field(default_factory=dict, repr=False)


class IngestClient:
    """Talks to one server; safe for any number of threads; a context manager.

    Parameters
    ----------
    connections
        How many may be open at once.
    stop
        Where it is set, everything ends with ``CancelledError`` as soon as it can.
    """

    def __init__(self, server: Server, connections: int, stop: threading.Event) -> None:
        self._server = server
        self._attempts = Attempts(stop)
        self.has_reports = True
        own = {"Authorization": server.authorization} if server.authorization else {}
        self._api = new_http_client(own, connections + 1)
        self._store = new_http_client({}, connections + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._api.close()
        self._store.close()

    def ask(self, wanted: Sequence[Wanted]) -> list[Ticket]:
        """Return a ticket for each file, in their order.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, NotFoundError
            If the server does not let us, or has no such interface.
        InvalidInputError
            If a ticket would have images go without TLS.
        UnavailableError
            If the server cannot be reached, or answers nonsense.
        CancelledError
            If the caller stopped it.
        """
        assert len(wanted) <= BATCH_MAX
        if self.has_reports:
            body = {"files": [one.to_json() for one in wanted]}
            answer = self._attempts.send(lambda: self._api.post(self._url("/upload/"), json=body))
            if answer.status_code not in _NO_BATCHES:
                uploads = _read(answer).get("uploads")
                if not isinstance(uploads, list) or len(uploads) != len(wanted):
                    raise UnavailableError(NONSENSE)
                return [self._ticket(one) for one in uploads]
            self.has_reports = False  # as documented, and no more
        return [self._ticket(_read(self._attempts.send(self._get_ticket))) for _ in wanted]

    def send(self, ticket: Ticket, size_bytes: int, read: Callable[[], Iterator[bytes]]) -> None:
        """Send the bytes of a file to where its ticket says.

        Parameters
        ----------
        read
            Gives the bytes from their beginning, for each attempt anew.

        Raises
        ------
        TicketGoneError
            If another ticket is needed.
        InvalidInputError, TooLargeError
            If the store refuses them for good.
        UnavailableError
            If the store cannot be reached.
        CancelledError
            If the caller stopped it.
        """
        headers = {**ticket.headers, "Content-Length": str(size_bytes)}
        answer = self._attempts.send(
            lambda: self._store.put(ticket.url, content=read(), headers=headers)
        )
        if answer.status_code in _GONE:
            raise TicketGoneError
        if answer.status_code >= 300:
            raise _refusal(answer)

    def report(self, keys: Sequence[str], wait_seconds: int = 0) -> dict[str, Json]:
        """Return what became of files by their keys; those that the server knows.

        Parameters
        ----------
        wait_seconds
            How long it may wait until all are decided, at most 30.

        Raises
        ------
        NotSupportedError
            If the server makes no reports.
        IsocenterError
            As ``ask`` does.
        """
        assert len(keys) <= BATCH_MAX
        body = {"keys": list(keys), "wait_seconds": wait_seconds}
        answer = self._attempts.send(lambda: self._api.post(self._url("/upload/report"), json=body))
        if answer.status_code in _NO_BATCHES:
            raise NotSupportedError("the server makes no reports of uploads")
        uploads = _read(answer).get("uploads")
        if not isinstance(uploads, list):
            raise UnavailableError(NONSENSE)
        return {str(one["key"]): one for one in uploads if isinstance(one, dict) and "key" in one}

    def _url(self, path: str) -> str:
        return f"{self._server.address}{path}"

    def _get_ticket(self) -> httpx.Response:
        return self._api.get(self._url("/upload/"))

    def _ticket(self, said: object) -> Ticket:
        if not isinstance(said, dict) or not isinstance(said.get("key"), str):
            raise UnavailableError(NONSENSE)
        url, headers = said.get("url"), said.get("headers")
        if url is None and said.get("state") == "stored":
            return Ticket(said["key"], "", {}, said)
        if not isinstance(url, str):
            raise UnavailableError(NONSENSE)
        url = urljoin(self._server.address + "/", url)
        self._server.check_plain(url)
        if not isinstance(headers, dict):
            headers = {"Content-Type": "application/dicom"}
        return Ticket(said["key"], url, {str(name): str(headers[name]) for name in headers}, said)


def _read(answer: httpx.Response) -> Json:
    """Return the JSON of an answer that is a success."""
    if answer.status_code >= 300:
        raise _refusal(answer)
    try:
        said = answer.json()
    except ValueError:
        raise UnavailableError(NONSENSE) from None
    if not isinstance(said, dict):
        raise UnavailableError(NONSENSE)
    return said


def _refusal(answer: httpx.Response) -> IsocenterError:
    """Return the error that an answer stands for."""
    status = answer.status_code
    detail = detail_of(answer)
    if status < 400:
        return UnavailableError("the server sends to another address: use that one")
    if status >= 500:
        return UnavailableError(f"the server is out of order ({status}): {detail}")
    said = {
        401: NotAuthenticatedError(f"the server does not know the caller: {detail}"),
        403: NotAllowedError("upload"),
        404: NotFoundError("the server has no ingest API at this address"),
        413: TooLargeForServerError(detail),
        429: UnavailableError(f"the server is busy: {detail}"),
    }
    return said.get(status, InvalidInputError(f"the server refuses it ({status}): {detail}"))
