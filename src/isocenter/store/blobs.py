"""Immutable bytes by the SHA-256 of what they are: what every engine promises.

``store/blobs_local.py`` keeps them as files, ``store/blobs_s3.py`` in an object store.
``store/blob_rows.py`` holds bytes and rows of the database together and is what services call.
"""

import re
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from isocenter.errors import InvalidInputError

_KEY = re.compile(r"[0-9a-f]{64}")
_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class StagedBlob:
    """Bytes that are complete and not yet visible.

    ``key`` is their SHA-256 in hexadecimal digits; ``token``, a UUID, names them until then.
    """

    key: str
    size_bytes: int
    token: str

    def __post_init__(self) -> None:
        check_key(self.key)
        if not is_token(self.token):
            raise InvalidInputError("staged bytes are named by a UUID")


class Swept(NamedTuple):
    """What a sweep did: bytes that no row names are gone, rows whose bytes are missing are told."""

    removed: int
    removed_bytes: int
    missing_keys: tuple[str, ...]


class BlobWriter(Protocol):
    """Takes the bytes of one blob; used by one thread at a time."""

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards.

        Raises
        ------
        UnavailableError
            If the store is full or cannot be written; nothing is left of the bytes then.
        """

    def finish(self) -> StagedBlob:
        """Return the complete bytes, which nobody can see yet.

        They are durable at the latest when ``publish`` returns.

        Raises
        ------
        UnavailableError
            As ``write`` does.
        """

    def discard(self) -> None:
        """Forget everything; does nothing after ``finish`` or a second time."""

    def __enter__(self) -> Self:
        """Return the writer itself."""

    def __exit__(self, *_: object) -> None:
        """Discard what was not finished."""


class BlobReader(Protocol):
    """The bytes of one blob; a ``ByteSource``, safe for several threads at once.

    They stay readable until ``close``, also after the blob was deleted; of large bytes in an
    object store, ``read_at`` raises ``NotFoundError`` then.
    """

    @property
    def size(self) -> int:
        """Length in bytes."""

    @property
    def path(self) -> Path | None:
        """A file with exactly these bytes, for sending by the kernel; ``None`` without files."""

    def as_file(self) -> AbstractContextManager[Path]:
        """Give a file with exactly these bytes, which must not be written, for programs.

        It is the file of the store or a copy of it on this machine, made where needed, and stays
        for the block.

        Raises
        ------
        UnavailableError
            If a copy cannot be made.
        """

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""

    def close(self) -> None:
        """Release what reading needs."""

    def __enter__(self) -> Self:
        """Return the reader itself."""

    def __exit__(self, *_: object) -> None:
        """Close the reader."""


class BlobStore(Protocol):
    """Immutable bytes by key; safe for any number of threads and processes.

    Promises, which ``tests/contracts/test_blobs.py`` holds every engine to:

    - a key gives the bytes whose SHA-256 it is, or ``NotFoundError``; never a part of them;
    - after ``publish`` returned they are durable, whatever is killed and whenever power fails;
    - the same bytes twice are kept once;
    - what was not published leaves nothing behind but what ``sweep`` removes;
    - a key that is not 64 hexadecimal digits raises ``InvalidInputError`` and reaches no path.
    """

    def new_writer(self) -> BlobWriter:
        """Return a writer for bytes of unknown length.

        Raises
        ------
        UnavailableError
            If the store cannot be written.
        """

    def stage_file(self, path: Path) -> StagedBlob:
        """Take over a file that a job made: hashed, durable, without a copy where possible.

        The caller must not write to the file any more; its name may stay or go.

        Raises
        ------
        InvalidInputError
            If it is no regular file.
        NotFoundError, UnavailableError
            If it cannot be read or taken over.
        """

    def open_staged(self, staged: StagedBlob) -> BlobReader:
        """Return bytes that are complete and not yet visible, for whoever staged them.

        Raises
        ------
        NotFoundError
            If they were published or discarded.
        """

    def publish(self, *staged: StagedBlob) -> None:
        """Make staged bytes visible by their keys, durably, also where they are there already.

        Called inside the transaction that adds their rows, after the rows of ``blobs`` were
        written: whoever deletes the same key waits for that row or is waited for. If the
        transaction fails, they may be published again in another one.

        Raises
        ------
        UnavailableError
            If that is not possible; some of several may be visible then, without a row.
        """

    def discard(self, *staged: StagedBlob) -> None:
        """Remove staged bytes that will not be published; does nothing for those that were."""

    def open(self, key: str) -> BlobReader:
        """Return the bytes of a key for reading.

        Raises
        ------
        NotFoundError
            If there are none.
        UnavailableError
            If they cannot be read.
        """

    def path_of(self, key: str) -> Path | None:
        """Return the file of a key, which must not be written; ``None`` without files.

        Raises
        ------
        NotFoundError
            If the store has files and none for this key.
        """

    def delete(self, *keys: str) -> None:
        """Remove the bytes of these keys at once; does nothing where there are none.

        Called inside a transaction that removes their rows of ``blobs``, after a transaction that
        removed the last references is durable: a crash in between leaves a row that nothing
        refers to, never a file of somebody without its bytes.

        Raises
        ------
        UnavailableError
            If they cannot be removed.
        """

    def keys(self, prefix: str) -> frozenset[str]:
        """Return the keys of all bytes that were published and not deleted.

        Parameters
        ----------
        prefix
            At most two digits; only keys that begin with them are looked at.

        Raises
        ------
        UnavailableError
            If the store cannot be listed.
        """

    def sweep(self, known_keys: Collection[str], older_than_ms: int, *, prefix: str = "") -> Swept:
        """Remove published bytes that no row names, if they were published before a time.

        Called inside the write transaction that read ``known_keys``.

        Parameters
        ----------
        known_keys
            Keys of all rows, of those that begin with ``prefix``.
        older_than_ms
            What was published later stays, because its row may be about to come.
        prefix
            At most two digits; only keys that begin with them are looked at.

        Raises
        ------
        UnavailableError
            If the store cannot be listed.
        """

    def sweep_staged(self, older_than_ms: int) -> Swept:
        """Remove what was staged and neither published nor discarded by a process that is gone.

        Raises
        ------
        UnavailableError
            If the store cannot be listed.
        """

    def close(self) -> None:
        """Release what the store needs; nothing may be called afterwards."""


def check_key(key: str) -> str:
    """Return the key if it is one.

    Raises
    ------
    InvalidInputError
        If it is anything but 64 lower-case hexadecimal digits.
    """
    if not is_key(key):
        raise InvalidInputError("a blob's key has 64 hexadecimal digits")
    return key


def is_key(name: str) -> bool:
    """Return whether a name is 64 lower-case hexadecimal digits."""
    return _KEY.fullmatch(name) is not None


def is_token(name: str) -> bool:
    """Return whether a name is a UUID."""
    return _TOKEN.fullmatch(name) is not None
