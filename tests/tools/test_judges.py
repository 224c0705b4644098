"""Missing judges are said loudly; in CI they end the run."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """Return a folder of programs without any judge, where nobody is root."""
    bash = shutil.which("bash")
    assert bash is not None
    (tmp_path / "bash").symlink_to(bash)
    (tmp_path / "id").write_text(f"#!{bash}\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    return tmp_path


def run(path: Path, script: Path, ci: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(path / "bash"), str(script)],
        env={"PATH": str(path), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_missing_judges_are_named_in_one_loud_line(bare_path: Path, repository: Path) -> None:
    result = run(bare_path, repository / "tools" / "judges.sh", ci="")

    script = (repository / "tools" / "judges.sh").read_text(encoding="utf-8")
    commands, _, _ = script.partition("\nservers=(")
    packages = re.findall(r'^  "\S+ (\S+)"$', commands, re.MULTILINE)
    assert "dcmtk" in packages
    assert result.returncode == 0
    assert result.stderr.count("\n") == 1
    # Servers are found by their files, which this machine may have.
    assert result.stderr.startswith(f"judges: MISSING: {' '.join(packages)}")
    assert result.stderr.endswith("; the tests that need them are skipped\n")


def test_missing_judge_is_a_failure_in_ci(bare_path: Path, repository: Path) -> None:
    assert run(bare_path, repository / "tools" / "judges.sh", ci="true").returncode == 1
