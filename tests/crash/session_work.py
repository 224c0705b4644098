"""A child of test_sessions.py: uploads and processes without end, telling what was acknowledged.

python session_work.py FOLDER
"""

import itertools
import sys
import time
from pathlib import Path

from tests.crash.session_files import BATCH, batch
from tests.sessions import OWNER, Bench, open_bench
from tests.stores import Clock


class RealClock(Clock):
    """The time."""

    def __call__(self) -> int:
        """Return milliseconds since 1970."""
        return time.time_ns() // 1_000_000


def say(*words: str) -> None:
    """Tell what was answered, at once."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def work(bench: Bench) -> None:
    """Upload some slices and merge all of them, again and again."""
    session_id = bench.sessions.create(OWNER).id
    say("session", session_id)
    for number in itertools.count():
        files = batch(number)
        bench.upload(session_id, files)
        say("upload", *files)
        job_id = bench.sessions.process(OWNER, session_id, "merge")
        say("job", job_id)
        if number % 2:
            assert bench.sessions.result(bench.ended(job_id)).success
            say("done", job_id)
        assert len(files) == BATCH


def main() -> None:
    """Work until somebody kills us."""
    with open_bench(Path(sys.argv[1]), clock=RealClock()) as bench, bench.working():
        work(bench)


if __name__ == "__main__":
    main()
