"""One watched folder: what is to be done there, by what it holds and what its markers say.

A folder's own files are one unit of work, without those of folders inside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from isocenter.limits import DEFAULT, Limits
from isocenter.services.looks import Entry, Look, Stamp, is_copying
from isocenter.services.markers import (
    Journal,
    Marker,
    inputs_among,
    journal_path,
    marker_path,
    read_records,
    summarise,
)
from isocenter.services.reports import NoProgress, Output, Progress
from isocenter.services.survey import is_foreign

Verdict = Literal["empty", "done", "new", "late", "untidy"]
Status = Literal[
    "processed",  # everything succeeded, the folder is marked
    "failed",  # some inputs could not be processed; tried again when they change
    "unavailable",  # the machine failed; tried again
    "held",  # something is expected to come
    "changing",  # something came just now
    "busy",  # another one works here
    "skipped",  # done already
    "empty",  # nothing for this action
    "cancelled",
]
Reason = Literal["", "copying", "unfinished", "short"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is done in every folder.

    Attributes
    ----------
    action, options
        A row of ``services/actions.py`` and its options.
    output_dir
        Folder for copies of the results.
    """

    action: str
    options: Mapping[str, object] = field(default_factory=dict)
    output_dir: Path | None = None
    progress: Progress = field(default_factory=NoProgress)
    limits: Limits = DEFAULT
    durable: bool = True


@dataclass(frozen=True, slots=True)
class Above:
    """A marker in a folder above that speaks of files in folders inside."""

    folder: Path
    marker: Marker


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be done in a folder.

    Attributes
    ----------
    entries
        Its inputs: no outputs of ours, no copies under way.
    gone
        How many inputs that the marker tells are no longer there.
    speaking
        Markers in the folder that speak of files in folders inside.
    """

    verdict: Verdict
    entries: tuple[Entry, ...] = ()
    digest: str = ""
    marker: Marker | None = None
    journal: Journal | None = None
    gone: int = 0
    speaking: tuple[Marker, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a folder.

    Attributes
    ----------
    digest
        Of the inputs.
    done_count
        How many inputs were processed.
    reason
        A sentence, where it was not processed or not completely.
    held_for
        What is expected to come.
    shortages
        Sentences about series that claim more Instances than are there.
    notes
        Sentences about what was odd.
    """

    folder: Path
    status: Status
    digest: str = ""
    done_count: int = 0
    outputs: tuple[Output, ...] = ()
    reason: str = ""
    held_for: Reason = ""
    shortages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def judge(
    folder: Path, look: Look, task: Task, above: Sequence[Above] = (), *, empty_digest: str = ""
) -> Finding:
    """Return what is to be done in a folder that looks like this.

    A folder whose inputs only went away stays as it is: results outlive their sources.

    Parameters
    ----------
    empty_digest
        Of inputs that were found to be nothing for this action.

    Raises
    ------
    NotFoundError, UnavailableError
        If it cannot be read.
    """
    records = read_records(folder, [entry.name for entry in look.records], task.limits)
    own = records.outputs(folder) | _named_above(folder, above)
    entries = tuple(inputs_among(look.entries, own))
    inputs = summarise(entries, own, is_recursive=False)
    marker = records.markers.get(marker_path(folder, task.action).name)
    journal = records.journals.get(journal_path(folder, task.action).name)
    speaking = tuple(one for one in records.markers.values() if _speaks_of_inside(one))

    def found(verdict: Verdict, gone: int = 0) -> Finding:
        return Finding(verdict, entries, inputs.digest, marker, journal, gone, speaking)

    if marker is None:
        if inputs.digest == empty_digest or _are_foreign(folder, entries, task.limits):
            return found("empty")
        return found("done" if _is_covered(folder, task.action, entries, above) else "new")
    if marker.inputs is None:
        return found("done")  # another program's, which does not say what it saw
    if marker.inputs != inputs:
        late = [entry for entry in entries if marker.files.get(entry.name) != entry.stamp]
        there = {entry.name for entry in entries}
        gone = sum(name not in there for name in marker.processed if "/" not in name)
        if not _are_foreign(folder, late, task.limits):
            return found("late", gone)
        return found("untidy" if journal else "done", gone)
    return found("untidy" if journal else "done")


def same_inputs(folder: Path, before: Look, now: Look, limits: Limits = DEFAULT) -> bool:
    """Return whether nothing that can be an input changed between two looks."""
    if before.inputs == now.inputs:
        return True
    different = set(before.entries + before.copying) ^ set(now.entries + now.copying)
    there = {entry.name for entry in now.entries}
    return all(
        entry.name in there
        and not is_copying(entry.name)
        and is_foreign(folder / entry.name, limits)
        for entry in different
    )


def _are_foreign(folder: Path, entries: Sequence[Entry], limits: Limits) -> bool:
    """Return whether none of the files can be an input; the first that can ends the search."""
    return all(is_foreign(folder / entry.name, limits) for entry in entries)


def _speaks_of_inside(marker: Marker) -> bool:
    is_recursive = marker.inputs is not None and marker.inputs.is_recursive
    return is_recursive or any("/" in name for name in marker.outputs)


def _named_above(folder: Path, above: Sequence[Above]) -> frozenset[str]:
    """Return what markers above call their outputs in this very folder."""
    names: set[str] = set()
    for one in above:
        inside = folder.relative_to(one.folder).as_posix() + "/"
        names.update(
            name.removeprefix(inside)
            for name in one.marker.outputs
            if name.startswith(inside) and "/" not in name.removeprefix(inside)
        )
    return frozenset(names)


def _is_covered(
    folder: Path, action: str, entries: Sequence[Entry], above: Sequence[Above]
) -> bool:
    """Return whether a marker above says that all these files were processed from there."""

    def tells(one: Above) -> bool:
        if (
            one.marker.path.name != marker_path(folder, action).name
            or one.marker.inputs is None
            or not one.marker.inputs.is_recursive
        ):
            return False
        inside = folder.relative_to(one.folder).as_posix() + "/"
        files: Mapping[str, Stamp] = one.marker.files
        return all(files.get(inside + entry.name) == entry.stamp for entry in entries)

    return any(tells(one) for one in above)
