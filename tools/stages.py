"""Run stages of the Makefile one after the other and print each one's share of the time.

python3 tools/stages.py judges setup lint tests

Ends at the first stage that fails, with its exit code. Standard library only: it runs before the
virtual environment exists.
"""

import subprocess
import sys
import time


def run_stages(stages: list[str]) -> tuple[list[tuple[str, float]], int]:
    """Return the seconds that each stage took, and the exit code of the last one that ran."""
    timings: list[tuple[str, float]] = []
    for stage in stages:
        print(f"== {stage}", flush=True)
        started = time.monotonic()
        code = subprocess.run(["make", stage], check=False).returncode
        timings.append((stage, time.monotonic() - started))
        if code != 0:
            return timings, code
    return timings, 0


def shares(timings: list[tuple[str, float]]) -> list[str]:
    """Return one line a stage: its name, its seconds and its share of the whole."""
    total = sum(seconds for _, seconds in timings) or 1.0
    return [
        f"{stage:<12}{seconds:>8.1f} s {100 * seconds / total:>4.0f} %"
        for stage, seconds in timings
    ]


def main(stages: list[str]) -> int:
    """Run the stages, print their shares and return the exit code."""
    timings, code = run_stages(stages)
    print("== shares of the time")
    for line in shares(timings):
        print(line)
    if code != 0:
        print(f"stage {timings[-1][0]} failed with exit code {code}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
