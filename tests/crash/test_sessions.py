"""`kill -9` of the server while it takes uploads and works: what was acknowledged is there."""

import itertools
import os
import random
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import select

from isocenter.store.tables import session_files
from tests.crash.session_files import BATCH, batch
from tests.sessions import OWNER, Bench, open_bench
from tests.stores import Clock, files_under, key_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CHILD = Path(__file__).with_name("session_work.py")
ROOT = Path(__file__).parent.parent.parent
LEASE_MS = 60_000


def lines_until_killed(folder: Path, seconds: float) -> list[list[str]]:
    """Run the child for so long after its session was made; return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.crash.{CHILD.stem}", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().split()]
        timer = Timer(seconds, process.kill)
        timer.start()
        lines += [line.split() for line in process.stdout]
        timer.join()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    assert lines[0][0] == "session", "the child did not begin"
    return lines


def words(lines: list[list[str]], first: str) -> list[str]:
    """Return what was told by all lines of one kind."""
    found = [line[1:] for line in lines if line[0] == first]
    return list(itertools.chain.from_iterable(found))


@pytest.mark.parametrize("seed", range(8))
def test_nothing_acknowledged_is_lost_by_kill(tmp_path: Path, seed: int) -> None:
    seconds = random.Random(seed).uniform(0.05, 1.5)
    lines = lines_until_killed(tmp_path, seconds)
    session_id = lines[0][1]

    with reopened(tmp_path) as bench:
        assert bench.sweep().missing_keys == ()
        check_inputs(bench, session_id, words(lines, "upload"))
        for job_id in words(lines, "done"):
            assert bench.sessions.job(OWNER, session_id, job_id).state == "done"
        check_blobs(bench)
        with bench.working():
            for job_id in words(lines, "job"):
                result = bench.sessions.result(bench.ended(job_id))
                assert (result.ended, result.success) == ("done", True)
        if words(lines, "job"):
            (name,) = bench.names(session_id)[1]
            assert bench.read(session_id, name)
        check_blobs(bench)
        assert files_under(tmp_path / "scratch") == []


def reopened(folder: Path) -> AbstractContextManager[Bench]:
    """Open what the child left, at a time when its leases have run out."""
    return open_bench(folder, clock=Clock(time.time_ns() // 1_000_000 + LEASE_MS))


def check_inputs(bench: Bench, session_id: str, acknowledged: list[str]) -> None:
    """Check that uploads are whole, and that none is there in part."""
    inputs, _ = bench.names(session_id)
    expected: dict[str, bytes] = {}
    for number in range(len(inputs) // BATCH):
        expected |= batch(number)
    assert set(acknowledged) <= set(inputs)
    assert sorted(inputs) == sorted(expected)
    for name in inputs:
        assert bench.read(session_id, name) == expected[name]


def check_blobs(bench: Bench) -> None:
    """Check that the store has the bytes of the rows, and no others."""
    with bench.database.read() as connection:
        keys = set(connection.scalars(select(session_files.c.blob_key)))
    files = bench.blob_files()
    assert {path.name for path in files} == keys
    assert all(key_of(path.read_bytes()) == path.name for path in files)
