"""Bodies of requests, bounded: by bytes, by time, and by patience for clients that are refused."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.errors import StatusError
from isocenter.limits import Limits

_LINGER_STEP_SECONDS = 5


class BodyTimeoutError(StatusError):
    """The client sent its body too slowly."""

    def __init__(self) -> None:
        super().__init__(408, "the body of the request came too slowly")


def check_length(request: Request, bound: int) -> None:
    """Refuse a body by its declared length, before a byte of it is read.

    Raises
    ------
    TooLargeError
        If it is longer than the bound.
    """
    length = declared_length(request)
    if length is not None and length > bound:
        raise TooLargeError("request body", bound, length, "bytes")


def declared_length(request: Request) -> int | None:
    """Return the Content-Length; the server has refused what is no number."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


async def read_chunks(
    request: Request, bound: int, *, idle_seconds: float, total_seconds: float
) -> AsyncIterator[bytes]:
    """Yield a body as it arrives.

    Raises
    ------
    TooLargeError
        As soon as more than ``bound`` bytes came.
    BodyTimeoutError
        If nothing comes for ``idle_seconds``, or it is not over after ``total_seconds``.
    InvalidInputError
        If the client hung up.
    """
    check_length(request, bound)
    ends = time.monotonic() + total_seconds
    received = 0
    stream = request.stream()
    while True:
        seconds = min(idle_seconds, ends - time.monotonic())
        try:
            async with asyncio.timeout(max(seconds, 0)):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise BodyTimeoutError from None
        except ClientDisconnect:
            raise InvalidInputError("the client hung up before its request was complete") from None
        if chunk is None:
            return
        received += len(chunk)
        if received > bound:
            raise TooLargeError("request body", bound, received, "bytes")
        yield chunk


async def read_body(request: Request, bound: int, limits: Limits) -> bytes:
    """Return a short body.

    Raises
    ------
    TooLargeError, BodyTimeoutError, InvalidInputError
        As ``read_chunks`` does.
    """
    chunks = read_chunks(
        request,
        bound,
        idle_seconds=limits.body_idle_seconds,
        total_seconds=limits.upload_seconds,
    )
    return b"".join([chunk async for chunk in chunks])


class CountedReceive:
    """Receives a request's body, and knows how far it is."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.received_bytes = 0
        self.has_begun = False
        self.is_over = False

    async def __call__(self) -> Message:
        """Return the next message of the server."""
        self.has_begun = True
        message = await self._receive()
        self.received_bytes += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.is_over = True
        return message


async def answer_and_linger(
    response: Response, scope: Scope, receive: CountedReceive, send: Send, limits: Limits
) -> None:
    """Send a refusal at once and whole, then drop what still comes of the body for a while.

    A client like ``requests`` reads the answer only after it has sent everything; if we closed
    the connection before, it would see a broken pipe instead of the status. Clients that look
    while they send, such as curl, stop when they see it. A client that waits for our leave to
    send its body does not get it, and nothing comes.
    """
    waits = Headers(scope=scope).get("expect", "").lower() == "100-continue"
    if receive.is_over or not _has_body(scope):
        await response(scope, receive, send)
        return
    response.headers["Connection"] = "close"
    start = {"type": "http.response.start", "status": response.status_code}
    await send({**start, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if receive.has_begun or not waits:
        await _drop(receive, limits)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drop(receive: CountedReceive, limits: Limits) -> None:
    ends_at = receive.received_bytes + limits.linger_bytes
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limits.linger_seconds):
            while not receive.is_over and receive.received_bytes < ends_at:
                async with asyncio.timeout(_LINGER_STEP_SECONDS):
                    await receive()


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
