"""Files that hold one random key: only their owner can read them, and there is never half a key.

The key that pseudonyms are made with and the secret of the server are both such files. Who has
the first can link pseudonyms to known people, and files that were de-identified on different
machines with the same key belong together; without it there is no link.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from isocenter.errors import InvalidInputError
from isocenter.system_errors import safe_error

_KEY_BYTES = 32
_KEY_CHARACTERS_MIN = 32
_KEY_FILE_BYTES_MAX = 4096
_IS_POSIX = os.name == "posix"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe that nobody writes to must not wait
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def new_key() -> bytes:
    """Return a random key, in the form in which files hold it."""
    return secrets.token_hex(_KEY_BYTES).encode()


def read_or_make_key(path: Path) -> tuple[bytes, bool]:
    """Return the key of a file, and whether it was made just now because there was none.

    Raises
    ------
    InvalidInputError
        If it holds too little to be a key, or others than its owner can read it.
    NotFoundError, UnavailableError
        If it cannot be read or made.
    """
    try:
        if not os.path.lexists(path):
            made = _make_key(path)
            if made is not None:
                return made, True
        # Where another process was faster, both must use its key.
        key = _read(path).strip()
    except OSError as error:
        raise safe_error(error) from None
    if len(key) < _KEY_CHARACTERS_MIN:
        raise InvalidInputError(f"the key file needs at least {_KEY_CHARACTERS_MIN} characters")
    return key, False


def _read(path: Path) -> bytes:
    fd = os.open(path, _READ_FLAGS)
    with os.fdopen(fd, "rb") as stream:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError("the key file is no regular file")
        # Elsewhere than on POSIX systems modes say nothing.
        if _IS_POSIX and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            sentence = "others can read the key file: allow only its owner (chmod 600)"
            raise InvalidInputError(sentence)
        key = stream.read(_KEY_FILE_BYTES_MAX + 1)
    if len(key) > _KEY_FILE_BYTES_MAX:
        raise InvalidInputError("the key file is far too long for a key")
    return key


def _make_key(path: Path) -> bytes | None:
    """Make the file, durably and all at once; return ``None`` where somebody else just did."""
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    key = new_key()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    fd = os.open(temporary, _WRITE_FLAGS, _FILE_MODE)
    try:
        with os.fdopen(fd, "wb") as stream:
            stream.write(key + b"\n")
            stream.flush()
            os.fsync(fd)
        try:
            _name_new(temporary, path)
        except FileExistsError:
            return None
        _force_folder(path.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    return key


def _name_new(temporary: Path, path: Path) -> None:
    """Give a file its name, but never that of another."""
    if not _IS_POSIX:
        temporary.rename(path)  # refuses an existing name there
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network file systems have no links; a look before comes close.
        if os.path.lexists(path):
            raise FileExistsError from None
        temporary.rename(path)


def _force_folder(folder: Path) -> None:
    if not _IS_POSIX:
        return  # folders cannot be opened there
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
