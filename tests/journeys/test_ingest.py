"""The documented uploader, unedited, against a real server: everything is soon in the archive.

Once with everything in files, once on PostgreSQL and an object store that takes the bytes itself.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from pydicom import Dataset

from tests.builders import series, to_bytes, write_series
from tests.servers import scale_out_settings
from tests.serving import Served, serving

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "specs" / "ingest-api.md"
SECONDS = 60
AT_ONCE = 20
QUEUED = 200
DICOM = {"Content-Type": "application/dicom"}
JUNK = {".DS_Store": b"\0\0\0\1Bud1" + bytes(6140), "empty.dcm": b"", "readme.txt": b"some words\n"}
needs_document = pytest.mark.skipif(not DOCUMENT.is_file(), reason="shared data missing")


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("scale-out", marks=pytest.mark.slow)]
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ingest")
    settings = scale_out_settings(folder) if request.param == "scale-out" else None
    with serving(folder, settings=settings) as server:
        yield server


@pytest.fixture
def key(served: Served) -> str:
    """Give a key of an account of its own."""
    return served.new_key()


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the script exactly as the document has it."""
    (text,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("script") / "upload_dicom.py"
    path.write_text(text, "utf-8")
    return path


def new_slices(count: int, name: str) -> list[Dataset]:
    """Return slices of a study that nobody else sends."""
    slices = series(count, rows=4, columns=4, series_name=name)
    for one in slices:
        one.StudyInstanceUID = one.SeriesInstanceUID + ".1"
    return slices


def run(
    script: Path, endpoint: str, folder: Path, home: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home or folder), "NO_PROXY": "*"}
    return subprocess.run(
        [sys.executable, script, "--api-endpoint", endpoint, "--path", folder],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment,
    )


def keys_of(printed: str) -> list[str]:
    return re.findall(r"S3 key will be: (\S+)", printed)


def settled(served: Served, key: str, keys: list[str]) -> list[dict[str, object]]:
    """Return reports as soon as nothing is issued or received any more."""
    until = time.monotonic() + SECONDS
    while True:
        body = {"keys": keys, "wait_seconds": 5}
        report = served.call("POST", "/upload/report", json=body, key=key).json()
        if not report["counts"]["received"] + report["counts"]["issued"]:
            uploads: list[dict[str, object]] = report["uploads"]
            return uploads
        assert time.monotonic() < until, report["counts"]
        time.sleep(0.1)


def check_stored(served: Served, key: str, slices: list[Dataset]) -> None:
    """Check that QIDO finds all slices, once each, and that their bytes are the same."""
    study = slices[0].StudyInstanceUID
    place = f"/dicom-web/studies/{study}"
    found = served.call("GET", f"{place}/instances", key=key).json()
    uids = sorted(one["00080018"]["Value"][0] for one in found)
    assert uids == sorted(one.SOPInstanceUID for one in slices)
    for one in slices[:: max(1, len(slices) // 3)]:
        path = f"{place}/series/{one.SeriesInstanceUID}/instances/{one.SOPInstanceUID}"
        answer = served.call("GET", path, key=key, headers={"Accept": "application/dicom"})
        assert answer.content == to_bytes(one)


@needs_document
@pytest.mark.parametrize("way", ["address", "netrc", "path"])
def test_documented_script_stores_a_folder_and_its_junk_is_reported(
    served: Served, key: str, script: Path, tmp_path: Path, way: str
) -> None:
    slices = new_slices(4, f"script-{way}")
    folder, home = tmp_path / "folder", tmp_path / "home"
    write_series(slices, folder)
    home.mkdir()
    for name, content in JUNK.items():
        (folder / name).write_bytes(content)
    key_id, _, secret = key.partition(".")
    host = served.url.removeprefix("http://")
    # By another name than the object store: a real one refuses what a .netrc adds for its host.
    endpoint = {
        "address": f"http://{key_id}:{secret}@{host}",
        "netrc": f"http://localhost:{served.port}",
        "path": f"{served.url}/t/{key}",
    }[way]
    if way == "netrc":
        (home / ".netrc").write_text(f"machine localhost login {key_id} password {secret}\n")

    done = run(script, endpoint, folder, home)

    assert done.returncode == 0, done.stdout + done.stderr
    keys = keys_of(done.stdout)
    reports = settled(served, key, keys)
    assert len(reports) == len(keys) == len(slices) + len(JUNK)
    states = [one["state"] for one in reports]
    assert (states.count("stored"), states.count("rejected")) == (len(slices), len(JUNK))
    reasons = sorted(str(one["reason"]["code"]) for one in reports if one["reason"])  # type: ignore[index]  # of JSON
    assert reasons == ["empty", "not_dicom", "not_dicom"]
    check_stored(served, key, slices)


@needs_document
def test_documented_script_ends_with_1_without_credentials(
    served: Served, script: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.dcm").write_bytes(b"text")

    done = run(script, served.url, tmp_path)

    assert done.returncode == 1
    assert "HTTP error" in done.stderr
    assert "401" in done.stderr


def test_many_queued_uploads_are_registered_once_each(served: Served, key: str) -> None:
    # One process is the whole object store here, and takes half a second for ten of them.
    slices = new_slices(QUEUED if served.platform.ingest.storage == "server" else 40, "queued")
    contents = [to_bytes(one) for one in slices]

    def send(content: bytes) -> str:
        given = served.call("GET", "/upload/", key=key).json()
        answer = requests.put(given["url"], data=content, headers=given["headers"], timeout=SECONDS)
        assert answer.status_code == 200, answer.text
        return str(given["key"])

    with ThreadPoolExecutor(AT_ONCE) as threads:
        keys = list(threads.map(send, contents))
    reports = settled(served, key, keys)

    assert {(one["state"], one["outcome"]) for one in reports} == {("stored", "stored")}
    check_stored(served, key, slices)
    listed = served.call("GET", "/upload/report?limit=1000", key=key).json()["uploads"]
    assert len(listed) == len(slices)


def test_address_is_refused_when_it_is_changed(served: Served, key: str) -> None:
    given = served.call("GET", "/upload/", key=key).json()
    other = served.call("GET", "/upload/", key=key).json()
    sized = served.call("POST", "/upload/", key=key, json={"files": [{"size": 4}]}).json()
    url, end = given["url"], given["url"][-1]
    changed = [
        (url.replace(given["key"], other["key"]), DICOM),
        (url[:-1] + ("0" if end != "0" else "1"), DICOM),
        (url, {"Content-Type": "text/plain"}),
        (sized["uploads"][0]["url"], DICOM),
    ]

    answers = [
        requests.put(address, data=b"too long", headers=headers, timeout=SECONDS).status_code
        for address, headers in changed
    ]

    assert answers[:3] == [403] * 3
    assert answers[3] in {403, 413}
    assert requests.get(url, timeout=SECONDS).status_code in {401, 403}
    assert served.call("GET", f"/upload/{given['key']}", key=key).json()["state"] == "issued"


def test_second_content_never_replaces_the_first(served: Served, key: str) -> None:
    first, second = new_slices(2, "second")
    given = served.call("GET", "/upload/", key=key).json()

    def put(data: bytes) -> requests.Response:
        return requests.put(given["url"], data=data, headers=DICOM, timeout=SECONDS)

    assert put(to_bytes(first)).status_code == 200
    settled(served, key, [given["key"]])

    status = put(to_bytes(second)).status_code

    assert status == (403 if given["storage"] == "server" else 200)
    served.call("POST", f"/upload/{given['key']}/received", key=key)
    check_stored(served, key, [first])
