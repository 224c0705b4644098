"""One analysis of a Study, in the child process of a worker.

The Instances lie as copies in one folder of the job's scratch, what the analysis makes in another.
A command gets no terminal, no input, and an environment that holds nothing of the server; it ends
with the job. What it made is taken if it is what its name says, and is one of a few kinds.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from isocenter.dicom.header_index import index_header
from isocenter.dicom.values import first_string
from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.analysis_table import OUTPUT, STUDY, STUDY_UID
from isocenter.services.files import FileSource
from isocenter.services.identifying_values import IdentifyingValues
from isocenter.services.reports import Json
from isocenter.services.sample_analysis import analyze
from isocenter.services.session_names import harmless_name
from isocenter.system_errors import safe_error

# Report types by the suffix of a file.
REPORT_TYPES = {".pdf": "PDF", ".json": "JSON", ".txt": "TXT", ".png": "PNG", ".dcm": "DICOM"}
MEDIA_TYPES = {
    "application/pdf": ".pdf",
    "application/json": ".json",
    "text/plain": ".txt",
    "image/png": ".png",
    "application/dicom": ".dcm",
}
_SIGNATURES = {"PDF": b"%PDF-", "PNG": b"\x89PNG\r\n\x1a\n"}
# Structured reports of every kind; segmentations, of surfaces and label maps too.
_REPORT_CLASSES = "1.2.840.10008.5.1.4.1.1.88."
_SEGMENTATIONS = frozenset(f"1.2.840.10008.5.1.4.1.1.66.{kind}" for kind in (4, 5, 7))
_STUDY, _OUTPUT, _WORK, _LOG = "study", "output", "work", "log"
_PATH = "/usr/local/bin:/usr/bin:/bin"
_STEP_BYTES = 1 << 20
_REFUSED_PER_OUTPUT = 10
_REFUSED_TOLD = 10


class Tell(Protocol):
    """How the child of a worker tells what it does (``jobs/worker_child.py``)."""

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        """Tell how far it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of one job.

    Attributes
    ----------
    inputs
        Files with the bytes of the Instances, in their order; only ever read.
    variables
        What a command finds in its environment besides.
    told
        What a webhook is told.
    seconds
        How long a command or webhook may take.
    """

    command: Sequence[str]
    webhook: str
    study_uid: str
    inputs: Sequence[str]
    variables: Mapping[str, str]
    told: Mapping[str, str]
    seconds: float
    limits: Limits = DEFAULT

    @staticmethod
    def read(arguments: Mapping[str, object]) -> "Asked":
        """Return what our own parent sent."""
        known = {name: arguments[name] for name in Asked.__slots__ if name != "limits"}
        bounds = arguments["limits"]
        assert isinstance(bounds, dict)
        return Asked(**known, limits=Limits(**bounds))  # type: ignore[arg-type]  # our own


class _Output(NamedTuple):
    path: Path
    name: str
    report_type: str


def run(arguments: Mapping[str, object], tell: Tell) -> dict[str, Json]:
    """Run one analysis in the current folder, which is the job's own.

    Returns
    -------
    dict
        ``outputs``, a list of ``path``, ``name`` and ``report_type``; ``error``, one sentence of
        what went wrong or was refused; ``is_ok``; ``log``, the tail of what the command printed,
        without what identifies the patient.
    """
    asked = Asked.read(arguments)
    try:
        return _run(asked, Path.cwd(), tell)
    except OSError as error:
        raise safe_error(error) from None


def _run(asked: Asked, scratch: Path, tell: Tell) -> dict[str, Json]:
    study, output = scratch / _STUDY, scratch / _OUTPUT
    for folder in (study, output, scratch / _WORK):
        folder.mkdir()
    identifying = IdentifyingValues()
    for number, path in enumerate(asked.inputs, 1):
        # Copies: whatever runs here may write to them, and never to the archive.
        shutil.copyfile(path, study / f"{number:06d}.dcm")
        identifying.add(study / f"{number:06d}.dcm")
        tell.progress(number, len(asked.inputs), "copying the study")
    tell.progress(0, 0, "analysing")
    error = ""
    try:
        if asked.command:
            _run_command(asked, scratch)
        elif asked.webhook:
            _call_webhook(asked, output)
        else:
            analyze(study, output, asked.limits)
    except IsocenterError as failure:
        error = str(failure)
    outputs, refused = _collect(output, asked.limits) if not error else ([], [])
    if not error and not outputs:
        error = "it made no report"
    told = [error] if error else []
    told += [
        f"{identifying.remove(name)} was refused: {reason}"
        for name, reason in refused[:_REFUSED_TOLD]
    ]
    if len(refused) > _REFUSED_TOLD:
        told.append(f"{len(refused) - _REFUSED_TOLD} more were refused")
    return {
        "is_ok": not error,
        "error": "; ".join(told),
        "log": identifying.remove(_tail(scratch / _LOG, asked.limits.analysis_log_bytes)),
        "outputs": [
            {"path": str(one.path), "name": one.name, "report_type": one.report_type}
            for one in outputs
        ],
    }


def _run_command(asked: Asked, scratch: Path) -> None:
    """Run the configured command until it ends.

    Raises
    ------
    InvalidInputError
        If it cannot be started, ends with another code than 0, or takes too long.
    """
    places = {
        STUDY: str(scratch / _STUDY),
        OUTPUT: str(scratch / _OUTPUT),
        STUDY_UID: asked.study_uid,
    }
    words = [_filled(word, places) for word in asked.command]
    environment = {
        "PATH": _PATH,
        "HOME": str(scratch / _WORK),
        "TMPDIR": str(scratch / _WORK),
        "LANG": "C.UTF-8",
        "ISOCENTER_STUDY": places[STUDY],
        "ISOCENTER_OUTPUT": places[OUTPUT],
        "ISOCENTER_STUDY_UID": asked.study_uid,
        **asked.variables,
    }
    with (scratch / _LOG).open("wb") as log:
        try:
            process = subprocess.Popen(  # noqa: S603 - what the administrator wrote down
                words,
                cwd=scratch / _WORK,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0 if os.name == "posix" else None,
            )
        except OSError as error:
            raise InvalidInputError(f"the command cannot be started: {safe_error(error)}") from None
        try:
            code = process.wait(asked.seconds)
        except subprocess.TimeoutExpired:
            raise InvalidInputError(f"it took longer than {asked.seconds:g} seconds") from None
        finally:
            _end(process)
    if code != 0:
        said = f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
        raise InvalidInputError(f"the command {said}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with what it started in its group."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):  # nothing of it is left
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _filled(word: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        word = word.replace(name, value)
    return word


def _call_webhook(asked: Asked, output: Path) -> None:
    """Tell a webhook of the Study; what it answers is the report.

    Raises
    ------
    InvalidInputError
        If it cannot be reached, does not answer in time, or with something else than a report.
    """
    request = urllib.request.Request(  # noqa: S310 - http or https, as the table checked
        asked.webhook,
        json.dumps(dict(asked.told)).encode(),
        {"Content-Type": "application/json", "Accept": ", ".join(MEDIA_TYPES)},
        method="POST",
    )
    most = asked.limits.analysis_output_bytes
    try:
        with urllib.request.urlopen(request, timeout=asked.seconds) as answer:  # noqa: S310
            suffix = MEDIA_TYPES.get(answer.headers.get_content_type())
            if suffix is None:
                raise InvalidInputError("the webhook answered with no kind of report")
            with (output / f"report{suffix}").open("wb") as stream:
                while data := answer.read(_STEP_BYTES):
                    stream.write(data)
                    if stream.tell() > most:
                        raise InvalidInputError(f"the webhook answered more than {most} bytes")
    except urllib.error.HTTPError as error:
        raise InvalidInputError(f"the webhook answered with status {error.code}") from None
    except (urllib.error.URLError, TimeoutError):
        raise InvalidInputError(
            "the webhook cannot be reached, or gave no answer in time"
        ) from None


def _collect(output: Path, limits: Limits) -> tuple[list[_Output], list[tuple[str, str]]]:
    """Return what may become reports, and what was refused and why."""
    taken: list[_Output] = []
    refused: list[tuple[str, str]] = []
    total = 0
    for path in _files(output):
        name = harmless_name(path.name)
        try:
            if path.is_symlink() or not path.is_file():
                raise InvalidInputError("it is no regular file")
            total += path.stat().st_size
            if total > limits.analysis_output_bytes:
                raise InvalidInputError("all together are more bytes than reports may have")
            if len(taken) >= limits.analysis_outputs:
                raise InvalidInputError(f"there are more than {limits.analysis_outputs} of them")
            taken.append(_Output(path, name, _checked_type(path, limits)))
        except IsocenterError as error:
            refused.append((name, str(error)))
            if len(refused) >= limits.analysis_outputs * _REFUSED_PER_OUTPUT:
                break
    return taken, refused


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder, at any depth, folders themselves left out."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        else:
            yield entry


def _checked_type(path: Path, limits: Limits) -> str:
    """Return the type of a report that is what its name says.

    Raises
    ------
    InvalidInputError
        If it is no report, or not of the type that its suffix says.
    """
    kind = REPORT_TYPES.get(path.suffix.lower(), "")
    if not kind:
        raise InvalidInputError(f"reports are {', '.join(REPORT_TYPES.values())}")
    if kind == "DICOM":
        _check_dicom(path, limits)
        return kind
    with path.open("rb") as stream:
        if kind in _SIGNATURES:
            is_right = stream.read(8).startswith(_SIGNATURES[kind])
        else:
            data = stream.read(limits.analysis_text_bytes + 1)
            is_right = len(data) <= limits.analysis_text_bytes and _is_text(data, kind)
    if not is_right:
        raise InvalidInputError(f"it is no {kind}, or too large a one")
    return kind


def _is_text(data: bytes, kind: str) -> bool:
    try:
        text = data.decode()
        if kind == "JSON":
            json.loads(text)
    except (ValueError, RecursionError):
        return False
    return "\0" not in text


def _check_dicom(path: Path, limits: Limits) -> None:
    with FileSource(path) as source:
        dataset = index_header(source, limits).dataset
        uid = first_string(dataset, 0x00080016)
    if not uid.startswith(_REPORT_CLASSES) and uid not in _SEGMENTATIONS:
        raise InvalidInputError("of DICOM only structured reports and segmentations are taken")


def _tail(path: Path, most: int) -> str:
    """Return the end of a log, harmless to be shown."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - most))
        text = stream.read(most).decode("utf-8", "replace")
    return "".join(one if one.isprintable() or one in "\n\t" else "?" for one in text).strip()
