"""Let another virtual environment use the packages of this one, below its own.

.venv/bin/python tools/lend_packages.py .venv-torch/bin/python

Both must be of the same Python. Only a line of path is written, so that nothing is installed twice.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

_FIND = "import sysconfig; print(sysconfig.get_path('purelib'))"


def lend(python: str) -> Path:
    """Write the line into the environment of another interpreter; return its file."""
    asked = [python, "-c", _FIND]
    theirs = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    ours = sysconfig.get_path("purelib")
    # Not the path alone: the .pth files of ours, with the package itself, are to be read too.
    line = f"import site; site.addsitedir({ours!r})\n"
    target = Path(theirs) / "isocenter-packages.pth"
    target.write_text(line, encoding="utf-8")
    return target


if __name__ == "__main__":
    print(lend(sys.argv[1]))
