"""`kill -9` while files are replaced: each of them is whole, the old one or the new one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from isocenter.services.files import find_files
from tests.builders import instance, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals as in POSIX"),
]

COMMANDS = {
    "isocenter": ("-m", "isocenter.cli.main", "compress", "--in-place", "--codec", "htj2k"),
    "dicompressor": ("-m", "isocenter.cli.switches", "-X", "-f"),
}
FILES = 40
ROUNDS = 6
# For long runs: ISOCENTER_CRASH_ROUNDS=500 pytest tests/crash
ROUNDS_VARIABLE = "ISOCENTER_CRASH_ROUNDS"


def command_for(program: str, folder: Path) -> list[str]:
    return [sys.executable, *COMMANDS[program], str(folder)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def folder_of(folder: Path) -> dict[str, bytes]:
    for index in range(FILES):
        dataset = instance(index, rows=128, columns=128, signed=bool(index % 2))
        write(dataset, folder / f"{index:02d}.dcm")
    return contents(folder)


def run_whole(program: str, folder: Path) -> float:
    started = time.monotonic()
    subprocess.run(command_for(program, folder), check=True, capture_output=True, timeout=120)
    return time.monotonic() - started


def run_killed(program: str, folder: Path, seconds: float | None) -> None:
    """Run and kill after so long; None: as soon as the first file is a new one.

    The children end by themselves when their parent is gone.
    """
    before = inodes(folder)
    process = subprocess.Popen(
        command_for(program, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if seconds is not None:
        time.sleep(seconds)
    while seconds is None and inodes(folder) == before and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)


def inodes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.glob("*.dcm")}


@pytest.mark.parametrize("program", list(COMMANDS))
def test_a_kill_leaves_every_file_old_or_new_and_the_next_run_finishes(
    program: str, tmp_path: Path
) -> None:
    old = folder_of(tmp_path / "pristine")
    shutil.copytree(tmp_path / "pristine", tmp_path / "whole")
    seconds = run_whole(program, tmp_path / "whole")
    new = contents(tmp_path / "whole")
    assert new.keys() == old.keys()
    random = Random(7)
    mixed = 0
    for number in range(int(os.environ.get(ROUNDS_VARIABLE, ROUNDS))):
        folder = tmp_path / f"round-{number}"
        shutil.copytree(tmp_path / "pristine", folder)

        # Nothing is written in the first half of so short a run: it starts the children.
        run_killed(program, folder, seconds * random.uniform(0.35, 1.0) if number % 2 else None)

        found = contents(folder)
        torn = [name for name in old if found[name] not in (old[name], new[name])]
        assert not torn
        changed = sum(found[name] == new[name] for name in new)
        mixed += 0 < changed < FILES
        left = found.keys() - old.keys()
        assert all(name.startswith(".") for name in left)
        assert {path.name for path in find_files([folder], recursive=True)} == set(old)

        for name in left:
            os.utime(folder / name, (0, 0))  # as after the time of grace
        run_whole(program, folder)
        assert contents(folder) == new
        shutil.rmtree(folder)
    assert mixed, "no kill came in the middle of the work"
