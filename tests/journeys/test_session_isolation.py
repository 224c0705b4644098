"""Whose session it is, what is left of it, and what is never told: on every route of a real server.

The routes are read from the server's own table, so that one that is added is tested.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from isocenter.http.viewer_links import ARCHIVE_SUFFIX
from tests.builders import CANARY, instance, series, to_bytes
from tests.server_process import ServerProcess
from tests.serving import Served, serving
from tests.stores import files_under

pytestmark = [pytest.mark.slow]
SLICE = to_bytes(instance(0))
NOBODY = "00000000-0000-4000-8000-000000000000"
# A name that a technician may well give a file; and what a client may try to leave a session with.
NAMED = "VOGELSANG_Ottilie_19521224.dcm"
HOSTILE = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\boot.ini",
    "a/../../b.dcm",
    "..",
    ".",
    "...",
    "CON",
    "con.dcm",
    "LPT1.dcm",
    "nul",
    "a\x00.dcm",
    "a.dcm\x00.png",
    "%2e%2e%2fa.dcm",
    "..%c0%af..%c0%afetc",
    "\uff0e\uff0e\uff0fetc\uff0fpasswd",
    "\u202egnp.dcm",
    "a:b.dcm",
    "a.dcm:stream",
    "-rf",
    "~root",
    "a\r\nX-Evil: 1.dcm",
    " ",
    "x" * 4000 + ".dcm",
    "*.dcm",
    "$(id).dcm",
    "<script>.dcm",
]
HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
STRAYS = [
    "..%2f..%2fdatabase.sqlite3",
    "%2e%2e%2f%2e%2e%2fserver.secret",
    "..%5c..%5cserver.secret",
    "..%252f..%252fserver.secret",
    "%2fetc%2fpasswd",
    "a.dcm%00.png",
    "%00",
    "CON",
    ".",
    "%2e%2e",
    "..;%2fserver.secret",
    "....%2f%2fserver.secret",
    "%c0%ae%c0%ae%2fserver.secret",
    "file:%2f%2f%2fetc%2fpasswd",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def owned(served: Served) -> dict[str, str]:
    """Return a session with an input, an output and a job; what fills the routes."""
    session_id = served.new_session()
    slices = [(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(series(3))]
    served.upload(session_id, ("a.dcm", SLICE), *slices)
    made = served.process(session_id, "merge").json()["output_files"]
    job = served.call("GET", f"/api/jobs/{session_id}").json()["jobs"][0]["job_id"]
    token = made[0]["view_url"].split("/")[-2]
    return {
        "session_id": session_id,
        "filename": made[0]["name"],
        "frame_number": "1",
        "job_id": job,
        "token": token,
    }


def routes(served: Served) -> list[tuple[str, str]]:
    """Return method and path of all that is about a session."""
    paths = served.call("GET", "/openapi.json").json()["paths"]
    found = [
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if "{session_id}" in path
    ]
    # What removes the session comes last.
    return sorted(found, key=lambda route: route == ("DELETE", "/api/session/{session_id}"))


def filled(path: str, values: dict[str, str]) -> str:
    """Return an address; volumes are sent as archives that are named after them."""
    if path.startswith("/api/slices"):
        values = {**values, "filename": values["filename"] + ARCHIVE_SUFFIX}
    return path.format(**values)


def arguments(path: str) -> dict[str, Any]:
    """Return a body with which the owner would be answered."""
    if path.startswith("/api/process"):
        return {"json": {"action": "info"}}
    if path.startswith("/api/upload"):
        return {"files": {"files": ("b.dcm", SLICE)}}
    return {}


def said(answer: requests.Response) -> dict[str, Any]:
    """Return what an answer says; the id of the request is another one each time."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_the_owner_is_answered_on_every_route(served: Served, owned: dict[str, str]) -> None:
    found = routes(served)
    assert len(found) >= 18
    for method, path in found:
        answer = served.call(method, filled(path, owned), **arguments(path))
        assert answer.status_code in {200, 202}, (method, path, answer.text)


def test_sessions_of_others_are_not_there_on_any_route(
    served: Served, owned: dict[str, str]
) -> None:
    key = served.new_key()
    visitor = requests.Session()
    visitor.get(f"{served.url}/app", timeout=10)
    before = served.call("GET", f"/api/files/{owned['session_id']}?facts=1").json()["input"]
    for method, path in routes(served):
        if "{token}" in path:
            continue  # the next test
        address = filled(path, owned)
        foreign = served.call(method, address, key=key, **arguments(path))
        by_cookie = visitor.request(method, served.url + address, timeout=30, **arguments(path))
        nowhere = filled(path, {**owned, "session_id": NOBODY})
        unknown = served.call(method, nowhere, key=key, **arguments(path))
        assert foreign.status_code == by_cookie.status_code == 404, (method, path, foreign.text)
        # Nobody can tell a session of others from one that never was.
        assert said(foreign) == said(by_cookie) == said(unknown)
        words = {"error"} if path.startswith("/api/") else {"type", "title", "status", "detail"}
        assert set(said(foreign)) == words
        assert served.call(method, address, key="", **arguments(path)).status_code == 401
    after = served.call("GET", f"/api/files/{owned['session_id']}?facts=1").json()["input"]
    assert [one["name"] for one in after] == [one["name"] for one in before]


def test_a_token_is_good_for_its_own_file_alone(served: Served, owned: dict[str, str]) -> None:
    key = served.new_key()
    path = "/api/view/{session_id}/{token}/{filename}"
    session = served.call("POST", "/api/session", key=key).json()["session_id"]
    parts = [("files", ("a.dcm", SLICE))]
    served.call("POST", f"/api/upload/{session}", key=key, files=parts)
    listed = served.call("GET", f"/api/files/{session}?facts=1", key=key).json()["input"]
    foreign = listed[0]["view_url"].split("/")[-2]
    assert served.call("GET", path.format(**owned), key="").status_code == 200
    for _, one in routes(served):
        if "{token}" not in one:
            continue
        for changed in (
            {"token": foreign},
            {"token": "x" * 40},
            {"filename": "a.dcm"},
            {"session_id": session},
            {"session_id": NOBODY},
        ):
            answer = served.call("GET", filled(one, {**owned, **changed}), key="")
            assert answer.status_code in {401, 404}, (one, changed)
            assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("stray", STRAYS)
def test_names_in_addresses_lead_nowhere_else(
    served: Served, owned: dict[str, str], stray: str
) -> None:
    for method, path in routes(served):
        for place in re.findall(r"{(\w+)}", path):
            address = filled(path, {**owned, place: stray})
            request = requests.Request(
                method, served.url, headers={"X-API-Key": served.key}, **arguments(path)
            ).prepare()
            # As it stands: `requests` itself would resolve the dots.
            request.url = served.url + address
            answer = requests.Session().send(request, timeout=30, allow_redirects=False)
            assert answer.status_code in {400, 401, 404, 405}, (method, address)
            assert b"SQLite format" not in answer.content
            assert b"root:" not in answer.content


def test_names_of_uploads_are_data_and_never_paths(served: Served) -> None:
    session_id = served.new_session()
    store = served.platform.engines.folder
    around = set(files_under(store.parent)) - set(files_under(store))
    for number, name in enumerate(HOSTILE):
        data = SLICE + bytes([number])
        quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
        body = (
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="'
            + quoted.encode()
            + b'"\r\n\r\n'
            + data
            + b"\r\n--b--\r\n"
        )
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = served.call("POST", f"/api/upload/{session_id}", data=body, headers=headers)
        assert answer.status_code in {200, 400}, (name, answer.text)
        if answer.status_code == 400:
            continue
        (given,) = answer.json()["files"]
        assert HARMLESS.fullmatch(given), (name, given)
        assert given.partition(".")[0].lower() not in {"con", "nul", "lpt1", "prn", "aux"}
        got = served.call("GET", f"/api/download/{session_id}/{given}")
        assert got.content == data
        assert "X-Evil" not in got.headers
    # Servers of other tests work beside this one; what was uploaded here lies nowhere there.
    beside = set(files_under(store.parent)) - set(files_under(store)) - around
    assert not [path for path in beside if path.is_file() and path.read_bytes()[:-1] == SLICE]
    keys = [path for path in files_under(store / "blobs") if len(path.name) == 64]
    assert {path.parent.parent for path in keys} == {store / "blobs"}


class NameWatch(threading.Thread):
    """Collects the names of all that is in some folders, again and again."""

    def __init__(self, *folders: Path) -> None:
        super().__init__()
        self.names: set[str] = set()
        self._folders = folders
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(0.005):
            for folder in self._folders:
                self.names.update(str(path.relative_to(folder)) for path in files_under(folder))

    def end(self) -> None:
        self._is_over.set()
        self.join()


def walk(server: ServerProcess) -> list[requests.Response]:
    """Use a session in every way, also wrongly; return every answer that refuses."""
    session_id = server.new_session()
    named = {f"{k}_{NAMED}": to_bytes(one) for k, one in enumerate(series(6))}
    answers = [
        server.upload(session_id, named),
        server.upload(session_id, {f"broken_{NAMED}": SLICE[:700], f"text_{NAMED}": b"VOGELSANG"}),
    ]
    bodies = (
        {"action": "merge"},
        {"action": "anonymize", "params": f"(0010,0010)={CANARY}^NEW"},
        {"action": "anonymize", "params": f"(0010,0010) VOGELSANG {CANARY} nonsense"},
        {"action": CANARY},
        {"action": "headers"},
        {"action": "info"},
        {"action": "export_png"},
        {"action": "split", "input": "output"},
    )
    paths = (
        f"/api/download/{session_id}/none_{CANARY}.dcm",
        f"/api/frames/{session_id}/broken_{NAMED}/1",
        f"/api/frames/{session_id}/0_{NAMED}/99",
        f"/api/headers/{session_id}/text_{NAMED}",
        f"/api/slices/{session_id}/0_{NAMED}",
        f"/api/{CANARY}",
        f"/{CANARY}?{CANARY}={CANARY}",
        f"/api/files/{CANARY}",
    )
    process = f"/api/process/{session_id}"
    answers += [server.call("POST", process, json=body) for body in bodies]
    answers += [server.call("GET", path) for path in paths]
    answers.append(server.call("POST", process, data=f'{{"{CANARY}": '))
    return [answer for answer in answers if answer.status_code >= 400]


@pytest.mark.timeout(120)
def test_identities_are_told_nowhere_and_after_the_end_of_a_session_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    server = ServerProcess(tmp_path, session_ttl_seconds=12)
    server.start()
    watch = NameWatch(server.folder, temporary)
    watch.start()
    try:
        refusals = walk(server)
        metrics = server.call("GET", "/metrics").text
        until = time.monotonic() + 60
        while server.call("GET", "/metrics").text.find('kind="session_files"} 0.0') < 0:
            assert time.monotonic() < until, "the session was not removed"
            time.sleep(0.2)
        time.sleep(0.5)
        left = {path: path.read_bytes() for path in files_under(tmp_path) if path != server.log}
    finally:
        watch.end()
        server.stop()

    assert len(refusals) >= 8
    for answer in refusals:
        told = answer.text + json.dumps(dict(answer.headers))
        assert CANARY not in told, (answer.request.url, told)
        assert "VOGELSANG" not in told, (answer.request.url, told)
    said = server.log.read_text("utf-8") + metrics + "\n".join(watch.names)
    for word in (CANARY, "VOGELSANG", "Ottilie", server.key.partition(".")[2]):
        assert word not in said
    assert len(watch.names) > 20
    traces = (CANARY.encode(), b"VOGELSANG", b"Ottilie", SLICE[-60:])
    for path, data in left.items():
        assert not [trace for trace in traces if trace in data], path
