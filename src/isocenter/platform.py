"""The one place where engines are chosen from settings."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isocenter.access.server_secret import ServerSecret, read_or_make_secret
from isocenter.errors import InvalidInputError
from isocenter.settings import Settings, user_data_folder
from isocenter.store.blobs import BlobStore
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.database import Database, open_database

DATABASE_FILE = "database.sqlite3"
BLOBS_FOLDER = "blobs"
_FILE_SCHEME = "file:"


@dataclass(frozen=True, slots=True)
class Engines:
    """What the server stands on.

    ``blobs_folder`` is where ``blobs`` has its files, for copies of them.
    """

    folder: Path
    database: Database
    blobs: BlobStore
    blobs_folder: Path
    secret: ServerSecret


def now_ms() -> int:
    """Return the time in milliseconds since 1970 UTC: the clock of everything but tests."""
    return time.time_ns() // 1_000_000


def data_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Return the folder where the server keeps what it has.

    Raises
    ------
    InvalidInputError
        If none is set and the user has no home.
    """
    if settings.data_folder:
        return Path(settings.data_folder).absolute()
    folder = user_data_folder(environment)
    if folder is None:
        raise InvalidInputError("ISOCENTER_DATA must name a folder, as the user has no home")
    return folder


@contextlib.contextmanager
def open_engines(
    settings: Settings, folder: Path, clock: Callable[[], int] = now_ms
) -> Iterator[Engines]:
    """Give the engines that the settings name, with tables of this version.

    The data folder, the secret and the database are made where they are missing.

    Raises
    ------
    InvalidInputError
        If a setting names nothing known, or others can read the secret.
    ConflictError
        If a newer version of the program made the database.
    UnavailableError
        If something cannot be read or made.
    """
    blobs_folder = _blobs_folder(settings.blobs, folder)
    with contextlib.ExitStack() as stack:
        secret, _ = read_or_make_secret(folder)
        database = open_database(settings.database_url or f"sqlite:///{folder / DATABASE_FILE}")
        stack.callback(database.close)
        database.migrate()
        blobs = LocalBlobs(blobs_folder, clock)
        stack.callback(blobs.close)
        yield Engines(folder, database, blobs, blobs_folder, secret)


def _blobs_folder(blobs: str, folder: Path) -> Path:
    if not blobs:
        return folder / BLOBS_FOLDER
    path = blobs.removeprefix(_FILE_SCHEME)
    if not blobs.startswith(_FILE_SCHEME) or not path:
        raise InvalidInputError("ISOCENTER_BLOBS must be file:PATH")
    return Path(path).absolute()
