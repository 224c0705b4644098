"""Whether the server lives, whether it can work, and what it counted.

Measurements have patterns of paths, methods and states as labels, never anything of a request.
"""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from isocenter.errors import IsocenterError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.services.ingest import Lag

_SECONDS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300)
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Measurements:
    """Counts requests; one of it for each server, so that tests do not share it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "isocenter_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "isocenter_request_seconds",
            "From the first byte of a request to the last of its answer",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._received = Counter(
            "isocenter_received_bytes", "Bytes of bodies received", registry=self._registry
        )
        self._sent = Counter(
            "isocenter_sent_bytes", "Bytes of bodies sent", registry=self._registry
        )
        self._things = Gauge(
            "isocenter_things", "Things that are there now", ["kind"], registry=self._registry
        )
        self._lags = Gauge(
            "isocenter_ingest_lag_seconds",
            "From the last byte of an upload to its registration: of the one that waits longest, "
            "and of the last thousand",
            ["of"],
            registry=self._registry,
        )

    def count(
        self,
        method: str,
        route: str,
        status: int,
        seconds: float,
        received_bytes: int,
        sent_bytes: int,
    ) -> None:
        """Count one request; methods that nobody knows are one label, or labels had no end."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._received.inc(received_bytes)
        self._sent.inc(sent_bytes)

    def text(self, things: Mapping[str, int], lags: Mapping[str, float]) -> bytes:
        """Return everything in the text format of Prometheus."""
        for kind, number in things.items():
            self._things.labels(kind).set(number)
        for which, seconds in lags.items():
            self._lags.labels(which).set(seconds)
        return generate_latest(self._registry)


class HealthEndpoints:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(
        self,
        check: Callable[[], None],
        count_things: Callable[[], Mapping[str, int]],
        lag: Callable[[], Lag],
        measurements: Measurements,
        callers: Callers,
        blocking: Blocking,
    ) -> None:
        self._check = check
        self._count_things = count_things
        self._lag = lag
        self._measurements = measurements
        self._callers = callers
        self._blocking = blocking

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                "/healthz",
                self.live,
                "Whether the process lives",
                {200: "It does"},
                needs_key=False,
                answer_type="text/plain",
            ),
            Endpoint(
                "GET",
                "/readyz",
                self.ready,
                "Whether database, store and workers work",
                {200: "They do", 503: "One of them does not"},
                needs_key=False,
            ),
            Endpoint(
                "GET",
                "/metrics",
                self.metrics,
                "Measurements for Prometheus; from other machines with a key",
                {200: "The measurements", 401: "No key, and not from this machine"},
                answer_type="text/plain",
            ),
        ]

    async def live(self, _: Request) -> Response:
        """Answer at all."""
        return PlainTextResponse("ok\n")

    async def ready(self, _: Request) -> Response:
        """Try what every request needs."""
        try:
            await self._blocking.call(self._check)
        except IsocenterError as error:
            return json_response({"status": "unavailable", "reason": str(error)}, 503)
        return json_response({"status": "ready"})

    async def metrics(self, request: Request) -> Response:
        """Tell what was counted, to whoever is on this machine or has a key."""
        if not request.state.origin.is_local:
            await self._callers.principal(request, "read")
        things = await self._blocking.call(self._count_things)
        lag = await self._blocking.call(self._lag)
        return Response(
            self._measurements.text(things, lag._asdict()),
            media_type="text/plain; version=0.0.4; charset=utf-8",
        )
