"""Contests of editing: elements changed, bytes turned round, on the same folder of slices.

Both are mostly copying, so `cp` with `sync` is the measure. dcmodify edits copies in place, all in
one process; dcmconv takes a process for each file. Neither forces anything onto the disk.
"""

import shutil
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant
from benchmarks.transcoding import PEAK, ours, peers

EDITS = ("PatientID=7", "PatientName=Doe^Jane", "StudyID=1", "SliceThickness=2.5", "KVP=100")
DCMODIFY = "cp and dcmodify"
DCMCONV = ("dcmconv +tb", "dcmconv +tb")
CP = "cp and sync"


def contests(slices: Path, work: Path) -> list[Contest]:
    """Return the contests."""
    out = work / "out"
    edits = [part for edit in EDITS for part in ("--set", edit)]
    return [
        Contest(
            "modify",
            (
                ours("isocenter", "modify", slices, out / "modified", *edits),
                _copied(slices, out / "copied"),
                *_dcmodify(slices, out / "modified-peer"),
            ),
            (*_aims((CP, "cp", 1.5), (DCMODIFY, "dcmodify", 0.5)), PEAK),
        ),
        Contest(
            "big endian",
            (
                ours("isocenter", "convert", slices, out / "turned", "--big-endian"),
                _copied(slices, out / "copied"),
                *peers(slices, out / "turned-peer", DCMCONV),
            ),
            (*_aims((CP, "cp", 1.5), (DCMCONV[0], "dcmconv", 0.3)), PEAK),
        ),
    ]


def _copied(slices: Path, output: Path) -> Contestant:
    script = f"mkdir -p '{output}'; cp '{slices}'/*.dcm '{output}'; sync -f '{output}'"
    return Contestant(CP, ("bash", "-euc", script), output)


def _dcmodify(slices: Path, output: Path) -> list[Contestant]:
    if shutil.which("dcmodify") is None:
        return []
    edits = " ".join(f"-i '{edit}'" for edit in EDITS)
    copy = f"mkdir -p '{output}'; cp '{slices}'/*.dcm '{output}'"
    script = f"{copy}; dcmodify -nb {edits} '{output}'/*.dcm"
    return [Contestant(DCMODIFY, ("bash", "-euc", script), output)]


def _aims(*rows: tuple[str, str, float]) -> tuple[Budget, ...]:
    """Return the aims against the peers that are installed."""
    return tuple(
        Budget("seconds", at_most, peer, is_aim=True)
        for peer, program, at_most in rows
        if shutil.which(program) is not None
    )
