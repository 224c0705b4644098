"""Clients of `benchmarks/archive.py`: raw sockets with kept connections, a process for each.

A request is a block of bytes that was made before the clock starts; of an answer only its status
and its length are looked at. So one client costs some 20 microseconds a request.
"""

import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from benchmarks.servers import Server

_TIMEOUT_SECONDS = 300
_STEP_BYTES = 1 << 20
_END = b"\r\n\r\n"
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Asked:
    """What many requests took: all together, and each of them; and how long the answers were."""

    seconds: float
    latencies: tuple[float, ...]
    received_bytes: int

    def percentile(self, percent: float) -> float:
        """Return the time within which so many of a hundred requests were answered."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


def request(
    server: Server, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[bytes, bytes]:
    """Return the bytes of a request: its head and its body."""
    given = {
        "Host": f"127.0.0.1:{server.port}",
        **server.headers,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if body or method in {"POST", "PUT"}:
        given["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode() + _END, body


Request = tuple[bytes, bytes]


def ask(server: Server, *requests: Request) -> Asked:
    """Send requests one after another from this process."""
    return _ask(server.port, requests)[0]


def ask_together(server: Server, lists: Sequence[Sequence[Request]]) -> Asked:
    """Send each list from a process of its own, all at the same time."""
    barrier = _fork.Barrier(len(lists))
    answers: multiprocessing.SimpleQueue[tuple[Asked, float, float]] = _fork.SimpleQueue()
    processes = [
        _fork.Process(target=_client, args=(server.port, requests, barrier, answers))
        for requests in lists
    ]
    for process in processes:
        process.start()
    found = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    seconds = max(end for _, _, end in found) - min(begin for _, begin, _ in found)
    latencies = tuple(latency for asked, _, _ in found for latency in asked.latencies)
    return Asked(seconds, latencies, sum(asked.received_bytes for asked, _, _ in found))


def fetch(server: Server, one: Request) -> bytes:
    """Return the body of an answer."""
    with Connection(server.port) as connection:
        return connection.ask(*one, is_kept=True)[1]


def _client(
    port: int,
    requests: Sequence[Request],
    barrier: "multiprocessing.synchronize.Barrier",
    answers: "multiprocessing.SimpleQueue[tuple[Asked, float, float]]",
) -> None:
    barrier.wait(_TIMEOUT_SECONDS)
    answers.put(_ask(port, requests))


def _ask(port: int, requests: Sequence[Request]) -> tuple[Asked, float, float]:
    latencies = []
    received_bytes = 0
    with Connection(port) as connection:
        begin = time.perf_counter()
        before = begin
        for head, body in requests:
            received_bytes += connection.ask(head, body)[0]
            after = time.perf_counter()
            latencies.append(after - before)
            before = after
    return Asked(before - begin, tuple(latencies), received_bytes), begin, before


class Connection:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connect()
        self._buffer = memoryview(bytearray(_STEP_BYTES))
        self._kept: bytearray | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), _TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, head: bytes, body: bytes, *, is_kept: bool = False) -> tuple[int, bytes]:
        """Send a request; return the length of the body of its answer, and it, if it is kept."""
        self._kept = bytearray() if is_kept else None
        if len(body) < _STEP_BYTES // 8:
            self._socket.sendall(head + body)
        else:
            self._socket.sendall(head)
            self._socket.sendall(body)
        data = b""
        while (at := data.find(_END)) < 0:
            more = self._socket.recv(1 << 16)
            assert more, "the server hung up"
            data += more
        said = data[:at].lower()
        status = int(said[9:12])
        rest = data[at + len(_END) :]
        if b"\r\ntransfer-encoding: chunked" in said:
            length = self._chunks(rest)
        else:
            place = said.find(b"\r\ncontent-length:")
            self._keep(rest)
            if place < 0 and status != 204:
                length = len(rest) + self._take_all()
            else:
                length = int(said[place + 17 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
                self._take(length - len(rest))
        assert status in {200, 204}, (status, bytes(self._kept or rest)[:500])
        return length, bytes(self._kept or b"")

    def _take(self, length: int) -> None:
        """Receive so many bytes."""
        while length > 0:
            count = self._socket.recv_into(self._buffer, min(length, _STEP_BYTES))
            assert count, "the server hung up"
            self._keep(self._buffer[:count])
            length -= count

    def _take_all(self) -> int:
        """Receive a body that ends with its connection, and make another one."""
        length = 0
        while count := self._socket.recv_into(self._buffer):
            self._keep(self._buffer[:count])
            length += count
        self._socket.close()
        self._connect()
        return length

    def _keep(self, data: bytes | memoryview) -> None:
        if self._kept is not None:
            self._kept += data

    def _chunks(self, data: bytes) -> int:
        """Receive a body in chunks (RFC 9112, 7.1); return its length."""
        length = 0
        while True:
            while (at := data.find(b"\r\n")) < 0:
                data += self._socket.recv(1 << 16)
            size = int(data[:at].split(b";")[0], 16)
            data = data[at + 2 :]
            here = data[:size]
            self._keep(here)
            self._take(size - len(here))
            data = data[size:]
            while len(data) < len(b"\r\n"):
                data += self._socket.recv(1 << 16)
            assert data.startswith(b"\r\n")
            data = data[2:]
            length += size
            if not size:
                assert not data
                return length
