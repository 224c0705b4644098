"""Contests of de-identification: the full profile against dicognito, five values against C++.

Ours parses every result again and searches all its bytes for the source's own values; dicognito
changes what it knows and checks nothing. The documented five parameters, without any profile, are
what `gdcmanon` and `dcmodify` do; neither forces anything onto the disk.
"""

import shutil
import sys
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant

ISOCENTER = str(Path(sys.executable).parent / "isocenter")
DICOGNITO = "deidentify_dicognito"
FIVE = (
    ("0010,0010", "ANONYMOUS"),
    ("0010,0020", "ANON001"),
    ("0010,0030", "19000101"),
    ("0010,0040", "O"),
    ("0008,0090", "ANONYMOUS"),
)
GDCM, DCMTK = "gdcmanon --dumb", "dcmodify"


def contests(slices: Path, work: Path) -> list[Contest]:
    """Return the contests; key and parameters are written once."""
    out = work / "out"
    out.mkdir(parents=True, exist_ok=True)
    key, parameters = work / "key", work / "five.txt"
    key.write_text("a key of the benchmarks, 32 bytes")
    key.chmod(0o600)
    parameters.write_text("".join(f"({tag})={value}\n" for tag, value in FIVE))
    return [
        Contest(
            "de-identify 400 slices",
            (
                *_ours(slices, out / "deidentified", "--key-file", str(key)),
                _dicognito(slices, out / "dicognito"),
            ),
            (
                Budget("seconds", 0.1, DICOGNITO, is_aim=True),
                Budget("cpu_seconds", 1.5, DICOGNITO),
                Budget("peak_mb", 150),
            ),
        ),
        Contest(
            "set five values",
            (
                *_ours(slices, out / "five", "--profile", "none", "--params", str(parameters)),
                *_peers(slices, out),
            ),
            (Budget("peak_mb", 150), *_against()),
        ),
    ]


def _ours(slices: Path, output: Path, *options: str) -> tuple[Contestant, Contestant]:
    """Return our own contestants: as by default, and without waiting for the disk."""
    command = (ISOCENTER, "anonymize", str(slices), "--quiet", "--out", str(output), *options)
    return (
        Contestant("isocenter --no-fsync", (*command, "--no-fsync"), output),
        Contestant("isocenter", command, output),
    )


def _dicognito(slices: Path, output: Path) -> Contestant:
    script = str(Path(__file__).parent / "contestants.py")
    return Contestant(
        DICOGNITO, (sys.executable, script, DICOGNITO, str(slices), str(output)), output
    )


def _peers(slices: Path, out: Path) -> list[Contestant]:
    """Return the installed ones of the programs that set values."""
    replaced = " ".join(f"--replace {tag}={value}" for tag, value in FIVE)
    modified = " ".join(f"--modify '({tag})={value}'" for tag, value in FIVE)
    found = []
    for name, template in (
        (GDCM, f"mkdir '{{out}}'; gdcmanon --dumb {replaced} -r -i '{{slices}}' -o '{{out}}'"),
        (DCMTK, f"cp -r '{{slices}}' '{{out}}'; dcmodify --no-backup {modified} '{{out}}'/*.dcm"),
    ):
        if shutil.which(name.partition(" ")[0]) is not None:
            output = out / name.partition(" ")[0]
            script = template.format(slices=slices, out=output)
            found.append(Contestant(name, ("bash", "-euc", script), output))
    return found


def _against() -> list[Budget]:
    """Return budgets against the installed ones; to be faster is an aim."""
    names = [name for name in (GDCM, DCMTK) if shutil.which(name.partition(" ")[0]) is not None]
    return [Budget("seconds", 1.0, name, is_aim=True) for name in names]
