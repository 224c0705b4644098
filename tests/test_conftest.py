"""The shared fixtures do what they promise."""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tests import conftest

INNER_TEST = """
import pytest

@pytest.mark.judge("no-such-program-anywhere")
def test_that_needs_a_judge() -> None:
    raise AssertionError("must not run")
"""


def run_inner(folder: Path, repository: Path, *, ci: bool) -> subprocess.CompletedProcess[str]:
    """Run one test that needs a missing judge, under our conftest."""
    (folder / "conftest.py").write_text(
        f"import sys; sys.path.insert(0, {str(repository)!r})\nfrom tests.conftest import *\n"
    )
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    judge(*commands): needs them\n")
    (folder / "test_inner.py").write_text(INNER_TEST)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "CI": "true" if ci else ""},
        timeout=120,
    )


def test_missing_judge_skips_with_one_loud_line(tmp_path: Path, repository: Path) -> None:
    result = run_inner(tmp_path, repository, ci=False)

    assert result.returncode == 0, result.stdout + result.stderr
    loud = [line for line in result.stdout.splitlines() if line.startswith("NOT CHECKED")]
    assert len(loud) == 1
    assert "1 tests skipped without their judges: no-such-program-anywhere (" in loud[0]


def test_missing_judge_fails_in_ci(tmp_path: Path, repository: Path) -> None:
    result = run_inner(tmp_path, repository, ci=True)

    assert result.returncode == 1
    assert "judge missing: no-such-program-anywhere" in result.stdout


@pytest.mark.usefixtures("odd_values_allowed")
def test_pydicom_warnings_pass_where_odd_values_are_allowed() -> None:
    warnings.warn_explicit("odd value", UserWarning, "valuerep.py", 1, module="pydicom.valuerep")


def test_other_warnings_stay_errors() -> None:
    with pytest.raises(UserWarning, match="odd value"):
        warnings.warn_explicit("odd value", UserWarning, "other.py", 1, module="other")


def test_files_that_need_torch_are_left_to_the_run_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs, plain = tmp_path / "test_needs.py", tmp_path / "test_plain.py"
    needs.write_text("pytestmark = pytest.mark.torch\n")
    plain.write_text("")
    monkeypatch.setattr(conftest, "HAS_TORCH", False)
    assert conftest.pytest_ignore_collect(needs) is True
    assert conftest.pytest_ignore_collect(plain) is None
    monkeypatch.setattr(conftest, "HAS_TORCH", True)
    assert conftest.pytest_ignore_collect(needs) is None
