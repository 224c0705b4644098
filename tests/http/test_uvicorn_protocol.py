"""Clients that are slow, endless or odd are cut off, and answered where possible."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.serving import Served, limited, serving


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(request_header_seconds=1, request_header_bytes=4096, body_idle_seconds=1)
    with serving(tmp_path_factory.mktemp("server"), limits=limits) as server:
        yield server


def talk(server: Served, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces with pauses; return all that came until the server closed or 8 s passed."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=8) as line:
        for piece in pieces:
            try:
                line.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        while True:
            try:
                got = line.recv(65536)
            except OSError:
                break
            if not got:
                break
            answer += got
    return answer


def test_who_says_nothing_is_cut_off(strict: Served) -> None:
    begun = time.monotonic()
    assert talk(strict).startswith(b"HTTP/1.1 408 ")
    assert 0.5 < time.monotonic() - begun < 5


def test_headers_byte_by_byte_are_cut_off(strict: Served) -> None:
    pieces = [b"GET / HTTP/1.1\r\n", *([b"X: y\r\n"] * 12)]
    assert talk(strict, *pieces, pause=0.2).startswith(b"HTTP/1.1 408 ")


def test_endless_headers_are_refused(strict: Served) -> None:
    many = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-Name: value\r\n" * 1000
    assert talk(strict, many + b"\r\n")[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 431"}


def test_an_endless_header_in_pieces_is_refused(strict: Served) -> None:
    pieces = [b"GET /healthz HTTP/1.1\r\nX: ", *([b"v" * 2000] * 10)]
    assert talk(strict, *pieces, pause=0.01)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 431"}


def test_an_endless_address_is_refused(strict: Served) -> None:
    assert talk(strict, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n")[:9] == b"HTTP/1.1 "


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
)
def test_what_is_no_request_is_refused(strict: Served, request_: bytes) -> None:
    assert talk(strict, request_)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 408"}


def test_a_body_that_stops_is_given_up(strict: Served) -> None:
    session_id = strict.new_session()
    head = (
        f"POST /api/upload/{session_id} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {strict.key}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n"
    )
    begun = time.monotonic()
    answer = talk(strict, head.encode())
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < 8


def test_many_silent_clients_do_not_hold_up_others(strict: Served) -> None:
    lines = [socket.create_connection(("127.0.0.1", strict.port)) for _ in range(100)]
    begun = time.monotonic()
    assert strict.call("GET", "/healthz").status_code == 200
    assert time.monotonic() - begun < 2
    for line in lines:
        line.close()


def test_a_kept_connection_serves_many_requests(strict: Served) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert talk(strict, one, one, last, pause=0.05).count(b"200 OK") == 3


def test_requests_sent_at_once_are_answered_in_order(strict: Served) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = talk(strict, one + last)
    assert answer.index(b"200 OK") < answer.index(b"404 Not Found")
