"""What the tests of watching share: simulated time, a listener that takes notes, and the truth.

    time = SimulatedTime()
    time.at(90, lambda: write(instance(7), folder / "late.dcm"))
    watcher = watch(folder, time)
    time.run_for(600, watcher)

Nothing sleeps: whoever waits moves the time on, and what was planned happens meanwhile.
"""

import hashlib
import heapq
import os
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

from pydicom import Dataset, dcmread

from isocenter.services.looks import take_look
from isocenter.services.markers import find_marker
from isocenter.services.reports import Progress
from isocenter.services.scan_state import ScanState
from isocenter.services.unit_work import work_on
from isocenter.services.units import Above, Outcome, Reason, Task, Verdict, judge
from isocenter.services.watch import PassResult, Plan, Watcher
from tests.builders import instance, write

INTERVAL_SECONDS = 60


class SimulatedTime:
    """A pacer whose time passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._end = float("inf")
        self._planned: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()
        self._is_stopped = False

    def at(self, seconds: float, event: Callable[[], object]) -> None:
        """Let something happen so many seconds from now."""
        heapq.heappush(self._planned, (self.now + seconds, next(self._order), event))

    def monotonic(self) -> float:
        return self.now

    def is_stopped(self) -> bool:
        return self._is_stopped or self.now >= self._end

    def stop(self) -> None:
        self._is_stopped = True

    def wait(self, seconds: float) -> None:
        end = min(self.now + seconds, self._end)
        while self._planned and self._planned[0][0] <= end and not self._is_stopped:
            self.now, _, event = heapq.heappop(self._planned)
            event()
        if not self._is_stopped:
            self.now = end

    def run_for(self, seconds: float, watcher: Watcher) -> None:
        """Watch for so many simulated seconds; what was begun is brought to an end."""
        self._end = self.now + seconds
        watcher.run()
        self._end = float("inf")


class Notes:
    """A listener that keeps everything."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.passes: list[PassResult] = []

    def folder_ended(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def pass_ended(self, result: PassResult) -> None:
        self.passes.append(result)

    def statuses(self, folder: Path | None = None) -> list[str]:
        """Return what became of a folder, or of all, in order."""
        return [
            outcome.status
            for outcome in self.outcomes
            if folder is None or outcome.folder == folder
        ]


def plan(root: Path, action: str = "merge", **task: Path | Progress | bool) -> Plan:
    """Return a plan for one folder with a short interval."""
    settings: dict[str, object] = {"durable": False, **task}
    return Plan((root,), Task(action, **settings), INTERVAL_SECONDS)  # type: ignore[arg-type]  # as Task takes them


def watch(
    root: Path,
    time: SimulatedTime,
    notes: Notes | None = None,
    *,
    state: Path | None = None,
    chosen: Plan | None = None,
) -> Watcher:
    """Return a watcher of one folder."""
    chosen = chosen or plan(root)
    scan_state = ScanState(state, chosen.roots, chosen.task.action)
    return Watcher(chosen, notes or Notes(), time, scan_state)


def numbered(index: int, series_name: str = "series") -> Dataset:
    """Return a slice whose pixels no slice of another number has."""
    return instance(index, series_name=series_name)


def pixels_of(path: Path) -> list[str]:
    """Return a digest of each Frame's pixels, as pydicom finds them; they are native here."""
    dataset = dcmread(path)
    data = dataset.PixelData
    frames = int(dataset.get("NumberOfFrames", 1))
    size = dataset.Rows * dataset.Columns * dataset.BitsAllocated // 8
    return [
        hashlib.sha256(data[start : start + size]).hexdigest()
        for start in range(0, frames * size, size)
    ]


def is_multi_frame(path: Path) -> bool:
    return path.name.endswith(".dcm") and "_multiframe" in path.name


def slices_in(folder: Path) -> Counter[str]:
    """Return the pixels of all slices that somebody put into a folder."""
    found: Counter[str] = Counter()
    for path in folder.glob("[!.]*"):
        if path.is_file() and path.suffix == ".dcm" and not is_multi_frame(path):
            found.update(pixels_of(path))
    return found


def merged_in(folder: Path) -> Counter[str]:
    """Return the pixels of all Frames of all results in a folder."""
    found: Counter[str] = Counter()
    for path in folder.glob("[!.]*"):
        if path.is_file() and is_multi_frame(path):
            found.update(pixels_of(path))
    return found


def hidden_in(root: Path) -> list[str]:
    """Return the names of hidden files and folders at any depth, except markers."""
    return sorted(
        path.name for path in root.rglob(".*") if not path.name.startswith(".dicompressor_")
    )


def assert_is_done(folder: Path) -> None:
    """Check that every slice of a folder is in one result, once, and that it is marked."""
    assert slices_in(folder) == merged_in(folder)
    assert max(merged_in(folder).values()) == 1
    assert find_marker(folder, "merge") is not None


MERGE = Task("merge", durable=False)


def add(folder: Path, index: int, *, cut: int = 0) -> Path:
    """Put a slice into a folder, without its last bytes where it is cut."""
    path = write(numbered(index), folder / f"add{index}.dcm")
    if cut:
        os.truncate(path, path.stat().st_size - cut)
    return path


def verdict(folder: Path, task: Task = MERGE, *above: Above) -> Verdict:
    """Return what is to be done in a folder."""
    return judge(folder, take_look(folder), task, above).verdict


def work(folder: Path, task: Task = MERGE, *waited: Reason) -> Outcome:
    """Work on a folder as it is now."""
    return work_on(folder, take_look(folder), task, over=frozenset(waited))
