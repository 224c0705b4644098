"""A child of test_store_rivals.py: adds and removes sessions that share bytes with its rivals.

python store_rivals.py FOLDER NAME ROUNDS, with the engines that the environment names
"""

import os
import random
import sys
import time
from pathlib import Path

from sqlalchemy import delete, insert

from isocenter.engines import Engines, open_engines
from isocenter.settings import read_settings
from isocenter.store.blob_rows import drop_unused, keep, sweep
from isocenter.store.tables import session_files, sessions

CONTENTS = [bytes([number]) * (number * 1000) for number in range(6)]


def now_ms() -> int:
    """Return the time."""
    return time.time_ns() // 1_000_000


def main(engines: Engines, name: str, rounds: int) -> None:
    """Keep at most three sessions; each has some of the same few contents."""
    randomness = random.Random(name)
    database, store = engines.database, engines.blobs
    mine: list[tuple[str, list[str]]] = []
    for number in range(rounds):
        session = f"{name}-{number}"
        staged = []
        for data in randomness.sample(CONTENTS, 3):
            with store.new_writer() as writer:
                writer.write(data)
                staged.append(writer.finish())
        with database.begin() as connection:
            keep(connection, store, staged, now_ms())
            connection.execute(
                insert(sessions).values(id=session, owner="me", created_ms=0, expires_ms=0)
            )
            rows = [
                {
                    "id": f"{session}-{place}",
                    "session_id": session,
                    "kind": "input",
                    "number": place,
                    "name": str(place),
                    "blob_key": blob.key,
                    "size_bytes": blob.size_bytes,
                    "facts": {},
                    "created_ms": 0,
                }
                for place, blob in enumerate(staged)
            ]
            connection.execute(insert(session_files), rows)
        mine.append((session, [blob.key for blob in staged]))
        while len(mine) > randomness.randrange(3):
            gone, keys = mine.pop(0)
            with database.begin() as connection:
                connection.execute(delete(sessions).where(sessions.c.id == gone))
            drop_unused(database, store, keys)
        for _, keys in mine:
            for key in keys:
                store.open(key).close()
        if number % 10 == 0:
            assert not sweep(database, store, now_ms() - 60_000).missing_keys


if __name__ == "__main__":
    with open_engines(read_settings(os.environ), Path(sys.argv[1])) as opened:
        main(opened, sys.argv[2], int(sys.argv[3]))
