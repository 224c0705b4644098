"""Starting Python processes that know nothing, and ending them with all that they started.

A child leads a session of its own. What a child starts in turn gets a group of its own, which can
be ended alone, but stays in that session, so that who ends the session ends it, too.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from isocenter.errors import UnavailableError

_HAS_GROUPS = os.name == "posix"
_PROCESSES = Path("/proc")
_ROUNDS = 100
_ROUND_SECONDS = 0.01
# What a Python of its own needs from the environment; all else stays with the parent.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def start_child(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start our own Python with pipes for input and output, no environment and no terminal.

    Parameters
    ----------
    arguments
        What Python is to run: ``-m`` and one of our modules, or a script of a test.

    Raises
    ------
    UnavailableError
        If it cannot be started.
    """
    leads = _HAS_GROUPS and os.getsid(0) == os.getpid()
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # tracebacks could show values
            env=child_environment(),
            start_new_session=_HAS_GROUPS and not leads,
            process_group=0 if leads else None,
        )
    except OSError as error:
        raise UnavailableError(f"no reader process: {error.strerror}") from None


def child_environment() -> dict[str, str]:
    """Return the environment of a child, which holds no setting and no secret of ours."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # The child finds the modules that we found, whatever made them findable.
    environment["PYTHONPATH"] = os.pathsep.join(filter(os.path.isabs, sys.path))
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    # Each thread of a numeric library reserves address space, which is limited.
    environment["OPENBLAS_NUM_THREADS"] = environment["OMP_NUM_THREADS"] = "1"
    # Frames come and go: memory that glibc gives back after each costs more time, in page faults
    # of the next one, than all arithmetic on it (benchmark "export").
    environment["MALLOC_MMAP_THRESHOLD_"] = str(1 << 26)
    environment["MALLOC_TRIM_THRESHOLD_"] = str(1 << 28)
    return environment


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a child and what stayed in its group; does nothing if its end is known already."""
    if process.returncode is not None:
        return  # its id may belong to another by now
    with contextlib.suppress(OSError):
        if _HAS_GROUPS:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def reap(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Close the pipes of a child that was killed, and let the system forget it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def kill_session(session: int) -> None:
    """End every process of a session, whatever groups it made; our own session stays.

    Where the system does not tell which processes these are, the group of the leader is ended;
    our children beyond it end when they find their input closed.
    """
    if not _HAS_GROUPS or session == os.getsid(0):
        return
    with contextlib.suppress(OSError):
        os.killpg(session, signal.SIGKILL)
    # One that was just being started may appear after the first look.
    for _ in range(_ROUNDS):
        members = list(_members(session))
        if not members:
            return
        for member in members:
            with contextlib.suppress(OSError):
                os.kill(member, signal.SIGKILL)
        time.sleep(_ROUND_SECONDS)


def _members(session: int) -> Iterator[int]:
    """Yield the living processes of a session (proc(5), ``stat``: state is 3rd, session 6th)."""
    try:
        folders = [path for path in _PROCESSES.iterdir() if path.name.isdigit()]
    except OSError:
        return
    for folder in folders:
        try:
            stat = (folder / "stat").read_bytes()
        except OSError:
            continue  # it has just ended
        # The name of the program, in brackets, may hold anything.
        state, _, _, of_session = stat.rpartition(b")")[2].split()[:4]
        if int(of_session) == session and state not in (b"Z", b"X"):
            yield int(folder.name)
