"""A DICOMDIR of 4,000 files, against DCMTK's dcmmkdir and pydicom's FileSet.

    python -m benchmarks.dicomdir

All work in place on the same files, each as a whole process; nobody waits for the disk but the
second contestant.
"""

import shutil
import sys
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant, judge, run_contest, table
from tests.builders import instance, write

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "var" / "bench" / "dicomdir"
SERIES, SLICES, SIZE = 10, 400, 64
ROUNDS = 5
_PYDICOM = """
import sys
from pathlib import Path
from pydicom.fileset import FileSet
root = Path(sys.argv[1])
files = FileSet()
for path in sorted(root.glob("IM*")):
    files.add(path)
files.write(sys.argv[2])
"""


def prepare() -> None:
    """Make the files where they are missing."""
    if len(list(FILES.glob("*/*"))) == SERIES * SLICES:
        return
    shutil.rmtree(FILES, ignore_errors=True)
    for number in range(SERIES):
        for index in range(SLICES):
            dataset = instance(index, rows=SIZE, columns=SIZE, series_name=f"series {number}")
            dataset.SeriesNumber = number + 1
            write(dataset, FILES / f"SE{number:06d}" / f"IM{index:06d}")


def contests() -> list[Contest]:
    """Return the contests with their budgets.

    FileSet stages each file and takes minutes for 4,000 of them: it gets one series.
    """
    dcmtk = shutil.which("dcmmkdir")
    large = Contest(
        f"DICOMDIR of {SERIES * SLICES} files",
        (
            *ours(FILES),
            *(
                [Contestant("dcmmkdir", dcmmkdir(dcmtk, FILES), FILES / "DICOMDIR")]
                if dcmtk
                else []
            ),
        ),
        (
            *((Budget("seconds", 2, "dcmmkdir"),) if dcmtk else ()),
            Budget("peak_mb", 250),
        ),
    )
    one = FILES / "SE000000"
    copies = FILES.parent / "dicomdir-pydicom"
    pydicom = (sys.executable, "-c", _PYDICOM, str(one), str(copies))
    small = Contest(
        f"DICOMDIR of {SLICES} files",
        (*ours(one), Contestant("pydicom FileSet", pydicom, copies)),
        (Budget("seconds", 0.1, "pydicom FileSet"),),
    )
    return [large, small]


def ours(folder: Path) -> list[Contestant]:
    """Return our own contestants."""
    program = str(Path(sys.executable).parent / "isocenter")
    command = (program, "dicomdir", str(folder), "--quiet")
    made = folder / "DICOMDIR"
    return [
        Contestant("isocenter --no-fsync", (*command, "--no-fsync"), made),
        Contestant("isocenter", command, made),
    ]


def dcmmkdir(program: str, folder: Path) -> tuple[str, ...]:
    """Return the command of DCMTK."""
    return (program, "+r", "+id", str(folder), "+D", str(folder / "DICOMDIR"), "-nb")


def main() -> int:
    """Run the contests, print them, and return 1 where a budget is broken."""
    prepare()
    code = 0
    for contest in contests():
        medians = run_contest(contest, ROUNDS)
        print("\n".join(table(contest, medians)))
        for verdict in judge(contest, medians):
            print(verdict, flush=True)
            code |= verdict.is_binding and not verdict.is_kept
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
