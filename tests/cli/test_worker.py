"""`isocenter worker` on the command line; tests/journeys/test_scale_out.py has one that works."""

import subprocess
import sys
from pathlib import Path

import pytest

WORKER = [sys.executable, "-m", "isocenter.cli.main", "worker"]


def run(*options: str) -> tuple[int, str]:
    done = subprocess.run(
        [*WORKER, *options], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_it_wants_a_database_that_machines_can_share(tmp_path: Path) -> None:
    code, said = run("--data", str(tmp_path))

    assert code == 2
    assert "ISOCENTER_DATABASE_URL" in said


@pytest.mark.parametrize("jobs", ["0", "-1", "100000"])
def test_it_wants_a_sensible_number_of_jobs(tmp_path: Path, jobs: str) -> None:
    code, said = run("--data", str(tmp_path), f"--jobs={jobs}")

    assert code == 2
    assert "--jobs" in said


def test_its_help_names_what_it_is(tmp_path: Path) -> None:
    code, said = run("--help")

    assert code == 0
    assert "PostgreSQL" in said
    assert list(tmp_path.iterdir()) == []
