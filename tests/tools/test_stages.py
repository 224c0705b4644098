"""Stages run in order, stop at the first failure and show their shares."""

import subprocess
import sys
from pathlib import Path

from tools import stages

MAKEFILE = "good:\n\t@echo ran\nbad:\n\t@exit 3\n"


def run(folder: Path, repository: Path, *names: str) -> subprocess.CompletedProcess[str]:
    (folder / "Makefile").write_text(MAKEFILE)
    return subprocess.run(
        [sys.executable, str(repository / "tools" / "stages.py"), *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_shares_add_up_to_the_whole() -> None:
    assert stages.shares([("lint", 30.0), ("tests", 90.0)]) == [
        "lint            30.0 s   25 %",
        "tests           90.0 s   75 %",
    ]


def test_every_stage_runs(tmp_path: Path, repository: Path) -> None:
    result = run(tmp_path, repository, "good", "good")

    assert result.returncode == 0
    assert result.stdout.splitlines().count("ran") == 2


def test_first_failure_ends_the_run_with_its_code(tmp_path: Path, repository: Path) -> None:
    result = run(tmp_path, repository, "bad", "good")

    assert result.returncode != 0
    assert "ran" not in result.stdout.splitlines()
    assert "stage bad failed" in result.stdout
