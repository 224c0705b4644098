import os
from pathlib import Path

import pytest

from isocenter.services.leftovers import Leftovers, remove_old
from isocenter.services.locks import FolderLock
from isocenter.services.looks import take_look

GRACE_SECONDS = 100.0


@pytest.fixture
def leftovers() -> Leftovers:
    return Leftovers(GRACE_SECONDS)


def part(folder: Path, name: str = ".isocenter-12.part", content: bytes = b"x") -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))
    return path


def look(leftovers: Leftovers, folder: Path, now: float) -> None:
    leftovers.see(folder, take_look(folder).leftovers, now)
    leftovers.end_pass()


def test_what_stays_the_same_is_removed_after_the_grace(
    tmp_path: Path, leftovers: Leftovers
) -> None:
    path = part(tmp_path)

    for now in (0, 50, 99):
        look(leftovers, tmp_path, now)
        assert path.exists()
    look(leftovers, tmp_path, 100)

    assert not path.exists()


def test_what_grows_is_somebodys_work(tmp_path: Path, leftovers: Leftovers) -> None:
    for now in range(0, 500, 60):
        path = part(tmp_path, content=bytes(now))
        look(leftovers, tmp_path, now)

    assert path.exists()


def test_what_was_away_begins_anew(tmp_path: Path, leftovers: Leftovers) -> None:
    path = part(tmp_path)
    look(leftovers, tmp_path, 0)
    path.unlink()
    look(leftovers, tmp_path, 50)
    part(tmp_path)

    look(leftovers, tmp_path, 120)

    assert path.exists()


def test_other_hidden_files_are_never_removed(tmp_path: Path, leftovers: Leftovers) -> None:
    for name in (
        ".part",
        ".other.part",
        ".isocenter-merge.journal",
        ".dicompressor_done",
        "a.part",
    ):
        part(tmp_path, name)

    for now in (0, 1000):
        leftovers.look_into(tmp_path, now)

    assert len(list(tmp_path.iterdir())) == 5


def test_a_staging_folder_goes_only_while_nobody_works_there(
    tmp_path: Path, leftovers: Leftovers
) -> None:
    inside = tmp_path / ".isocenter-12.staging"
    inside.mkdir()
    part(inside, "a.dcm")
    look(leftovers, tmp_path, 0)

    with FolderLock(tmp_path):
        look(leftovers, tmp_path, 200)
        assert inside.exists()
    look(leftovers, tmp_path, 201)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_watched_can_be_looked_into(
    tmp_path: Path, leftovers: Leftovers
) -> None:
    path = part(tmp_path)
    for now in (0, 200):
        leftovers.look_into(tmp_path, now)
        leftovers.look_into(tmp_path / "gone", now)

    assert not path.exists()


def test_old_temporary_files_can_be_removed_at_once(tmp_path: Path) -> None:
    old, young, foreign = (
        part(tmp_path, name) for name in (".isocenter-1.part", ".isocenter-2.part", ".other")
    )
    os.utime(young)

    remove_old(tmp_path, GRACE_SECONDS)
    remove_old(tmp_path / "gone", GRACE_SECONDS)

    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)
