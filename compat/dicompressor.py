#!/usr/bin/env python3
"""The documented command `python3 dicompressor.py ACTION [options] -f PATH`.

The documents call it with `python3`, whatever that is, so this file keeps to the syntax and the
standard library of Python 3.6. It runs the installed package, else the one in the `.venv` beside
it (the download) or of the checkout that it lies in; else it says in one line how to install. Exit
codes are passed on.
"""

import importlib
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

# Run as a module, not by its console script, whose first line breaks when a checkout is moved.
MODULE = "isocenter.cli.switches"
PYTHON_MIN = (3, 11)
NOTHING_DONE = 1
ADVICE = (
    "dicompressor: Isocenter is not installed: do what INSTALL.txt says, run `make setup` in the"
    " checkout, or `python3 -m pip install CHECKOUT` with Python 3.11 or newer"
)


def main(arguments: List[str]) -> int:
    """Run `dicompressor` with these arguments, wherever it is; return its exit code."""
    if is_installed():
        return int(importlib.import_module(MODULE).main(arguments))
    python = environment_python(Path(__file__))
    if python is not None:
        try:
            return hand_over(python, arguments)
        except OSError:
            # The environment is there, but the Python that it was made with is gone.
            pass
    sys.stderr.write(ADVICE + "\n")
    return NOTHING_DONE


def is_installed() -> bool:
    """Return whether the Python that runs this file has the package and can run it."""
    # An old Python may see the package through PYTHONPATH, and would stumble over its syntax.
    if sys.version_info[:2] < PYTHON_MIN:
        return False
    try:
        return importlib.util.find_spec(MODULE) is not None
    except ImportError:
        return False


def environment_python(script: Path) -> Optional[Path]:
    """Return the Python of the `.venv` beside the script or its folder, if the package is in there.

    Links to the script are followed. A `.venv` without our command is somebody else's.
    """
    if os.name == "nt":
        scripts, suffix = "Scripts", ".exe"
    else:
        scripts, suffix = "bin", ""
    folder = script.resolve().parent
    for place in (folder, folder.parent):
        programs = place / ".venv" / scripts
        python, command = programs / ("python" + suffix), programs / ("dicompressor" + suffix)
        if python.is_file() and command.is_file():
            return python
    return None


def hand_over(python: Path, arguments: List[str]) -> int:
    """Become `dicompressor` under another Python, or run it and return its exit code.

    Raises
    ------
    OSError
        If that Python cannot be started.
    """
    # Without -P the present folder, which may hold anybody's files, would be searched for modules.
    command = [str(python), "-P", "-m", MODULE, *arguments]
    if os.name != "nt":
        # Signals reach the program itself, and no second process waits for years beside a watch.
        os.execv(command[0], command)
    # On Windows exec would start a new process and end this one at once, with exit code 0.
    return run_and_wait(command)


def run_and_wait(command: List[str]) -> int:
    """Run a command to its end and return its exit code, whatever Ctrl+C does to us.

    The console sends Ctrl+C to both processes; the child cleans up and decides how it ends.
    """
    process = subprocess.Popen(command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
