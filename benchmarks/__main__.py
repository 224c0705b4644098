"""Run the contests, print them, keep them in var/bench, fail where a budget is broken.

python -m benchmarks [--accept] [NAME...]

The last accepted results lie in benchmarks/accepted.json; `--accept` writes them anew.
"""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant, judge, run_contest, table
from benchmarks.contestants import PASSES, TAGS

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "bench"
ACCEPTED = ROOT / "benchmarks" / "accepted.json"
BIN = Path(sys.executable).parent
SLICES = WORK / "slices"
MERGED = WORK / "merged"
SLICE_COUNT = 400


def prepare() -> Path:
    """Make the fixed inputs where they are missing and return the merged file."""
    if len(list(SLICES.glob("*.dcm"))) != SLICE_COUNT:
        sample = [sys.executable, "examples/sample_series.py", "--slices", str(SLICE_COUNT)]
        subprocess.run([*sample, "--out", str(SLICES)], cwd=ROOT, check=True)
    shutil.rmtree(MERGED, ignore_errors=True)
    merge = [str(BIN / "isocenter"), "merge", str(SLICES), "--out", str(MERGED)]
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


def isocenter(action: str, source: Path, output: Path) -> Contestant:
    """Return our own contestant."""
    command = (str(BIN / "isocenter"), action, str(source), "--out", str(output))
    return Contestant("isocenter", command, output)


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
                isocenter("merge", SLICES, out / "merged"),
                python("merge_highdicom", SLICES, output=out / "highdicom.dcm"),
                shell("cp and sync", f"cp '{merged}' '{copy}'; sync '{copy}'", copy),
                shell("cp", f"cp '{merged}' '{copy}'", copy),
            ),
            (
                Budget("cpu_seconds", 0.25, "merge_highdicom"),
                Budget("peak_mb", 100),
                Budget("seconds", 2, "cp and sync"),
            ),
        ),
        Contest(
            "split 400 frames",
            (
                isocenter("split", merged, out / "split"),
                shell("cp and sync", f"cp -r '{SLICES}' '{copies}'; sync '{copies}'/*", copies),
                shell("cp", f"cp -r '{SLICES}' '{copies}'", copies),
            ),
            (Budget("peak_mb", 100), Budget("seconds", 2, "cp and sync")),
        ),
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


def main() -> int:
    """Run the contests and return 1 if a binding budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--accept", action="store_true", help="write accepted.json anew")
    parser.add_argument("names", nargs="*", help="words in the names of contests to run")
    options = parser.parse_args()
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.is_file() else {}
    code = 0
    for contest in contests(prepare()):
        if options.names and not any(name in contest.name for name in options.names):
            continue
        medians = run_contest(contest)
        print("\n".join(table(contest, medians)))
        before = accepted.get(contest.name, {})
        for verdict in judge(contest, medians):
            key = f"{verdict.budget.metric} {verdict.budget.peer}".strip()
            was = f" (accepted: {before[key]:.3g})" if key in before else ""
            print(f"{verdict}{was}", flush=True)
            code = code if verdict.is_kept or not verdict.is_binding else 1
            accepted.setdefault(contest.name, {})[key] = round(verdict.value, 3)
        result = {name: asdict(run) for name, run in medians.items()}
        path = WORK / f"{contest.name.replace(' ', '-').replace(':', '')}.json"
        path.write_text(json.dumps(result, indent=2) + "\n")
    if options.accept:
        ACCEPTED.write_text(json.dumps(accepted, indent=2, sort_keys=True) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
