"""A copy of database and bytes that fit together, made while the server runs.

The copy is a data folder: a server that is started on it has everything that was answered before
the copy ended. Bytes are immutable, so that on the same file system a copy is a second name.
"""

import contextlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from isocenter.errors import ConflictError, NotFoundError, NotSupportedError
from isocenter.store.blobs import BlobStore
from isocenter.store.consistency import PREFIXES, keys_of_rows
from isocenter.store.database import Database
from isocenter.store.local_files import (
    CHUNK_BYTES,
    FILE_MODE,
    WRITE_FLAGS,
    force_folder,
    make_folders,
    open_regular,
    safe_errors,
)

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BackUp:
    """What a backup holds: how many blobs, and the keys of those whose bytes were not there."""

    blobs: int
    missing_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of the parts of a data folder, and further files of the folder to copy."""

    database_file: str
    blobs_folder: str
    files: tuple[Path, ...] = ()


def back_up(database: Database, store: BlobStore, layout: Layout, target: Path) -> BackUp:
    """Copy everything into a new folder, which has its name only when it is complete.

    Most of the bytes are copied while others write. Then they wait while the database is copied,
    with what came last.

    Raises
    ------
    ConflictError
        If the folder is there and not empty.
    NotSupportedError
        If database or bytes are not in files.
    UnavailableError
        If something cannot be read or written; nothing is left then.
    """
    if not database.is_sqlite:
        raise NotSupportedError("a database of its own is backed up by its own tools, as pg_dump")
    with safe_errors():
        if target.exists() and any(target.iterdir()):
            raise ConflictError("the folder for the backup is not empty")
        part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        make_folders(part, ())
        try:
            made = _fill(database, store, layout, part)
            with contextlib.suppress(FileNotFoundError):
                target.rmdir()  # an empty one was allowed
            part.rename(target)
            force_folder(target.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return made


def _fill(database: Database, store: BlobStore, layout: Layout, part: Path) -> BackUp:
    copies = _Copies(store, part / layout.blobs_folder)
    for prefix in PREFIXES:
        with database.read() as connection:
            known = keys_of_rows(connection, prefix)
        copies.add(prefix, known)
    with database.begin() as connection:
        # Nobody deletes bytes now, nobody adds any.
        _copy_database(database, part / layout.database_file)
        for prefix in PREFIXES:
            copies.keep_only(prefix, keys_of_rows(connection, prefix))
    copies.force()
    for file in layout.files:
        _copy_file(file, part / file.name)
    force_folder(part)
    return BackUp(copies.count, tuple(sorted(copies.missing)))


class _Copies:
    """Bytes in the folder of a backup, laid out as ``LocalBlobs`` wants them."""

    def __init__(self, store: BlobStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._present: dict[str, set[str]] = {}
        self.missing: set[str] = set()
        make_folders(folder, PREFIXES)

    @property
    def count(self) -> int:
        return sum(len(keys) for keys in self._present.values())

    def add(self, prefix: str, keys: Iterable[str]) -> None:
        present = self._present.setdefault(prefix, set())
        for key in keys:
            if key in present:
                continue
            try:
                source = self._store.path_of(key)
                if source is None:
                    raise NotSupportedError(
                        "bytes in an object store are backed up by its own tools"
                    )
                _link_or_copy(source, self._folder / prefix / key)
            except NotFoundError:
                self.missing.add(key)
            else:
                present.add(key)

    def keep_only(self, prefix: str, keys: frozenset[str]) -> None:
        present = self._present[prefix]
        for key in present - keys:
            (self._folder / prefix / key).unlink()
        present &= keys
        self.missing = {key for key in self.missing if not key.startswith(prefix)}
        self.add(prefix, keys - present)

    def force(self) -> None:
        for prefix in PREFIXES:
            force_folder(self._folder / prefix)
        force_folder(self._folder)


def _copy_database(database: Database, target: Path) -> None:
    """Copy the database as it is now, with SQLite's own means for a database in use."""
    os.close(os.open(target, WRITE_FLAGS, FILE_MODE))
    with database.read() as connection, contextlib.closing(sqlite3.connect(target)) as copy:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)
        # Everything is in the one file: no log beside it that could be forgotten.
        copy.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise NotFoundError("there are no bytes of this key") from None
    except OSError:
        _copy_file(source, target)


def _copy_file(source: Path, target: Path) -> None:
    with contextlib.ExitStack() as stack:
        with safe_errors("there is no such file"):
            stream = stack.enter_context(open_regular(source))
        copy = stack.enter_context(
            os.fdopen(os.open(target, WRITE_FLAGS, FILE_MODE), "wb", buffering=0)
        )
        shutil.copyfileobj(stream, copy, CHUNK_BYTES)
        os.fsync(copy.fileno())
