"""Several processes keep and drop the same bytes at once; some of them are killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.store.blob_rows import sweep
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.database import open_database
from isocenter.store.tables import session_files
from tests.stores import files_under, key_of, read_all

pytestmark = pytest.mark.slow
CHILD = Path(__file__).with_name("store_rivals.py")
ROUNDS = 100
ROUNDS_OF_STEADY = 600  # it works as long as the others are killed


def start(folder: Path, name: str, rounds: int = ROUNDS) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(CHILD), str(folder), name, str(rounds)],
        stderr=subprocess.PIPE,
        text=True,
    )


def check_whole(folder: Path) -> None:
    database = open_database(folder / "database.sqlite3")
    store = LocalBlobs(folder / "blobs", lambda: time.time_ns() // 1_000_000)
    assert sweep(database, store, 1 << 50).missing_keys == ()
    with database.read() as connection:
        known = set(connection.scalars(select(session_files.c.blob_key)))
    for key in known:
        assert key_of(read_all(store, key)) == key
    assert {path.name for path in files_under(folder / "blobs")} == known
    store.close()
    database.close()


def test_rivals_that_share_bytes_never_take_them_from_one_another(tmp_path: Path) -> None:
    rivals = [start(tmp_path, name) for name in "abcd"]
    said = [rival.communicate(timeout=200)[1] for rival in rivals]

    assert [rival.returncode for rival in rivals] == [0, 0, 0, 0], "\n".join(said)
    check_whole(tmp_path)


def test_killed_rivals_harm_nobody(tmp_path: Path) -> None:
    steady = start(tmp_path, "steady", ROUNDS_OF_STEADY)
    for number in range(6):
        rival = start(tmp_path, f"killed-{number}", ROUNDS_OF_STEADY)
        time.sleep(0.7 + number / 20)
        rival.kill()
        rival.communicate(timeout=60)
    said = steady.communicate(timeout=200)[1]

    assert steady.returncode == 0, said
    check_whole(tmp_path)
