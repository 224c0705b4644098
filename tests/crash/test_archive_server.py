"""`kill -9` of a real server while Instances are stored: nothing that was answered is lost.

On files it is a full run, as `test_archive.py` does much of it there. One round runs always;
``ISOCENTER_CRASH_ROUNDS`` sets how many do.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.builders import series, to_bytes, uid
from tests.server_process import ServerProcess, wait_until_nobody_is_at
from tests.servers import environment_of, scale_out_settings
from tests.stores import key_of
from tests.stowed import STORED, STUDIES, related

ROUNDS = int(os.environ.get("ISOCENTER_CRASH_ROUNDS", "1"))
BATCH = 5
SLICES = 400
WAIT_SECONDS = 60
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture(params=[pytest.param("embedded", marks=pytest.mark.full), "scale-out"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    engines = environment_of(scale_out_settings(tmp_path)) if request.param == "scale-out" else None
    # What was killed is swept at the next start, not after an hour.
    made = ServerProcess(tmp_path, engines, leftover_seconds=1)
    yield made
    made.stop()


class Client(threading.Thread):
    """Stores the slices of a series, so many at a time, until the server is gone."""

    def __init__(self, server: ServerProcess, files: list[bytes], at_once: int) -> None:
        super().__init__()
        self.requests = [files[at : at + at_once] for at in range(0, len(files), at_once)]
        self.answered = 0
        self.has_answers = threading.Event()
        self._server = server

    def run(self) -> None:
        for files in self.requests:
            content_type, body = related(*files)
            try:
                answer = self._server.call(
                    "POST", STUDIES, data=body, headers={"Content-Type": content_type}
                )
            except requests.RequestException:
                return
            assert answer.status_code == 200, answer.text
            self.answered += 1
            if self.answered >= 2:
                self.has_answers.set()


def new_files(name: str) -> tuple[str, list[bytes]]:
    """Return the UID of a new study and its slices."""
    datasets = series(SLICES, rows=16, columns=16, series_name=name)
    for one in datasets:
        one.StudyInstanceUID = uid(f"study of {name}")
    return str(datasets[0].StudyInstanceUID), [to_bytes(one) for one in datasets]


def stored_files(server: ServerProcess, study: str) -> dict[str, bytes]:
    """Return what the archive has of a study, by the key of its bytes; each only once."""
    found = server.call("GET", f"{STUDIES}/{study}/instances?limit=10000")
    if found.status_code == 204:
        return {}
    stored = {}
    for one in found.json():
        url = one["00081190"]["Value"][0].removeprefix(server.url)
        answer = server.call("GET", url, headers={"Accept": STORED})
        assert answer.status_code == 200
        stored[key_of(answer.content)] = answer.content
    assert len(stored) == len(found.json())
    return stored


def wait_for_sweep(server: ServerProcess) -> None:
    """Wait until there are no bytes without a row; none may be missing or damaged."""
    until = time.monotonic() + WAIT_SECONDS
    while not (said := server.administer("check", "--read-bytes")).endswith(
        "0 without bytes, 0 damaged; 0 bytes without a row\n"
    ):
        assert time.monotonic() < until, said


def test_acknowledged_instances_survive_kills_at_random_moments(server: ServerProcess) -> None:
    chance = random.Random(41)
    server.start()
    for round_number in range(ROUNDS):
        study, files = new_files(f"round {round_number}")
        # Two store the same slices, which must be there once.
        clients = [Client(server, files, at_once) for at_once in (1, 1, BATCH)]
        for client in clients:
            client.start()
        for client in clients:
            assert client.has_answers.wait(WAIT_SECONDS)
        time.sleep(chance.uniform(0.0, 0.5))
        server.kill()
        for client in clients:
            client.join()
        assert wait_until_nobody_is_at(server.folder)
        time.sleep(1.1)  # what is left is as old as a sweep wants it
        server.start()

        stored = stored_files(server, study)
        assert stored.keys() <= set(map(key_of, files))
        for client in clients:
            for number, sent in enumerate(client.requests):
                is_there = [key_of(one) in stored for one in sent]
                assert all(is_there) or number >= client.answered
        batches = clients[-1].requests
        torn = [one for one in batches if 0 < sum(key_of(file) in stored for file in one) < BATCH]
        # Those of a batch come together; the other clients may have stored some of them alone.
        alone = clients[0].answered + clients[1].answered + 2
        assert all(files.index(one[0]) <= alone for one in torn)
        wait_for_sweep(server)
