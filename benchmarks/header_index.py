"""Index and 20 elements of every file of a folder, ours against pydicom, dicomsdl and dcmdump.

python -m benchmarks.header_index [--folder DIR] [--rounds N] [--json FILE]

`make bench` runs the same contest on its own series; this is the quick look while working on it,
on any folder. Contestants are whole processes in turn; Python's print the time of reading alone,
dcmdump reads the whole folder in one process a pass. Peers that are not installed are left out.
"""

import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.contest import ROUNDS, Budget, Contest, Contestant, judge, run_contest, table
from benchmarks.contestants import PASSES, TAGS
from examples.sample_series import main as make_series

ROOT = Path(__file__).resolve().parent.parent
SLICES = 200
# Reader in contestants.py -> the library that it needs.
READERS = {"tags_isocenter": "isocenter", "tags_pydicom": "pydicom", "tags_dicomsdl": "dicomsdl"}
AIM = Budget("seconds", 0.1, "tags_pydicom")


def contest(folder: Path) -> Contest:
    """Return the contest on a folder, with the peers that are installed."""
    script = str(ROOT / "benchmarks" / "contestants.py")
    contestants = [
        Contestant(name, (sys.executable, script, name, str(folder)))
        for name, library in READERS.items()
        if importlib.util.find_spec(library) is not None
    ]
    if shutil.which("dcmdump") is not None:
        tags = " ".join(f"+P {tag >> 16:04x},{tag & 0xFFFF:04x}" for tag in TAGS)
        passes = f"for pass in {' '.join(map(str, range(PASSES)))}; do"
        line = f'{passes} dcmdump -q {tags} "$0"/*.dcm > /dev/null; done'
        contestants.append(Contestant("dcmdump", ("bash", "-euc", line, str(folder))))
    return Contest("read 20 tags", tuple(contestants), (AIM,))


def measure(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Run the contest, print the table and return medians and files per second."""
    held = contest(folder)
    files = len(list(folder.glob("*.dcm")))
    medians = run_contest(held, rounds)
    print("\n".join(table(held, medians)))
    result = {
        name: asdict(run) | {"files_per_second": PASSES * files / run.seconds}
        for name, run in medians.items()
    }
    for name, row in result.items():
        ratio = row["seconds"] / result["tags_isocenter"]["seconds"]
        print(f"  {name:<26}{row['files_per_second']:>10.0f} files/s, ours {ratio:.1f} times that")
    for verdict in judge(held, medians):
        print(verdict)
    return result


def main(arguments: list[str] | None = None) -> int:
    """Measure on the folder given, else on a sample series made for it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.header_index")
    parser.add_argument("--folder", type=Path, help="DICOM files (default: a sample series)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write the result here too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder
        if folder is None:
            folder = Path(scratch) / "slices"
            make_series(["--slices", str(SLICES), "--out", str(folder)])
        result = measure(folder, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
