import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from isocenter.services.scratch import remove_abandoned, scratch_folder

needs_posix = pytest.mark.skipif(os.name != "posix", reason="modes and kills as in POSIX")

HOLDS = """
import sys, tempfile
from pathlib import Path
tempfile.tempdir = sys.argv[1]
from isocenter.services.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "pixels").write_bytes(b"secret")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def hold(root: Path) -> tuple["subprocess.Popen[str]", Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def age(folder: Path) -> None:
    os.utime(folder, (1_000_000_000, 1_000_000_000))


@needs_posix
def test_it_is_of_its_owner_alone_and_goes_with_all_it_holds(root: Path) -> None:
    with scratch_folder() as folder:
        (folder / "a").mkdir()
        (folder / "a" / "b").write_bytes(b"x")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.parent == root

    assert not list(root.iterdir())


def test_it_goes_whatever_happens_inside(root: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_folder():
        raise KeyboardInterrupt

    assert not list(root.iterdir())


@needs_posix
def test_what_a_killed_process_left_is_removed_by_the_next(root: Path) -> None:
    process, left = hold(root)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (left / "pixels").exists()
    age(left)

    with scratch_folder():
        assert not left.exists()


@needs_posix
def test_what_was_left_a_moment_ago_goes_later(root: Path) -> None:
    process, left = hold(root)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    remove_abandoned(root)
    assert left.exists()
    age(left)
    remove_abandoned(root)
    assert not left.exists()


@needs_posix
def test_what_a_living_process_works_with_stays(root: Path) -> None:
    process, folder = hold(root)
    age(folder)

    with scratch_folder():
        assert (folder / "pixels").exists()

    process.communicate("")
    assert not folder.exists()


def test_what_is_not_ours_stays(root: Path) -> None:
    (root / "isocenter-scratch-notes").write_text("a file")
    (root / "other").mkdir()
    outside = root / "other" / "isocenter-scratch-inside"
    outside.mkdir()
    (root / "isocenter-scratch-link").symlink_to(outside, target_is_directory=True)
    (root / "isocenter-scratch-mine").mkdir()
    (root / "isocenter-scratch-mine" / "thesis").write_text("years of work")
    for path in root.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000), follow_symlinks=False)

    with scratch_folder():
        pass

    assert sorted(path.name for path in root.iterdir()) == [
        "isocenter-scratch-link",
        "isocenter-scratch-mine",
        "isocenter-scratch-notes",
        "other",
    ]
    assert outside.exists()
    assert (root / "isocenter-scratch-mine" / "thesis").exists()


def test_it_may_lie_in_a_folder_of_the_callers_own(root: Path) -> None:
    with scratch_folder(root / "own" / "place") as folder:
        assert folder.parent == root / "own" / "place"

    assert not list((root / "own" / "place").iterdir())
