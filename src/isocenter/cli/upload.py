"""`isocenter upload`: files to a server's ingest API, many at once, each taken once."""

import hashlib
import sys
import threading
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from isocenter.cli.process import check_report_folder, describe_run, print_problems, write_report
from isocenter.cli.progress import choose_progress
from isocenter.client.credentials import Server, find_server
from isocenter.client.ingest_client import IngestClient
from isocenter.client.upload_state import UploadState
from isocenter.client.uploads import State, Upload, Uploads
from isocenter.errors import IsocenterError
from isocenter.services.files import find_files
from isocenter.services.reports import FileOutcome, Json, Progress, Report, Status
from isocenter.settings import Settings, read_settings
from isocenter.user_folders import user_state_folder

_MEBIBYTE = 1 << 20
_NOT_IMAGES = frozenset({"not_dicom", "empty"})
_GOES_ON = "the same command goes on from there"


def run(chosen: Namespace, environment: Mapping[str, str]) -> Report:
    """Send what was chosen; print and report what became of it.

    Raises
    ------
    IsocenterError
        If nothing was sent, or the report cannot be written.
    """
    settings = read_settings(environment)
    check_report_folder(chosen.report)
    server = find_server(
        chosen.api_endpoint,
        environment,
        key_file=chosen.key_file,
        home=_home(environment),
        allows_plain=chosen.plain_http,
    )
    job = _Job(chosen, server, settings, _state_path(chosen.path, server, environment))
    started = time.monotonic()
    error = ""
    try:
        job.run()
    except KeyboardInterrupt:
        error = f"stopped: {job.sent} of {len(job.files)} files are with the server; {_GOES_ON}"
        print(error, file=sys.stderr)
        raise
    except IsocenterError as caught:
        error = str(caught)
        if not job.sent:
            raise
        job.fail_others(error)
    finally:
        report = job.report()
        if chosen.report is not None:
            content = describe_run(report, time.monotonic() - started, error)
            write_report(chosen.report, {**content, "uploads": job.uploads()})
    if not chosen.quiet:
        print(job.summary(time.monotonic() - started))
    print_problems(report, is_quiet=chosen.quiet)
    return report


class _Job:
    """One run: what shall be sent and what became of it."""

    def __init__(
        self, chosen: Namespace, server: Server, settings: Settings, state: Path | None
    ) -> None:
        self._chosen = chosen
        self._server = server
        self._settings = settings
        self._state_path = state
        self._left_out: list[FileOutcome] = []
        self._done: dict[int, Upload] = {}
        self._reason = "not sent"
        self.files: list[Path] = []

    @property
    def sent(self) -> int:
        """How many files are with the server."""
        return sum(one.state != "failed" for one in self._done.values())

    def run(self) -> None:
        """Send the files; notes stay until all of them are settled."""
        chosen = self._chosen
        self.files = find_files(
            chosen.path,
            recursive=True,
            limits=self._settings.limits,
            on_problem=self._left_out.append,
        )
        stop = threading.Event()
        state = UploadState(self._state_path)
        with (
            choose_progress(self._settings.progress, is_quiet=chosen.quiet) as progress,
            IngestClient(self._server, chosen.parallel, stop) as client,
        ):
            _start(progress, self.files)
            uploads = Uploads(
                client,
                state,
                stop,
                parallel=chosen.parallel,
                told=progress.advance,
                patience_seconds=chosen.wait,
            )
            self._done = uploads.done
            try:
                uploads.run(self.files)
            finally:
                state.close()
        if all(one.state in {"stored", "present", "rejected"} for one in self._done.values()):
            state.forget()

    def fail_others(self, reason: str) -> None:
        """Say why the files that were not sent were not."""
        self._reason = reason

    def report(self) -> Report:
        """Return what became of every file."""
        report = Report("upload", files=list(self._left_out))
        for at, path in enumerate(self.files):
            upload = self._done.get(at)
            report.files.append(
                FileOutcome(path, "failed", self._reason)
                if upload is None
                else _outcome(upload, is_named=path in self._chosen.path)
            )
        undecided = sum(one.state == "taken" for one in self._done.values())
        if undecided:
            report.warnings.append(
                f"{undecided} file(s) are safe on the server, which has not said yet what became "
                "of them"
            )
        return report

    def uploads(self) -> list[Json]:
        """Return what the server says of each file that it has."""
        told: list[Json] = []
        for at, one in sorted(self._done.items()):
            facts: dict[str, Json] = {
                name: str(one.facts[name])
                for name in ("outcome", "study_uid", "series_uid", "sop_instance_uid", "warning")
                if one.facts.get(name)
            }
            told.append(
                {
                    "path": str(self.files[at]),
                    "state": one.state,
                    "size_bytes": one.size_bytes,
                    "sha256": one.sha256,
                    "key": one.key,
                    "code": one.code,
                    "reason": one.reason,
                    **facts,
                }
            )
        return told

    def summary(self, seconds: float) -> str:
        """Return one line about all of it."""
        states = Counter(one.state for one in self._done.values())
        words: dict[State, str] = {
            "stored": "stored",
            "present": "there before",
            "taken": "taken",
            "rejected": "rejected",
            "failed": "failed",
        }
        parts = [f"{states[state]} {word}" for state, word in words.items() if states[state]]
        sent = [one for one in self._done.values() if not one.is_earlier and one.state != "present"]
        size = sum(one.size_bytes for one in sent)
        said = ", ".join(parts) or "nothing sent"
        return f"{len(self.files)} files, {size / _MEBIBYTE:.1f} MB sent in {seconds:.1f} s: {said}"


def _start(progress: Progress, files: Sequence[Path]) -> None:
    total = 0
    for path in files:
        try:
            total += path.stat().st_size
        except OSError:
            continue  # it is told as failed when it is read
    progress.start(total, "uploading")


def _outcome(upload: Upload, *, is_named: bool) -> FileOutcome:
    """Return an upload as a line of the report; what is no image in a folder is none of ours."""
    match upload.state:
        case "stored" | "taken":
            return FileOutcome(upload.path, "done")
        case "present":
            return FileOutcome(upload.path, "unchanged", "the server has it already")
        case "rejected":
            status: Status = "skipped" if upload.code in _NOT_IMAGES and not is_named else "failed"
            reason = f"rejected by the server: {upload.reason or upload.code}"
            return FileOutcome(upload.path, status, reason)
        case "failed":
            return FileOutcome(upload.path, "failed", upload.reason)


def _home(environment: Mapping[str, str]) -> Path | None:
    """Return the user's home, as POSIX and Windows name it."""
    named = environment.get("HOME") or environment.get("USERPROFILE")
    return Path(named) if named else None


def _state_path(
    paths: Sequence[Path], server: Server, environment: Mapping[str, str]
) -> Path | None:
    """Return the file for notes about these paths at this server; ``None`` without a home."""
    folder = user_state_folder(environment)
    if folder is None:
        return None
    told = "\0".join([server.address, *sorted(str(path.absolute()) for path in paths)])
    name = hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return folder / "uploads" / f"{name}.jsonl"
