"""One action of a session, in the child process of a worker.

Inputs are linked into a folder of the job's scratch under generated names that only keep their
order and suffix; the action of the table runs there as it does on the command line; what came out
is told with the names that it has in the session.
"""

import os
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from isocenter.dicom.header_index import index_header
from isocenter.dicom.values import first_string
from isocenter.errors import IsocenterError
from isocenter.services.actions import resolve
from isocenter.services.files import FileSource
from isocenter.services.output_names import patient_stem
from isocenter.services.reports import FileOutcome, Json, Report, Work
from isocenter.services.session_actions import SESSION_ACTIONS, SessionAction
from isocenter.services.session_log import GENERATED, Level, SessionLog
from isocenter.services.session_names import harmless_name, numbered_output_name, split_name
from isocenter.system_errors import safe_error

_INPUT, _OUTPUT = "in", "out"
_DESCRIBED_ONE_BY_ONE = 5
_DICOMDIR, _DICOMDIR_ZIP = "DICOMDIR", "dicomdir.zip"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive
_COPIED_BYTES = 1 << 20
_TITLE_BYTES_MAX = 4096
_MERGED = "merged"
_MERGED_NAME = re.compile(rf"{_MERGED}\d+((?:_part\d+)?)(?:_\d+)?\.dcm")
_PATIENT_NAME, _SERIES_NUMBER = 0x00100010, 0x00200011


class Tell(Protocol):
    """How the child of a worker tells what it does (``jobs/worker_child.py``)."""

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        """Tell how far it is."""

    def log(self, line: str) -> None:
        """Tell one line."""


class _Made(NamedTuple):
    """One output: where it lies and what it is called."""

    path: Path
    name: str


def warm_up() -> None:
    """Load what the actions need once, so that every job finds it there (``jobs/worker_child``)."""
    for row in SESSION_ACTIONS.values():
        resolve(row.row)


def run(arguments: Mapping[str, object], tell: Tell) -> dict[str, Json]:
    """Run one action in the current folder, which is the job's own.

    Parameters
    ----------
    arguments
        ``action``; ``options``, checked; ``inputs``, a list of ``path`` and ``name`` in their
        order; ``notes`` for the log; ``key`` for pseudonyms; ``jobs``, how many things at once.

    Returns
    -------
    dict
        ``outputs``, a list of ``path`` (within the folder) and ``name``; ``log``; ``failed``, a
        list of ``name`` and ``reason``; ``success``; ``error``.

    Raises
    ------
    UnavailableError
        If the disk is full, and the like.
    """
    try:
        return _run(_Asked.read(arguments), tell)
    except OSError as error:
        raise safe_error(error) from None


def _run(asked: "_Asked", tell: Tell) -> dict[str, Json]:
    scratch = Path.cwd()
    folder = scratch / _INPUT
    names = _link_inputs(folder, asked.inputs)
    log = SessionLog(names, [str(folder), str(scratch / _OUTPUT), str(scratch)], tell.log)
    for note in asked.notes:
        log.add("WARN", note)
    count = len(names)
    log.add("INFO", f"Processing {count} file{'' if count == 1 else 's'}...")
    work = Work(
        paths=_paths(asked.row, folder, count),
        out=scratch / _OUTPUT,
        options=asked.action_options(),
        progress=_Told(tell, log),
        jobs=asked.jobs,
        durable=False,  # what is published is forced onto the disk then
    )
    try:
        report = resolve(asked.row.row)(work)
    except IsocenterError as error:
        log.add("ERROR", str(error))
        return _answer([], log, [], error=str(error))
    return _tell_report(asked, report, scratch, log, names)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The arguments, read."""

    row: SessionAction
    options: dict[str, object]
    inputs: Sequence[tuple[str, str]]
    notes: Sequence[str]
    key: str
    jobs: int

    @staticmethod
    def read(arguments: Mapping[str, object]) -> "_Asked":
        """Return what our own parent sent."""
        options, inputs, notes = (arguments[key] for key in ("options", "inputs", "notes"))
        assert isinstance(options, dict)
        assert isinstance(inputs, list)
        assert isinstance(notes, list)
        jobs = arguments["jobs"]
        assert isinstance(jobs, int)
        return _Asked(
            SESSION_ACTIONS[str(arguments["action"])],
            dict(options),
            [(str(one["path"]), str(one["name"])) for one in inputs],
            [str(note) for note in notes],
            str(arguments["key"]),
            jobs,
        )

    def action_options(self) -> dict[str, object]:
        """Return the options of the row: what the caller chose and what is decided here."""
        options = {**self.options, **self.row.fixed}
        if self.row.name == "anonymize":
            options["key_file"] = self.key
        if self.hides_names:
            options["name_template"] = f"{_MERGED}{{index}}"
        return options

    @property
    def hides_names(self) -> bool:
        """Whether outputs are named after the patient, which no file in the scratch folder is."""
        return self.row.name == "merge" and not self.options.get("name_template")


@dataclass(slots=True)
class _Told:
    """A ``Progress`` that tells the worker; who wants the action to stop ends the process."""

    tell: Tell
    log: SessionLog
    total: int = 0
    label: str = ""
    done: int = field(default=0)

    def start(self, total: int, label: str) -> None:
        """Begin the next stretch."""
        self.total, self.label, self.done = total, self.log.plain(label), 0
        self.tell.progress(0, total, self.label)

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""
        self.done += steps
        self.tell.progress(self.done, self.total, self.label)

    def finish(self) -> None:
        """End the stretch."""
        self.tell.progress(self.total, self.total, self.label)

    def check_cancelled(self) -> None:
        """Never raise: the worker ends the process."""


def _link_inputs(folder: Path, inputs: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Put the inputs into the folder; return what each number is called in the session."""
    folder.mkdir()
    names = {}
    for number, (path, name) in enumerate(inputs, 1):
        _, suffix = split_name(name)
        target = folder / f"{GENERATED.format(number=number)}{suffix}"
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
        names[number] = name
    return names


def _paths(row: SessionAction, folder: Path, count: int) -> tuple[Path, ...]:
    """Return what the action works on: a few files to be described are named one by one."""
    if row.name == "info" and count <= _DESCRIBED_ONE_BY_ONE:
        return tuple(sorted(folder.iterdir()))
    return (folder,)


def _tell_report(
    asked: _Asked, report: Report, scratch: Path, log: SessionLog, names: Mapping[int, str]
) -> dict[str, Json]:
    """Return the answer to a report, and complete the log."""
    row = asked.row
    for warning in report.warnings:
        log.add("WARN", warning)
    failed: list[tuple[str, str]] = []
    for outcome in report.files:
        if outcome.status == "failed":
            failed.append((outcome.path.name, outcome.reason))
        if outcome.status != "done":
            log.add(_level(outcome), f"{outcome.path.name}: {outcome.reason}")
    if report.text and not row.action.writes:
        log.add_text(report.text)
    made = _outputs(asked, report, scratch, log, names)
    if not report.settled:
        error = failed[0][1] if failed else "none of the files suits the action"
        log.add("ERROR", "Nothing was done.")
        return _answer(made, log, failed, error=error)
    log.add("INFO", _closing(report, made))
    log.add("INFO", "Done.")
    return _answer(made, log, failed)


def _level(outcome: FileOutcome) -> Level:
    if outcome.status == "unchanged":
        return "INFO"
    # One file that failed among others is no failure of the process.
    return "WARN"


def _closing(report: Report, made: Sequence[_Made]) -> str:
    parts = [f"{report.settled} processed"]
    parts += [f"{report.skipped} skipped"] if report.skipped else []
    parts += [f"{report.failed} failed"] if report.failed else []
    parts += [f"{len(made)} written"] if made else []
    return ", ".join(parts)


def _answer(
    made: Sequence[_Made],
    log: SessionLog,
    failed: Sequence[tuple[str, str]],
    *,
    error: str = "",
) -> dict[str, Json]:
    return {
        "outputs": [{"path": str(one.path), "name": one.name} for one in made],
        "log": "\n".join(log.lines),
        "failed": [{"name": log.plain(name), "reason": log.plain(why)} for name, why in failed],
        "success": not error,
        "error": log.plain(error),
    }


def _outputs(
    asked: _Asked, report: Report, scratch: Path, log: SessionLog, names: Mapping[int, str]
) -> list[_Made]:
    """Return the outputs in their order with the names that they shall have."""
    row = asked.row
    paths = [path for path in dict.fromkeys(one.path for one in report.outputs) if path.is_file()]
    if row.name == "dicomdir":
        return _file_set(scratch / _OUTPUT, paths)
    stems = {Path(GENERATED.format(number=number)).stem: name for number, name in names.items()}
    made = []
    for number, path in enumerate(paths, 1):
        if asked.hides_names:
            name = _merged_name(path)
        else:
            name = _output_name(row, path.name, number, stems)
        if row.name == "headers":
            _retitle(path, log)
        made.append(_Made(path, name))
    return made


def _output_name(row: SessionAction, made: str, number: int, stems: Mapping[str, str]) -> str:
    """Return the name of an output: that of its input with the documented suffix, or its own."""
    if row.name == "anonymize":
        return numbered_output_name(number)
    generated = made[: len(GENERATED.format(number=0))]
    if generated not in stems:
        return harmless_name(made)  # such as a merged file, named after the patient
    stem, _ = split_name(stems[generated])
    rest, suffix = split_name(made[len(generated) :] or "")
    if not suffix and rest.startswith("."):
        rest, suffix = "", rest
    return harmless_name(f"{stem}{rest}{row.suffix}{suffix}")


def _merged_name(path: Path) -> str:
    """Return the documented name of a merged file, reduced from the patient's (cli.md 1.2)."""
    found = _MERGED_NAME.fullmatch(path.name)
    assert found is not None
    with FileSource(path) as source:
        dataset = index_header(source).dataset
        patient = dataset.value(_PATIENT_NAME).decode("latin-1").partition("=")[0]
        stem = patient_stem(patient, first_string(dataset, _SERIES_NUMBER))
    return f"{stem}{found[1]}.dcm"


def _retitle(path: Path, log: SessionLog) -> None:
    """Put the session's name of a file into the first line of its headers."""
    data = path.read_bytes()
    title, end, rest = data.partition(b"\n")
    if len(title) < _TITLE_BYTES_MAX:
        path.write_bytes(log.plain(title.decode("utf-8", "replace")).encode() + end + rest)


def _file_set(folder: Path, paths: Sequence[Path]) -> list[_Made]:
    """Return the DICOMDIR and an archive of it with its files under their legal names."""
    directory = folder / _DICOMDIR
    if directory not in paths:
        return []
    archive = folder.parent / _DICOMDIR_ZIP
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in [directory, *(one for one in paths if one != directory)]:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, _COPIED_BYTES)
            if path != directory:
                path.unlink()  # it is in the archive; what lies here is counted
    return [_Made(directory, _DICOMDIR), _Made(archive, _DICOMDIR_ZIP)]
