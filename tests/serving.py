"""A real server on loopback for tests: uvicorn in a thread, with a platform of its own."""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import requests
import uvicorn

from isocenter.http.app import AppOptions
from isocenter.http.server import make_app
from isocenter.http.uvicorn_protocol import bounded_protocol
from isocenter.limits import Limits
from isocenter.platform import Platform, open_platform
from isocenter.settings import Settings

# More than any test asks for; those about the limits set their own.
GENEROUS = Limits(
    requests_per_minute=100_000,
    sessions_per_minute=100_000,
    sign_ins_per_minute=100_000,
    developer_requests_per_minute=100_000,
    tickets_per_minute=100_000,
    tokens_per_minute=100_000,
    reports_per_minute=100_000,
    resource_requests_per_minute=100_000,
    sessions=10_000,
)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address, a key, and what it is made of."""

    url: str
    key: str
    platform: Platform

    @property
    def port(self) -> int:
        """The port alone."""
        return int(self.url.rpartition(":")[2])

    def new_key(self) -> str:
        """Return a key of another account."""
        return self.platform.administration.create_key("other").text

    def call(
        self, method: str, path: str, *, key: str | None = None, **arguments: object
    ) -> requests.Response:
        """Send a request with the key, another one, or with none (``""``)."""
        sent = {"X-API-Key": self.key if key is None else key}
        given = arguments.pop("headers", {})
        assert isinstance(given, dict)
        headers = {**{name: value for name, value in sent.items() if value}, **given}
        return requests.request(method, self.url + path, headers=headers, timeout=60, **arguments)  # type: ignore[arg-type]  # passed on

    def new_session(self) -> str:
        """Return the id of a new session."""
        return str(self.call("POST", "/api/session").json()["session_id"])

    def upload(self, session_id: str, *files: tuple[str, bytes]) -> requests.Response:
        """Upload files by name and bytes."""
        parts = [("files", file) for file in files]
        return self.call("POST", f"/api/upload/{session_id}", files=parts)

    def process(self, session_id: str, action: str, **body: object) -> requests.Response:
        """Run an action and wait for it."""
        wanted = {"action": action, **body}
        return self.call("POST", f"/api/process/{session_id}", json=wanted)


@contextlib.contextmanager
def serving(
    folder: Path,
    *,
    limits: Limits = GENEROUS,
    settings: Settings | None = None,
    options: AppOptions | None = None,
) -> Iterator[Served]:
    """Serve on a free port until the end of the block."""
    settings = replace(settings or Settings(jobs=2), limits=limits)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        open_platform(settings, folder) as platform,
    ):
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(platform, options or AppOptions(is_loopback=True)),
                http=bounded_protocol(limits),
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=5,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait_until_started(server, thread)
            key = platform.administration.create_key("test")
            yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", key.text, platform)
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive(), "the server did not stop"


def limited(**bounds: int) -> Limits:
    """Return generous limits but for some."""
    return dataclasses.replace(GENEROUS, **bounds)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server failed"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
