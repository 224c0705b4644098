"""One request and its answer: request id, headers of safety, one line of log, measurements."""

import logging
import secrets
import time
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from isocenter.http.bodies import CountedReceive
from isocenter.http.health import Measurements
from isocenter.http.proxies import Origin
from isocenter.logs import log_event

logger = logging.getLogger(__name__)

# Answers that are no pages load nothing and are shown in no frame.
_BARE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_SAFETY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    # Everything is patient data unless whoever answers knows better.
    "Cache-Control": "no-store",
    "Content-Security-Policy": _BARE_POLICY,
}
_TRANSPORT_SECURITY = "max-age=31536000"


class Exchange:
    """Watches over one request: sends its answer on, and tells of it at the end.

    Attributes
    ----------
    id
        Random; in the answer, in errors and in the log.
    route
        Path as a pattern, set when it is known: no id, no name.
    extra_headers
        For the answer, whatever it will be: those of the rate limits.
    """

    def __init__(
        self,
        method: str,
        origin: Origin,
        send: Send,
        receive: CountedReceive,
        measurements: Measurements,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.route = "none"
        self.principal: str | None = None
        self.origin = origin
        self.extra_headers: dict[str, str] = {}
        self.status = 0
        self._method = method
        self._send = send
        self._receive = receive
        self._measurements = measurements
        self._sent_bytes = 0
        self._begun = time.perf_counter()

    @property
    def has_started(self) -> bool:
        """Whether a status was sent, after which none can be sent any more."""
        return self.status != 0

    async def send(self, message: Message) -> None:
        """Send a message of the answer, with our headers; HEAD has no body."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        elif message["type"] == "http.response.body":
            if self._method == "HEAD":
                message = {**message, "body": b""}
            self._sent_bytes += len(message.get("body", b""))
        await self._send(message)

    def end(self) -> None:
        """Write the line of log and count."""
        seconds = time.perf_counter() - self._begun
        self._measurements.count(
            self._method,
            self.route,
            self.status,
            seconds,
            self._receive.received_bytes,
            self._sent_bytes,
        )
        log_event(
            logger,
            "request",
            level=logging.WARNING if self.status >= 500 else logging.INFO,
            request=self.id,
            method=self._method,
            route=self.route,
            status=self.status,
            duration_ms=round(seconds * 1000, 1),
            bytes_in=self._receive.received_bytes,
            bytes_out=self._sent_bytes,
            principal=self.principal,
        )

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in _SAFETY_HEADERS.items():
            headers.setdefault(name, value)
        if self.origin.scheme == "https":
            headers.setdefault("Strict-Transport-Security", _TRANSPORT_SECURITY)
        headers["X-Request-Id"] = self.id
        for name, value in self.extra_headers.items():
            headers[name] = value
