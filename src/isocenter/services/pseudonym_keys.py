"""The project key that pseudonyms are made with: a file that only its owner can read.

Who has the key can link pseudonyms to known people, and files that were de-identified on
different machines with the same key belong together. Without it there is no link.
"""

import os
import secrets
import stat
from pathlib import Path

from isocenter.errors import ConflictError, InvalidInputError
from isocenter.services.files import FileSource
from isocenter.services.outputs import make_folder, write_bytes
from isocenter.system_errors import safe_error

_KEY_BYTES = 32
_KEY_CHARACTERS_MIN = 32
_KEY_FILE_BYTES_MAX = 4096
_IS_POSIX = os.name == "posix"


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
            return _make_key(path), True
        with FileSource(path) as source:
            _check_mode(path)
            if source.size > _KEY_FILE_BYTES_MAX:
                raise InvalidInputError("the key file is far too long for a key")
            key = source.read_at(0, source.size).strip()
    except OSError as error:
        raise safe_error(error) from None
    if len(key) < _KEY_CHARACTERS_MIN:
        raise InvalidInputError(f"the key file needs at least {_KEY_CHARACTERS_MIN} characters")
    return key, False


def _make_key(path: Path) -> bytes:
    key = new_key()
    make_folder(path.parent)
    try:
        write_bytes(path, key + b"\n", overwrite=False, mode=stat.S_IRUSR | stat.S_IWUSR)
    except ConflictError:
        # Another process was faster; both must use its key.
        return read_or_make_key(path)[0]
    return key


def _check_mode(path: Path) -> None:
    """Refuse a key that is no secret; elsewhere than on POSIX systems modes say nothing."""
    if _IS_POSIX and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InvalidInputError("others can read the key file: allow only its owner (chmod 600)")
