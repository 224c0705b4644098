"""A small HTTP server that gives out addresses, takes files, and fails as it is told to.

It stands where a server or an object store has a bad day: `503`, `429` with Retry-After, an answer
that never comes, a connection that is cut. Everything that it gets is noted.
"""

import contextlib
import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUT = 0


@dataclass(frozen=True)
class Fault:
    """What happens instead of the answer; ``CUT`` as status closes the connection."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FaultyStore:
    """What the server was told and what it got."""

    url: str = ""
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    given: int = 0

    def fail(self, method: str, *faults: Fault | int) -> None:
        """Let the next requests with a method fail, in this order."""
        queue = self.faults.setdefault(method, deque())
        queue.extend(Fault(one) if isinstance(one, int) else one for one in faults)

    def count(self, method: str) -> int:
        """Return how many requests with a method came."""
        return sum(one.method == method for one in self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: FaultyStore

    def _take(self) -> Fault | None:
        """Read and note the request; return the fault that is due."""
        store = self.store
        with store.lock:
            queue = store.faults.get(self.command)
            fault = queue.popleft() if queue else None
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length // 2 if fault and fault.status == CUT else length)
        with store.lock:
            store.asked.append(Asked(self.command, self.path, dict(self.headers), body))
        if fault is not None and fault.status != CUT:
            self._answer(fault.status, fault.text.encode(), fault.headers)
        elif fault is not None:
            self.close_connection = True
        return fault

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Give out an address for a file."""
        if self._take() is not None:
            return
        with self.store.lock:
            self.store.given += 1
            key = f"key-{self.store.given}"
        answer = {"url": f"{self.store.url}/put/{key}?signature=secret", "key": key}
        self._answer(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def do_PUT(self) -> None:
        """Take a file."""
        if self._take() is None:
            key = self.path.partition("?")[0].rpartition("/")[2]
            with self.store.lock:
                self.store.files[key] = self.store.asked[-1].body
            self._answer(200, b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base names it
        """Say nothing."""


@contextlib.contextmanager
def faulty_store() -> Iterator[FaultyStore]:
    """Serve on a free port until the end of the block."""
    store = FaultyStore()
    handler = type("Handler", (_Handler,), {"store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        store.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
