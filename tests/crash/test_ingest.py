"""`kill -9` between a PUT and its registration: what was answered is registered after a restart."""

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.builders import instance, to_bytes
from tests.server_process import ServerProcess
from tests.stores import files_under, key_of

ROUNDS = int(os.environ.get("ISOCENTER_CRASH_ROUNDS", "2"))
CLIENTS = 3
SECONDS = 60
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.skipif(sys.platform != "linux", reason="the server is killed as Linux does"),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    made = ServerProcess(tmp_path, leftover_seconds=1)
    yield made
    made.stop()


class Client(threading.Thread):
    """Sends contents until the server is gone; ``answered`` has those that were acknowledged."""

    def __init__(self, server: ServerProcess, contents: Iterator[bytes]) -> None:
        super().__init__()
        self.answered: dict[str, bytes] = {}
        self._server = server
        self._contents = contents

    def run(self) -> None:
        with contextlib.suppress(requests.RequestException):
            for content in self._contents:
                given = self._server.call("GET", "/upload/").json()
                headers = given["headers"]
                answer = requests.put(given["url"], data=content, headers=headers, timeout=SECONDS)
                assert answer.status_code == 200
                self.answered[given["key"]] = content


def contents(name: str) -> Iterator[bytes]:
    for index in range(10_000):
        yield to_bytes(instance(index, rows=4, columns=4, series_name=name))


def reports(server: ServerProcess, keys: list[str]) -> list[dict[str, str]]:
    """Return reports when nothing is under way any more."""
    until = time.monotonic() + SECONDS
    while True:
        found: list[dict[str, str]] = []
        for start in range(0, len(keys), 1000):
            body = {"keys": keys[start : start + 1000], "wait_seconds": 5}
            found += server.call("POST", "/upload/report", json=body).json()["uploads"]
        if not any(one["state"] == "received" for one in found):
            return found
        assert time.monotonic() < until, "they are not registered"


def test_everything_that_was_answered_is_registered_after_kills(
    server: ServerProcess,
) -> None:
    chance = random.Random(8)
    server.start()
    answered: dict[str, bytes] = {}
    for number in range(ROUNDS):
        clients = [Client(server, contents(f"kill-{number}-{client}")) for client in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(chance.uniform(0.2, 1.0))
        server.kill()
        for client in clients:
            client.join()
            answered |= client.answered
        server.start()

    found = reports(server, list(answered))

    assert answered
    assert len(found) == len(answered)
    assert {(one["state"], one["outcome"]) for one in found} == {("stored", "stored")}
    by_key = {one["key"]: one for one in found}
    uids = [one["sop_instance_uid"] for one in found]
    assert len(set(uids)) == len(uids)
    for key, content in list(answered.items())[:: max(1, len(answered) // 20)]:
        assert by_key[key]["sha256"] == key_of(content)
    there = {path.name for path in files_under(server.folder / "blobs")}
    assert {key_of(content) for content in answered.values()} <= there
