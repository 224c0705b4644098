"""`kill -9` of a real server while resources are uploaded: what was answered is there, once."""

import sys
import threading
from pathlib import Path

import pytest
import requests

from tests.builders import series, to_bytes
from tests.server_process import ServerProcess

UPLOADS = 60
ENOUGH = 8
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="as of other servers that are killed"),
]


def upload(server: ServerProcess, number: int, data: bytes) -> requests.Response:
    """Upload a slice, recognised when it is sent again."""
    return server.call(
        "POST",
        "/resources",
        files={"resource": (f"{number}.dcm", data)},
        headers={"Idempotency-Key": f"upload {number}"},
    )


def test_what_was_answered_is_there_and_retries_make_nothing_twice(tmp_path: Path) -> None:
    files = [to_bytes(one) for one in series(UPLOADS, rows=16, columns=16)]
    answered: dict[int, str] = {}
    has_enough = threading.Event()

    def work(first: int) -> None:
        for number in range(first, UPLOADS, 3):
            try:
                answer = upload(server, number, files[number])
            except requests.RequestException:
                return
            answered[number] = answer.json()["id"]
            if len(answered) >= ENOUGH:
                has_enough.set()

    server = ServerProcess(tmp_path, leftover_seconds=1)
    server.start()
    try:
        threads = [threading.Thread(target=work, args=(first,)) for first in range(3)]
        for thread in threads:
            thread.start()
        assert has_enough.wait(60)
        server.kill()
        for thread in threads:
            thread.join(60)
        server.start()

        for number, resource_id in answered.items():
            assert server.call("GET", f"/resources/{resource_id}/file").content == files[number]
        again = [upload(server, number, data) for number, data in enumerate(files)]
        listed = server.call("GET", "/resources?limit=500").json()
        instances = server.call("GET", "/dicom-web/instances?limit=500").json()
        said = server.administer("check", "--read-bytes")
    finally:
        server.stop()

    ids = [answer.json()["id"] for answer in again]
    assert {number: ids[number] for number in answered} == answered
    assert len(set(ids)) == listed["totalCount"] == len(instances) == UPLOADS
    assert "0 without bytes, 0 damaged" in said
