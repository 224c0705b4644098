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
FINE = -1


@dataclass(frozen=True)
class Fault:
    """What happens instead of the answer.

    ``CUT`` as status closes the connection in the middle; with ``FINE`` nothing happens. A header
    ``Promise`` says as length of the answer more than there is, so that it is cut.
    """

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
    """What the server was told and what it got.

    Attributes
    ----------
    has_batches
        Whether it knows more than the documented `GET /upload/`.
    present
        SHA-256 of what it has already.
    pending
        How many reports say that nothing is decided yet.
    hold
        All files but the first wait for it before they are taken.
    answers
        What is answered to ``"GET /path"`` instead: JSON, or bytes as they are.
    """

    url: str = ""
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    given: int = 0
    has_batches: bool = True
    present: set[str] = field(default_factory=set)
    pending: int = 0
    hold: threading.Event | None = None
    answers: dict[str, object] = field(default_factory=dict)

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
    body = b""

    def _take(self) -> Fault | None:
        """Read and note the request; return the fault that is due."""
        store = self.store
        with store.lock:
            queue = store.faults.get(self.command)
            fault = queue.popleft() if queue else None
            fault = None if fault is not None and fault.status == FINE else fault
        length = int(self.headers.get("Content-Length", "0"))
        self.body = self.rfile.read(length // 2 if fault and fault.status == CUT else length)
        with store.lock:
            store.asked.append(Asked(self.command, self.path, dict(self.headers), self.body))
        if fault is not None and fault.status != CUT:
            self._answer(fault.status, fault.text.encode("latin-1"), fault.headers)
        elif fault is not None:
            self.close_connection = True
        else:
            answer = store.answers.get(f"{self.command} {self.path.partition('?')[0]}")
            if answer is not None:
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self._answer(200, data, {"Content-Type": "application/json"})
                return Fault(200)
        return fault

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        promised = (headers or {}).get("Promise", str(len(body)))
        for name, value in (headers or {}).items():
            if name != "Promise":
                self.send_header(name, value)
        self.send_header("Content-Length", promised)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or promised != str(len(body))

    def do_GET(self) -> None:
        """Give out an address for a file."""
        if self._take() is not None:
            return
        with self.store.lock:
            self.store.given += 1
            key = f"key-{self.store.given}"
        answer = {"url": f"{self.store.url}/put/{key}?signature=secret", "key": key}
        self._answer(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def do_POST(self) -> None:
        """Give out several addresses, or tell what became of files."""
        if self._take() is not None:
            return
        if not self.store.has_batches:
            self._answer(404, b"")
            return
        asked = json.loads(self.body)
        answer = self._batch(asked) if "files" in asked else self._report(asked["keys"])
        data = json.dumps({"uploads": answer}).encode()
        self._answer(200, data, {"Content-Type": "application/json"})

    def _batch(self, asked: Mapping[str, object]) -> list[dict[str, object]]:
        files = asked["files"]
        assert isinstance(files, list)
        answer: list[dict[str, object]] = []
        for one in files:
            with self.store.lock:
                self.store.given += 1
                key = f"key-{self.store.given}"
            if one["sha256"] in self.store.present:
                stored = {"state": "stored", "outcome": "present", "headers": {}}
                answer.append({"key": key, "url": None, **stored})
            else:
                headers = {"Content-Type": "application/dicom"}
                url = f"{self.store.url}/put/{key}?signature=secret"
                answer.append({"key": key, "url": url, "headers": headers, "state": "issued"})
        return answer

    def _report(self, keys: list[str]) -> list[dict[str, object]]:
        """Tell of each file what its bytes say: `junk` is rejected, all else is stored."""
        with self.store.lock:
            if self.store.pending:
                self.store.pending -= 1
                return [{"key": key, "state": "received"} for key in keys]
        told: list[dict[str, object]] = []
        for key in (key for key in keys if key in self.store.files):
            if self.store.files[key] == b"junk":
                reason = {"code": "not_dicom", "detail": "it is no DICOM file"}
                told.append({"key": key, "state": "rejected", "reason": reason})
            else:
                told.append({"key": key, "state": "stored", "outcome": "stored"})
        return told

    def do_PUT(self) -> None:
        """Take a file; where there is something to wait for, only then."""
        if self.store.hold is not None and self.store.files:
            self.store.hold.wait(60)
        if self._take() is None:
            key = self.path.partition("?")[0].rpartition("/")[2]
            with self.store.lock:
                self.store.files[key] = self.body
            self._answer(200, b"")

    def do_DELETE(self) -> None:
        """Know nothing that could be deleted, unless it is told otherwise."""
        if self._take() is None:
            self._answer(404, b'{"message":"Not Found"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base names it
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""


@contextlib.contextmanager
def faulty_store() -> Iterator[FaultyStore]:
    """Serve on a free port until the end of the block."""
    store = FaultyStore()
    handler = type("Handler", (_Handler,), {"store": store})
    with _Server(("127.0.0.1", 0), handler) as server:
        store.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
