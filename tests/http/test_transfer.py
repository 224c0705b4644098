"""Files and archives as answers."""

import hashlib
import io
import socket
import zipfile

import pytest
from requests.structures import CaseInsensitiveDict

from tests.builders import series, to_bytes
from tests.serving import Served

CONTENT = bytes(range(256)) * 12_000  # 3 MB: several steps


@pytest.fixture(scope="module")
def path(served: Served) -> str:
    session_id = served.new_session()
    served.upload(session_id, ("a.bin", CONTENT), ("empty.bin", b""))
    return f"/api/download/{session_id}/a.bin"


def test_a_download_has_every_byte_and_says_what_it_is(served: Served, path: str) -> None:
    answer = served.call("GET", path)
    assert answer.content == CONTENT
    headers: CaseInsensitiveDict[str] = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == 'attachment; filename="a.bin"'
    assert headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert headers["Cache-Control"] == "no-store"


def test_a_view_is_dicom_without_disposition(served: Served, path: str) -> None:
    answer = served.call("GET", path.replace("download", "view"))
    assert answer.content == CONTENT
    assert answer.headers["Content-Type"] == "application/dicom"
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("given", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=1048570-1048580", 1048570, 1048581), ("bytes=-5", -5, None)],
)
def test_a_part_is_sent(
    served: Served, path: str, given: str, start: int, stop: int | None
) -> None:
    answer = served.call("GET", path, headers={"Range": given})
    assert (answer.status_code, answer.content) == (206, CONTENT[start:stop])
    assert answer.headers["Content-Range"].endswith(f"/{len(CONTENT)}")


def test_a_part_behind_the_end_is_416(served: Served, path: str) -> None:
    answer = served.call("GET", path, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert "error" in answer.json()


def test_who_has_the_bytes_is_told_so(served: Served, path: str) -> None:
    etag = served.call("HEAD", path).headers["ETag"]
    answer = served.call("GET", path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert served.call("GET", path, headers={"If-Match": '"x"'}).status_code == 412


def test_head_says_the_length_and_sends_nothing(served: Served, path: str) -> None:
    answer = served.call("HEAD", path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CONTENT))


def test_an_empty_file_is_sent(served: Served, path: str) -> None:
    assert served.call("GET", path.replace("a.bin", "empty.bin")).content == b""


def test_who_hangs_up_frees_the_transfer(served: Served, path: str) -> None:
    for _ in range(80):  # more than may run at once
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {served.key}\r\n\r\n"
            line.sendall(head.encode())
            line.recv(1)
    assert served.call("GET", path).content == CONTENT


def test_all_outputs_come_as_one_archive(served: Served) -> None:
    session_id = served.new_session()
    assert served.call("GET", f"/api/download/{session_id}").status_code == 400
    served.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(series(3))])
    outputs = served.process(session_id, "export_png").json()["output_files"]
    assert len(outputs) == 3
    answer = served.call("GET", f"/api/download/{session_id}")
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [output["name"] for output in outputs]
    png = served.call("GET", f"/api/view/{session_id}/{outputs[0]['name']}")
    assert png.headers["Content-Type"] == "image/png"
