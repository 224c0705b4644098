"""Forcing files and names onto the disk, in the background while the next file is written.

Waiting for the disk is most of the time of a durable write. One wait after another adds up; waits
side by side share the file system's commits, and the disk works while the processor does.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from isocenter.services.pieces import NOT_THIS_WAY

_THREADS = 4
_PENDING_MAX = 64  # files that are open while they wait
_EARLY_BYTES = 1 << 25
_IS_WINDOWS = os.name == "nt"
_force_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class Forcing:
    """Forces files onto the disk and closes them; ``wait`` tells whether all of it worked.

    Parameters
    ----------
    threads
        Shared by several of these, each of another thread, and ended by the caller; None: its own.
    """

    def __init__(self, threads: ThreadPoolExecutor | None = None) -> None:
        self._has_own_threads = threads is None
        self._threads = ThreadPoolExecutor(_THREADS) if threads is None else threads
        self._pending: list[Future[None]] = []
        self._early: Future[None] | None = None
        self._unforced_bytes = 0

    def wrote(self, fd: int, size_bytes: int) -> None:
        """Take note that bytes were added to a file; now and then, start to force them."""
        self._unforced_bytes += size_bytes
        if self._unforced_bytes < _EARLY_BYTES or not (self._early is None or self._early.done()):
            return
        self._unforced_bytes = 0
        self._early = self._threads.submit(_force_data, fd)
        self._pending.append(self._early)

    def finish(self, fd: int) -> None:
        """Force a complete file and close it, in the background; the caller must not use it."""
        self._pending.append(self._threads.submit(_force_and_close, fd, self._early))
        self._early = None
        self._unforced_bytes = 0
        if len(self._pending) > _PENDING_MAX:
            self._pending.pop(0).result()

    def abandon(self, fd: int) -> None:
        """Close a file that will be thrown away."""
        early, self._early = self._early, None
        if early is not None:
            if not early.cancel():
                wait([early])
            if early in self._pending:
                self._pending.remove(early)
        self._unforced_bytes = 0
        os.close(fd)

    def wait(self) -> None:
        """Return when all finished files are on the disk.

        Raises
        ------
        OSError
            Of the first one that could not be forced.
        """
        pending, self._pending = self._pending, []
        for future in pending:
            future.result()

    def stop(self) -> None:
        """Wait for what is being forced, whatever comes of it, and end the threads."""
        if self._has_own_threads:
            self._threads.shutdown(wait=True)
            return
        wait([*self._pending, *([self._early] if self._early is not None else [])])


def forcing_threads() -> ThreadPoolExecutor:
    """Return threads for several ``Forcing``."""
    return ThreadPoolExecutor(2 * _THREADS)


def force_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can.

    Raises
    ------
    OSError
        If the disk fails.
    """
    if _IS_WINDOWS:
        return  # folders cannot be opened there; NTFS journals names itself
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in NOT_THIS_WAY:
            raise
    finally:
        os.close(fd)


def _force_and_close(fd: int, early: "Future[None] | None") -> None:
    """Force a file; an error that an earlier attempt met would not be told again, so ask it."""
    try:
        if early is not None:
            early.result()
        os.fsync(fd)
    finally:
        os.close(fd)
