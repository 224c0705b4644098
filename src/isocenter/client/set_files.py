"""The files of a learning set: unpacked from the archive that a server prepared, and checked.

Every file is compared with the length and SHA-256 that ``dataset.json`` says, before it takes its
place; a lock lets one process at a time bring a set up to date.
"""

import contextlib
import hashlib
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from isocenter.client.prepared import LIST_NAME, PreparedFile, PreparedSet, read_prepared
from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.system_errors import safe_error

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LIST_BYTES_MAX = 1 << 30
_READ_BYTES = 1 << 20
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


def set_folder(root: str | os.PathLike[str], name: str) -> Path:
    """Return the folder of a set below ``root``, which is made where it is missing.

    Raises
    ------
    InvalidInputError
        If the name is empty.
    UnavailableError
        If the folder cannot be made.
    """
    if not name.strip(" ."):
        raise InvalidInputError("the dataset has no name: pass dataset_name=")
    own = name
    if _UNFIT.search(name) or name.startswith(".") or name.endswith((" ", ".")):
        # Two names that differ in such characters alone are still two folders.
        own = f"{_UNFIT.sub('_', name).strip(' .')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    try:
        top = Path(root).expanduser().absolute()
        top.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise safe_error(error) from None
    return top / own


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process works on a set; the system lets go when a process ends.

    Raises
    ------
    UnavailableError
        If the lock file cannot be made.
    """
    try:
        descriptor = os.open(folder.with_name(f".{folder.name}.lock"), _FLAGS, 0o600)
    except OSError as error:
        raise safe_error(error) from None
    try:
        if sys.platform == "win32":
            while not _is_locked(descriptor):
                pass
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    """Return whether the lock was had within the ten seconds that Windows waits for one."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            return True
    return False


def read_list(folder: Path) -> PreparedSet | None:
    """Return the list of a folder, ``None`` where there is none.

    Raises
    ------
    InvalidInputError
        If it is no such list.
    """
    try:
        return read_prepared((folder / LIST_NAME).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise safe_error(error) from None


def unpack(archive: Path, folder: Path) -> PreparedSet:
    """Unpack the files that the list of an archive names, the list itself last of all.

    Raises
    ------
    InvalidInputError
        If it is no such archive, or lacks a file.
    UnavailableError
        If a file is not what the list says of it, or the disk is full.
    """
    try:
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(archive) as opened:
            info = opened.getinfo(LIST_NAME)
            if info.file_size > _LIST_BYTES_MAX:
                raise InvalidInputError("the list of the dataset is too long")
            raw = opened.read(info)
            prepared = read_prepared(raw)
            for resource in prepared.resources:
                for file in (resource.file, *(mask.file for mask in resource.masks)):
                    with opened.open(file.path) as member:
                        _place(member, folder / file.path, file)
            _replace(folder / LIST_NAME, raw)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise UnavailableError("the archive of the dataset came damaged: try again") from None
    except KeyError:
        raise InvalidInputError("the archive of the dataset lacks a file that it lists") from None
    except OSError as error:
        raise safe_error(error) from None
    return prepared


def remove_others(folder: Path, before: PreparedSet, now: PreparedSet) -> None:
    """Remove files of an earlier version that a set no longer has; nobody else's."""
    for path in _paths(before) - _paths(now):
        with contextlib.suppress(OSError):
            (folder / path).unlink()


def _paths(prepared: PreparedSet) -> set[str]:
    return {
        file.path
        for resource in prepared.resources
        for file in (resource.file, *(mask.file for mask in resource.masks))
    }


def _place(member: IO[bytes], path: Path, file: PreparedFile) -> None:
    """Write one file beside its place, and move it there when it is what it should be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    digest = hashlib.sha256()
    size_bytes = 0
    with temporary.open("wb") as target:
        while data := member.read(_READ_BYTES):
            target.write(data)
            digest.update(data)
            size_bytes += len(data)
    is_other = file.size_bytes is not None and size_bytes != file.size_bytes
    if is_other or (file.sha256 and digest.hexdigest() != file.sha256):
        temporary.unlink()
        raise UnavailableError("a file of the dataset came damaged: its SHA-256 is another one")
    temporary.replace(path)


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(data)
    temporary.replace(path)
