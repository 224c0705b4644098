"""Multipart bodies as a stream: parts go to their writers while they arrive, never into memory.

`python-multipart` finds the parts; this module bounds them and moves parsing, hashing and writing
off the event loop in steps of 1 MiB, one step at a time, so that a fast client waits for a slow
disk. Memory stays at some megabytes whatever is uploaded (DESIGN 9).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol, TypeVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.blocking import Blocking
from isocenter.http.part_headers import Part, found_boundary, read_part
from isocenter.limits import DEFAULT, Limits

STEP_BYTES = 1 << 20
T = TypeVar("T")


class PartWriter(Protocol):
    """Takes the bytes of one part, in any thread, one call at a time."""

    def write(self, data: memoryview, /) -> object:
        """Take some bytes; the buffer is not valid afterwards."""

    def close(self) -> object:
        """End the part: it is complete."""


class FieldWriter:
    """Keeps the bytes of a short field; the reader bounds all of them together."""

    def __init__(self, value: bytearray) -> None:
        self._value = value

    def write(self, data: memoryview) -> None:
        """Keep some bytes."""
        self._value += data

    def close(self) -> None:
        """End the field."""


OpenPart = Callable[[Part], PartWriter | None]
"""Gives the writer of a part; ``None``: its bytes are dropped."""


class MultipartReader:
    """Splits a body into parts; not for several threads at once.

    Parameters
    ----------
    boundary
        ``None``: it is taken from the first line of the body.
    open_part
        Called as soon as the headers of a part are there.
    limits
        ``multipart_parts``, ``multipart_header_bytes`` and ``multipart_field_bytes`` hold.

    Raises
    ------
    InvalidInputError
        By ``feed`` and ``finish``, if the body is no complete multipart form.
    TooLargeError
        By ``feed``, if a bound is passed.
    """

    def __init__(
        self, boundary: bytes | None, open_part: OpenPart, limits: Limits = DEFAULT
    ) -> None:
        self._open_part = open_part
        self._limits = limits
        self._parser = None if boundary is None else self._new_parser(boundary)
        self._start = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = bytearray()
        self._value = bytearray()
        self._parts = 0
        self._field_bytes = 0
        self._header_bytes = 0
        self._is_file = False
        self._writer: PartWriter | None = None
        self._is_complete = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        if self._parser is None:
            data = self._start + data
            boundary = found_boundary(data)
            if boundary is None:
                self._start = data
                return
            self._start = b""
            self._parser = self._new_parser(boundary)
        try:
            self._parser.write(data)
        except FormParserError:
            # Without the parser's own words: they may hold what the client sent.
            raise InvalidInputError("the body is not a valid multipart form") from None

    def finish(self) -> None:
        """Check that the last delimiter was there: otherwise the body was cut off."""
        if not self._is_complete:
            raise InvalidInputError("the multipart body ends early")

    def _new_parser(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._take_name,
                "on_header_value": self._take_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._take_data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
            max_header_size=self._limits.multipart_header_bytes,
        )

    def _begin_part(self) -> None:
        self._parts += 1
        bound = self._limits.multipart_parts
        if self._parts > bound:
            raise TooLargeError("multipart parts", bound, self._parts, "parts")
        self._headers = {}
        self._header_bytes = 0

    def _take_name(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._name += data[start:end]

    def _take_value(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._value += data[start:end]

    def _count_header(self, length: int) -> None:
        self._header_bytes += length
        bound = self._limits.multipart_header_bytes
        if self._header_bytes > bound:
            raise TooLargeError("multipart headers", bound, self._header_bytes, "bytes")

    def _end_header(self) -> None:
        self._headers.setdefault(bytes(self._name).lower(), bytes(self._value))
        self._name.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        part = read_part(self._headers)
        self._is_file = part.file_name is not None
        self._writer = self._open_part(part)

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._field_bytes += end - start
            bound = self._limits.multipart_field_bytes
            if self._field_bytes > bound:
                raise TooLargeError("multipart fields", bound, self._field_bytes, "bytes")
        if self._writer is not None:
            self._writer.write(memoryview(data)[start:end])

    def _end_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _end(self) -> None:
        self._is_complete = True


async def feed_off_loop(
    chunks: AsyncIterator[bytes], feed: Callable[[bytes], None], blocking: Blocking
) -> None:
    """Give a body to a function in steps of about 1 MiB, in a thread, as ``settle_off_loop``."""
    await settle_off_loop(chunks, feed, _nothing, blocking)


async def settle_off_loop(
    chunks: AsyncIterator[bytes],
    feed: Callable[[bytes], None],
    settle: Callable[[], T],
    blocking: Blocking,
) -> T:
    """Give a body to a function in steps of about 1 MiB, in a thread; return what ``settle`` does.

    While one step is worked on, the next one is received; nothing is received beyond it. The last
    step and ``settle`` are one turn in a thread, because waking one takes a tenth of a millisecond.
    """
    running: asyncio.Task[None] | None = None
    held: list[bytes] = []
    held_bytes = 0
    try:
        async for chunk in chunks:
            held.append(chunk)
            held_bytes += len(chunk)
            if held_bytes < STEP_BYTES:
                continue
            if running is not None:
                await running
            running = asyncio.ensure_future(blocking.bulk(_feed, feed, held))
            held, held_bytes = [], 0
        if running is not None:
            await running
        running = None
        return await blocking.bulk(_feed_last, feed, held, settle)
    finally:
        # Whoever discards the upload must find no thread at work on it.
        if running is not None:
            with contextlib.suppress(Exception):
                await running


def _feed(feed: Callable[[bytes], None], held: Sequence[bytes]) -> None:
    feed(b"".join(held))


def _feed_last(feed: Callable[[bytes], None], held: Sequence[bytes], settle: Callable[[], T]) -> T:
    if held:
        _feed(feed, held)
    return settle()


def _nothing() -> None:
    """Settle nothing."""
