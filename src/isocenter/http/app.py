"""The server as one ASGI application: every request goes through here once.

A request gets an id and is counted; its host, its path and its rate are checked; the function of
its endpoint answers; an error becomes the answer of its face. There is no other middleware, so
that what happens to a request is read in one place.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from isocenter.access.rate_limits import RateLimits
from isocenter.errors import NotFoundError
from isocenter.http.bodies import CountedReceive, answer_and_linger
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import StatusError, error_response, face_of, status_of
from isocenter.http.exchanges import Exchange
from isocenter.http.health import Measurements
from isocenter.http.proxies import is_address_or_localhost, origin_of
from isocenter.limits import Limits
from isocenter.logs import log_event, where_of

logger = logging.getLogger(__name__)

ALL_REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the server is reached.

    Attributes
    ----------
    behind_proxy
        Whether forwarding headers are believed.
    is_loopback
        Whether only this machine reaches it: then other sites' names are refused as host.
    strict_rates
        Whether bulk transfers count among the requests too.
    """

    behind_proxy: bool = False
    is_loopback: bool = False
    strict_rates: bool = False


class _Route:
    """All methods of one path."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pattern: re.Pattern[str] = compile_path(path)[0]
        self.endpoints: dict[str, Endpoint] = {}

    @property
    def allowed(self) -> str:
        """Methods, as the ``Allow`` header names them."""
        methods = {*self.endpoints, "OPTIONS"}
        if "GET" in methods:
            methods.add("HEAD")
        return ", ".join(sorted(methods))


class App:
    """The ASGI application.

    Parameters
    ----------
    endpoints
        Everything that is offered.
    start, stop
        Called, in a thread, before the first request and after the last one.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        rates: RateLimits,
        measurements: Measurements,
        limits: Limits,
        options: AppOptions,
        *,
        start: Callable[[], None] = lambda: None,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._routes = _routes(endpoints)
        self._rates = rates
        self._measurements = measurements
        self._limits = limits
        self._options = options
        self._start = start
        self._stop = stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, CountedReceive(receive), send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            is_start = message["type"] == "lifespan.startup"
            try:
                await asyncio.to_thread(self._start if is_start else self._stop)
            except Exception as error:  # noqa: BLE001 - the outermost handler of start and stop
                log_event(
                    logger,
                    "server.failed",
                    level=logging.ERROR,
                    error=type(error).__name__,
                    where=where_of(error),
                )
                await send({"type": f"{message['type']}.failed", "message": ""})
                return
            await send({"type": f"{message['type']}.complete"})
            if not is_start:
                return

    async def _answer(self, scope: Scope, receive: CountedReceive, send: Send) -> None:
        method = scope["method"]
        origin = origin_of(scope, behind_proxy=self._options.behind_proxy)
        exchange = Exchange(method, origin, send, receive, self._measurements)
        scope["state"] = {**scope.get("state", {}), "origin": origin, "exchange": exchange}
        path = _raw_path(scope, origin.prefix)
        face = face_of(path)
        request = Request(scope, receive)
        try:
            try:
                response = await self._respond(request, exchange)
                await response(scope, receive, exchange.send)
            except Exception as error:  # noqa: BLE001 - the outermost handler of a request
                _note(error, exchange)
                if not exchange.has_started:
                    refusal = error_response(error, face, exchange.id)
                    await answer_and_linger(refusal, scope, receive, exchange.send, self._limits)
        finally:
            exchange.end()

    async def _respond(self, request: Request, exchange: Exchange) -> Response:
        host = request.headers.get("host", "")
        if self._options.is_loopback and not is_address_or_localhost(host):
            raise StatusError(421, "this server answers to localhost and to addresses only")
        route, parameters = self._find(_raw_path(request.scope, exchange.origin.prefix))
        exchange.route = route.path
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": route.allowed})
        endpoint = route.endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            raise StatusError(405, Allow=route.allowed)
        request.scope["path_params"] = parameters
        self._count(endpoint, exchange)
        return await endpoint.handler(request)

    def _find(self, path: str) -> tuple[_Route, dict[str, str]]:
        """Return the route of a path; with a slash more or less at its end it is the same.

        What is written ``%2F`` is part of a name and separates nothing.
        """
        for tried in (path, path.removesuffix("/"), f"{path}/"):
            for route in self._routes:
                matched = route.pattern.match(tried)
                if matched is not None:
                    found = matched.groupdict()
                    return route, {name: unquote(value) for name, value in found.items()}
        raise NotFoundError("there is nothing at this address")

    def _count(self, endpoint: Endpoint, exchange: Exchange) -> None:
        """Count a request of its address; the bucket with the least left is told."""
        buckets = endpoint.counts
        if endpoint.is_bulk and self._options.strict_rates:
            buckets = (ALL_REQUESTS,)
        for bucket in buckets:
            allowed = self._rates.check(bucket, exchange.origin.client)
            exchange.extra_headers |= {
                "RateLimit-Limit": str(allowed.limit),
                "RateLimit-Remaining": str(allowed.remaining),
                "RateLimit-Reset": str(allowed.reset_seconds),
            }


def _raw_path(scope: Scope, prefix: str) -> str:
    """Return the path as it was sent, without the prefix of a proxy that does not cut it off."""
    path = str(scope["raw_path"], "ascii", "replace")
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path


def _routes(endpoints: Iterable[Endpoint]) -> list[_Route]:
    routes: dict[str, _Route] = {}
    for endpoint in endpoints:
        route = routes.setdefault(endpoint.path, _Route(endpoint.path))
        assert endpoint.method not in route.endpoints, "two endpoints of one path and method"
        route.endpoints[endpoint.method] = endpoint
    # Those without parameters first: a name in braces matches anything.
    return sorted(routes.values(), key=lambda route: route.path.count("{"))


def _note(error: Exception, exchange: Exchange) -> None:
    """Log what is our fault: the class and the place, never the words."""
    if status_of(error) != 500 and not exchange.has_started:
        return
    log_event(
        logger,
        "request.failed",
        level=logging.ERROR,
        request=exchange.id,
        route=exchange.route,
        error=type(error).__name__,
        where=where_of(error),
    )
