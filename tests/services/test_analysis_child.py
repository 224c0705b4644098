"""One analysis in the current folder, as the child of a worker runs it."""

import contextlib
import json
import os
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydicom.uid import EnhancedSRStorage

from isocenter.limits import Limits
from isocenter.services.analysis_child import run
from tests.builders import CANARY, series, write, write_series

LIMITS = Limits(
    analysis_outputs=5,
    analysis_output_bytes=1 << 20,
    analysis_text_bytes=100_000,
    analysis_log_bytes=200,
)
_WRITE = "import pathlib, sys\nout = pathlib.Path(sys.argv[2])\n"


class Told:
    """Hears what the child tells."""

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        """Hear how far it is."""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def analyze(
    tmp_path: Path,
    code: str = "",
    *,
    command: Sequence[str] = (),
    webhook: str = "",
    seconds: float = 60,
    **variables: str,
) -> dict[str, object]:
    """Run some Python, a webhook or the built-in analysis on two slices."""
    inputs = write_series(series(2), tmp_path / "blobs")
    if code:
        command = [sys.executable, "-c", textwrap.dedent(code), "{study}", "{output}"]
    arguments = {
        "command": list(command),
        "webhook": webhook,
        "study_uid": "1.2.3",
        "inputs": [str(path) for path in inputs],
        "variables": variables,
        "told": {"study_uid": "1.2.3"},
        "seconds": seconds,
        "limits": asdict(LIMITS),
    }
    return dict(run(arguments, Told()))


def names(answer: dict[str, object]) -> list[tuple[str, str]]:
    """Return names and types of what was taken."""
    outputs = answer["outputs"]
    assert isinstance(outputs, list)
    return [(one["name"], one["report_type"]) for one in outputs]


@pytest.mark.usefixtures("scratch")
def test_the_built_in_one_makes_a_page_text_and_values(tmp_path: Path) -> None:
    answer = analyze(tmp_path)

    assert answer["is_ok"] is True
    assert {kind for _, kind in names(answer)} == {"PNG", "PDF", "TXT", "JSON"}


@pytest.mark.usefixtures("scratch")
def test_a_command_finds_copies_under_neutral_names(tmp_path: Path) -> None:
    code = f"""
        {_WRITE.strip().replace(chr(10), chr(10) + " " * 8)}
        for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
            print(path.name)
            path.write_bytes(b"")
        (out / "a.txt").write_text("done")
    """
    answer = analyze(tmp_path, code)

    assert answer["is_ok"] is True, answer
    assert answer["log"] == "000001.dcm\n000002.dcm"
    assert all(path.stat().st_size for path in (tmp_path / "blobs").iterdir())


@pytest.mark.usefixtures("scratch")
def test_a_command_sees_nothing_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOCENTER_S3_SECRET_KEY", "s3cr3t")
    code = """
        import json, os, pathlib, sys
        pathlib.Path(sys.argv[2], "env.json").write_text(json.dumps(dict(os.environ)))
    """
    answer = analyze(tmp_path, code, ISOCENTER_DICOMWEB_URL="https://here")

    outputs = answer["outputs"]
    assert isinstance(outputs, list)
    seen = json.loads(Path(outputs[0]["path"]).read_text())
    assert {name for name in seen if name.startswith("ISOCENTER")} == {
        "ISOCENTER_STUDY",
        "ISOCENTER_OUTPUT",
        "ISOCENTER_STUDY_UID",
        "ISOCENTER_DICOMWEB_URL",
    }
    assert "s3cr3t" not in str(seen)


@pytest.mark.usefixtures("scratch")
def test_only_reports_that_are_what_their_names_say_are_taken(tmp_path: Path) -> None:
    (report,) = series(1)
    report.SOPClassUID = report.file_meta.MediaStorageSOPClassUID = EnhancedSRStorage
    sr = write(report, tmp_path / "sr.dcm")
    code = _WRITE + textwrap.dedent(
        f"""
        import os, shutil
        (out / "good").mkdir()
        (out / "good" / "a.json").write_text("{{}}")
        shutil.copy({str(sr)!r}, out / "b.dcm")
        shutil.copy(sorted(pathlib.Path(sys.argv[1]).iterdir())[0], out / "c.dcm")
        (out / "d.pdf").write_text("no PDF")
        (out / "e.exe").write_text("MZ")
        (out / "f.json").write_text("{{")
        os.symlink("/etc/passwd", out / "g.txt")
        """
    )
    answer = analyze(tmp_path, code)

    assert names(answer) == [("b.dcm", "DICOM"), ("a.json", "JSON")]
    error = str(answer["error"])
    for refused in ("c.dcm", "d.pdf", "e.exe", "f.json", "g.txt"):
        assert f"{refused} was refused: " in error


@pytest.mark.usefixtures("scratch")
def test_too_many_and_too_large_ones_are_refused(tmp_path: Path) -> None:
    code = _WRITE + textwrap.dedent(
        """
        for number in range(1, 4):
            (out / f"{number}.txt").write_text("x")
        (out / "8.txt").write_text("x" * 100_001)
        (out / "9.txt").write_text("x" * 2_000_000)
        """
    )
    answer = analyze(tmp_path, code)

    assert len(names(answer)) == 3
    assert "8.txt was refused: it is no TXT, or too large a one" in str(answer["error"])
    assert "9.txt was refused: all together are more bytes" in str(answer["error"])


@pytest.mark.usefixtures("scratch")
def test_more_reports_than_may_be_are_refused(tmp_path: Path) -> None:
    code = _WRITE + "for number in range(7): (out / f'{number}.txt').write_text('x')"
    answer = analyze(tmp_path, code)

    assert len(names(answer)) == 5
    assert "6.txt was refused: there are more than 5 of them" in str(answer["error"])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("raise SystemExit(7)", "the command ended with code 7"),
        ("import os; os.kill(os.getpid(), 9)", "the command was ended by signal 9"),
        ("pass", "it made no report"),
    ],
)
@pytest.mark.usefixtures("scratch")
def test_a_command_that_fails_says_how(tmp_path: Path, code: str, sentence: str) -> None:
    answer = analyze(tmp_path, code)

    assert (answer["is_ok"], answer["error"], answer["outputs"]) == (False, sentence, [])


@pytest.mark.skipif(os.name != "posix", reason="groups of processes as POSIX has them")
@pytest.mark.usefixtures("scratch")
def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "note"
    script = f"sleep 600 & echo $! > '{note}'; sleep 600"

    answer = analyze(tmp_path, command=["/bin/sh", "-c", script], seconds=1)

    assert answer["error"] == "it took longer than 1 seconds"
    until = time.monotonic() + 60
    while is_alive(int(note.read_text())):
        assert time.monotonic() < until
        time.sleep(0.01)


def is_alive(process: int) -> bool:
    """Whether a process is there and no zombie that nobody asked for."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.usefixtures("scratch")
def test_the_end_of_the_log_is_kept_without_the_patient(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from pydicom import dcmread
        dataset = dcmread(sorted(Path(sys.argv[1]).iterdir())[0])
        print("first line", "x" * 500)
        print(f"read {dataset.PatientName}, {dataset.PatientID} ({dataset.InstitutionName})")
        raise SystemExit(1)
    """
    answer = analyze(tmp_path, code)

    log = str(answer["log"])
    assert "first line" not in log
    assert "read" in log
    assert CANARY not in log


@contextlib.contextmanager
def hook(status: int, kind: str, body: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one answer; give the address and what was sent."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - of the base
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", sent
        thread.join()


@pytest.mark.usefixtures("scratch")
def test_what_a_webhook_answers_is_the_report(tmp_path: Path) -> None:
    with hook(200, "application/json; charset=utf-8", b'{"nodules": 2}') as (url, sent):
        answer = analyze(tmp_path, webhook=url)

    assert json.loads(sent[0]) == {"study_uid": "1.2.3"}
    assert names(answer) == [("report.json", "JSON")]


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [(500, "text/plain", "status 500"), (200, "text/html", "no kind of report")],
)
@pytest.mark.usefixtures("scratch")
def test_a_webhook_that_fails_is_said(
    tmp_path: Path, status: int, kind: str, sentence: str
) -> None:
    with hook(status, kind, b"x") as (url, _):
        answer = analyze(tmp_path, webhook=url)

    assert answer["is_ok"] is False
    assert sentence in str(answer["error"])


@pytest.mark.usefixtures("scratch")
def test_a_webhook_that_is_not_there_is_said(tmp_path: Path) -> None:
    answer = analyze(tmp_path, webhook="http://127.0.0.1:9/hook")

    assert "cannot be reached" in str(answer["error"])
