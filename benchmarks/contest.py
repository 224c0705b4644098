"""Run contestants in turn and compare their medians.

Timings on shared machines are noisy: runs are interleaved, what counts is the ratio of medians
to a peer, and no time is asserted on its own. A contestant is a whole process; where only a part
of it is of interest it prints `seconds N` as its last line, and that is taken instead.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command; `output` is removed before each run, `exit_codes` are those of success."""

    name: str
    command: tuple[str, ...]
    output: Path | None = None
    exit_codes: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Budget:
    """What ours may take: `metric` at most `at_most` times the peer's, or without a peer in units.

    Metrics are `seconds`, `cpu_seconds`, `peak_mb` and `output_mb`. An aim is shown, never
    failed; seconds without a peer are always one.
    """

    metric: str
    at_most: float
    peer: str = ""
    is_aim: bool = False


@dataclass(frozen=True, slots=True)
class Contest:
    """Contestants that do the same job; the first is ours."""

    name: str
    contestants: tuple[Contestant, ...]
    budgets: tuple[Budget, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took, or the medians of several."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a budget came to."""

    budget: Budget
    value: float

    @property
    def is_kept(self) -> bool:
        """Whether ours stays inside the budget."""
        return self.value <= self.budget.at_most

    @property
    def is_binding(self) -> bool:
        """Whether the budget can fail the benchmark."""
        if self.budget.is_aim:
            return False
        return bool(self.budget.peer) or self.budget.metric == "peak_mb"

    def to_json(self) -> dict[str, str | float | bool]:
        """Return budget, value and verdict as JSON values."""
        return {**asdict(self.budget), "value": self.value, "is_kept": self.is_kept}

    def __str__(self) -> str:
        unit = f"x {self.budget.peer}" if self.budget.peer else self.budget.metric
        word = "kept" if self.is_kept else "OVER" if self.is_binding else "missed (an aim)"
        metric, at_most = self.budget.metric, self.budget.at_most
        return f"  {metric}: {self.value:.3g} {unit}, at most {at_most:g}: {word}"


def run_once(contestant: Contestant) -> Run:
    """Run a contestant as a whole process and return what it took.

    What earlier runs left for the disk is written first, so that nobody pays for another.

    Raises
    ------
    RuntimeError
        If it fails; its own words are in the message.
    """
    if contestant.output is not None:
        shutil.rmtree(contestant.output, ignore_errors=True)
        contestant.output.unlink(missing_ok=True)
    if hasattr(os, "sync"):
        os.sync()
    with tempfile.TemporaryFile() as printed:
        started = time.perf_counter()
        process = subprocess.Popen(
            contestant.command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read().decode(errors="replace")
    if process.returncode not in contestant.exit_codes:
        message = f"{contestant.name} ended with {process.returncode}: {text[-2000:]}"
        raise RuntimeError(message)
    last_line = text.rstrip().rpartition("\n")[2].split()
    if len(last_line) == 2 and last_line[0] == "seconds":
        seconds = float(last_line[1])
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu_seconds, usage.ru_maxrss / 1024, _megabytes(contestant.output))


def _megabytes(output: Path | None) -> float:
    if output is None:
        return 0.0
    files = output.rglob("*") if output.is_dir() else [output]
    return sum(path.stat().st_size for path in files if path.is_file()) / (1 << 20)


def run_contest(contest: Contest, rounds: int = ROUNDS) -> dict[str, Run]:
    """Return the medians of each contestant; the contestants take turns in every round."""
    runs: dict[str, list[Run]] = {contestant.name: [] for contestant in contest.contestants}
    for _ in range(rounds):
        for contestant in contest.contestants:
            runs[contestant.name].append(run_once(contestant))
    return {name: median(found) for name, found in runs.items()}


def median(runs: Iterable[Run]) -> Run:
    """Return the median of each metric."""
    rows = [asdict(run) for run in runs]
    return Run(**{metric: statistics.median(row[metric] for row in rows) for metric in rows[0]})


def judge(contest: Contest, medians: dict[str, Run]) -> list[Verdict]:
    """Return the verdict on each budget."""
    ours = asdict(medians[contest.contestants[0].name])
    verdicts = []
    for budget in contest.budgets:
        unit = asdict(medians[budget.peer])[budget.metric] if budget.peer else 1.0
        verdicts.append(Verdict(budget, ours[budget.metric] / max(unit, 1e-9)))
    return verdicts


def table(contest: Contest, medians: dict[str, Run]) -> list[str]:
    """Return the lines that show the medians of a contest."""
    lines = [f"{contest.name:<28}{'seconds':>10}{'cpu s':>10}{'peak MB':>10}"]
    lines += [
        f"  {name:<26}{run.seconds:>10.3f}{run.cpu_seconds:>10.3f}{run.peak_mb:>10.0f}"
        for name, run in medians.items()
    ]
    return lines
