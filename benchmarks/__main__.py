"""Run the contests, print them, keep them in var/bench, fail where a budget is broken.

python -m benchmarks [--accept] [--json] [NAME...]

With `--json`, standard output is one JSON object of all contests; the tables go to standard error.
The last accepted results lie in benchmarks/accepted.json; `--accept` writes them anew.
"""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from benchmarks import deidentifying, editing, exporting, splitting, transcoding
from benchmarks.contest import Budget, Contest, Contestant, judge, run_contest, table
from benchmarks.contestants import PASSES, TAGS

Json = dict[str, object]

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "bench"
ACCEPTED = ROOT / "benchmarks" / "accepted.json"
BIN = Path(sys.executable).parent
SLICES = WORK / "slices"
MERGED = WORK / "merged"
SLICE_COUNT = 400
# An aim, as the ratio is one of disks: where `sync` costs next to nothing, what remains is that
# the slices are also hashed, which `cp` does not do.
AGAINST_CP = Budget("seconds", 2, "cp and sync", is_aim=True)


def prepare() -> Path:
    """Make the fixed inputs where they are missing and return the merged file."""
    if len(list(SLICES.glob("*.dcm"))) != SLICE_COUNT:
        sample = [sys.executable, "examples/sample_series.py", "--slices", str(SLICE_COUNT)]
        command = [*sample, "--out", str(SLICES)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(MERGED, ignore_errors=True)
    merge = [str(BIN / "isocenter"), "merge", str(SLICES), "--quiet", "--out", str(MERGED)]
    subprocess.run(merge, check=True)
    return next(MERGED.glob("*.dcm"))


def python(name: str, *arguments: Path, output: Path | None = None) -> Contestant:
    """Return the contestant that is a function of contestants.py."""
    script = str(ROOT / "benchmarks" / "contestants.py")
    command = (sys.executable, script, name, *map(str, arguments))
    return Contestant(name, (*command, str(output)) if output else command, output)


def shell(name: str, script: str, output: Path | None = None) -> Contestant:
    """Return the contestant that is a line of shell."""
    return Contestant(name, ("bash", "-euc", script), output)


def dcmdump() -> list[Contestant]:
    """Return DCMTK's reader, where it is installed: as many passes, in one process each."""
    if shutil.which("dcmdump") is None:
        return []
    tags = " ".join(f"+P {tag >> 16:04x},{tag & 0xFFFF:04x}" for tag in TAGS)
    once = f"dcmdump -q {tags} '{SLICES}'/*.dcm > /dev/null"
    return [shell("dcmdump", "; ".join([once] * PASSES))]


def isocenter(action: str, source: Path, output: Path) -> tuple[Contestant, Contestant]:
    """Return our own contestants: one waits for the disk, as by default, the other does not.

    The first alone is comparable to `cp` and `sync`.
    """
    command = (str(BIN / "isocenter"), action, str(source), "--quiet", "--out", str(output))
    return (
        Contestant("isocenter", command, output),
        Contestant("isocenter --no-fsync", (*command, "--no-fsync"), output),
    )


def contests(merged: Path) -> list[Contest]:
    """Return every contest with its budgets."""
    out = WORK / "out"
    copy, copies = out / "copy.dcm", out / "copies"
    out.mkdir(parents=True, exist_ok=True)
    switches = str(BIN / "dicompressor")
    done = WORK / "done"
    shutil.rmtree(done, ignore_errors=True)
    shutil.copytree(SLICES, done)
    skip = (switches, "-j", "--skip-if-done", "-f", str(done))
    subprocess.run(skip, check=True, stdout=subprocess.DEVNULL)
    return [
        Contest(
            "read 20 tags",
            (
                python("tags_isocenter", SLICES),
                python("tags_pydicom", SLICES),
                python("tags_dicomsdl", SLICES),
                *dcmdump(),
            ),
            (Budget("seconds", 0.1, "tags_pydicom"),),
        ),
        Contest(
            "DICOM JSON",
            (python("json_isocenter", SLICES), python("json_pydicom", SLICES)),
            (Budget("seconds", 0.1, "json_pydicom"),),
        ),
        Contest(
            "merge 400 slices",
            (
                *isocenter("merge", SLICES, out / "merged"),
                python("merge_highdicom", SLICES, output=out / "highdicom.dcm"),
                shell("cp and sync", f"cp '{merged}' '{copy}'; sync '{copy}'", copy),
                shell("cp", f"cp '{merged}' '{copy}'", copy),
            ),
            (
                Budget("cpu_seconds", 0.25, "merge_highdicom"),
                Budget("peak_mb", 100),
                AGAINST_CP,
            ),
        ),
        Contest(
            "split 400 frames",
            (
                *isocenter("split", merged, out / "split"),
                shell("cp and sync", f"cp -r '{SLICES}' '{copies}'; sync '{copies}'/*", copies),
                shell("cp", f"cp -r '{SLICES}' '{copies}'", copies),
            ),
            (Budget("peak_mb", 100), AGAINST_CP),
        ),
        *splitting.contests(SLICES, WORK),
        *transcoding.contests(SLICES, WORK),
        *deidentifying.contests(SLICES, WORK),
        *editing.contests(SLICES, WORK),
        *exporting.contests(SLICES, WORK),
        *(
            Contest(
                f"start: {name}",
                (
                    Contestant("dicompressor", command),
                    Contestant("bare python", (sys.executable, "-c", "pass")),
                ),
                (Budget("seconds", 0.1),),
            )
            for name, command in (
                ("help", (switches, "-h")),
                ("version", (switches, "-c")),
                ("skip", skip),
            )
        ),
    ]


def report(contest: Contest, accepted: dict[str, float], stream: TextIO) -> tuple[Json, int]:
    """Run a contest, show it, keep it in var/bench; return it as JSON, and 1 if a budget broke.

    What it came to is put into `accepted`.
    """
    medians = run_contest(contest)
    print("\n".join(table(contest, medians)), file=stream)
    code = 0
    verdicts = judge(contest, medians)
    for verdict in verdicts:
        budget = verdict.budget
        key = f"{budget.metric} {budget.peer}".strip()
        was = f" (accepted: {accepted[key]:.3g})" if key in accepted else ""
        print(f"{verdict}{was}", file=stream, flush=True)
        code = code if verdict.is_kept or not verdict.is_binding else 1
        accepted[key] = round(verdict.value, 3)
    result: Json = {
        "medians": {name: asdict(run) for name, run in medians.items()},
        "budgets": [verdict.to_json() for verdict in verdicts],
    }
    path = WORK / f"{contest.name.replace(' ', '-').replace(':', '')}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    return result, code


def main() -> int:
    """Run the contests and return 1 if a binding budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--accept", action="store_true", help="write accepted.json anew")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("names", nargs="*", help="words in the names of contests to run")
    options = parser.parse_args()
    stream = sys.stderr if options.json else sys.stdout
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.is_file() else {}
    code = 0
    results: Json = {}
    for contest in contests(prepare()):
        if options.names and not any(name in contest.name for name in options.names):
            continue
        before = accepted.setdefault(contest.name, {})
        results[contest.name], broken = report(contest, before, stream)
        code = max(code, broken)
    if options.json:
        print(json.dumps(results, indent=2))
    if options.accept:
        ACCEPTED.write_text(json.dumps(accepted, indent=2, sort_keys=True) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
