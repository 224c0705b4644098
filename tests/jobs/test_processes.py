"""Starting and ending processes with all that they started; real ones."""

import os
import subprocess
import sys

import pytest

from isocenter.errors import UnavailableError
from isocenter.jobs.processes import (
    child_environment,
    kill_group,
    kill_session,
    reap,
    start_child,
)
from tests.jobs.test_sandbox import is_running, wait_until_gone

linux = pytest.mark.skipif(sys.platform != "linux", reason="sessions are looked up in /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="groups and sessions of POSIX")
SLEEP = "import time; time.sleep(3600)"
STARTER = """
import sys
from isocenter.jobs.processes import start_child
child = start_child(["-c", "import time; time.sleep(3600)"])
print(child.pid, flush=True)
child.wait()
"""


@posix
def test_child_leads_a_session_of_its_own() -> None:
    child = start_child(["-c", SLEEP])

    assert os.getsid(child.pid) == child.pid
    kill_group(child)
    reap(child, 60)
    assert child.returncode == -9


@linux
def test_what_a_child_starts_stays_in_its_session_and_ends_with_it() -> None:
    child = start_child(["-c", STARTER])
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())

    assert os.getsid(grandchild) == child.pid
    assert os.getpgid(grandchild) == grandchild
    kill_session(child.pid)
    assert wait_until_gone(grandchild)
    reap(child, 60)


@linux
def test_session_is_ended_although_its_leader_is_gone() -> None:
    child = start_child(["-c", STARTER])
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    kill_group(child)
    reap(child, 60)
    assert is_running(grandchild)

    kill_session(child.pid)

    assert wait_until_gone(grandchild)


@posix
def test_own_session_is_never_ended() -> None:
    kill_session(os.getsid(0))


def test_environment_of_a_child_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOCENTER_S3_SECRET_KEY", "CANARY")

    assert "CANARY" not in str(child_environment())


def test_interpreter_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(UnavailableError):
        start_child(["-c", SLEEP])


def test_group_of_a_child_that_has_ended_is_left_alone() -> None:
    child = start_child(["-c", "pass"])
    assert child.wait(60) == 0

    kill_group(child)
    reap(child, 1)
    assert isinstance(child, subprocess.Popen)
