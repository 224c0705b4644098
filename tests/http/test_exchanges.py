"""An answer that fails after it has begun is cut off, noted, and says nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from isocenter.access.rate_limits import RateLimits
from isocenter.http.app import App, AppOptions
from isocenter.http.endpoints import Endpoint
from isocenter.http.health import Measurements
from tests.serving import GENEROUS


async def fail(_: Request) -> Response:
    raise ValueError("Jane Doe")


async def fail_later(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"some"
        raise ValueError("Jane Doe")

    return StreamingResponse(pieces())


@pytest.fixture
def app() -> App:
    endpoints = [
        Endpoint("GET", "/api/fail", fail, "", {}),
        Endpoint("GET", "/later", fail_later, "", {}),
    ]
    limits = replace(GENEROUS)
    return App(endpoints, RateLimits({}, lambda: 0), Measurements(), limits, AppOptions())


async def get(app: App, path: str) -> list[Message]:
    """Return the messages of an answer; one that was cut off has no last one."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost")],
    }
    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("path", ["/api/fail", "/later"])
def test_words_of_our_mistakes_are_nowhere(
    app: App, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="isocenter"):
        sent = asyncio.run(get(app, path))
    said = str([getattr(record, "event_values", {}) for record in caplog.records])
    assert "request.failed" in caplog.text
    assert "ValueError" in said
    assert "test_exchanges:" in said
    assert "Jane" not in caplog.text + said + str(sent)
    if path == "/api/fail":
        assert sent[-1]["body"] == b'{"error":"an internal error; it was noted"}'
    else:
        # Without a last message the server cuts the connection, and the client sees that.
        assert sent[-1]["more_body"] is True
