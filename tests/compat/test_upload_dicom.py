"""`compat/upload_dicom.py`, copied alone into a folder and run as a process."""

import ast
import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from compat import upload_dicom
from tests.conftest import REPOSITORY
from tests.faulty_store import CUT, Fault, FaultyStore, faulty_store

SCRIPT = REPOSITORY / "compat" / "upload_dicom.py"
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def store() -> Iterator[FaultyStore]:
    with faulty_store() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two files, one of them empty and in a folder of its own."""
    folder = tmp_path / "images"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "empty.dcm").touch()
    (folder / "one.dcm").write_bytes(bytes(range(256)) * 1000)
    return folder


def run(tmp_path: Path, endpoint: str, path: Path, **environment: str) -> Done:
    """Run a copy of the script that has nothing beside it."""
    alone = tmp_path / "alone"
    alone.mkdir(exist_ok=True)
    script = shutil.copy(SCRIPT, alone)
    return subprocess.run(
        [sys.executable, script, "--api-endpoint", endpoint, "--path", path],
        cwd=alone,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(alone),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_syntax_is_that_of_python_3_8() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_needs_nothing_but_requests() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    foreign = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert foreign == {"requests"}


def test_lines_are_the_documented_ones(tmp_path: Path, store: FaultyStore, folder: Path) -> None:
    done = run(tmp_path, store.url, folder)

    empty, one = str(folder / "a" / "empty.dcm"), str(folder / "one.dcm")
    assert done.stderr == ""
    assert done.stdout == (
        "Found 2 file(s) to upload.\n"
        f"\n[1/2] Uploading {empty!r}...\n"
        " → Presigned URL acquired; S3 key will be: key-1\n"
        f" ✔ Success: {empty!r} → s3://<bucket>/key-1\n"
        f"\n[2/2] Uploading {one!r}...\n"
        " → Presigned URL acquired; S3 key will be: key-2\n"
        f" ✔ Success: {one!r} → s3://<bucket>/key-2\n"
        "\nAll done!\n"
    )
    assert done.returncode == 0
    assert store.files == {"key-1": b"", "key-2": (folder / "one.dcm").read_bytes()}
    puts = [one for one in store.asked if one.method == "PUT"]
    assert {one.headers["Content-Type"] for one in puts} == {"application/dicom"}
    assert not any("Transfer-Encoding" in one.headers for one in puts)


@pytest.mark.parametrize("way", ["address", "environment", "netrc"])
def test_credentials_go_to_the_api_and_never_to_the_store(
    tmp_path: Path, store: FaultyStore, folder: Path, way: str
) -> None:
    endpoint, environment = store.url, {}
    if way == "address":
        endpoint = store.url.replace("://", "://key-id:s3cr3t@")
    elif way == "environment":
        environment = {"ISOCENTER_API_KEY": "key-id.s3cr3t"}
    else:
        (tmp_path / "alone").mkdir()
        netrc = tmp_path / "alone" / ".netrc"
        netrc.write_text("machine 127.0.0.1 login key-id password s3cr3t\n")
        netrc.chmod(0o600)
    basic = "Basic " + base64.b64encode(b"key-id:s3cr3t").decode()

    done = run(tmp_path, endpoint, folder / "one.dcm", **environment)

    (get, put) = store.asked
    expected = "Bearer key-id.s3cr3t" if way == "environment" else basic
    assert get.headers["Authorization"] == expected
    assert "Authorization" not in put.headers
    assert done.returncode == 0
    assert "s3cr3t" not in done.stdout + done.stderr


def test_what_passes_is_tried_again(tmp_path: Path, store: FaultyStore, folder: Path) -> None:
    store.fail("GET", 503, Fault(429, {"Retry-After": "1"}))
    store.fail("PUT", CUT, 503)

    done = run(tmp_path, store.url, folder / "one.dcm")

    assert done.returncode == 0, done.stderr
    assert store.files == {"key-1": (folder / "one.dcm").read_bytes()}
    assert (store.count("GET"), store.count("PUT")) == (3, 3)


def test_an_address_that_ran_out_is_asked_for_again(
    tmp_path: Path, store: FaultyStore, folder: Path
) -> None:
    store.fail("PUT", 403)

    done = run(tmp_path, store.url, folder / "one.dcm")

    assert done.returncode == 0
    assert list(store.files) == ["key-2"]


def test_a_refusal_ends_with_the_documented_line(
    tmp_path: Path, store: FaultyStore, folder: Path
) -> None:
    store.fail("GET", Fault(401, text='{"detail":"a key is required"}'))

    done = run(tmp_path, store.url, folder)

    path = str(folder / "a" / "empty.dcm")
    assert done.returncode == 1
    assert done.stderr == f"""HTTP error for {path!r}: 401 – {{"detail":"a key is required"}}\n"""  # noqa: RUF001 - the documented line
    assert store.count("PUT") == 0


def test_an_answer_that_is_none_of_ours_is_said_plainly(
    tmp_path: Path, store: FaultyStore, folder: Path
) -> None:
    store.fail("GET", Fault(200, text="<html>"))

    done = run(tmp_path, store.url + "/t/s3cr3t", folder / "one.dcm")

    assert done.returncode == 1
    assert "is the address right?" in done.stderr
    assert "s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["nothing", "hollow"])
def test_nothing_to_send_is_exit_1(tmp_path: Path, name: str) -> None:
    (tmp_path / "hollow").mkdir()

    done = run(tmp_path, "http://127.0.0.1:9", tmp_path / name)

    assert done.returncode == 1
    assert done.stderr.startswith(("Error: ", "No files found under "))


def test_a_console_without_arrows_shows_escapes(
    tmp_path: Path, store: FaultyStore, folder: Path
) -> None:
    done = run(tmp_path, store.url, folder / "one.dcm", PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "\\u2714 Success" in done.stdout


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), ("", 0.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("x", 0.0)]
)
def test_retry_after_is_read_in_every_form(said: str, seconds: float) -> None:
    assert upload_dicom.asked_seconds(said) == seconds
