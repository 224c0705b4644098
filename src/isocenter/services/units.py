"""One watched folder: what is to be done there, and doing it under the folder's lock.

A folder's own files are one unit of work, without those of folders inside. Whatever ends the
process, the folder then holds what it held before, or the new results and their marker, or a
journal by which the next run goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from isocenter.errors import CancelledError, IsocenterError, NotFoundError, UnavailableError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.actions import resolve
from isocenter.services.files import is_of_machine
from isocenter.services.locks import FolderLock
from isocenter.services.looks import Entry, Look, Stamp, is_copying, take_look
from isocenter.services.markers import (
    Journal,
    Marker,
    inputs_among,
    journal_path,
    marker_path,
    read_records,
    summarise,
)
from isocenter.services.publishing import Publication, remove_stagings, staging, tidy_up
from isocenter.services.reports import (
    FileOutcome,
    NoProgress,
    Output,
    Progress,
    Report,
    Work,
)
from isocenter.services.survey import Survey, is_foreign, survey

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


def work_on(
    folder: Path,
    look: Look,
    task: Task,
    *,
    above: Sequence[Above] = (),
    over: frozenset[Reason] = frozenset(),
    jobs: int = 1,
) -> Outcome:
    """Do what is to be done in a folder, if it still looks like this and nobody else is at it.

    Parameters
    ----------
    over
        What has been waited for long enough.
    jobs
        How many things may run at once.
    """
    unit = _Unit(folder, look, task, tuple(above), over, jobs)
    try:
        with FolderLock(folder) as lock:
            return unit.work() if lock.is_held else Outcome(folder, "busy")
    except CancelledError:
        return Outcome(folder, "cancelled")
    except NotFoundError:
        return Outcome(folder, "changing")
    except UnavailableError as error:
        return Outcome(folder, "unavailable", reason=str(error))
    except IsocenterError as error:
        return Outcome(folder, "failed", reason=str(error))


@dataclass(slots=True)
class _Unit:
    """One folder, while its lock is held."""

    folder: Path
    look: Look
    task: Task
    above: tuple[Above, ...]
    over: frozenset[Reason]
    jobs: int
    digest: str = ""

    def work(self) -> Outcome:
        """Look again, decide again, survey, and run the action if nothing speaks against it."""
        now = take_look(self.folder, self.task.limits)
        remove_stagings(self.folder, [entry.name for entry in now.leftovers])
        if not same_inputs(self.folder, self.look, now, self.task.limits):
            return self._end("changing")
        self.look = now
        finding = judge(self.folder, now, self.task, self.above)
        self.digest = finding.digest
        if finding.verdict == "untidy":
            tidy_up(self.folder, self.task.action, finding.marker, finding.journal)
        if finding.verdict not in ("new", "late"):
            return self._end("skipped")
        if now.copying and "copying" not in self.over:
            names = ", ".join(entry.name for entry in now.copying[:3])
            return self._end("held", f"a copy is under way: {names}", held_for="copying")
        found = survey(self.folder, finding.entries, self.task.limits)
        return self._hold(found) or self._run(finding, found)

    def _hold(self, found: Survey) -> Outcome | None:
        """Return the outcome if the action should not run now."""
        if found.has_changed:
            return self._end("changing")
        if found.unavailable:
            problem = found.unavailable[0]
            return self._end("unavailable", f"{problem.path.name}: {problem.reason}")
        if found.unfinished and "unfinished" not in self.over:
            problem = found.unfinished[0]
            sentence = f"{problem.path.name}: {problem.reason}"
            if len(found.unfinished) > 1:
                sentence += f" (and {len(found.unfinished) - 1} more)"
            return self._end("held", sentence, held_for="unfinished")
        if found.shortages and "short" not in self.over:
            return self._end("held", "; ".join(found.shortages), held_for="short")
        return None

    def _run(self, finding: Finding, found: Survey) -> Outcome:
        damaged = [problem.path for problem in found.unfinished if problem.is_dicom]
        paths = (*found.dicom, *damaged)
        if not paths:
            return self._end("empty")
        with staging(self.folder) as place:
            report = resolve(self.task.action)(self._work_for(paths, place))
            self.task.progress.check_cancelled()
            failed = [outcome for outcome in report.files if outcome.status == "failed"]
            ended = self._after(report, failed, {path.name for path in paths})
            if ended is not None:
                return ended
            publication = Publication(
                folder=self.folder,
                action=self.task.action,
                digest=finding.digest,
                marker=finding.marker,
                journal=finding.journal,
                output_dir=self.task.output_dir,
                limits=self.task.limits,
                durable=self.task.durable,
            )
            staged = [output.path for output in report.outputs]
            covers_all = _covers(finding.marker, report)
            if not failed:
                processed = [file.path.name for file in report.files if file.status == "done"]
                targets = publication.publish(
                    staged, self.look.entries, processed, may_replace=covers_all
                )
            elif covers_all:
                targets = publication.publish_part(staged)
            else:
                return self._end("failed", _why(failed, report))
        notes = list(report.warnings)
        if finding.gone:
            notes.append(f"{finding.gone} earlier input(s) are gone; earlier results are kept")
        outputs = tuple(
            Output(target, output.size_bytes, output.frames)
            for target, output in zip(targets, report.outputs, strict=True)
        )
        return Outcome(
            self.folder,
            "failed" if failed else "processed",
            finding.digest,
            report.done,
            outputs,
            _why(failed, report),
            shortages=tuple(found.shortages),
            notes=tuple(notes),
        )

    def _work_for(self, paths: Sequence[Path], place: Path) -> Work:
        return Work(
            paths=tuple(paths),
            recursive=False,
            out=place,
            options=self.task.options,
            progress=self.task.progress,
            jobs=self.jobs,
            limits=self.task.limits,
            durable=self.task.durable,
        )

    def _after(
        self, report: Report, failed: Sequence[FileOutcome], names: set[str]
    ) -> Outcome | None:
        """Return the outcome if there is nothing to publish."""
        was = {entry.name: entry.stamp for entry in self.look.entries if entry.name in names}
        now = take_look(self.folder, self.task.limits)
        if was != {entry.name: entry.stamp for entry in now.entries if entry.name in names}:
            return self._end("changing")
        machine = next((outcome for outcome in failed if is_of_machine(outcome.reason)), None)
        if machine is not None:
            return self._end("unavailable", f"{machine.path.name}: {machine.reason}")
        if report.done:
            return None
        return self._end("failed", _why(failed, report)) if failed else self._end("empty")

    def _end(self, status: Status, reason: str = "", *, held_for: Reason = "") -> Outcome:
        return Outcome(self.folder, status, self.digest, reason=reason, held_for=held_for)


def _covers(marker: Marker | None, report: Report) -> bool:
    """Return whether all inputs of earlier results were there, so that those may go."""
    if marker is None:
        return True
    seen = {file.path.name for file in report.files if file.status != "failed"}
    return seen.issuperset(name for name in marker.processed if "/" not in name)


def _why(failed: Sequence[FileOutcome], report: Report) -> str:
    """Return a sentence about the files that failed, ``""`` if none did."""
    if not failed:
        return ""
    first = f"{failed[0].path.name}: {failed[0].reason}"
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{len(failed)} of {len(failed) + report.done} file(s) failed: {first}{more}"


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
