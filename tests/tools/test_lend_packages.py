"""An environment sees the packages of another one below its own."""

import subprocess
import sys
import venv
from pathlib import Path


def test_another_environment_imports_what_this_one_has(tmp_path: Path, repository: Path) -> None:
    venv.create(tmp_path / "other", symlinks=True)
    python = str(tmp_path / "other" / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    asked = [python, "-c", "import isocenter, numpy; print(numpy.__version__)"]
    assert subprocess.run(asked, check=False, capture_output=True, timeout=60).returncode != 0
    lend = [sys.executable, str(repository / "tools" / "lend_packages.py"), python]
    subprocess.run(lend, check=True, capture_output=True, timeout=60)
    subprocess.run(asked, check=True, capture_output=True, timeout=60)
