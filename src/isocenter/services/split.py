"""Split files: from multi-frame files to single-frame ones, with a report of every input."""

from pathlib import Path

from isocenter.dicom.split import reason_to_skip, split_frames
from isocenter.errors import (
    CancelledError,
    IsocenterError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.files import FileSource, find_files
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten


def split(work: Work) -> Report:
    """Make a single-frame file of every Frame; report what became of every input.

    The files are ``{stem}_frame{i:04d}.dcm`` with i from 0, beside the input or under ``out``.
    All Frames of an input appear together, or none.

    Options: ``original_uids``, whether the Instances get back their UIDs from before the merge.

    Raises
    ------
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; inputs that are complete stay.
    """
    report = Report("split")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    work.progress.start(len(files), "Splitting")
    with (
        scratch_folder() as scratch,
        Sandbox(work.limits) as sandbox,
    ):
        for path in files:
            work.progress.check_cancelled()
            report.files.append(_split_file(work, path, sandbox, scratch, report))
            work.progress.advance()
    work.progress.finish()
    report.files.extend(problems)
    return report


def _split_file(
    work: Work, path: Path, sandbox: Sandbox, scratch: Path, report: Report
) -> FileOutcome:
    try:
        opened = open_dicom(path, sandbox, scratch, work.limits)
    except IsocenterError as error:
        return work.refused(path, error)
    try:
        reason = reason_to_skip(opened.header)
        if reason:
            return FileOutcome(path, "skipped", reason)
        try:
            outputs, notes = _write_frames(work, opened)
        except UnusualEncodingError:
            # Opening looks at the root only; functional groups can be odd inside.
            opened.close()
            opened = open_rewritten(path, sandbox, scratch, work.limits)
            outputs, notes = _write_frames(work, opened)
    except CancelledError:
        raise
    except IsocenterError as error:
        return FileOutcome(path, "failed", str(error))
    finally:
        opened.close()
    report.outputs.extend(outputs)
    report.warnings.extend(f"{path.name}: {warning}" for warning in (*opened.warnings, *notes))
    return FileOutcome(path, "done", outputs=tuple(output.path for output in outputs))


def _write_frames(work: Work, opened: OpenedFile) -> tuple[list[Output], list[str]]:
    """Return the outputs and what there is to say about them, each sentence once."""

    def open_source(_: int) -> FileSource:
        return FileSource(opened.source.path, expected=opened.source.stamp)

    folder = folder_for(opened.path, work.paths, work.out)
    make_folder(folder)
    keep = bool(work.options.get("original_uids", False))
    outputs: list[Output] = []
    notes: dict[str, None] = {}
    with Batch(durable=work.durable) as batch:
        for frame in split_frames(opened.header, opened.source, keep_original_uids=keep):
            work.progress.check_cancelled()
            stem = f"{opened.path.stem}_frame{frame.frame_number - 1:04d}"
            placed = batch.place(folder, stem, ".dcm", frame.pieces, open_source)
            outputs.append(Output(placed.path, placed.size_bytes, 1))
            notes.update(dict.fromkeys(frame.notes))
        batch.publish()
    return outputs, list(notes)
