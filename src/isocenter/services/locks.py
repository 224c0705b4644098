"""One worker a folder: a lock that dies with its process, on one machine or over a shared folder.

The lock is the system's own on a hidden file in the folder, so that it also holds between
machines that share it, and needs no clean-up after a crash. Nobody waits for it.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Self

from isocenter.services.outputs import TEMPORARY_PREFIX
from isocenter.system_errors import safe_error

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = f"{TEMPORARY_PREFIX}lock"

_FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
# What file systems without locks answer.
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
_ATTEMPTS = 10


class FolderLock:
    """The lock of a folder, as a context manager; look at ``is_held`` inside.

    Where the file system has no locks it is held by whoever asks: results have the same names
    and bytes whoever writes them, so that two workers at once cost time only.

    Raises
    ------
    UnavailableError, NotFoundError
        On entering, if the file cannot be made: nothing can be written in this folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._fd = -1
        self.is_held = False

    def __enter__(self) -> Self:
        try:
            self.is_held = self._acquire()
        except OSError as error:
            self._close()
            raise safe_error(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_held:
            self.is_held = False
            # Removed while it is held: whoever opened it meanwhile notices that it lost its name.
            # Windows does not remove open files; there it stays where another one has it open.
            if sys.platform == "win32":
                self._close()
            _remove(self._path)
        self._close()

    def _acquire(self) -> bool:
        for _ in range(_ATTEMPTS):
            self._fd = os.open(self._path, _FLAGS, 0o666)
            if not _lock(self._fd):
                self._close()
                return False
            if self._has_its_name():
                return True
            # The one before us removed it between our opening and our locking it.
            self._close()
        return False

    def _has_its_name(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._fd), os.lstat(self._path))
        except FileNotFoundError:
            return False

    def _close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)


def _lock(fd: int) -> bool:
    """Return whether the lock was free; it ends when the file is closed or the process ends."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            # Unlike lockf, it also tells two users within one process apart.
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        if error.errno not in _NO_LOCKS_HERE:
            raise
    return True


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return
