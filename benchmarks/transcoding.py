"""Contests of compressing and decompressing: whole processes on the same folder of slices.

Ours with everything that a user gets: every lossless frame decoded again and compared, files
forced onto the disk. The peers verify nothing and force nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant

ISOCENTER = str(Path(sys.executable).parent / "isocenter")
GDCM_J2K = ("gdcmconv --j2k", "gdcmconv --j2k")
GDCM_RAW = ("gdcmconv --raw", "gdcmconv --raw")
DCMTK_JPEG_LS = ("dcmcjpls", "dcmcjpls")
PEAK = Budget("peak_mb", 250)
CONTESTANTS = str(Path(__file__).with_name("contestants.py"))
COPIES = 10


def ours(name: str, action: str, source: Path, output: Path, *options: str) -> Contestant:
    """Return our contestant."""
    command = (ISOCENTER, action, str(source), "--quiet", "--out", str(output), *options)
    return Contestant(name, command, output)


def peers(source: Path, output: Path, *rows: tuple[str, str]) -> list[Contestant]:
    """Return the installed ones of these programs, a process for each file, one after another."""
    found = []
    for name, command in rows:
        if shutil.which(command.split()[0]) is None:
            continue
        loop = f"for f in '{source}'/*.dcm; do {command} $f '{output}'/${{f##*/}}; done"
        script = f"mkdir -p '{output}'; {loop}"
        found.append(Contestant(name, ("bash", "-euc", script), output))
    return found


def contests(slices: Path, work: Path) -> list[Contest]:
    """Return the contests; the input of the last one is made once."""
    out, packed = work / "out", work / "packed"
    if len(list(packed.glob("*.dcm"))) != len(list(slices.glob("*.dcm"))):
        shutil.rmtree(packed, ignore_errors=True)
        command = (ISOCENTER, "compress", str(slices), "--quiet", "--out", str(packed))
        subprocess.run(command, check=True)
    return [
        _contest("compress j2k", slices, out, "j2k", GDCM_J2K, 1.0),
        _contest("compress jpegls", slices, out, "jpegls", DCMTK_JPEG_LS, 0.6),
        _contest(
            "compress htj2k",
            slices,
            out,
            "htj2k",
            GDCM_J2K,
            0.1,
            Budget("output_mb", 1.1, GDCM_J2K[0], is_aim=True),
        ),
        _unverified("j2k", slices, out, GDCM_J2K, 0.55),
        _unverified("jpegls", slices, out, DCMTK_JPEG_LS, 0.3),
        Contest(
            "compress htj2k, 4,000 files",
            (
                ours(
                    "isocenter",
                    "compress",
                    _many(slices, work / "many"),
                    out / "htj2k-many",
                    *("--codec", "htj2k", "--no-fsync"),
                ),
            ),
            (PEAK,),
        ),
        Contest(
            "decompress j2k",
            (
                ours("isocenter", "decompress", packed, out / "raw"),
                *peers(packed, out / "raw-peer", GDCM_RAW),
            ),
            (*_against(GDCM_RAW[0], 0.55), PEAK),
        ),
    ]


def _contest(
    name: str,
    slices: Path,
    out: Path,
    codec: str,
    peer: tuple[str, str],
    at_most: float,
    *budgets: Budget,
) -> Contest:
    return Contest(
        name,
        (
            ours("isocenter", "compress", slices, out / codec, "--codec", codec),
            *peers(slices, out / f"{codec}-peer", peer),
        ),
        (
            *_against(peer[0], at_most),
            *(budget for budget in budgets if _is_installed(peer[0])),
            PEAK,
        ),
    )


def _unverified(
    codec: str, slices: Path, out: Path, peer: tuple[str, str], at_most: float
) -> Contest:
    """Return the contest in which nothing is decoded again, as the peer does not either."""
    output = out / f"{codec}-unverified"
    command = (sys.executable, CONTESTANTS, "compress_unverified", codec, str(slices), str(output))
    return Contest(
        f"compress {codec}, not verified",
        (
            Contestant("isocenter, not verified", command, output),
            *peers(slices, out / f"{codec}-peer", peer),
        ),
        _against(peer[0], at_most),
    )


def _many(slices: Path, many: Path) -> Path:
    """Return a folder with each slice ten times, made once."""
    if len(list(many.glob("*.dcm"))) != COPIES * len(list(slices.glob("*.dcm"))):
        shutil.rmtree(many, ignore_errors=True)
        many.mkdir()
        for number in range(COPIES):
            for path in sorted(slices.glob("*.dcm")):
                os.link(path, many / f"{number}_{path.name}")
    return many


def _against(peer: str, at_most: float) -> tuple[Budget, ...]:
    """Return the aim against a peer, where that is installed."""
    if not _is_installed(peer):
        return ()
    return (Budget("seconds", at_most, peer, is_aim=True),)


def _is_installed(peer: str) -> bool:
    return shutil.which(peer.split(maxsplit=1)[0]) is not None
