"""How fast images come to PyTorch: our Dataset against MONAI's loaders and SimpleITK.

    python -m benchmarks.dataset [--rounds N]

All read the same 400 CT slices of 512 x 512 that lie in memory, at random, in batches of 16. Every
run is a process of its own; they take turns.
"""

import argparse
import json
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.__main__ import ROOT, SLICE_COUNT, SLICES, WORK
from benchmarks.contest import Budget, Contest, Contestant, judge, run_contest, table
from isocenter.client.cache import open_cache
from isocenter.client.set_files import unpack

ROUNDS = 3
IMAGES = 1600
LEARNING = WORK / "learning" / "slices"
# 20 times as fast, says the design.
AGAINST_MONAI = 1 / 20
_NAMES = ("isocenter", "isocenter_first", "monai", "monai_persistent", "simpleitk")


def main() -> int:
    """Run the contests, show them, keep them in var/bench; 1 where a budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dataset")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    prepare()
    results = {}
    is_over = False
    for workers in (0, 2):
        contest = Contest(
            f"{IMAGES} images, {workers} workers",
            tuple(_contestant(name, workers) for name in _NAMES),
            (
                Budget("seconds", AGAINST_MONAI, "monai", is_aim=True),
                # With workers both wait for the memory that processes share.
                Budget("seconds", 1.0, "monai_persistent", is_aim=workers > 0),
                Budget("seconds", 1.0, "simpleitk"),
            ),
        )
        medians = run_contest(contest, options.rounds)
        verdicts = judge(contest, medians)
        print("\n".join([*table(contest, medians), *map(str, verdicts)]), flush=True)
        is_over |= any(one.is_binding and not one.is_kept for one in verdicts)
        for name, run in medians.items():
            print(f"  {name:<26}{IMAGES / run.seconds:>10.0f} images/s")
        results[contest.name] = {name: asdict(run) for name, run in medians.items()}
    (WORK / "dataset.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 1 if is_over else 0


def prepare() -> None:
    """Make the slices where they are missing, and a learning set of them."""
    if len(list(SLICES.glob("*.dcm"))) != SLICE_COUNT:
        sample = [sys.executable, "examples/sample_series.py", "--slices", str(SLICE_COUNT)]
        subprocess.run([*sample, "--out", str(SLICES)], cwd=ROOT, check=True)
    LEARNING.parent.mkdir(parents=True, exist_ok=True)
    archive = LEARNING.with_suffix(".zip")
    paths = sorted(SLICES.glob("*.dcm"))
    resources = [{"id": path.stem, "file": f"resources/{path.name}"} for path in paths]
    with zipfile.ZipFile(archive, "w") as opened:
        said = {"id": "1", "name": LEARNING.name, "version": 1, "resources": resources}
        opened.writestr("dataset.json", json.dumps(said))
        for path, resource in zip(paths, resources, strict=True):
            opened.write(path, resource["file"])
    open_cache(LEARNING, unpack(archive, LEARNING))
    archive.unlink()


def _contestant(name: str, workers: int) -> Contestant:
    script = str(Path(__file__).with_name("loaders.py"))
    return Contestant(name, (sys.executable, script, name, str(SLICES), str(workers), str(IMAGES)))


if __name__ == "__main__":
    sys.exit(main())
