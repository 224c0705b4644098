"""Several processes keep and drop the same bytes at once; some of them are killed."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.engines import open_engines
from isocenter.settings import Settings
from isocenter.store.blob_rows import sweep
from isocenter.store.tables import session_files
from tests.servers import environment_of, scale_out_settings
from tests.stores import files_under, key_of, read_all

pytestmark = pytest.mark.slow
CHILD = Path(__file__).with_name("store_rivals.py")


@dataclass(frozen=True)
class Arena:
    """Engines that rivals share.

    The steady one of them works as long as others are killed.
    """

    folder: Path
    settings: Settings
    rounds: int
    rounds_of_steady: int

    def start(self, name: str, rounds: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-W", "error", str(CHILD), str(self.folder), name, str(rounds)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment_of(self.settings)},
        )


@pytest.fixture(params=["embedded", "scale-out"])
def arena(request: pytest.FixtureRequest, tmp_path: Path) -> Arena:
    folder = tmp_path / "data"
    if request.param == "embedded":
        return Arena(folder, Settings(), 100, 600)
    return Arena(folder, scale_out_settings(tmp_path), 15, 60)


def check_whole(arena: Arena) -> None:
    with open_engines(arena.settings, arena.folder) as engines:
        database, store = engines.database, engines.blobs
        assert sweep(database, store, 1 << 50).missing_keys == ()
        with database.read() as connection:
            known = set(connection.scalars(select(session_files.c.blob_key)))
        for key in known:
            assert key_of(read_all(store, key)) == key
        assert store.keys("") == known
    if not arena.settings.blobs:
        assert {path.name for path in files_under(arena.folder / "blobs")} == known


def test_rivals_that_share_bytes_never_take_them_from_one_another(arena: Arena) -> None:
    rivals = [arena.start(name, arena.rounds) for name in "abcd"]
    said = [rival.communicate(timeout=200)[1] for rival in rivals]

    assert [rival.returncode for rival in rivals] == [0, 0, 0, 0], "\n".join(said)
    check_whole(arena)


def test_killed_rivals_harm_nobody(arena: Arena) -> None:
    steady = arena.start("steady", arena.rounds_of_steady)
    for number in range(6):
        rival = arena.start(f"killed-{number}", arena.rounds_of_steady)
        time.sleep(2 + number / 20)  # starting takes most of it
        rival.kill()
        rival.communicate(timeout=60)
    said = steady.communicate(timeout=200)[1]

    assert steady.returncode == 0, said
    check_whole(arena)
