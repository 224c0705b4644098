"""Bytes of the archive as answers: one thing with ranges, or many as parts; never in memory.

An answer of many parts begins when its first part is at hand: what is wrong with that, or with
all of them, still becomes a status.
"""

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from isocenter.errors import UnavailableError
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.multipart_related import last_delimiter, part_header
from isocenter.http.dicomweb.negotiation import RELATED
from isocenter.http.ranges import Span, is_unchanged, wanted_span
from isocenter.http.transfer import STEP_BYTES, OpenFile, Transfers

# Waking a thread for each slice of a Study was a sixth of the time that sending it takes.
_AHEAD_BYTES = 2 << 20
# Kept by the client alone, and asked for again each time: it may be gone, or replaced.
CACHED: Mapping[str, str] = {"Cache-Control": "private, no-cache", "Vary": "Accept"}


class SentPart(NamedTuple):
    """One part of an answer: its type with parameters, its address, and its bytes."""

    content_type: str
    location: str
    source: OpenFile


class PartSize(NamedTuple):
    """What is known of a part before it is opened."""

    content_type: str
    location: str
    size_bytes: int


class _Loaded(NamedTuple):
    """A part, and its bytes where they are few."""

    part: SentPart
    data: bytes


class Sender:
    """Makes answers."""

    def __init__(self, transfers: Transfers, blocking: Blocking) -> None:
        self._transfers = transfers
        self._blocking = blocking

    def whole(self, request: Request, source: OpenFile, content_type: str, key: str) -> Response:
        """Return the answer with one source, or a range of it; the source is closed after it.

        Parameters
        ----------
        key
            What is different whenever the bytes are.
        """
        with contextlib.ExitStack() as stack:
            stack.callback(source.close)
            etag = tag_of(key, content_type)
            headers = {"ETag": etag, "Accept-Ranges": "bytes", **CACHED}
            if is_unchanged(request.headers, etag):
                return Response(status_code=304, headers=headers)
            span = wanted_span(request.headers, source.size, etag)
            status = 200
            if span is not None:
                status = 206
                headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{source.size}"
            span = span or Span(0, source.size)
            response = self._transfers.stream(
                self._transfers.read(source.read_at, span),
                headers,
                content_type,
                length=span.length,
                status=status,
                close=source.close,
            )
            stack.pop_all()
            return response

    async def related(
        self,
        request: Request,
        parts: Iterator[SentPart],
        related_type: str,
        key: str,
        sizes: Sequence[PartSize] = (),
    ) -> Response:
        """Return the answer with parts as ``multipart/related``, each closed after it is sent.

        Parameters
        ----------
        sizes
            Of all parts, where they are known before: then the answer says how long it is, and
            is not sent in chunks.

        Raises
        ------
        IsocenterError
            If the first part cannot be made.
        """
        boundary, etag = _boundary(key, related_type), tag_of(key, related_type)
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers={"ETag": etag, **CACHED})
        first = await self._blocking.bulk(next, parts)
        with contextlib.ExitStack() as stack:
            stack.callback(first.source.close)
            response = self._transfers.stream(
                self._sent(first, parts, boundary),
                {"ETag": etag, **CACHED},
                _related(related_type, boundary),
                length=_length(sizes, boundary) if sizes else None,
                close=first.source.close,
            )
            stack.pop_all()
            return response

    def held(
        self, request: Request, parts: Iterator[SentPart], related_type: str, key: str
    ) -> Response:
        """Return the answer with parts that are in memory, in one piece."""
        boundary, etag = _boundary(key, related_type), tag_of(key, related_type)
        headers = {"ETag": etag, **CACHED}
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers=headers)
        pieces = []
        for part in parts:
            size = part.source.size
            pieces.append(part_header(boundary, part.content_type, size, part.location))
            pieces += [part.source.read_at(0, size), b"\r\n"]
        pieces.append(last_delimiter(boundary))
        return _Held(pieces, headers, _related(related_type, boundary))

    async def _sent(
        self, first: SentPart, others: Iterator[SentPart], boundary: str
    ) -> AsyncIterator[bytes]:
        """Yield the parts; while short ones are sent, the next ones are read."""
        waiting = deque([await self._blocking.bulk(_load, first)])
        ahead: asyncio.Task[list[_Loaded]] | None = None
        between = b""
        try:
            while waiting:
                part, data = waiting.popleft()
                source = part.source
                with contextlib.closing(source):
                    head = part_header(boundary, part.content_type, source.size, part.location)
                    yield between + head
                    between = b"\r\n"
                    if len(data) == source.size:
                        if ahead is None:
                            ahead = asyncio.ensure_future(self._blocking.bulk(_load_some, others))
                        yield data
                    else:
                        span = Span(0, source.size)
                        async for piece in self._transfers.read(source.read_at, span):
                            yield piece
                if not waiting:
                    waiting += await (ahead or self._blocking.bulk(_load_some, others))
                    ahead = None
        finally:
            if ahead is not None:
                await asyncio.wait([ahead])
                if ahead.exception() is None:
                    waiting += ahead.result()
            for unsent in waiting:
                unsent.part.source.close()
        yield between + last_delimiter(boundary)


class _Held(Response):
    """An answer whose body is in memory in several pieces, which nobody joins."""

    def __init__(
        self, pieces: Sequence[bytes], headers: Mapping[str, str], media_type: str
    ) -> None:
        length = str(sum(map(len, pieces)))
        super().__init__(headers={**headers, "Content-Length": length}, media_type=media_type)
        self._pieces = pieces

    async def __call__(self, _: Scope, _receive: Receive, send: Send) -> None:
        """Send the pieces."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class HeldBytes:
    """Bytes in memory as a source."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return bytes."""
        is_whole = not offset and length >= self.size
        return self._data if is_whole else self._data[offset : offset + length]

    def close(self) -> None:
        """Do nothing."""


def _load(part: SentPart) -> _Loaded:
    """Return a part with all of its bytes, if they are few.

    Raises
    ------
    UnavailableError
        If it ends early.
    """
    size_bytes = part.source.size
    if size_bytes > STEP_BYTES:
        return _Loaded(part, b"")
    with contextlib.ExitStack() as stack:
        stack.callback(part.source.close)
        data = part.source.read_at(0, size_bytes)
        if len(data) != size_bytes:
            raise UnavailableError("a stored file ends early")
        stack.pop_all()
    return _Loaded(part, data)


def _load_some(parts: Iterator[SentPart]) -> list[_Loaded]:
    """Return the next parts, as many as one turn in a thread is worth; none at the end.

    Raises
    ------
    IsocenterError
        If one of them cannot be made or read; then all of them are closed.
    """
    loaded: list[_Loaded] = []
    with contextlib.ExitStack() as stack:
        size_bytes = 0
        while size_bytes < _AHEAD_BYTES and (part := next(parts, None)) is not None:
            loaded.append(_load(part))
            stack.callback(part.source.close)
            size_bytes += part.source.size
        stack.pop_all()
    return loaded


def _length(sizes: Sequence[PartSize], boundary: str) -> int:
    """Return the length of a body of parts, each with a line end behind it."""
    heads = (part_header(boundary, one.content_type, one.size_bytes, one.location) for one in sizes)
    parts = sum(map(len, heads)) + sum(one.size_bytes + len(b"\r\n") for one in sizes)
    return parts + len(last_delimiter(boundary))


def _boundary(key: str, related_type: str) -> str:
    """Return a boundary that is the same for the same bytes, and that nobody can foresee.

    The key holds digests of the bytes that are sent, which cannot hold what depends on them.
    """
    return hashlib.sha256(f"{key} {related_type}".encode()).hexdigest()[:32]


def _related(related_type: str, boundary: str) -> str:
    return f'{RELATED}; type="{related_type}"; boundary={boundary}'


def tag_of(*parts: str) -> str:
    """Return an entity tag for what these parts decide."""
    return f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'
