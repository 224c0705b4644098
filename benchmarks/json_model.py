"""DICOM JSON (PS3.18 F) from file to bytes, ours against pydicom's, in one process.

python -m benchmarks.json_model [--folder DIR] [--rounds N] [--json FILE]

`make bench` runs the same job as whole processes; this is the quick look while working on it.
Rounds are interleaved; what counts is the ratio of medians. Peak memory is what one round adds in
Python objects, measured apart from the timing because tracing slows everything down.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from pydicom import dcmread

from examples.sample_series import main as make_series
from isocenter.dicom.header_index import PIXEL_DATA, index_header
from isocenter.dicom.json_model import json_bytes
from isocenter.dicom.streams import StreamSource

SLICES = 100


def ours(path: Path) -> bytes:
    with path.open("rb", buffering=0) as stream:
        return json_bytes(index_header(StreamSource(stream)).dataset, exclude=[PIXEL_DATA])


def pydicoms(path: Path) -> bytes:
    return dcmread(path, stop_before_pixels=True).to_json().encode()


def seconds(convert: Callable[[Path], bytes], files: list[Path]) -> float:
    """Return the time of converting every file once."""
    started = time.perf_counter()
    written = sum(len(convert(path)) for path in files)
    elapsed = time.perf_counter() - started
    assert written > 0
    return elapsed


def peak_kb(convert: Callable[[Path], bytes], files: list[Path]) -> float:
    """Return the most memory that converting every file once holds at a time."""
    tracemalloc.start()
    for path in files:
        convert(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024


def measure(files: list[Path], rounds: int) -> dict[str, dict[str, float]]:
    """Return what each contestant took: files per second (median) and peak KB."""
    contestants = {"isocenter": ours, "pydicom": pydicoms}
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for convert in contestants.values():
        seconds(convert, files)  # the first round reads from the disk and is not counted
    for _ in range(rounds):
        for name, convert in contestants.items():
            taken[name].append(seconds(convert, files))
    return {
        name: {
            "files_per_second": len(files) / statistics.median(taken[name]),
            "peak_kb": peak_kb(convert, files),
        }
        for name, convert in contestants.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, write it where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.json_model")
    parser.add_argument("--folder", type=Path, help="DICOM files (default: a sample series)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the result here too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder
        if folder is None:
            folder = Path(scratch) / "slices"
            make_series(["--slices", str(SLICES), "--out", str(folder)])
        files = sorted(folder.glob("*.dcm"))
        result = measure(files, options.rounds)
    ratio = result["isocenter"]["files_per_second"] / result["pydicom"]["files_per_second"]
    print(f"DICOM JSON, {len(files)} files, {options.rounds} rounds")
    print(f"{'':<12}{'files/s':>10}{'peak KB':>10}")
    for name, row in result.items():
        print(f"{name:<12}{row['files_per_second']:>10.0f}{row['peak_kb']:>10.0f}")
    print(f"ratio of medians: {ratio:.1f}")
    if options.json:
        text = json.dumps({**result, "ratio": ratio}, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
