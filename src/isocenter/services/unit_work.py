"""Doing what is to be done in one watched folder, under the folder's lock.

Whatever ends the process, the folder then holds what it held before, or the new results and their
marker, or a journal by which the next run goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from isocenter.errors import CancelledError, IsocenterError, NotFoundError, UnavailableError
from isocenter.services.actions import resolve
from isocenter.services.locks import FolderLock
from isocenter.services.looks import Look, take_look
from isocenter.services.markers import Marker
from isocenter.services.publishing import Publication, remove_stagings, staging, tidy_up
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.survey import Problem, Survey, survey
from isocenter.services.units import (
    Above,
    Finding,
    Outcome,
    Reason,
    Status,
    Task,
    judge,
    same_inputs,
)
from isocenter.system_errors import is_of_machine


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
        return Outcome(folder, "failed", unit.digest, reason=str(error))


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
        ended = self._hold(found)
        if ended is not None:
            return ended
        damaged = [problem.path for problem in found.unfinished if problem.is_dicom]
        paths = (*found.dicom, *damaged)
        if not paths:
            return self._end("empty")
        run = self._run_in_place if self.task.options.get("in_place") else self._run
        return run(finding, found, paths)

    def _hold(self, found: Survey) -> Outcome | None:
        """Return the outcome if the action should not run now."""
        if found.has_changed:
            return self._end("changing")
        if found.unavailable:
            return self._end("unavailable", _about(found.unavailable))
        if found.unfinished and "unfinished" not in self.over:
            return self._end("held", _about(found.unfinished), held_for="unfinished")
        if found.shortages and "short" not in self.over:
            return self._end("held", "; ".join(found.shortages), held_for="short")
        return None

    def _run(self, finding: Finding, found: Survey, paths: Sequence[Path]) -> Outcome:
        """Run the action into a staging folder; publish what it gave, if no input changed."""
        with staging(self.folder) as place:
            report = self._report(paths, place)
            if self._has_changed({path.name for path in paths}):
                return self._end("changing")
            failed = _failed(report)
            ended = self._without_results(report, failed)
            if ended is not None:
                return ended
            staged = [output.path for output in report.outputs]
            covers_all = _covers(finding.marker, report)
            if not failed:
                results = self._publication(finding).publish(
                    staged, self.look.entries, _done(report), may_replace=covers_all
                )
            elif covers_all:
                results = self._publication(finding).publish_part(staged)
            else:
                return self._end("failed", _why(failed, report))
        return self._tell(report, finding, found, results)

    def _run_in_place(self, finding: Finding, found: Survey, paths: Sequence[Path]) -> Outcome:
        """Run an action that puts each result in the place of its input, one by one and whole."""
        report = self._report(paths, None)
        failed = _failed(report)
        ended = self._without_results(report, failed)
        if ended is not None:
            return ended
        results = [output.path for output in report.outputs]
        if not failed:
            done = _done(report)
            was = set(self.look.entries)
            now = take_look(self.folder, self.task.limits)
            # What was not processed and is not as it was came meanwhile, and is late.
            entries = [entry for entry in now.entries if entry.name in done or entry in was]
            self._publication(finding).mark_in_place(results, entries, done)
        return self._tell(report, finding, found, results)

    def _report(self, paths: Sequence[Path], place: Path | None) -> Report:
        work = Work(
            paths=tuple(paths),
            recursive=False,
            out=place,
            options=self.task.options,
            progress=self.task.progress,
            jobs=self.jobs,
            limits=self.task.limits,
            durable=self.task.durable,
            is_staging=place is not None,
        )
        report = resolve(self.task.action)(work)
        self.task.progress.check_cancelled()
        return report

    def _has_changed(self, names: set[str]) -> bool:
        """Return whether files that the action took are not what they were before."""
        was = {entry.name: entry.stamp for entry in self.look.entries if entry.name in names}
        now = take_look(self.folder, self.task.limits)
        return was != {entry.name: entry.stamp for entry in now.entries if entry.name in names}

    def _without_results(self, report: Report, failed: Sequence[FileOutcome]) -> Outcome | None:
        """Return the outcome if there is nothing to publish."""
        machine = next((outcome for outcome in failed if is_of_machine(outcome.reason)), None)
        if machine is not None:
            return self._end("unavailable", f"{machine.path.name}: {machine.reason}")
        if report.done:
            return None
        return self._end("failed", _why(failed, report)) if failed else self._end("empty")

    def _publication(self, finding: Finding) -> Publication:
        return Publication(
            folder=self.folder,
            action=self.task.action,
            digest=finding.digest,
            marker=finding.marker,
            journal=finding.journal,
            output_dir=self.task.output_dir,
            limits=self.task.limits,
            durable=self.task.durable,
        )

    def _tell(
        self, report: Report, finding: Finding, found: Survey, results: Sequence[Path]
    ) -> Outcome:
        failed = _failed(report)
        notes = list(report.warnings)
        if finding.gone:
            notes.append(f"{finding.gone} earlier input(s) are gone; earlier results are kept")
        outputs = tuple(
            Output(path, output.size_bytes, output.frames)
            for path, output in zip(results, report.outputs, strict=True)
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

    def _end(self, status: Status, reason: str = "", *, held_for: Reason = "") -> Outcome:
        return Outcome(self.folder, status, self.digest, reason=reason, held_for=held_for)


def _failed(report: Report) -> list[FileOutcome]:
    return [outcome for outcome in report.files if outcome.status == "failed"]


def _done(report: Report) -> set[str]:
    return {outcome.path.name for outcome in report.files if outcome.status == "done"}


def _covers(marker: Marker | None, report: Report) -> bool:
    """Return whether all inputs of earlier results were there, so that those may go."""
    if marker is None:
        return True
    seen = {outcome.path.name for outcome in report.files if outcome.status != "failed"}
    return seen.issuperset(name for name in marker.processed if "/" not in name)


def _why(failed: Sequence[FileOutcome], report: Report) -> str:
    """Return a sentence about the files that failed, ``""`` if none did."""
    if not failed:
        return ""
    problems = [Problem(outcome.path, outcome.reason) for outcome in failed]
    return f"{len(failed)} of {len(failed) + report.done} file(s) failed: {_about(problems)}"


def _about(problems: Sequence[Problem]) -> str:
    """Return a sentence about the first problem, and how many there are more."""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{problems[0].path.name}: {problems[0].reason}{more}"
