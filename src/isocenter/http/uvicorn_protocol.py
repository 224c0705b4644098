"""uvicorn's HTTP protocol with bounds that it does not have: header bytes and header seconds.

A client that opens connections and says nothing, or says it byte by byte (slow loris), is cut
off; so is one that sends endless headers.
"""

import asyncio
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from isocenter.limits import DEFAULT, Limits

_TIMEOUT = (408, b"Request Timeout", b"the request came too slowly")
_TOO_LONG = (431, b"Request Header Fields Too Large", b"the headers are too long")


class BoundedProtocol(HttpToolsProtocol):
    """One connection; made by ``bounded_protocol``."""

    limits: Limits = DEFAULT

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._header_bytes = 0
        self._is_reading_header = True
        self._header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Wait for the first request, for so long."""
        super().connection_made(transport)
        self._expect_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bound what comes before the end of the headers."""
        if self._is_reading_header:
            self._header_bytes += len(data)
            # What comes in one piece may hold some of the body too.
            if self._header_bytes - len(data) > self.limits.request_header_bytes:
                self._refuse(*_TOO_LONG)
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin to count; of a kept connection the time begins with the first byte."""
        super().on_message_begin()
        self._header_bytes = 0
        self._is_reading_header = True
        if self._header_timer is None:
            self._expect_header()

    def on_url(self, url: bytes) -> None:
        """Bound the address."""
        self._bound(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Bound the headers together."""
        self._bound(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the time."""
        self._stop_timer()
        self._is_reading_header = False
        self._counted = 0
        super().on_headers_complete()

    _counted = 0

    def _bound(self, length: int) -> None:
        self._counted += length
        if self._counted > self.limits.request_header_bytes:
            raise httptools.HttpParserError("the headers are too long")

    def _expect_header(self) -> None:
        self._header_timer = self.loop.call_later(
            self.limits.request_header_seconds, self._refuse, *_TIMEOUT
        )

    def _stop_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _refuse(self, status: int, phrase: bytes, sentence: bytes) -> None:
        self._stop_timer()
        if self.transport.is_closing():
            return
        body = b'{"error":"' + sentence + b'"}'
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%b" % (status, phrase, len(body), body)
        )
        self.transport.close()


def bounded_protocol(limits: Limits) -> type[BoundedProtocol]:
    """Return the protocol with these limits, as uvicorn's ``http`` takes it."""
    return type("LimitedProtocol", (BoundedProtocol,), {"limits": limits})
