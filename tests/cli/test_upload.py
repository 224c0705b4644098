"""`isocenter upload`, in process, and as a process where signals and terminals count."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.cli.main import main
from tests.faulty_store import FINE, Fault, FaultyStore, faulty_store

ISOCENTER = Path(sys.executable).with_name("isocenter")


@pytest.fixture
def store() -> Iterator[FaultyStore]:
    with faulty_store() as server:
        yield server
        if server.hold is not None:
            server.hold.set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with five files."""
    folder = tmp_path / "images"
    (folder / "a").mkdir(parents=True)
    for number in range(5):
        (folder / "a" / f"{number}.dcm").write_bytes(b"%d" % number * 1000)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a home of their own."""
    for name in ("ISOCENTER_API_KEY", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def notes(home: Path) -> list[Path]:
    """Return the notes of uploads that were not finished."""
    return list((home / "state").rglob("*.jsonl"))


def upload(url: str, path: Path, *more: str | Path) -> int:
    """Run the command in this process."""
    named = ["upload", "--api-endpoint", url, "--path", str(path)]
    return main([*named, *map(str, more)])


def test_a_folder_is_sent_and_summed_up(
    store: FaultyStore, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = upload(store.url, folder)

    said = capsys.readouterr()
    assert code == 0
    assert said.out.startswith("5 files, 0.0 MB sent in ")
    assert said.out.endswith(" s: 5 stored\n")
    assert said.err == ""
    assert sorted(store.files.values()) == [b"%d" % number * 1000 for number in range(5)]
    assert notes(home) == []


def test_sent_again_it_is_there(
    store: FaultyStore, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(store.url, folder)
    store.present |= {hashlib.sha256(data).hexdigest() for data in store.files.values()}

    code = upload(store.url, folder)

    said = capsys.readouterr()
    assert code == 0
    assert said.out.endswith("5 there before\n")
    assert "unchanged: 5 file(s): the server has it already" in said.err
    assert store.count("PUT") == 5


def test_what_is_no_image_in_a_folder_is_skipped_and_named_failed(
    store: FaultyStore, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junk = folder / "readme.txt"
    junk.write_bytes(b"junk")

    assert upload(store.url, folder) == 0
    assert "skipped: 1 file(s): rejected by the server: it is no DICOM file" in (
        capsys.readouterr().err
    )
    assert upload(store.url, junk) == 1
    assert f"failed: {junk}: rejected by the server" in capsys.readouterr().err


def test_the_report_names_every_file(store: FaultyStore, folder: Path, tmp_path: Path) -> None:
    (folder / "readme.txt").write_bytes(b"junk")
    report = tmp_path / "report.json"

    upload(store.url, folder, "--report", report)

    told = json.loads(report.read_text())
    assert (told["action"], told["done"], told["skipped"], told["error"]) == ("upload", 5, 1, "")
    by_name = {Path(one["path"]).name: one for one in told["uploads"]}
    assert by_name["0.dcm"]["state"] == "stored"
    assert by_name["0.dcm"]["sha256"] == hashlib.sha256(b"0" * 1000).hexdigest()
    assert by_name["0.dcm"]["key"] in store.files
    assert by_name["readme.txt"]["code"] == "not_dicom"


def test_some_failed_is_exit_3(
    store: FaultyStore, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.fail("PUT", 400)

    assert upload(store.url, folder, "--parallel", "1") == 3
    assert f"failed: {folder / 'a' / '0.dcm'}: the server refuses it (400)" in (
        capsys.readouterr().err
    )


def test_a_server_that_goes_away_is_exit_3_and_says_what_is_left(
    store: FaultyStore, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(150):
        (folder / f"{number}.dcm").write_bytes(b"%d" % number * 1000)
    store.fail("POST", FINE, FINE, Fault(401))

    code = upload(store.url, folder)

    said = capsys.readouterr().err
    assert code == 3
    assert "the server does not know the caller" in said
    assert upload(store.url, folder) == 0
    assert notes(home) == []


@pytest.mark.parametrize("fault", [Fault(401, text='{"detail":"a key is required"}'), Fault(403)])
def test_without_credentials_is_exit_1(
    store: FaultyStore, folder: Path, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    store.fail("POST", fault)

    assert upload(store.url, folder) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_to_send_is_exit_1(
    store: FaultyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hollow").mkdir()

    assert upload(store.url, tmp_path / "hollow") == 1
    assert upload(store.url, tmp_path / "nowhere") == 1
    assert "no files found" in capsys.readouterr().err


def test_wrong_options_are_exit_2(folder: Path, tmp_path: Path) -> None:
    assert upload("host", folder) == 2
    assert upload("http://host.example", folder) == 2
    assert upload("https://host.example", folder, "--report", tmp_path / "no" / "report") == 2


def test_credentials_are_never_printed_nor_reported(
    store: FaultyStore, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    store.fail("POST", Fault(401))
    url = store.url.replace("://", "://key-id:s3cr3t@") + "/t/t0ken"

    upload(url, folder, "--report", report)

    said = capsys.readouterr()
    told = said.out + said.err + report.read_text()
    assert "s3cr3t" not in told
    assert "t0ken" not in told
    assert {one.headers.get("Authorization") for one in store.asked} == {
        "Basic a2V5LWlkOnMzY3IzdA=="
    }


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_ctrl_c_says_how_to_go_on_and_the_next_run_does(
    store: FaultyStore, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.hold = threading.Event()
    command: list[str | Path] = [
        ISOCENTER,
        "upload",
        "-u",
        store.url,
        "-p",
        folder,
        "--parallel",
        "1",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not store.files:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        store.hold.set()
        assert process.stderr is not None
        said = process.stderr.read()

    assert process.returncode == 130
    assert "of 5 files are with the server; the same command goes on from there" in said
    store.hold = None
    assert upload(store.url, folder) == 0
    assert capsys.readouterr().out.endswith("5 stored\n")
    assert store.count("PUT") <= 5 + 1  # what was on its way may go once more
    assert notes(home) == []
