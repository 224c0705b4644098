"""A canary in every identifying place walks through the server; nothing outside the data has it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.builders import series, to_bytes

CANARY = "KANARIENVOGEL"
pytestmark = pytest.mark.slow


def slices() -> list[tuple[str, bytes]]:
    made = series(4)
    for one in made:
        one.PatientName = f"{CANARY}^Jane"
        one.PatientID = f"{CANARY}-1"
        one.InstitutionName = CANARY
        one.PatientComments = CANARY
    return [(f"{CANARY}_{number}.dcm", to_bytes(one)) for number, one in enumerate(made)]


def test_no_log_metric_error_or_file_name_says_who_it_is(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "isocenter.cli.main", "serve", "--port", "0", "--data", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        process.stdout.readline()
        key = process.stdout.readline().split()[-1]
        said = walk(url, {"X-API-Key": key})
        names = [str(path) for path in tmp_path.rglob("*")]
        process.send_signal(signal.SIGTERM)
        printed, logged = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate(timeout=30)
    assert '"event": "request"' in logged
    for text in (*said, *names, printed, logged):
        assert CANARY not in text
        assert key.partition(".")[2] not in text


def walk(url: str, headers: dict[str, str]) -> list[str]:
    """Use every endpoint, rightly and wrongly; return errors and measurements."""
    with requests.Session() as client:
        client.headers.update(headers)
        session_id = client.post(f"{url}/api/session", timeout=30).json()["session_id"]
        files = [("files", file) for file in slices()]
        client.post(f"{url}/api/upload/{session_id}", files=files, timeout=30)
        for body in (
            {"action": "merge"},
            {"action": "anonymize", "options": {"profile": "basic"}},
            {"action": "export_png", "options": {"window": CANARY}},
            {"action": CANARY},
            {"action": "anonymize", "params": f"(0010,0010)={CANARY}\n{CANARY}"},
        ):
            client.post(f"{url}/api/process/{session_id}", json=body, timeout=60)
        wrong = [
            client.get(f"{url}/api/download/{session_id}/{CANARY}.dcm", timeout=30),
            client.get(f"{url}/api/{CANARY}?{CANARY}={CANARY}", timeout=30),
            client.get(f"{url}/{CANARY}", timeout=30),
            client.get(f"{url}/api/frames/{session_id}/{CANARY}_0.dcm/{CANARY}", timeout=30),
            client.post(f"{url}/api/process/{session_id}", data=f"{CANARY}", timeout=30),
            client.post(f"{url}/api/process/{session_id}", json={"action": CANARY}, timeout=30),
            client.get(f"{url}/api/files/{session_id}", headers={"X-API-Key": CANARY}, timeout=30),
            client.post(
                f"{url}/api/upload/{session_id}",
                data=f"--{CANARY}\r\n{CANARY}: x\r\n".encode(),
                headers={"Content-Type": f"multipart/form-data; boundary={CANARY}"},
                timeout=30,
            ),
        ]
        wrong += walk_archive(client, f"{url}/dicom-web")
        wrong += walk_resources(client, f"{url}/resources")
        assert all(400 <= answer.status_code < 500 for answer in wrong)
        metrics = client.get(f"{url}/metrics", timeout=30).text
        assert re.search(r"isocenter_requests_total\{", metrics)
        return [metrics, *(answer.text for answer in wrong)]


def walk_archive(client: requests.Session, url: str) -> list[requests.Response]:
    """Store, find and show instances; return the answers to what is wrong."""
    files = [data for _, data in slices()]
    dicom = {"Content-Type": "application/dicom"}
    for data in files:
        assert client.post(f"{url}/studies", data=data, headers=dicom, timeout=30).ok
    found = client.get(f"{url}/instances?PatientName={CANARY}*", timeout=30).json()
    assert len(found) == len(files)
    place = found[0]["00081190"]["Value"][0]
    for path in ("", "/metadata", "/rendered", "/frames/1"):
        assert client.get(place + path, timeout=60).ok
    other = files[0].replace(b"Jane", b"John")
    return [
        client.post(f"{url}/studies", data=other, headers=dicom, timeout=30),
        client.post(f"{url}/studies", data=CANARY, headers=dicom, timeout=30),
        client.post(f"{url}/studies", data=CANARY, headers={"Content-Type": CANARY}, timeout=30),
        client.get(f"{url}/studies?PatientName={CANARY}&StudyDate={CANARY}", timeout=30),
        client.get(f"{url}/studies?{CANARY}={CANARY}", timeout=30),
        client.get(f"{url}/studies/{CANARY}", timeout=30),
        client.get(place, headers={"Accept": f"image/{CANARY}"}, timeout=30),
        client.get(f"{place}/rendered?window={CANARY}", timeout=30),
        client.get(f"{place}/bulkdata/{CANARY}", timeout=30),
        client.get(f"{place}/frames/{CANARY}", timeout=30),
    ]


def walk_resources(client: requests.Session, url: str) -> list[requests.Response]:
    """Upload, find, label and delete a resource; return the answers to what is wrong."""
    name, data = slices()[0]
    form = {"channel": CANARY, "labels": CANARY, "source_filepath": f"/{CANARY}/{name}"}
    made = client.post(url, files={"resource": (name, data)}, data=form, timeout=30).json()
    place = f"{url}/{made['id']}"
    found = client.get(f"{url}?channel_name={CANARY}&labels[0]={CANARY}&limit=50", timeout=30)
    assert [one["filename"] for one in found.json()["data"][0]["resources"]] == [name]
    for path in ("", "/file", "/frames/0"):
        assert client.get(place + path, timeout=60).ok
    assert client.put(f"{place}/labels", json={"labels": [CANARY * 2]}, timeout=30).ok
    wrong = [
        client.post(url, files={"resource": (f"{CANARY}.dcm", CANARY)}, timeout=30),
        client.post(url, files={CANARY: (CANARY, data)}, timeout=30),
        client.post(url, files={"resource": data}, data={"metadata": CANARY}, timeout=30),
        client.get(f"{url}?order_field={CANARY}&filename={CANARY}", timeout=30),
        client.get(f"{url}?status={CANARY}", timeout=30),
        client.get(f"{url}/{CANARY}/file", timeout=30),
        client.get(f"{place}/frames/{CANARY}", timeout=30),
        client.put(f"{place}/tags", json={"tags": [f"{CANARY}\n{CANARY}"], CANARY: 1}, timeout=30),
        client.put(f"{place}/tags", json={"tags": [CANARY * 50]}, timeout=30),
        client.delete(f"{url}?resource_ids={CANARY}", timeout=30),
    ]
    assert client.delete(place, timeout=30).ok
    return wrong
