"""Folders as units of work: an action on one, unless it was done; copies of its results."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.streams import ByteRange
from isocenter.errors import IsocenterError
from isocenter.services.actions import ACTIONS, resolve
from isocenter.services.files import FileSource
from isocenter.services.looks import Entry, list_folder
from isocenter.services.markers import Change, Done, find_change, find_marker, name_in, write_marker
from isocenter.services.outputs import Batch, make_folder
from isocenter.services.pieces import OpenSource
from isocenter.services.reports import FileOutcome, Report, Work

# What a marker covers.
_SETTLED = frozenset({"done", "unchanged"})


class Processed(NamedTuple):
    """What ``process`` did: the action's report, copies of its outputs, the marker if any."""

    report: Report
    copies: tuple[Path, ...]
    marker: Path | None


class AlreadyDone(NamedTuple):
    """The folder has a marker and was left alone; ``change`` says if files came since."""

    marker: Path
    change: Change | None


def process(
    action: str, work: Work, *, skip_if_done: bool = False, output_dir: Path | None = None
) -> Processed | AlreadyDone:
    """Run an action on one file or folder, unless it was done; copy its outputs; mark it done.

    Parameters
    ----------
    work
        Has one path.
    skip_if_done
        Leave a folder with a marker alone, and leave a marker after complete success. Single
        files and actions that only describe have none.
    output_dir
        Folder for copies of the outputs; it is made where it is missing.

    Raises
    ------
    IsocenterError
        As the action does; what happens to single files is in the report.
    """
    (folder,) = work.paths
    is_marked = skip_if_done and ACTIONS[action].writes and folder.is_dir()
    entries: tuple[Entry, ...] = ()
    if is_marked:
        marker = find_marker(folder, action, work.limits)
        if marker is not None:
            return AlreadyDone(marker.path, find_change(folder, marker, work.limits))
        entries = list_folder(folder, is_recursive=work.recursive, limits=work.limits)
    report = resolve(action)(work)
    results = [output.path for output in report.outputs]
    copies = _copy_each(results, output_dir, report, work) if output_dir is not None else []
    if not is_marked or report.failed or not report.settled:
        return Processed(report, tuple(copies), None)
    processed = {name_in(folder, file.path) for file in report.files if file.status in _SETTLED}
    done = Done(results, entries, work.recursive, processed, copies)
    made = write_marker(folder, action, done, work.limits)
    return Processed(report, tuple(copies), made)


def copy_results(results: Sequence[Path], folder: Path, *, durable: bool = True) -> list[Path]:
    """Copy results into a folder, which is made where it is missing; return the copies.

    A name that is taken by another file becomes ``_1``, ``_2``, ...; a copy that is there
    already is not made again.

    Raises
    ------
    UnavailableError, NotFoundError, ConflictError
        If a file cannot be read or written; then no copy is left.
    """
    make_folder(folder)
    with Batch(durable=durable) as batch:
        copies = []
        for path in results:
            with FileSource(path) as source:
                whole = ByteRange(0, 0, source.size)
            copies.append(batch.place(folder, path.stem, path.suffix, [whole], _opener(path)))
        batch.publish()
    return [copy.path for copy in copies]


def _copy_each(results: Sequence[Path], output_dir: Path, report: Report, work: Work) -> list[Path]:
    """Return the copies; what cannot be copied is a failure in the report."""
    copies: list[Path] = []
    for path in results:
        try:
            copies += copy_results([path], output_dir, durable=work.durable)
        except IsocenterError as error:
            report.files.append(FileOutcome(path, "failed", f"not copied: {error}"))
    return copies


def _opener(path: Path) -> OpenSource:
    return lambda _: FileSource(path)
