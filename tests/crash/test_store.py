"""`kill -9` at each step of writing to the store: what was acknowledged is whole, the rest gone."""

import os
import re
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

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="descriptors are named by /proc"),
]
CHILD = Path(__file__).with_name("store_steps.py")
KEY = re.compile(r"[0-9a-f]{64}")
FILES_OF = {"one": 2, "two": 2, "three": 1}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the folders in step order; the last one is of a child that was not killed."""
    folder = tmp_path_factory.mktemp("steps")
    result = subprocess.run(
        [sys.executable, str(CHILD), str(folder), "1"],
        check=False,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert result.returncode == 0, result.stderr
    return sorted(folder.iterdir(), key=lambda path: int(path.name))


def acknowledged_in(folder: Path) -> list[str]:
    path = folder / "acknowledged"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def check_files(folder: Path, *, only: set[str] | None = None) -> None:
    """Check that names of keys have their bytes, and optionally that nothing else is there."""
    for path in files_under(folder / "blobs"):
        if KEY.fullmatch(path.name):
            assert key_of(path.read_bytes()) == path.name
    if only is not None:
        assert {path.name for path in files_under(folder / "blobs")} == only


def check_after_crash(folder: Path) -> None:
    database = open_database(folder / "database.sqlite3")
    database.migrate()
    store = LocalBlobs(folder / "blobs", lambda: time.time_ns() // 1_000_000)
    check_files(folder)
    swept = sweep(database, store, 1 << 50)
    with database.read() as connection:
        rows = connection.execute(select(session_files)).all()

    assert swept.missing_keys == ()
    for row in rows:
        assert len(read_all(store, row.blob_key)) == row.size_bytes
    check_files(folder, only={row.blob_key for row in rows})
    done = acknowledged_in(folder)
    names = [row.session_id for row in rows]
    for session, files in FILES_OF.items():
        assert names.count(session) in {0, files}
        if session in done and (session != "one" or done == ["one"]):
            # Removing "one" may have happened without being acknowledged, after "two".
            assert names.count(session) == files
    assert "-one" not in done or "one" not in names
    store.close()
    database.close()


def test_every_step_was_died_at(killed: list[Path]) -> None:
    log = (killed[-1] / "log").read_text(encoding="utf-8").splitlines()

    assert len(killed) == len(log) + 1
    assert {line.split()[0] for line in log} >= {
        "write", "fsync", "open", "replace", "unlink", "link", "statement", "commit"
    }  # fmt: skip


def test_whatever_was_killed_the_store_is_whole(killed: list[Path]) -> None:
    for folder in killed:
        check_after_crash(folder)


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_the_row(
    tmp_path: Path,
) -> None:
    """Power failure keeps what was forced, in any order; so the order is looked at itself."""
    subprocess.run([sys.executable, str(CHILD), str(tmp_path), str(10**6)], check=True, timeout=60)
    folder = tmp_path / str(10**6)
    log = (folder / "log").read_text(encoding="utf-8").splitlines()
    renamed = [number for number, line in enumerate(log) if line.startswith("replace ")]

    assert len(renamed) == 6
    for number in renamed[:-1]:  # the last one is of no transaction
        _, part, target = log[number].split()
        forced = [at for at, line in enumerate(log) if line == f"fsync {part}"]
        written = [at for at, line in enumerate(log) if line.startswith(f"write {part}")]
        commit = log.index("commit", number)
        assert forced
        assert max(written, default=-1) < max(forced) < number
        assert f"fsync {os.path.dirname(target)}" in log[number:commit]  # noqa: PTH120 -- text
