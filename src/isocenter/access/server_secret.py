"""The secret of this server: one file, made at the first start, that signs whatever we hand out.

Who has it can sign in as anybody; who has the database alone can not. It never signs anything
itself: every purpose has a key of its own, derived from it, so that no signature made for one
purpose means anything for another.
"""

import hashlib
import hmac
from pathlib import Path

from isocenter.key_files import read_or_make_key

FILE_NAME = "server.secret"


class ServerSecret:
    """Signs messages; shows itself to nobody."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, purpose: str, *parts: bytes) -> bytes:
        """Return 32 bytes that only this server can make for this purpose and these parts.

        Each part counts as a whole: ``(b"ab", b"c")`` and ``(b"a", b"bc")`` differ.

        References
        ----------
        RFC 2104 (HMAC), with SHA-256.
        """
        key = hmac.digest(self._secret, b"isocenter:" + purpose.encode(), hashlib.sha256)
        message = b"".join(len(part).to_bytes(8) + part for part in parts)
        return hmac.digest(key, message, hashlib.sha256)

    def __repr__(self) -> str:
        return "ServerSecret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def read_or_make_secret(folder: Path) -> tuple[ServerSecret, bool]:
    """Return the secret in a data folder, and whether it was made just now.

    Raises
    ------
    InvalidInputError
        If it is too short, or others than its owner can read it.
    NotFoundError, UnavailableError
        If it cannot be read or made.
    """
    secret, is_new = read_or_make_key(folder / FILE_NAME)
    return ServerSecret(secret), is_new
