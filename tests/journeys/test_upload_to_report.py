"""From a folder at a site to a report: our uploaders, the server, the built-in analysis."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.cli.main import main
from isocenter.settings import Settings
from tests.builders import series, write_series
from tests.conftest import REPOSITORY
from tests.serving import Served, serving

_SECONDS = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(jobs=1, analyses="sample", analysis_stable_seconds=0)
    with serving(tmp_path_factory.mktemp("server"), settings=settings) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder as sites have them: slices, a text and an empty file."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "images"
    write_series(series(4), folder)
    (folder / "readme.txt").write_text("no image")
    (folder / "empty.dcm").touch()
    return folder


def test_a_folder_becomes_a_report(
    served: Served, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = served.url.replace("://", f"://{served.key.replace('.', ':')}@")
    command = ["upload", "--api-endpoint", address, "--path", str(folder)]

    first = main([*command, "--report", str(tmp_path / "report.json")])
    said = capsys.readouterr()
    second = main(command)
    again = capsys.readouterr()

    assert first == 0
    assert said.out.endswith("4 stored, 2 rejected\n")
    assert said.err.count("skipped: 1 file(s): rejected by the server") == 2
    told = json.loads((tmp_path / "report.json").read_text())["uploads"]
    slices = [one for one in told if one["state"] == "stored"]
    assert [one["sha256"] for one in slices] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("0*.dcm"))
    ]
    assert second == 0
    assert "4 there before" in again.out
    assert_report(served, slices[0]["study_uid"])


def assert_report(served: Served, study_uid: str) -> None:
    """Wait for the report of a study: nobody asked for it."""
    until = time.monotonic() + _SECONDS
    while True:
        answer = served.call("GET", "/status", params={"study_uid": study_uid})
        if answer.status_code == 200 and answer.json()["status"] == "DELIVERED":
            break
        assert time.monotonic() < until, answer.text
        time.sleep(0.1)
    wanted = {"study_uid": study_uid, "report_type": "JSON"}
    values = served.call("GET", "/results", params=wanted).json()
    assert values["series"][0]["modality"] == "CT"
    assert values["unreadable"] == 0


def test_the_standalone_script_does_the_same(served: Served, folder: Path) -> None:
    key = served.new_key()
    command: list[str | Path] = [sys.executable, REPOSITORY / "compat" / "upload_dicom.py"]
    address = f"{served.url}/t/{key}"

    done = subprocess.run(
        [*command, "--api-endpoint", address, "--path", folder],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nAll done!\n")
    assert key not in done.stdout
    uploads = served.call("GET", "/upload/report", key=key).json()["uploads"]
    wanted = {"keys": [one["key"] for one in uploads], "wait_seconds": 30}
    counts = served.call("POST", "/upload/report", key=key, json=wanted).json()["counts"]
    assert (counts["stored"], counts["rejected"]) == (4, 2)
