"""The resource API over HTTP: JSON, forms and files there and back, errors as our tree.

What passes by itself is tried again (``client/attempts.py``); a download that was cut goes on where
it was. A request that makes something carries an Idempotency-Key, so that repeating it is safe.
"""

import base64
import binascii
import hashlib
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self
from urllib.parse import quote

import httpx

from isocenter.client.attempts import (
    NONSENSE,
    Attempts,
    TooLargeForServerError,
    detail_of,
    new_http_client,
)
from isocenter.client.config import Config
from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    ResourceNotFoundError,
    UnavailableError,
)

Query = Mapping[str, str | int]
Fields = Sequence[tuple[str, str]]
_FormPart = tuple[str, tuple[None, bytes] | tuple[str, BinaryIO, str]]

_CUTS_MAX = 10
_READ_BYTES = 1 << 20
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_UNSATISFIED = re.compile(r"bytes \*/(\d+)")
_REPR_DIGEST = re.compile(r"\bsha-256=:([A-Za-z0-9+/=]{44}):")


class About(NamedTuple):
    """What a request is about, for the error that says that it is not there."""

    kind: str
    params: Mapping[str, object]


class FilePart(NamedTuple):
    """The file of a form; ``open`` gives it from its beginning, for each attempt anew."""

    field: str
    name: str
    mimetype: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


class RefusedError(NotAllowedError):
    """The server knows the caller and does not allow this."""

    def __init__(self, detail: str) -> None:
        IsocenterError.__init__(self, f"the server does not allow it: {detail}")


class Answer(NamedTuple):
    """The JSON of an answer that is a success, ``None`` where it has none, and its headers."""

    json: object
    headers: Mapping[str, str]


class Transport:
    """Talks to one server; safe for any number of threads; a context manager.

    Parameters
    ----------
    connections
        How many may be open at once.
    attempts
        How often a request is sent at most.
    stop
        Where it is set, everything ends with ``CancelledError`` as soon as it can.
    """

    def __init__(
        self, config: Config, *, connections: int, attempts: int, stop: threading.Event
    ) -> None:
        self._url = config.url
        self._attempts = Attempts(stop, attempts)
        self._http = new_http_client({"apikey": config.api_key}, connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: Sequence[str],
        *,
        about: About,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to a request.

        Parameters
        ----------
        path
            Its parts, which are quoted here.

        Raises
        ------
        ResourceNotFoundError
            If the server has nothing of this kind.
        NotAuthenticatedError, NotAllowedError
            If it does not know the caller, or does not allow it.
        InvalidInputError, ConflictError, TooLargeError
            If it refuses what is sent.
        UnavailableError
            If it cannot be reached or answers nonsense.
        CancelledError
            If the caller stopped it.
        """
        own = {"Idempotency-Key": new_idempotency_key()} if method == "POST" else {}
        request: dict[str, object] = {} if body is None else {"json": body}

        def send() -> httpx.Response:
            return self._http.request(
                method,
                self._address(path),
                params=query,
                headers={**own, **(headers or {})},
                **request,  # type: ignore[arg-type]  # only `json`, of any type
            )

        return _read(self._attempts.send(send), about)

    def send_form(
        self,
        path: Sequence[str],
        fields: Fields,
        part: FilePart | None,
        *,
        about: About,
        idempotency_key: str = "",
    ) -> Answer:
        """Send a form, its fields before its file, and return the answer.

        Raises
        ------
        IsocenterError
            As ``call`` does; also if the file cannot be read.
        """
        texts: list[_FormPart] = [(name, (None, value.encode())) for name, value in fields]
        headers = {"Idempotency-Key": idempotency_key or new_idempotency_key()}

        def send() -> httpx.Response:
            if part is None:
                return self._http.post(self._address(path), files=texts, headers=headers)
            with part.open() as stream:
                files = [*texts, (part.field, (part.name, stream, part.mimetype))]
                return self._http.post(self._address(path), files=files, headers=headers)

        return _read(self._attempts.send(send), about)

    def fetch(
        self,
        path: Sequence[str],
        target: BinaryIO,
        *,
        about: About,
        told: Callable[[int], None] | None = None,
        query: Query | None = None,
        etag: str = "",
        told_etag: Callable[[str], None] | None = None,
    ) -> int:
        """Write the bytes of an answer; a cut one goes on where it was. Return how many.

        Parameters
        ----------
        target
            Readable, writable, seekable.
        told
            Called with how many bytes are there.
        etag
            Of what the target holds the beginning of; ``""``: what it holds is overwritten.
        told_etag
            Called with the ETag of what begins, ``""`` where it has none to go on with.

        Raises
        ------
        UnavailableError
            If it cannot be had, or is not what the server says that it is.
        IsocenterError
            As ``call`` does.
        """
        state = _Fetched(target, told, told_etag)
        if etag:
            state.go_on(etag)
        cuts = 0
        while True:
            before = state.size_bytes
            address, headers = self._address(path), state.headers()

            def send(
                address: str = address, headers: Mapping[str, str] = headers
            ) -> httpx.Response:
                request = self._http.build_request("GET", address, params=query, headers=headers)
                return self._http.send(request, stream=True)

            answer = self._attempts.send(send)
            try:
                if state.take(answer, about):
                    return state.size_bytes
            except httpx.RequestError:
                pass
            finally:
                answer.close()
            cuts = 0 if state.size_bytes > before else cuts + 1
            if cuts > _CUTS_MAX:
                raise UnavailableError("the connection was cut")

    def lines(
        self, path: Sequence[str], *, about: About, query: Query | None = None
    ) -> Iterator[str]:
        """Yield the lines of an answer as they come, such as those of events.

        Raises
        ------
        IsocenterError
            As ``call`` does.
        """
        address, headers = self._address(path), {"Accept": "text/event-stream"}

        def send() -> httpx.Response:
            request = self._http.build_request("GET", address, params=query, headers=headers)
            return self._http.send(request, stream=True)

        answer = self._attempts.send(send)
        try:
            if answer.status_code >= 300:
                answer.read()
                raise _refusal(answer, about)
            yield from answer.iter_lines()
        except httpx.RequestError:
            raise UnavailableError("the connection was cut") from None
        finally:
            answer.close()

    def _address(self, path: Sequence[str]) -> str:
        if not all(path):
            raise InvalidInputError("an id is empty")
        return "/".join([self._url, *(quote(part, safe="") for part in path)])


class _Fetched:
    """What of a download is there."""

    def __init__(
        self,
        target: BinaryIO,
        told: Callable[[int], None] | None,
        told_etag: Callable[[str], None] | None,
    ) -> None:
        self._target = target
        self._told = told
        self._told_etag = told_etag
        self._hash = hashlib.sha256()
        self._etag = ""
        self.size_bytes = 0

    def go_on(self, etag: str) -> None:
        """Keep what the target holds."""
        self._target.seek(0)
        while data := self._target.read(_READ_BYTES):
            self._hash.update(data)
            self.size_bytes += len(data)
        self._etag = etag

    def headers(self) -> dict[str, str]:
        """Return what asks for the rest."""
        headers = {"Accept": "application/octet-stream", "Accept-Encoding": "identity"}
        if self.size_bytes and self._etag:
            headers |= {"Range": f"bytes={self.size_bytes}-", "If-Range": self._etag}
        return headers

    def take(self, answer: httpx.Response, about: About) -> bool:
        """Write what comes; return whether that is all."""
        if answer.status_code == 416 and self.size_bytes:
            said = _UNSATISFIED.fullmatch(answer.headers.get("Content-Range", ""))
            if said is not None and int(said[1]) == self.size_bytes:
                return True  # it was complete before
            self.size_bytes, self._etag = 0, ""
            return False
        if answer.status_code >= 300:
            answer.read()
            raise _refusal(answer, about)
        whole = self._begin(answer)
        for data in answer.iter_raw():
            self._target.write(data)
            self._hash.update(data)
            self.size_bytes += len(data)
            if self._told is not None:
                self._told(self.size_bytes)
        if whole is not None and self.size_bytes < whole:
            return False
        digest = _digest(answer.headers)
        if digest is not None and digest != self._hash.digest():
            raise UnavailableError("the file came damaged: its SHA-256 is another one")
        return True

    def _begin(self, answer: httpx.Response) -> int | None:
        """Go to where the bytes belong; return how many there will be in all, if it is said."""
        span = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if answer.status_code == 206 and span and int(span[1]) == self.size_bytes:
            return int(span[2])
        self._target.seek(0)
        self._target.truncate()
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        etag = answer.headers.get("ETag", "")
        self._etag = "" if etag.startswith("W/") else etag
        if self._told_etag is not None:
            self._told_etag(self._etag)
        length = answer.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None


def new_idempotency_key() -> str:
    """Return a key by which the server knows a request again that is repeated."""
    return uuid.uuid4().hex


def _digest(headers: Mapping[str, str]) -> bytes | None:
    """Return the SHA-256 that a server says of the whole file, if it does (RFC 9530)."""
    found = _REPR_DIGEST.search(headers.get("Repr-Digest", ""))
    if found is None:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        return None


def _read(answer: httpx.Response, about: About) -> Answer:
    if answer.status_code >= 300:
        raise _refusal(answer, about)
    if not answer.content:
        return Answer(None, answer.headers)
    try:
        said = answer.json()
    except ValueError:
        raise UnavailableError(NONSENSE) from None
    if isinstance(said, dict) and said.get("error"):
        # So says the documented contract: a failure, whatever the status.
        raise InvalidInputError(f"the server refuses it: {str(said['error'])[:300]}")
    return Answer(said, answer.headers)


def _refusal(answer: httpx.Response, about: About) -> IsocenterError:
    """Return the error that an answer stands for."""
    status = answer.status_code
    detail = detail_of(answer)
    if status < 400:
        return UnavailableError("the server sends to another address: use that one")
    if status >= 500:
        return UnavailableError(f"the server is out of order ({status}): {detail}")
    said = {
        401: NotAuthenticatedError(f"the server does not know the caller: {detail}"),
        403: RefusedError(detail),
        404: ResourceNotFoundError(about.kind, about.params),
        409: ConflictError(detail),
        413: TooLargeForServerError(detail),
        429: UnavailableError(f"the server is busy: {detail}"),
    }
    return said.get(status, InvalidInputError(f"the server refuses it ({status}): {detail}"))
