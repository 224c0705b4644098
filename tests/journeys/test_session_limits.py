"""Every limit of the session API as an operator meets it: set by its variable, seen by a client.

A real server with `ISOCENTER_LIMIT_<NAME>`; what `tests/http` shows of single answers is not
repeated here.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from isocenter.limits import DEFAULT
from tests.builders import instance, series, to_bytes
from tests.server_process import ServerProcess, processes_at

pytestmark = [pytest.mark.slow]
SLICE = to_bytes(instance(0))
DOCUMENTED = {
    "requests_per_minute": 30,
    "sessions_per_minute": 5,
    "sessions": 50,
    "session_files": 2000,
    "session_ttl_seconds": 3600,
    "upload_bytes": 500 * 1024 * 1024,
    "process_seconds": 300,
}


@contextmanager
def running(folder: Path, **limits: int) -> Iterator[ServerProcess]:
    """Run a server with these limits."""
    server = ServerProcess(folder, None, **limits)
    server.start()
    try:
        yield server
    finally:
        assert server.stop() in {0, -15}


def error_of(answer: requests.Response) -> str:
    """Return the sentence of a refusal, which is all that its body holds."""
    body: dict[str, str] = answer.json()
    assert set(body) == {"error"}
    return body["error"]


def test_defaults_are_the_documented_limits(tmp_path: Path) -> None:
    for name, value in DOCUMENTED.items():
        assert getattr(DEFAULT, name) == value
    # Without a variable these are in force, and the server says so.
    with running(tmp_path, requests_per_minute=30, sessions_per_minute=5) as server:
        said = {
            one["name"]: one["value"] for one in server.call("GET", "/v1/limits").json()["limits"]
        }
        assert DOCUMENTED.items() <= said.items()
        made = [server.call("POST", "/api/session") for _ in range(6)]
    assert [answer.status_code for answer in made] == [200] * 5 + [429]
    assert 0 < int(made[-1].headers["Retry-After"]) <= 60
    assert error_of(made[-1])


def test_the_51st_session_is_refused_until_one_is_gone(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        made = [server.call("POST", "/api/session") for _ in range(51)]
        assert [answer.status_code for answer in made] == [200] * 50 + [503]
        # After so long the first one has expired.
        assert 3500 < int(made[-1].headers["Retry-After"]) <= 3600
        assert error_of(made[-1])
        server.call("DELETE", f"/api/session/{made[0].json()['session_id']}")
        assert server.call("POST", "/api/session").status_code == 200
        assert server.call("POST", "/api/session").status_code == 503


def test_requests_and_sessions_a_minute_are_counted_exactly(tmp_path: Path) -> None:
    with running(tmp_path, requests_per_minute=7, sessions_per_minute=2) as server:
        session_id = server.new_session()
        assert server.call("POST", "/api/session").status_code == 200
        refused = server.call("POST", "/api/session")
        listed = [server.call("GET", f"/api/files/{session_id}") for _ in range(6)]
    assert refused.status_code == 429
    # Two sessions, the refused one and four lists.
    statuses = [answer.status_code for answer in listed]
    assert statuses in ([200] * 4 + [429] * 2, [200] * 5 + [429])
    assert 0 < int(listed[-1].headers["Retry-After"]) <= 60


def test_bodies_and_files_are_bounded_exactly(tmp_path: Path) -> None:
    with running(tmp_path, upload_bytes=10_000, session_files=3, json_body_bytes=100) as server:
        session_id = server.new_session()
        disposition = b'Content-Disposition: form-data; name="files"; filename="a"'
        form = b"--b\r\n" + disposition + b"\r\n\r\n%b\r\n--b--\r\n"
        address = f"/api/upload/{session_id}"
        room = 10_000 - len(form % b"")
        statuses = []
        for length in (room, room + 1):
            body = form % (b"x" * length)
            headers = {"Content-Type": "multipart/form-data; boundary=b", "X-API-Key": server.key}
            answer = requests.post(server.url + address, data=body, headers=headers, timeout=30)
            statuses.append(answer.status_code)
        assert statuses == [200, 413]
        assert server.upload(session_id, {"b": b"1", "c": b"2"}).status_code == 200
        refused = server.upload(session_id, {"d": b"3"})
        assert refused.status_code == 400
        assert "3" in error_of(refused)
        process = f"/api/process/{session_id}"
        long = server.call("POST", process, json={"action": "info", "params": "x" * 100})
        assert long.status_code == 413
        assert error_of(long)


def test_bytes_of_a_session_and_of_archives_are_bounded(tmp_path: Path) -> None:
    with running(tmp_path, session_bytes=5_000) as server:
        session_id = server.new_session()
        assert server.upload(session_id, {"a": b"x" * 3_000}).status_code == 200
        refused = server.upload(session_id, {"b": b"y" * 2_001})
        assert refused.status_code == 413
        assert error_of(refused)
        assert server.names(session_id) == ["a"]
        assert server.upload(session_id, {"b": b"y" * 2_000}).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_an_action_that_takes_too_long_is_ended_with_all_its_processes(tmp_path: Path) -> None:
    with running(tmp_path, process_seconds=1) as server:
        session_id = server.new_session()
        slices = series(4, rows=2600, columns=2600)
        server.upload(session_id, {f"{k}.dcm": to_bytes(one) for k, one in enumerate(slices)})
        begun = time.monotonic()
        answer = server.call(
            "POST", f"/api/process/{session_id}", json={"action": "compress_lossless"}
        )
        assert answer.status_code == 504
        assert "1 second" in error_of(answer)
        assert time.monotonic() - begun < 10
        scratch = server.folder / "scratch"
        assert processes_at(scratch) == set()
        assert list(scratch.iterdir()) == []
        # Nothing of it is there, and the session goes on.
        assert server.names(session_id, "output") == []
        again = server.call("POST", f"/api/process/{session_id}", json={"action": "info"})
        assert again.json()["success"] is True


def test_jobs_that_wait_in_a_session_are_bounded(tmp_path: Path) -> None:
    with running(tmp_path, lane_jobs=2) as server:
        session_id = server.new_session()
        slices = series(2, rows=2600, columns=2600)
        server.upload(session_id, {f"{k}.dcm": to_bytes(one) for k, one in enumerate(slices)})
        path = f"/api/process/{session_id}?async=1"
        asked = [server.call("POST", path, json={"action": "compress_lossless"}) for _ in range(5)]
        statuses = [answer.status_code for answer in asked]
        assert set(statuses) == {202, 409}
        assert statuses[-1] == 409
        assert error_of(asked[-1])


def test_a_session_ends_when_its_time_is_over(tmp_path: Path) -> None:
    with running(tmp_path, session_ttl_seconds=2) as server:
        session_id = server.new_session()
        assert server.upload(session_id, {"a": SLICE}).status_code == 200
        time.sleep(2.1)
        for answer in (
            server.call("GET", f"/api/files/{session_id}"),
            server.upload(session_id, {"b": SLICE}),
            server.call("GET", f"/api/download/{session_id}/a"),
            server.call("POST", f"/api/process/{session_id}", json={"action": "info"}),
        ):
            assert answer.status_code == 404
            assert error_of(answer)
