"""Headers, info and summary of files and folders: nothing is changed, odd files are shown too.

What is no DICOM file is skipped and named. A file that the header index refuses, or that is
truncated, is read by pydicom in a limited child process and shown as far as it goes, with a
warning.
"""

from collections.abc import Callable
from pathlib import Path

import orjson

from isocenter.dicom.describe import Info, Summary, header_json, header_text, read_info
from isocenter.errors import IsocenterError, TruncatedError, UnusualEncodingError
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.files import FileSource, find_files
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.reports import FileOutcome, Json, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten

_LISTED_FILES = 5

# Describes one opened file, given its warnings; returns what was written.
Visit = Callable[[OpenedFile, tuple[str, ...]], tuple[Path, ...]]


def headers(work: Work) -> Report:
    """Show every element of each file, or write it beside the file as ``{stem}.txt``.

    Options: ``write`` writes files instead of filling ``text`` and ``data``, as does an ``out``
    folder; ``json`` gives DICOM JSON (PS3.18 F) instead of text, in ``{stem}.json``. Names that
    are taken by other content are never reused: the next one is ``{stem}_1.txt``. ``data`` is a
    list of objects with ``filepath``, ``warnings`` and ``header``.
    """
    report = Report("headers")
    as_json = bool(work.options.get("json"))
    is_written = bool(work.options.get("write")) or work.out is not None
    texts: list[str] = []
    data: list[Json] = []

    def show(opened: OpenedFile, warnings: tuple[str, ...]) -> tuple[Path, ...]:
        if as_json:
            data.append(
                {
                    "filepath": _shown(opened.path),
                    "warnings": list(warnings),
                    "header": header_json(opened.header, opened.transfer_syntax_uid),
                }
            )
        else:
            texts.append(_text(opened, _shown(opened.path), warnings))
        return ()

    def write(opened: OpenedFile, warnings: tuple[str, ...]) -> tuple[Path, ...]:
        if as_json:
            facts = header_json(opened.header, opened.transfer_syntax_uid)
            made = orjson.dumps(facts, option=orjson.OPT_INDENT_2) + b"\n"
        else:
            # The name without its folder: the same file gives the same text from everywhere.
            made = _text(opened, opened.path.name, warnings).encode("utf-8", "backslashreplace")
        return (_write(work, report, opened.path, ".json" if as_json else ".txt", made),)

    _visit_files(work, report, write if is_written else show)
    if not is_written:
        report.text = "\n".join(texts)
        report.data = data if as_json else None
    return report


def info(work: Work) -> Report:
    """Show the main facts: of files that were named all, of a folder's first five a few.

    ``data`` has an object with all facts of every file.
    """
    report = Report("info")
    found: list[tuple[Path, Info]] = []

    def visit(opened: OpenedFile, _: tuple[str, ...]) -> tuple[Path, ...]:
        facts = read_info(opened.header, _shown(opened.path), opened.transfer_syntax_uid)
        found.append((opened.path, facts))
        return ()

    _visit_files(work, report, visit)
    if all(path in work.paths for path, _ in found):
        report.text = "\n".join("\n".join([*facts.lines(), ""]) for _, facts in found)
    else:
        lines = [line for _, facts in found[:_LISTED_FILES] for line in facts.short_lines()]
        if len(found) > _LISTED_FILES:
            lines.append(f"... and {len(found) - _LISTED_FILES} more file(s)")
        report.text = "\n".join([*lines, ""])
    report.data = [facts.to_json() for _, facts in found]
    return report


def summary(work: Work) -> Report:
    """Count files, patients, series, frames and bytes of everything that the paths mean."""
    report = Report("summary")
    totals = Summary()

    def visit(opened: OpenedFile, _: tuple[str, ...]) -> tuple[Path, ...]:
        facts = read_info(opened.header, _shown(opened.path), opened.transfer_syntax_uid)
        totals.add(facts, _size_bytes(opened))
        return ()

    _visit_files(work, report, visit)
    report.text = totals.text(", ".join(map(_shown, work.paths)))
    report.data = {"paths": [_shown(path) for path in work.paths], **totals.to_json()}
    return report


def _visit_files(work: Work, report: Report, visit: Visit) -> None:
    """Visit every DICOM file of the work; say in the report what became of each file."""
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=report.files.append
    )
    work.progress.start(len(files), "Reading")
    with (
        scratch_folder() as scratch,
        Sandbox(work.limits) as sandbox,
    ):
        visitor = _Visitor(work, report, visit, sandbox, scratch)
        for path in files:
            work.progress.check_cancelled()
            report.files.append(visitor.outcome(path))
            work.progress.advance()
    work.progress.finish()


class _Visitor:
    """Opens files one after the other and has them visited."""

    def __init__(
        self, work: Work, report: Report, visit: Visit, sandbox: Sandbox, scratch: Path
    ) -> None:
        self._work = work
        self._report = report
        self._visit = visit
        self._sandbox = sandbox
        self._scratch = scratch

    def outcome(self, path: Path) -> FileOutcome:
        """Have one file visited; whatever it holds, return what became of it."""
        try:
            outputs = self._open_and_visit(path)
        except IsocenterError as error:
            return self._work.refused(path, error)
        return FileOutcome(path, "done", outputs=outputs)

    def _open_and_visit(self, path: Path) -> tuple[Path, ...]:
        work = self._work
        try:
            opened = open_dicom(path, self._sandbox, self._scratch, work.limits)
            return self._visit_and_close(opened, opened.warnings)
        except (TruncatedError, UnusualEncodingError) as error:
            # The index opens sequences late: what is odd inside them may show only in the visit.
            opened = open_rewritten(path, self._sandbox, self._scratch, work.limits)
            warnings = dict.fromkeys((str(error), *opened.warnings))
            return self._visit_and_close(opened, tuple(warnings))

    def _visit_and_close(self, opened: OpenedFile, warnings: tuple[str, ...]) -> tuple[Path, ...]:
        try:
            outputs = self._visit(opened, warnings)
        finally:
            opened.close()
            if opened.source.path != opened.path:
                opened.source.path.unlink(missing_ok=True)
        self._report.warnings += [f"{_shown(opened.path)}: {warning}" for warning in warnings]
        return outputs


def _text(opened: OpenedFile, title: str, warnings: tuple[str, ...]) -> str:
    return header_text(opened.header, title, opened.transfer_syntax_uid, warnings)


def _shown(path: Path) -> str:
    """Return the path as text that can be encoded; bytes that are no UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _size_bytes(opened: OpenedFile) -> int:
    """Return the size of the file as it was found."""
    if opened.source.path == opened.path:
        return opened.source.size
    with FileSource(opened.path) as original:
        return original.size


def _write(work: Work, report: Report, source: Path, suffix: str, made: bytes) -> Path:
    """Write one output beside the input or in the folder for outputs; return its name."""
    folder = folder_for(source, work.paths, work.out)
    make_folder(folder)
    with Batch(durable=work.durable) as batch:
        placed = batch.place(folder, source.stem, suffix, [made], _no_source)
        batch.publish()
    report.outputs.append(Output(placed.path, placed.size_bytes, 0))
    return placed.path


def _no_source(_: int) -> FileSource:
    raise AssertionError("only bytes are written here")
