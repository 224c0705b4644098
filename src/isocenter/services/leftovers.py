"""Temporary files that a killed run left: removed once they did not change for a while.

They are hidden and never inputs; only disk space is at stake. Somebody may still be writing, so
nothing is removed that changed since it was first seen, and no folder for results in staging
while anybody holds the lock of the folder it lies in.
"""

import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from isocenter.errors import IsocenterError
from isocenter.services.locks import FolderLock
from isocenter.services.looks import STAGING_SUFFIX, Entry, Stamp, is_leftover


class Leftovers:
    """What was seen, pass after pass.

    Parameters
    ----------
    grace_seconds
        How long something stays unchanged before it counts as left behind.
    """

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._seen: dict[Path, tuple[Stamp, float]] = {}
        self._seen_now: set[Path] = set()

    def see(self, folder: Path, entries: Iterable[Entry], now: float) -> None:
        """Take note of temporary files in a folder; remove those that stayed too long."""
        for entry in entries:
            path = folder / entry.name
            stamp, since = self._seen.get(path, (None, now))
            if stamp != entry.stamp:
                since = now
            self._seen[path] = (entry.stamp, since)
            self._seen_now.add(path)
            if now - since >= self._grace_seconds:
                _remove(folder, path)

    def look_into(self, folder: Path, now: float) -> None:
        """Do the same in a folder that nobody else looks at."""
        self.see(folder, _leftovers_in(folder), now)

    def end_pass(self) -> None:
        """Forget what was not seen since the last call."""
        for path in self._seen.keys() - self._seen_now:
            del self._seen[path]
        self._seen_now.clear()


def remove_old(folder: Path, grace_seconds: float) -> None:
    """Remove the temporary files of a folder that nobody has written to for so long."""
    now = time.time()
    for entry in _leftovers_in(folder):
        if now - entry.modified_ns / 1e9 >= grace_seconds:
            _remove(folder, folder / entry.name)


def _leftovers_in(folder: Path) -> list[Entry]:
    entries: list[Entry] = []
    with suppress(OSError), os.scandir(folder) as listing:
        for found in listing:
            if is_leftover(found.name):
                status = found.stat(follow_symlinks=False)
                entries.append(Entry(found.name, status.st_size, status.st_mtime_ns))
    return entries


def _remove(folder: Path, path: Path) -> None:
    if not path.name.endswith(STAGING_SUFFIX):
        with suppress(OSError):
            path.unlink()
        return
    with suppress(IsocenterError), FolderLock(folder) as lock:
        if lock.is_held:
            shutil.rmtree(path, ignore_errors=True)
