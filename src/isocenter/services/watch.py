"""Watching folders: pass after pass, each folder that is complete is worked on once.

A pass looks at every folder twice, some seconds apart, before it works on it: what still changes
waits for the next pass. Time is measured by a clock that never jumps; times of files are compared
for equality only. Looking costs a listing a folder; files are opened only where something is new.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import NamedTuple, Protocol

from isocenter.errors import CancelledError, IsocenterError
from isocenter.services.leftovers import Leftovers
from isocenter.services.looks import take_look
from isocenter.services.reports import NoProgress
from isocenter.services.scan import Candidate, Scanner
from isocenter.services.scan_state import ScanState
from isocenter.services.unit_work import work_on
from isocenter.services.units import Outcome, Task, same_inputs

logger = logging.getLogger(__name__)

# Two looks at a folder are this far apart, or less where passes are.
STABLE_SECONDS = 5.0


class Pacer(Protocol):
    """Time and the wish to stop; the real one is in ``cli/watching.py``, tests simulate days."""

    def is_stopped(self) -> bool:
        """Return whether the watch shall end."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or earlier if the watch shall end."""


class PassResult(NamedTuple):
    """What one pass did, in folders; ``skipped`` ones were done before."""

    number: int
    processed: int
    skipped: int
    failed: int


class Listener(Protocol):
    """Is told what happens; always from the thread that runs the watch."""

    def folder_ended(self, outcome: Outcome) -> None:
        """Take note of what became of a folder."""

    def pass_ended(self, result: PassResult) -> None:
        """Take note of the end of a pass."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is watched, and how.

    Attributes
    ----------
    recursive
        Whether folders inside the roots are watched too.
    interval_seconds
        From the start of a pass to the start of the next.
    patience_seconds
        How long something that is expected to come is waited for.
    leftover_seconds
        How long a temporary file of ours stays unchanged before it counts as left behind.
    jobs
        How many folders are worked on at once.
    """

    roots: tuple[Path, ...]
    task: Task
    interval_seconds: float
    recursive: bool = True
    patience_seconds: float = 1800.0
    leftover_seconds: float = 3600.0
    jobs: int = 1


class Watcher:
    """A watch; ``run`` returns when the pacer is stopped."""

    def __init__(self, plan: Plan, listener: Listener, pacer: Pacer, state: ScanState) -> None:
        self._plan = plan
        self._listener = listener
        self._pacer = pacer
        self._state = state
        self._is_state_lost = False
        self._is_abandoned = False
        self._task = replace(plan.task, progress=_Stop(self))
        self._leftovers = Leftovers(plan.leftover_seconds)
        remembered, problem = state.read()
        if problem:
            logger.warning("%s", problem)
        self._scanner = Scanner(
            plan.roots,
            self._task,
            self._leftovers,
            recursive=plan.recursive,
            patience_seconds=plan.patience_seconds,
            remembered=remembered,
        )

    def run(self) -> None:
        """Pass after pass, until the pacer is stopped."""
        for number in count(1):
            if self._pacer.is_stopped():
                break
            started = self._pacer.monotonic()
            result = self.run_pass(number)
            if self._pacer.is_stopped():
                break
            self._listener.pass_ended(result)
            left = started + self._plan.interval_seconds - self._pacer.monotonic()
            if left > 0:
                self._pacer.wait(left)

    def run_pass(self, number: int = 1) -> PassResult:
        """Look at everything once, work on what is ready; return what was done."""
        candidates, outcomes = self._scanner.scan(self._pacer.monotonic(), self.is_stopping)
        for outcome in outcomes:
            self._tell(outcome)
        skipped = self._scanner.count_rest()
        for outcome in self._work_on_all(self._stable_ones(candidates)):
            self._scanner.remember(outcome)
            self._tell(outcome)
            outcomes.append(outcome)
        self._sweep()
        self._save()
        counts = Counter(outcome.status for outcome in outcomes)
        unfinished = sum(outcome.held_for == "unfinished" for outcome in outcomes)
        return PassResult(
            number,
            processed=counts["processed"],
            skipped=skipped + counts["skipped"],
            failed=counts["failed"] + counts["unavailable"] + unfinished,
        )

    def is_stopping(self) -> bool:
        """Return whether work on folders shall stop where it stands."""
        return self._is_abandoned or self._pacer.is_stopped()

    def _stable_ones(self, candidates: list[Candidate]) -> list[Candidate]:
        """Wait, look again, and return those that did not change."""
        if not candidates:
            return []
        self._pacer.wait(min(STABLE_SECONDS, self._plan.interval_seconds))
        stable: list[Candidate] = []
        for candidate in candidates:
            if self.is_stopping():
                return []
            folder = Path(candidate.path)
            try:
                now = take_look(folder, self._task.limits)
            except IsocenterError as error:
                logger.debug("%s: %s", folder, error)
                continue
            if same_inputs(folder, candidate.look, now, self._task.limits):
                stable.append(candidate._replace(look=now))
            else:
                self._scanner.changing(candidate.path)
                logger.debug("%s: still changing", folder)
        return stable

    def _work_on_all(self, candidates: list[Candidate]) -> Iterator[Outcome]:
        """Work on the folders, several side by side; yield the outcomes as they come."""
        workers = min(self._plan.jobs, len(candidates))
        if workers <= 1:
            yield from (self._work_on(candidate, self._plan.jobs) for candidate in candidates)
            return
        with ThreadPoolExecutor(workers) as threads:
            inner = self._plan.jobs // workers
            futures = [threads.submit(self._work_on, candidate, inner) for candidate in candidates]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                # Where the listener failed nobody waits for the rest; a stop is noticed anyway.
                self._is_abandoned = not all(future.done() for future in futures)

    def _work_on(self, candidate: Candidate, jobs: int) -> Outcome:
        folder = Path(candidate.path)
        if self.is_stopping():
            return Outcome(folder, "cancelled")
        over = self._scanner.over(candidate.path)
        try:
            return work_on(
                folder, candidate.look, self._task, above=candidate.above, over=over, jobs=jobs
            )
        except Exception as error:  # noqa: BLE001 - one folder never ends the watch
            # Without the error's own words: they may hold the value of an element.
            logger.error("%s", "".join(traceback.format_tb(error.__traceback__)))  # noqa: TRY400
            return Outcome(folder, "failed", reason=f"internal error: {type(error).__name__}")

    def _tell(self, outcome: Outcome) -> None:
        """Write one line about a folder into the log, and tell the listener."""
        about = [*outcome.shortages, *outcome.notes]
        told = f"; {'; '.join(about)}" if about else ""
        if outcome.status == "processed":
            level = logging.WARNING if outcome.shortages else logging.INFO
            outputs = f"{outcome.done_count} file(s) done, {len(outcome.outputs)} written"
            logger.log(level, "%s: %s%s", outcome.folder, outputs, told)
        elif outcome.status in ("failed", "unavailable"):
            logger.error("%s: %s%s", outcome.folder, outcome.reason, told)
        elif outcome.status == "held":
            logger.warning("%s: waiting, %s", outcome.folder, outcome.reason)
        else:
            logger.debug("%s: %s", outcome.folder, outcome.status)
        self._listener.folder_ended(outcome)

    def _sweep(self) -> None:
        """Remove what killed runs left, also where copies and the scan state lie."""
        now = self._pacer.monotonic()
        state = self._state.path
        for folder in (self._task.output_dir, state.parent if state is not None else None):
            if folder is not None:
                self._leftovers.look_into(folder, now)
        self._leftovers.end_pass()

    def _save(self) -> None:
        """Write the scan state, if something changed; without it everything works, but slower."""
        if not self._scanner.has_news:
            return
        try:
            self._state.write(self._scanner.rest())
        except IsocenterError as error:
            if not self._is_state_lost:
                logger.warning("the scan state is not written: %s", error)
            self._is_state_lost = True
            return
        self._scanner.has_news = self._is_state_lost = False


class _Stop(NoProgress):
    """Stops an action between two steps when the watch ends."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def check_cancelled(self) -> None:
        """Raise if the watch ends.

        Raises
        ------
        CancelledError
            If so.
        """
        if self._watcher.is_stopping():
            raise CancelledError("the watch was stopped")
