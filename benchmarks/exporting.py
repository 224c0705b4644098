"""Contests of showing slices as pictures by their window: 400 files, and ten times as many.

A peer is a process for each file, as its makers offer it; it forces nothing onto the disk.
"""

import os
import shutil
import sys
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant

ISOCENTER = str(Path(sys.executable).parent / "isocenter")
COPIES = 10
_PEER = "dcmj2pnm"


def contests(slices: Path, work: Path) -> list[Contest]:
    """Return the contests; the input of the second is made once."""
    many = work / "many"
    if len(list(many.glob("*.dcm"))) != COPIES * len(list(slices.glob("*.dcm"))):
        shutil.rmtree(many, ignore_errors=True)
        many.mkdir()
        for number in range(COPIES):
            for path in sorted(slices.glob("*.dcm")):
                os.link(path, many / f"{number}_{path.name}")
    out = work / "out"
    return [
        _contest("export png", slices, out / "png", 0.25),
        _contest("export png of 4,000 files", many, out / "png-many", 0.1),
    ]


def _contest(name: str, source: Path, out: Path, at_most: float) -> Contest:
    ours = (ISOCENTER, "export", str(source), "--quiet", "--out", str(out))
    contestants = [
        Contestant("isocenter", ours, out),
        Contestant("isocenter --no-fsync", (*ours, "--no-fsync"), out),
    ]
    budgets = [Budget("peak_mb", 250)]
    if shutil.which(_PEER) is not None:
        theirs = out.with_name(f"{out.name}-peer")
        command = f"{_PEER} +on -il +Wi 1 $f '{theirs}'/${{f##*/}}.png"
        script = f"mkdir -p '{theirs}'; for f in '{source}'/*.dcm; do {command}; done"
        contestants.append(Contestant(_PEER, ("bash", "-euc", script), theirs))
        budgets.append(Budget("seconds", at_most, _PEER, is_aim=True))
    return Contest(name, tuple(contestants), tuple(budgets))
