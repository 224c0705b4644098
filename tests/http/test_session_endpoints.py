"""Every status code of the documents is reached, with the documented body."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.builders import instance, series, to_bytes
from tests.serving import Served, limited, serving

SLICE = to_bytes(instance())


def is_refusal(answer: requests.Response, status: int) -> bool:
    """Whether an answer is this status with the documented body and nothing else."""
    said = answer.json()
    return answer.status_code == status and list(said) == ["error"] and bool(said["error"])


@pytest.fixture
def session_id(served: Served) -> str:
    return served.new_session()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(
        sessions=4, session_files=3, process_seconds=1, requests_per_minute=1000, lane_jobs=1
    )
    with serving(tmp_path_factory.mktemp("server"), limits=limits) as server:
        yield server


def test_200_create_upload_list_process_download_view(served: Served, session_id: str) -> None:
    answer = served.upload(session_id, ("a.dcm", SLICE), ("b.dcm", to_bytes(instance(1))))
    assert answer.json() == {"uploaded": 2, "files": ["a.dcm", "b.dcm"]}
    listing = served.call("GET", f"/api/files/{session_id}").json()
    assert listing["input"][0] == {"name": "a.dcm", "size": len(SLICE)}
    assert listing["output"] == []
    answer = served.process(session_id, "info")
    assert {"success", "action", "log", "output_files"} <= answer.json().keys()
    assert answer.json()["output_files"] == []
    for verb in ("download", "view"):
        assert served.call("GET", f"/api/{verb}/{session_id}/a.dcm").content == SLICE


@pytest.mark.parametrize("body", [b"", b"{}", b"anything"])
@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_a_session_needs_no_body_and_takes_any(
    served: Served, body: bytes, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = served.call("POST", "/api/session", data=body, headers=headers)
    assert uuid.UUID(answer.json()["session_id"]).version == 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"merge"',
        b"{}",
        b'{"action": 1}',
        b'{"action": null}',
        b'{"action": "no such thing"}',
        b'{"action": "anonymize"}',
        b'{"action": "anonymize", "params": 5}',
        b'{"action": "anonymize", "params": "(0010,0010)=A\\nnonsense"}',
        b'{"action": "merge", "options": []}',
        b'{"action": "merge", "options": {"no_such": 1}}',
        b'{"action": "merge", "options": {"in_place": true}}',
        b'{"action": "merge", "input": "elsewhere"}',
        b'{"action": "merge", "input": ["input"]}',
        b'{"action": "merge\xff"}',
    ],
)
def test_400_wrong_process_bodies(served: Served, session_id: str, body: bytes) -> None:
    served.upload(session_id, ("a.dcm", SLICE))
    assert is_refusal(served.call("POST", f"/api/process/{session_id}", data=body), 400)


def test_400_a_bad_line_of_parameters_is_named(served: Served, session_id: str) -> None:
    served.upload(session_id, ("a.dcm", SLICE))
    answer = served.process(session_id, "anonymize", params="(0010,0010)=A\nnonsense")
    assert is_refusal(answer, 400)
    assert "2" in answer.json()["error"]


def test_400_process_without_files(served: Served, session_id: str) -> None:
    assert is_refusal(served.process(session_id, "merge"), 400)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b""),
        ("application/json", b"{}"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b--\r\n"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=files\r\n\r\nx\r\n--b--\r\n",
        ),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=other; filename=x\r\n\r\nx\r\n--b--\r\n",
        ),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=files; filename=x\r\n\r\nx",
        ),
        ("multipart/form-data; boundary=" + "b" * 100, b"--b--\r\n"),
    ],
)
def test_400_uploads_without_files(
    served: Served, session_id: str, content_type: str, body: bytes
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    path = f"/api/upload/{session_id}"
    assert is_refusal(served.call("POST", path, data=body, headers=headers), 400)
    assert served.call("GET", f"/api/files/{session_id}").json()["input"] == []


def test_an_upload_without_a_declared_boundary_is_read(served: Served, session_id: str) -> None:
    body = b"--b\r\nContent-Disposition: form-data; name=files; filename=x\r\n\r\nx\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data"}
    answer = served.call("POST", f"/api/upload/{session_id}", data=body, headers=headers)
    assert answer.json() == {"uploaded": 1, "files": ["x"]}


def test_400_more_files_than_a_session_takes_stores_none(narrow: Served) -> None:
    session_id = narrow.new_session()
    four = [(f"{number}.dcm", bytes([number])) for number in range(4)]
    assert is_refusal(narrow.upload(session_id, *four), 400)
    assert narrow.call("GET", f"/api/files/{session_id}").json()["input"] == []
    narrow.upload(session_id, *four[:2])
    assert is_refusal(narrow.upload(session_id, *four[2:]), 400)
    assert len(narrow.call("GET", f"/api/files/{session_id}").json()["input"]) == 2
    narrow.call("DELETE", f"/api/session/{session_id}")


ROUTES = [
    ("POST", "/api/session"),
    ("POST", "/api/upload/{session_id}"),
    ("GET", "/api/files/{session_id}"),
    ("POST", "/api/process/{session_id}"),
    ("GET", "/api/download/{session_id}/{filename}"),
    ("GET", "/api/view/{session_id}/{filename}"),
    ("GET", "/api/download/{session_id}"),
    ("GET", "/api/session/{session_id}"),
    ("DELETE", "/api/session/{session_id}"),
    ("GET", "/api/jobs/{session_id}"),
    ("GET", "/api/jobs/{session_id}/{job_id}"),
    ("DELETE", "/api/jobs/{session_id}/{job_id}"),
    ("GET", "/api/jobs/{session_id}/{job_id}/events"),
    ("GET", "/api/frames/{session_id}/{filename}/1"),
]


def filled(path: str, session_id: str) -> str:
    job_id = str(uuid.uuid4())
    return path.format(session_id=session_id, filename="a.dcm", job_id=job_id)


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("key", ["", "nonsense", "a.b", "x" * 300])
def test_401_without_a_valid_key(
    served: Served, session_id: str, method: str, path: str, key: str
) -> None:
    assert is_refusal(served.call(method, filled(path, session_id), key=key), 401)


@pytest.mark.parametrize(("method", "path"), ROUTES[1:])
@pytest.mark.parametrize(
    "wrong", ["00000000-0000-4000-8000-000000000000", "nonsense", "..%2F..", "%00", "a" * 3000]
)
def test_404_unknown_and_malformed_sessions(
    served: Served, method: str, path: str, wrong: str
) -> None:
    arguments: dict[str, Any] = {}
    if "process" in path:
        arguments["json"] = {"action": "merge"}
    if "upload" in path:
        arguments["files"] = {"files": ("a", b"a")}
    assert is_refusal(served.call(method, filled(path, wrong), **arguments), 404)


@pytest.mark.parametrize(("method", "path"), ROUTES[1:])
def test_404_sessions_of_other_keys(
    served: Served, session_id: str, method: str, path: str
) -> None:
    served.upload(session_id, ("a.dcm", SLICE))
    arguments: dict[str, Any] = {}
    if "process" in path:
        arguments["json"] = {"action": "merge"}
    if "upload" in path:
        arguments["files"] = {"files": ("a", b"a")}
    other = served.new_key()
    assert is_refusal(served.call(method, filled(path, session_id), key=other, **arguments), 404)
    assert served.call("GET", f"/api/files/{session_id}").status_code == 200


@pytest.mark.parametrize(
    "name", ["no.dcm", "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "a%00b", "A.dcm%20"]
)
@pytest.mark.parametrize("verb", ["download", "view"])
def test_404_unknown_files(served: Served, session_id: str, verb: str, name: str) -> None:
    served.upload(session_id, ("a.dcm", SLICE))
    assert is_refusal(served.call("GET", f"/api/{verb}/{session_id}/{name}"), 404)


def test_404_unknown_addresses_and_405_unknown_methods(served: Served) -> None:
    assert is_refusal(served.call("GET", "/api/nothing"), 404)
    answer = served.call("PUT", "/api/session")
    assert is_refusal(answer, 405)
    assert answer.headers["Allow"] == "OPTIONS, POST"
    assert is_refusal(served.call("GET", "/api/session"), 405)
    assert served.call("OPTIONS", "/api/session").headers["Allow"] == "OPTIONS, POST"


def test_409_too_many_jobs_of_a_session_wait(narrow: Served) -> None:
    session_id = narrow.new_session()
    narrow.upload(session_id, ("a.dcm", SLICE))
    path = f"/api/process/{session_id}?async=1"
    body = {"action": "info"}
    answers = [narrow.call("POST", path, json=body) for _ in range(6)]
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert any(is_refusal(answer, 409) for answer in answers if answer.status_code == 409)
    narrow.call("DELETE", f"/api/session/{session_id}")


def test_503_when_as_many_sessions_are_there_as_may_be(narrow: Served) -> None:
    made = [narrow.call("POST", "/api/session") for _ in range(5)]
    assert is_refusal(made[-1], 503)
    assert int(made[-1].headers["Retry-After"]) > 0
    for answer in made[:-1]:
        narrow.call("DELETE", f"/api/session/{answer.json()['session_id']}")


def test_504_when_the_work_takes_too_long(narrow: Served) -> None:
    session_id = narrow.new_session()
    slices = series(3, rows=2600, columns=2600)
    narrow.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    answer = narrow.process(session_id, "compress_lossless")
    assert is_refusal(answer, 504)
    # The session goes on.
    assert narrow.call("GET", f"/api/files/{session_id}").json()["output"] == []
    narrow.call("DELETE", f"/api/session/{session_id}")


def test_429_more_requests_and_sessions_than_allowed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    limits = limited(requests_per_minute=30, sessions_per_minute=5)
    with serving(tmp_path_factory.mktemp("server"), limits=limits) as server:
        made = [server.call("POST", "/api/session") for _ in range(6)]
        assert [answer.status_code for answer in made] == [200] * 5 + [429]
        assert is_refusal(made[-1], 429)
        assert 0 < int(made[-1].headers["Retry-After"]) <= 60
        session_id = made[0].json()["session_id"]
        # Uploads, downloads and views do not count.
        for number in range(40):
            assert server.upload(session_id, (f"{number}.dcm", b"x")).status_code == 200
            path = f"/api/download/{session_id}/{number}.dcm"
            assert server.call("GET", path).status_code == 200
        seen = [server.call("GET", f"/api/files/{session_id}") for _ in range(26)]
        assert [answer.status_code for answer in seen] == [200] * 24 + [429] * 2
        assert seen[0].headers["RateLimit-Limit"] == "30"
        assert seen[0].headers["RateLimit-Remaining"] == "23"
        assert is_refusal(server.process(session_id, "info"), 429)
