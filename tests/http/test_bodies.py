"""Bodies are bounded, and a client that is refused gets to see it."""

import io
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.serving import Served, limited, serving

BOUND = 1_000_000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(upload_bytes=BOUND, json_body_bytes=1000)
    with serving(tmp_path_factory.mktemp("server"), limits=limits) as server:
        yield server


def test_requests_sees_the_413_of_a_body_that_is_far_too_long(small: Served) -> None:
    session_id = small.new_session()
    answer = small.upload(session_id, ("big.dcm", bytes(60 * BOUND)))
    assert answer.status_code == 413
    assert answer.json() == {
        "error": f"request body: {answer.json()['error'].split()[2]} bytes are more than the "
        f"{BOUND} allowed"
    }


def test_a_body_without_a_length_is_stopped_where_it_passes_the_bound(small: Served) -> None:
    session_id = small.new_session()

    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
        for _ in range(40):
            yield bytes(100_000)

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = small.call("POST", f"/api/upload/{session_id}", data=chunks(), headers=headers)
    assert answer.status_code == 413
    assert small.call("GET", f"/api/files/{session_id}").json()["input"] == []


@pytest.mark.judge("curl")
@pytest.mark.parametrize("expect", ["Expect: 100-continue", "Expect:"])
def test_curl_sees_the_413(small: Served, tmp_path: Path, expect: str) -> None:
    (tmp_path / "big").write_bytes(bytes(30 * BOUND))
    session_id = small.new_session()
    done = subprocess.run(  # noqa: S602 -- the command is ours
        f"curl -sS -w '~%{{http_code}}' -H 'X-API-Key: {small.key}' -H '{expect}'"
        f" -F files=@big {small.url}/api/upload/{session_id}",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.rpartition("~")[2], done.returncode) == ("413", 0), done.stderr


@pytest.mark.parametrize(("key", "status"), [("wrong", 401), (None, 404)])
def test_other_refusals_of_large_bodies_are_seen_too(
    small: Served, key: str | None, status: int
) -> None:
    files = {"files": ("x.dcm", io.BytesIO(bytes(900_000)))}
    answer = small.call("POST", "/api/upload/nothing", key=key, files=files)
    assert answer.status_code == status


def test_a_body_of_exactly_the_bound_is_taken(small: Served) -> None:
    session_id = small.new_session()
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
    end = b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    for extra, status in ((0, 200), (1, 413)):
        body = head + bytes(BOUND - len(head) - len(end) + extra) + end
        path = f"/api/upload/{session_id}"
        assert small.call("POST", path, data=body, headers=headers).status_code == status


def test_a_json_body_is_bounded(small: Served) -> None:
    session_id = small.new_session()
    assert small.process(session_id, "x" * 2000).status_code == 413


def test_a_client_that_hangs_up_leaves_nothing(small: Served) -> None:
    session_id = small.new_session()
    head = (
        f"POST /api/upload/{session_id} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {small.key}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n--b\r\n"
        'Content-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
    )
    with socket.create_connection(("127.0.0.1", small.port)) as line:
        line.sendall(head.encode() + bytes(500_000))
    assert small.call("GET", f"/api/files/{session_id}").json()["input"] == []
    assert requests.get(f"{small.url}/healthz", timeout=10).status_code == 200
