"""One pass of a watch over 2,000 finished folders, against the plain directory walk.

    python -m benchmarks.watching

Passes and walks take turns in one process; the figure is the ratio of the medians. Then one
folder gets a late slice, and the pass that takes it in is timed beside them.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.builders import write
from tests.watching import Notes, SimulatedTime, numbered, watch

FOLDERS = 2000
ROUNDS = 7


def main() -> int:
    """Make the folders, let a watch finish them, and print the comparison."""
    with tempfile.TemporaryDirectory(prefix="isocenter-benchmark-") as place:
        root = Path(place) / "patients"
        for number in range(FOLDERS):
            write(numbered(number), root / f"p{number // 50:03d}" / f"s{number:04d}" / "0001.dcm")
        watcher = watch(root, SimulatedTime(), Notes())
        first = timed(watcher.run_pass)
        passes, walks = [], []
        for _ in range(ROUNDS):
            passes.append(timed(watcher.run_pass))
            walks.append(timed(lambda: sum(len(files) for _, _, files in os.walk(root))))
        write(numbered(FOLDERS), root / "p000" / "s0000" / "0002.dcm")
        late = timed(watcher.run_pass)
    print(f"first pass, {FOLDERS} folders merged   {first:8.3f} s")
    print(f"pass over finished folders        {median(passes):8.3f} s")
    print(f"os.walk                           {median(walks):8.3f} s")
    print(f"ratio                             {median(passes) / median(walks):8.2f}")
    print(f"pass with one late slice          {late:8.3f} s")
    return 0


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())
