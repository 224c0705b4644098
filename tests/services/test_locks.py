import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError, UnavailableError
from isocenter.services.locks import LOCK_NAME, FolderLock
from tests.conftest import Mounted

HOLD = """
import sys, time
from pathlib import Path
from isocenter.services.locks import FolderLock
with FolderLock(Path(sys.argv[1])) as lock:
    print(lock.is_held, flush=True)
    time.sleep(60)
"""


def test_only_one_holds_the_lock(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as first, FolderLock(tmp_path) as second:
        assert (first.is_held, second.is_held) == (True, False)

    with FolderLock(tmp_path) as third:
        assert third.is_held


def test_locks_of_two_folders_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    with FolderLock(tmp_path) as first, FolderLock(tmp_path / "inner") as second:
        assert first.is_held
        assert second.is_held


def test_nothing_stays_behind(tmp_path: Path) -> None:
    with FolderLock(tmp_path), FolderLock(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]

    assert list(tmp_path.iterdir()) == []


def test_the_one_that_was_refused_leaves_the_lock_alone(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as first:
        with FolderLock(tmp_path):
            pass
        with FolderLock(tmp_path) as third:
            assert first.is_held
            assert not third.is_held


def test_a_lock_file_that_nobody_holds_blocks_nobody(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).touch()

    with FolderLock(tmp_path) as lock:
        assert lock.is_held


@pytest.mark.skipif(os.name != "posix", reason="signals as in POSIX")
def test_a_killed_process_holds_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        with FolderLock(tmp_path) as during:
            assert not during.is_held
        process.send_signal(signal.SIGKILL)
        process.wait()

    with FolderLock(tmp_path) as after:
        assert after.is_held
    assert list(tmp_path.iterdir()) == []


def test_many_threads_never_hold_it_at_once(tmp_path: Path) -> None:
    holders = 0
    most = 0
    taken = 0

    def work() -> None:
        nonlocal holders, most, taken
        for _ in range(200):
            with FolderLock(tmp_path) as lock:
                if lock.is_held:
                    holders += 1
                    most = max(most, holders)
                    taken += 1
                    holders -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1
    assert taken > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, mounted: Mounted) -> None:
    with (
        mounted(tmp_path, "ro"),
        pytest.raises(UnavailableError, match="read-only"),
        FolderLock(tmp_path),
    ):
        pass


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError), FolderLock(tmp_path / "gone"):
        pass


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links as in POSIX")
def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnavailableError), FolderLock(tmp_path):
        pass

    assert not (tmp_path / "elsewhere").exists()
