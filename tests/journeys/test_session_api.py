"""The documented examples of the session API, run as they are written against a real server.

Only the address, the key and the folder are replaced. Of document 001, whose code blocks were
flattened to one line each, the line breaks are restored first.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from tests.builders import series, write_series
from tests.restored_examples import BATCH, CURL, PYTHON, QUICK_START
from tests.servers import scale_out_settings
from tests.serving import Served, limited, serving

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
MARKDOWN = SPECS / "session-api.md"
PAGE = SPECS / "session-api-page.txt"
VENDOR = "https://dicompressor.sitnov.work"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.judge("curl", "jq"),
    pytest.mark.skipif(not MARKDOWN.is_file(), reason="shared data missing"),
]
COUNTS = [40, pytest.param(400, marks=pytest.mark.full)]


@pytest.fixture(scope="module", params=["embedded", "scale-out"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    # The limit of requests is the real one: uploads must not count.
    limits = limited(requests_per_minute=30, sessions_per_minute=30)
    folder = tmp_path_factory.mktemp("server")
    settings = scale_out_settings(folder) if request.param == "scale-out" else None
    with serving(folder, limits=limits, settings=settings) as server:
        yield server


@pytest.fixture(params=COUNTS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Make a working folder with `dicoms/`, as the examples expect it."""
    slices = series(request.param)
    for number, one in enumerate(slices):
        one.SeriesNumber = 31
        one.PatientName = "Doe^Jane"
        one.InstanceNumber = number + 1
    write_series(slices, tmp_path / "dicoms")
    return tmp_path


def blocks(language: str) -> list[str]:
    """Return the code blocks of document 000 in a language."""
    return re.findall(rf"```{language}\n(.*?)```", MARKDOWN.read_text("utf-8"), re.DOTALL)


def block(language: str, words: str) -> str:
    """Return the one block of a language that holds these words."""
    (found,) = [text for text in blocks(language) if words in text]
    return found


def flattened(words: str) -> str:
    """Return the one line of document 001 that begins with these words."""
    (found,) = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(words)]
    return found


def replaced(text: str, served: Served) -> str:
    """Return an example with our address and key."""
    assert VENDOR in text
    assert "YOUR_KEY" in text
    return text.replace(VENDOR, served.url).replace("YOUR_KEY", served.key)


def run(command: list[str], folder: Path) -> str:
    """Run an example in its folder; return what it printed."""
    environment = {**os.environ, "NO_PROXY": "*"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_merged(folder: Path) -> None:
    """Check that one merged file was downloaded, with every slice in it."""
    (made,) = folder.glob("*_multiframe.dcm")
    assert made.name == "Doe_Jane_series31_multiframe.dcm"
    merged = pydicom.dcmread(made)
    assert merged.NumberOfFrames == len(list((folder / "dicoms").iterdir()))


def test_the_curl_example_merges_and_downloads(served: Served, folder: Path) -> None:
    script = replaced(block("bash", "Upload all .dcm files"), served)
    printed = run(["bash", "-c", script], folder)
    assert "Success: true" in printed
    check_merged(folder)


def test_the_python_example_merges_and_downloads(served: Served, folder: Path) -> None:
    script = replaced(block("python", "Upload files (batch of 20)"), served)
    # Open files are left to the collector there; that is the example's own affair.
    printed = run([sys.executable, "-W", "ignore", "-c", script], folder)
    assert "Downloaded" in printed
    check_merged(folder)


def test_the_anonymize_example_follows_the_upload(served: Served, folder: Path) -> None:
    upload = replaced(block("python", "Upload files (batch of 20)"), served)
    upload = upload.partition("# 3. Process")[0]
    script = upload + block("python", "ANONYMOUS^PATIENT") + "\nprint(result['success'])"
    script += "\nprint(*[f['name'] for f in result['output_files']])\n"
    script += "\nprint(session_id)"
    printed = run([sys.executable, "-W", "ignore", "-c", script], folder).split("\n")
    assert printed[0] == "True"
    assert printed[1].split()[0] == "anon_0001.dcm"
    assert len(printed[1].split()) == len(list((folder / "dicoms").iterdir()))
    content = served.call("GET", f"/api/download/{printed[2]}/anon_0001.dcm").content
    (folder / "one.dcm").write_bytes(content)
    made = pydicom.dcmread(folder / "one.dcm")
    assert (made.PatientName, made.PatientID) == ("ANONYMOUS^PATIENT", "ANON001")
    assert b"Jane" not in content


def words(text: str) -> str:
    """Return a text with single spaces, as document 001 has it."""
    return " ".join(text.split())


@pytest.mark.parametrize("example", [BATCH, CURL, PYTHON, QUICK_START])
def test_restored_examples_are_those_of_document_001(example: str) -> None:
    assert words(example) in {words(line) for line in PAGE.read_text("utf-8").splitlines()}


def test_the_batch_example_of_document_001_runs(served: Served, folder: Path) -> None:
    printed = run(["bash", "-c", replaced(BATCH, served)], folder)
    uploaded = [int(count) for count in re.findall(r"Batch: uploaded (\d+) files", printed)]
    assert sum(uploaded) == len(list((folder / "dicoms").iterdir()))
    assert '"success": true' in printed
    assert "series31_multiframe.dcm" in printed


def test_the_curl_example_of_document_001_runs(served: Served, folder: Path) -> None:
    printed = run(["bash", "-c", replaced(CURL, served)], folder)
    assert "Success: true" in printed
    assert printed.rstrip().endswith("Done!")
    check_merged(folder)


def test_the_python_example_of_document_001_runs(served: Served, folder: Path) -> None:
    printed = run([sys.executable, "-W", "ignore", "-c", replaced(PYTHON, served)], folder)
    assert "Success: True" in printed
    assert "Output files: 1" in printed
    check_merged(folder)


def test_the_quick_start_downloads_by_the_documented_name(served: Served, folder: Path) -> None:
    script = replaced(QUICK_START, served)
    for path in sorted((folder / "dicoms").iterdir())[:2]:
        script = script.replace("[email protected]", f"files=@{path}", 1)
    run(["bash", "-c", script], folder)
    assert pydicom.dcmread(folder / "merged.dcm").NumberOfFrames == 2


def powershell_body(path: Path, boundary: str) -> bytes:
    """Return the bytes that `Invoke-RestMethod -Form` of PowerShell 7 sends for one file.

    .NET quotes neither names nor the file name, and adds `filename*`.
    """
    head = (
        f"--{boundary}\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Disposition: form-data; name=files; filename={path.name}; "
        f"filename*=utf-8''{path.name}\r\n\r\n"
    )
    return head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()


def test_what_powershell_sends_is_understood(served: Served, folder: Path) -> None:
    session_id = served.new_session()
    paths = sorted((folder / "dicoms").iterdir())
    for path in paths:
        boundary = "9a0d4c4e-3a3b-4d3c-8b0e-1f2a3b4c5d6e"
        content_type = f'multipart/form-data; boundary="{boundary}"'
        answer = served.call(
            "POST",
            f"/api/upload/{session_id}",
            data=powershell_body(path, boundary),
            headers={"Content-Type": content_type},
        )
        assert answer.json() == {"uploaded": 1, "files": [path.name]}
    # `ConvertTo-Json` of PowerShell writes line ends and spaces.
    answer = served.call(
        "POST",
        f"/api/process/{session_id}",
        data='{\r\n  "action": "merge"\r\n}',
        headers={"Content-Type": "application/json"},
    )
    (output,) = answer.json()["output_files"]
    got = served.call("GET", f"/api/download/{session_id}/{output['name']}")
    assert len(got.content) == output["size"]


def test_answers_survive_an_unquoted_echo(served: Served, folder: Path) -> None:
    session_id = served.new_session()
    files = [(path.name, path.read_bytes()) for path in sorted((folder / "dicoms").iterdir())[:3]]
    served.upload(session_id, *files)
    answer = served.process(session_id, "merge").text
    assert not set("*?") & set(answer)
