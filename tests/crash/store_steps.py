"""A child of test_store.py: writes to a store and dies by `kill -9` at the step it is told.

It imports everything once and forks for each step, because imports take most of the time.

python store_steps.py FOLDER FIRST    makes FOLDER/FIRST, FOLDER/FIRST+1, ... until one survives
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

WATCHED = ("write", "fsync", "fdatasync", "open", "close", "utime", "replace", "unlink", "link")
real_write = os.write
steps_left = sys.maxsize
counted_sql = True
log: list[str] = []


def step(name: str, *arguments: object) -> None:
    """Count one step; the process ends before the last one is done."""
    global steps_left  # noqa: PLW0603 -- one counter in one small program
    steps_left -= 1
    if steps_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)
    log.append(" ".join([name, *map(described, arguments[:2])]))


def sql_step(name: str) -> None:
    """Count one step of the database."""
    if counted_sql:
        step(name)


def described(argument: object) -> str:
    """Name a file, also by its descriptor."""
    link = Path(f"/proc/self/fd/{argument}")
    if isinstance(argument, int) and link.is_symlink():
        return str(link.readlink())
    return str(argument) if isinstance(argument, (str, Path)) else "-"


def watch(name: str) -> None:
    """Count the calls of a function of `os`."""
    real: Callable[..., object] = getattr(os, name)

    def watched(*arguments: object, **keywords: object) -> object:
        step(name, *arguments)
        return real(*arguments, **keywords)

    setattr(os, name, watched)


for watched_name in WATCHED:
    watch(watched_name)

from sqlalchemy import delete, event, insert  # noqa: E402 -- after the calls are watched
from sqlalchemy.engine import Engine  # noqa: E402

from isocenter.store.blob_rows import drop_unused, keep, sweep  # noqa: E402
from isocenter.store.blobs import StagedBlob  # noqa: E402
from isocenter.store.blobs_local import LocalBlobs  # noqa: E402
from isocenter.store.database import Database, open_database  # noqa: E402
from isocenter.store.tables import session_files, sessions  # noqa: E402

LARGE = bytes(range(256)) * 3000
SMALL = b"small"
MADE = b"made by a job" * 1000


def now_ms() -> int:
    """Return the time."""
    return time.time_ns() // 1_000_000


def add(database: Database, store: LocalBlobs, session: str, *staged: StagedBlob) -> None:
    """Keep staged bytes for a session, in one transaction."""
    with database.begin() as connection:
        keep(connection, store, staged, now_ms())
        connection.execute(
            insert(sessions).values(id=session, owner="me", created_ms=0, expires_ms=0)
        )
        rows = [
            {
                "id": f"{session}-{number}",
                "session_id": session,
                "kind": "input",
                "number": number,
                "name": str(number),
                "blob_key": blob.key,
                "size_bytes": blob.size_bytes,
                "facts": {},
                "created_ms": 0,
            }
            for number, blob in enumerate(staged)
        ]
        connection.execute(insert(session_files), rows)


def stage(store: LocalBlobs, data: bytes) -> StagedBlob:
    """Write bytes in two parts."""
    with store.new_writer() as writer:
        writer.write(data[: len(data) // 2])
        writer.write(data[len(data) // 2 :])
        return writer.finish()


def work(folder: Path, step_number: int) -> None:
    """Do everything that a store is for; acknowledge what is done in a file."""
    global steps_left, counted_sql  # noqa: PLW0603 -- see step
    database = open_database(folder / "database.sqlite3")
    database.migrate()
    store = LocalBlobs(folder / "blobs", now_ms)
    (folder / "made").write_bytes(MADE)
    acknowledged = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT, 0o600)
    sql_events = (("before_cursor_execute", "statement"), ("commit", "commit"))
    for name, said in sql_events:
        event.listen(Engine, name, lambda *_, said=said: sql_step(said))
    log.clear()
    steps_left = step_number

    def acknowledge(what: str) -> None:
        real_write(acknowledged, what.encode() + b"\n")

    large, small = stage(store, LARGE), stage(store, SMALL)
    add(database, store, "one", large, small)
    acknowledge("one")
    add(database, store, "two", store.stage_file(folder / "made"), stage(store, SMALL))
    acknowledge("two")
    with database.begin() as connection:
        connection.execute(delete(sessions).where(sessions.c.id == "one"))
    acknowledge("-one")
    drop_unused(database, store, [large.key, small.key])
    add(database, store, "three", stage(store, LARGE))
    acknowledge("three")
    store.discard(stage(store, b"not wanted"))
    store.publish(stage(store, b"of a transaction that failed"))
    counted_sql = False  # a sweep has hundreds of statements that change nothing
    sweep(database, store, now_ms() + 1000)
    acknowledge("swept")
    steps_left = sys.maxsize
    (folder / "log").write_text("\n".join(log), encoding="utf-8")


def main(folder: Path, first: int) -> None:
    """Fork for each step until one child lives to the end."""
    number = first
    survived = False
    while not survived:
        (folder / str(number)).mkdir()
        pid = os.fork()
        if pid == 0:
            work(folder / str(number), number)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        survived = os.WIFEXITED(status)
        if survived and os.WEXITSTATUS(status):
            sys.exit(1)
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
