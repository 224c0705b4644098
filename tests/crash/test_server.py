"""`kill -9` of a real server at random moments, seen by its clients: what was answered stays.

Some rounds run always; ``ISOCENTER_CRASH_ROUNDS`` sets how many.
"""

import contextlib
import os
import random
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
import requests

from tests.builders import instance, series, to_bytes
from tests.crash.test_worker import descendants
from tests.jobs.test_sandbox import wait_until_gone
from tests.server_process import ServerProcess, wait_until_nobody_is_at
from tests.stores import files_under, key_of

ROUNDS = int(os.environ.get("ISOCENTER_CRASH_ROUNDS", "6"))
WORK_ROUNDS = max(2, ROUNDS // 3)
READY_SECONDS = 2.0
LARGE_BYTES = 50_000_000
SLICES = 30
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    # What was killed is swept at the next start, not after an hour.
    made = ServerProcess(tmp_path, leftover_seconds=1, sessions=100_000)
    yield made
    made.stop()


class Client(threading.Thread):
    """Uploads into a session until the server is gone.

    ``requests`` holds the files of each request, ``answered`` how many were acknowledged.
    """

    def __init__(self, server: ServerProcess, kind: str, chance: random.Random) -> None:
        super().__init__()
        self.session_id = server.new_session()
        self.requests: list[dict[str, bytes]] = []
        self.answered = 0
        self._server = server
        self._kind = kind
        self._chance = chance

    def run(self) -> None:
        while True:
            files = self._next_files(len(self.requests))
            self.requests.append(files)
            try:
                answer = self._server.upload(self.session_id, files)
            except requests.RequestException:
                return
            assert answer.json() == {"uploaded": len(files), "files": list(files)}
            self.answered += 1

    def _next_files(self, number: int) -> dict[str, bytes]:
        if self._kind == "large":
            return {f"{number}.bin": self._chance.randbytes(16) * (LARGE_BYTES // 16)}
        count = 1 if self._kind == "single" else 20
        first = number * count
        return {f"{k:05d}.dcm": to_bytes(instance(k)) for k in range(first, first + count)}

    def check(self) -> int:
        """Check that every request is there as a whole or not at all; return how many were lost."""
        there = self._server.names(self.session_id)
        assert len(there) == len(set(there))
        stored = [
            number
            for number, files in enumerate(self.requests)
            if there and set(files) & set(there)
        ]
        expected = {name: data for number in stored for name, data in self.requests[number].items()}
        assert sorted(there) == sorted(expected)
        for name, data in expected.items():
            assert key_of(self._server.read(self.session_id, name)) == key_of(data)
        return len(set(range(self.answered)) - set(stored))


def kill_with_children(server: ServerProcess) -> None:
    """Kill the server alone, and check that whatever it started ends by itself."""
    children = descendants(server.pid)
    server.kill()
    assert children
    assert all(wait_until_gone(child) for child in children)
    assert wait_until_nobody_is_at(server.folder)


def check_store(server: ServerProcess, sessions: list[str]) -> None:
    """Check that all bytes of the store are those of their names, and soon only those of files."""
    wanted = {
        key_of(server.read(session, name))
        for session in sessions
        for kind in ("input", "output")
        for name in server.names(session, kind)
    }
    until = time.monotonic() + 15
    while (files := files_under(server.folder / "blobs")) and time.monotonic() < until:
        if {path.name for path in files} == wanted:
            break
        time.sleep(0.2)
    assert {path.name for path in files} == wanted
    assert all(key_of(path.read_bytes()) == path.name for path in files)


def test_uploads_that_were_acknowledged_survive_kills_at_random_moments(
    server: ServerProcess,
) -> None:
    chance = random.Random(17)
    seconds = [server.start()]
    lost = 0
    for _ in range(ROUNDS):
        clients = [Client(server, kind, chance) for kind in ("single", "batch", "large")]
        for client in clients:
            client.start()
        time.sleep(chance.uniform(0.05, 1.5))
        kill_with_children(server)
        for client in clients:
            client.join()
        time.sleep(1.1)
        seconds.append(server.start())
        lost += sum(client.check() for client in clients)
        check_store(server, [client.session_id for client in clients])
        for client in clients:
            assert server.call("DELETE", f"/api/session/{client.session_id}").ok

    print(f"ready after {statistics.median(seconds):.2f} s (median)", max(seconds))
    assert lost == 0
    # The aim is 2 seconds; machines that do other work besides are slower.
    assert statistics.median(seconds) <= 3 * READY_SECONDS


def test_actions_that_were_killed_run_again_and_their_outputs_are_whole(
    server: ServerProcess,
) -> None:
    chance = random.Random(23)
    slices = series(SLICES, rows=512, columns=512)
    files = {f"{k:04d}.dcm": to_bytes(one) for k, one in enumerate(slices)}
    server.start()
    attempts: list[int] = []
    for _ in range(WORK_ROUNDS):
        session_id = server.new_session()
        server.upload(session_id, files)
        actions = ["compress_lossless", "merge"]
        jobs = [
            server.call("POST", f"/api/process/{session_id}?async=1", json={"action": action})
            for action in actions
        ]
        # A picture too, so that the processes that decode for the server itself are there.
        assert server.call("GET", f"/api/frames/{session_id}/0000.dcm/1").ok
        path = jobs[0].json()["status_url"].partition("/api/")[2]
        while server.call("GET", f"/api/{path}").json()["started_at"] is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.5))
        kill_with_children(server)
        server.start()
        for job, action in zip(jobs, actions, strict=True):
            result = ended(server, job.json()["status_url"].partition("/api/")[2])
            assert (result["status"], result["action"]) == ("done", action)
        check_outputs(server, session_id, files)
        attempts += attempts_of(server)
        assert server.call("DELETE", f"/api/session/{session_id}").ok
    server.stop()
    assert files_under(server.folder / "scratch") == []
    print(f"attempts of {len(attempts)} jobs: {sorted(attempts)}")
    assert max(attempts) > 1, "no job was killed while it ran"


def attempts_of(server: ServerProcess) -> list[int]:
    """Return how often each job that is there was begun."""
    with contextlib.closing(sqlite3.connect(server.folder / "database.sqlite3")) as database:
        return [attempts for (attempts,) in database.execute("select attempts from jobs")]


def ended(server: ServerProcess, path: str) -> dict[str, object]:
    """Return a job when it has ended."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        job: dict[str, object] = server.call("GET", f"/api/{path}").json()
        if job["finished_at"] is not None:
            return job
        time.sleep(0.1)
    pytest.fail("the job did not end")


def check_outputs(server: ServerProcess, session_id: str, files: dict[str, bytes]) -> None:
    """Check that each slice is there compressed, once, and all of them are merged, once."""
    names = server.names(session_id, "output")
    merged = [name for name in names if name.endswith("_multiframe.dcm")]
    assert len(merged) == 1
    assert len(names) == len(files) + 1
    for name in names:
        path = server.folder.parent / name
        path.write_bytes(server.read(session_id, name))
        made = pydicom.dcmread(path)
        assert made.get("NumberOfFrames", 1) == (len(files) if name in merged else 1)
        assert made.pixel_array.size
    check_store(server, [session_id])
