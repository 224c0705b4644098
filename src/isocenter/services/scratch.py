"""A folder for temporary files of one action: nobody else reads it, and no kill leaves it for good.

It holds parts of images. What a killed process left behind is removed by whoever comes next: the
lock of a folder ends with the process that works there.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from isocenter.errors import IsocenterError
from isocenter.services.locks import LOCK_NAME, FolderLock
from isocenter.system_errors import safe_error

_PREFIX = "isocenter-scratch-"
# Between making a folder and locking it lies far less.
_GRACE_SECONDS = 60.0


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder for its owner alone; it is removed on leaving, with all that it holds.

    Parameters
    ----------
    parent
        Where to make it, and made if it is missing; by default where the system wants temporary
        files, which may be in memory.

    Raises
    ------
    UnavailableError
        If it cannot be made.
    """
    try:
        if parent is not None:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = parent or Path(tempfile.gettempdir())
        remove_abandoned(place)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    except OSError as error:
        raise safe_error(error) from None
    try:
        with FolderLock(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(root: Path) -> None:
    """Remove our folders that no living process works in; a server does it now and then.

    One that was left less than a minute ago stays for the next time: it may be just being made.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    now = time.time()
    with os.scandir(root) as listing:
        found = [entry for entry in listing if entry.name.startswith(_PREFIX)]
    for entry in found:
        with suppress(OSError, IsocenterError):
            status = entry.stat(follow_symlinks=False)
            is_ours = entry.is_dir(follow_symlinks=False) and _is_of_user(status.st_uid)
            if not is_ours or now - status.st_mtime < _GRACE_SECONDS:
                continue
            # What has no lock file was not made here, whatever it is called.
            if not os.path.lexists(os.path.join(entry.path, LOCK_NAME)):  # noqa: PTH118
                continue
            with FolderLock(Path(entry.path)) as lock:
                is_abandoned = lock.is_held
            if is_abandoned:
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_of_user(user: int) -> bool:
    return not hasattr(os, "getuid") or user == os.getuid()
