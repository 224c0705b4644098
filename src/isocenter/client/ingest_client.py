"""The ingest API as its clients see it: tickets, bytes sent, reports.

What passes by itself is tried again, as long as a server asks for by Retry-After or with growing
pauses. Credentials go to the server alone, never to the address of a ticket, and no error says an
address, a token or a key.
"""

import email.utils
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from isocenter.client.credentials import Server
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    NotSupportedError,
    TooLargeError,
    UnavailableError,
)

BATCH_MAX = 1000
_ATTEMPTS = 10
# Of a server that never answered: the address may be wrong, and nobody wants to wait then.
_FIRST_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 30.0
_LONGEST_ASKED_SECONDS = 300.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_TIMEOUTS = httpx.Timeout(60.0, connect=20.0, pool=None)
_NO_BATCHES = frozenset({404, 405, 501})
_GONE = frozenset({403, 404})
_SHOWN_CHARACTERS = 300
_STORE_CODE = re.compile(r"<Code>([A-Za-z]{1,80})</Code>")

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
        self._stop = stop
        self._was_reached = False
        self.has_reports = True
        limits = httpx.Limits(max_connections=connections + 1)
        verify = httpx.create_ssl_context()  # the usual ones, or those of SSL_CERT_FILE
        verify.load_default_certs()  # and those of the machine: of a site's own proxy, say
        self._api = httpx.Client(
            headers={"Authorization": server.authorization} if server.authorization else {},
            # Otherwise credentials of an address or a .netrc would be added to those.
            auth=_add_nothing,
            timeout=_TIMEOUTS,
            limits=limits,
            verify=verify,
        )
        self._store = httpx.Client(
            auth=_add_nothing, timeout=_TIMEOUTS, limits=limits, verify=verify
        )

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
            answer = self._persist(lambda: self._api.post(self._url("/upload/"), json=body))
            if answer.status_code not in _NO_BATCHES:
                uploads = _read(answer).get("uploads")
                if not isinstance(uploads, list) or len(uploads) != len(wanted):
                    raise UnavailableError(_NONSENSE)
                return [self._ticket(one) for one in uploads]
            self.has_reports = False  # as documented, and no more
        return [self._ticket(_read(self._persist(self._get_ticket))) for _ in wanted]

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
        answer = self._persist(lambda: self._store.put(ticket.url, content=read(), headers=headers))
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
        answer = self._persist(lambda: self._api.post(self._url("/upload/report"), json=body))
        if answer.status_code in _NO_BATCHES:
            raise NotSupportedError("the server makes no reports of uploads")
        uploads = _read(answer).get("uploads")
        if not isinstance(uploads, list):
            raise UnavailableError(_NONSENSE)
        return {str(one["key"]): one for one in uploads if isinstance(one, dict) and "key" in one}

    def _url(self, path: str) -> str:
        return f"{self._server.address}{path}"

    def _get_ticket(self) -> httpx.Response:
        return self._api.get(self._url("/upload/"))

    def _ticket(self, said: object) -> Ticket:
        if not isinstance(said, dict) or not isinstance(said.get("key"), str):
            raise UnavailableError(_NONSENSE)
        url, headers = said.get("url"), said.get("headers")
        if url is None and said.get("state") == "stored":
            return Ticket(said["key"], "", {}, said)
        if not isinstance(url, str):
            raise UnavailableError(_NONSENSE)
        url = urljoin(self._server.address + "/", url)
        self._server.check_plain(url)
        if not isinstance(headers, dict):
            headers = {"Content-Type": "application/dicom"}
        return Ticket(said["key"], url, {str(name): str(headers[name]) for name in headers}, said)

    def _persist(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Return the answer to a request, repeated while what hinders it may pass."""
        attempt = 0
        while True:
            attempt += 1
            if self._stop.is_set():
                raise CancelledError("the upload was stopped")
            most = _ATTEMPTS if self._was_reached else _FIRST_ATTEMPTS
            pause_seconds = _pause(attempt)
            try:
                answer = send()
            except httpx.RequestError as error:
                if attempt >= most or not _may_pass(error):
                    raise UnavailableError(_reason(error)) from None
            except httpx.InvalidURL:
                raise UnavailableError(_NONSENSE) from None
            else:
                self._was_reached = True
                if answer.status_code not in _PASSING or attempt >= _ATTEMPTS:
                    return answer
                asked = asked_seconds(answer.headers.get("Retry-After", ""), time.time())
                pause_seconds = max(asked, pause_seconds)
            self._stop.wait(pause_seconds)


def asked_seconds(retry_after: str, now_seconds: float) -> float:
    """Return how long a server asks to be left alone; 0 where it does not say.

    References
    ----------
    RFC 9110 10.2.3: seconds, or a date.
    """
    if retry_after.isdecimal() and retry_after.isascii():
        return min(float(retry_after), _LONGEST_ASKED_SECONDS)
    try:
        at = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return min(max(0.0, at.timestamp() - now_seconds), _LONGEST_ASKED_SECONDS)


_NONSENSE = "the server gave no usable answer: is the address right?"


def _add_nothing(request: httpx.Request) -> httpx.Request:
    return request


def _pause(attempt: int) -> float:
    """Return a pause that grows, different for each of several that wait."""
    longest = min(_FIRST_PAUSE_SECONDS * 2.0**attempt, _LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads requests, guards nothing


def _may_pass(error: httpx.RequestError) -> bool:
    lasting = httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.TooManyRedirects
    return not isinstance(error, lasting) and not _is_untrusted(error)


def _is_untrusted(error: httpx.RequestError) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _reason(error: httpx.RequestError) -> str:
    """Return what went wrong in words of our own: the library's may show the address."""
    if _is_untrusted(error):
        return "the certificate of the server is not trusted; SSL_CERT_FILE may name a file of CAs"
    if isinstance(error, httpx.ProxyError):
        return "the proxy lets nothing pass"
    if isinstance(error, httpx.LocalProtocolError):
        return "the file changed while it was sent"
    if isinstance(error, httpx.TimeoutException):
        return "the server did not answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection to the server"
    return "the connection was cut"


def _read(answer: httpx.Response) -> Json:
    """Return the JSON of an answer that is a success."""
    if answer.status_code >= 300:
        raise _refusal(answer)
    try:
        said = answer.json()
    except ValueError:
        raise UnavailableError(_NONSENSE) from None
    if not isinstance(said, dict):
        raise UnavailableError(_NONSENSE)
    return said


def _refusal(answer: httpx.Response) -> IsocenterError:
    """Return the error that an answer stands for."""
    status = answer.status_code
    detail = _detail(answer)
    if status < 400:
        return UnavailableError("the server sends to another address: use that one")
    if status >= 500:
        return UnavailableError(f"the server is out of order ({status}): {detail}")
    said = {
        401: NotAuthenticatedError(f"the server does not know the caller: {detail}"),
        403: NotAllowedError("upload"),
        404: NotFoundError("the server has no ingest API at this address"),
        413: _TooLargeForServerError(detail),
        429: UnavailableError(f"the server is busy: {detail}"),
    }
    return said.get(status, InvalidInputError(f"the server refuses it ({status}): {detail}"))


class _TooLargeForServerError(TooLargeError):
    """A file is larger than the server takes; it says how much that is."""

    def __init__(self, detail: str) -> None:
        IsocenterError.__init__(self, f"the server takes no file of this size: {detail}")


def _detail(answer: httpx.Response) -> str:
    """Return the sentence of an answer, or the code that a store gives, or the status."""
    phrase = answer.reason_phrase or "no reason given"
    try:
        said = answer.json()
    except ValueError:
        found = _STORE_CODE.search(answer.text[: 1 << 14])
        return found[1] if found is not None else phrase
    detail = said.get("detail") or said.get("error") if isinstance(said, dict) else None
    return str(detail or phrase)[:_SHOWN_CHARACTERS]
