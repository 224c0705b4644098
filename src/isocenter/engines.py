"""Which database and which store the settings name: opened, checked, closed."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isocenter.access.audit import Audit
from isocenter.access.server_secret import FILE_NAME as SECRET_FILE
from isocenter.access.server_secret import ServerSecret, read_or_make_secret
from isocenter.errors import ConflictError, InvalidInputError
from isocenter.services.scratch import scratch_folder
from isocenter.services.viewer_table import VIEWERS_FOLDER
from isocenter.settings import Settings
from isocenter.store.blobs import BlobStore
from isocenter.store.blobs_local import LocalBlobs
from isocenter.store.blobs_s3 import S3Blobs, S3Place, open_s3
from isocenter.store.database import Database, open_database
from isocenter.store.incoming_s3 import IncomingObjects
from isocenter.user_folders import user_data_folder

DATABASE_FILE = "database.sqlite3"
BLOBS_FOLDER = "blobs"
STAGING_FOLDER = "staging"
_FILE_SCHEME = "file:"
_S3_SCHEME = "s3://"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Engines:
    """What the server stands on."""

    folder: Path
    database: Database
    blobs: BlobStore
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


def viewers_folder(settings: Settings, folder: Path) -> Path:
    """Return the folder of all viewers, by default one in the data folder."""
    named = settings.viewers_folder
    return Path(named).absolute() if named else folder / VIEWERS_FOLDER


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
        If a newer version of the program made the database, or one with another secret.
    UnavailableError
        If something cannot be read or made.
    """
    open_blobs = _blobs_opener(settings, folder)
    with contextlib.ExitStack() as stack:
        secret, _ = read_or_make_secret(folder)
        database = open_database(settings.database_url or f"sqlite:///{folder / DATABASE_FILE}")
        stack.callback(database.close)
        database.migrate()
        if not database.is_sqlite:
            _check_secret(database, Audit(secret, clock))
        blobs = open_blobs(clock, stack)
        stack.callback(blobs.close)
        yield Engines(folder, database, blobs, secret)


def open_incoming(settings: Settings, clock: Callable[[], int]) -> IncomingObjects | None:
    """Return where clients put uploads themselves, ``None`` where they send them to us."""
    if not settings.blobs.startswith(_S3_SCHEME) or settings.uploads_through_server:
        return None
    place = _place(settings)
    return IncomingObjects(open_s3(place), place, settings.s3_public_endpoint, clock)


def _check_secret(database: Database, audit: Audit) -> None:
    """Refuse to work with a secret that is not that of the other machines.

    Raises
    ------
    ConflictError
        If it is another one.
    """
    with database.read() as connection:
        is_ours = audit.is_ours(connection)
    if not is_ours:
        raise ConflictError(
            "the database was made with another secret: every machine needs a copy of the "
            f"{SECRET_FILE} of the first"
        )


_OpenBlobs = Callable[[Callable[[], int], contextlib.ExitStack], BlobStore]


def _blobs_opener(settings: Settings, folder: Path) -> _OpenBlobs:
    """Return what opens the store that the settings name, before anything is made.

    Raises
    ------
    InvalidInputError
        If they name none.
    """
    blobs = settings.blobs or f"{_FILE_SCHEME}{folder / BLOBS_FOLDER}"
    scheme = next((one for one in (_FILE_SCHEME, _S3_SCHEME) if blobs.startswith(one)), "")
    name = blobs.removeprefix(scheme)
    if scheme == _FILE_SCHEME and name:
        return lambda clock, _: LocalBlobs(Path(name).absolute(), clock)
    if scheme != _S3_SCHEME or not _BUCKET.fullmatch(name):
        raise InvalidInputError("ISOCENTER_BLOBS must be file:PATH or s3://BUCKET")
    bucket = open_s3(_place(settings))

    def open_bucket(clock: Callable[[], int], stack: contextlib.ExitStack) -> BlobStore:
        return S3Blobs(bucket, stack.enter_context(scratch_folder(folder / STAGING_FOLDER)), clock)

    return open_bucket


def _place(settings: Settings) -> S3Place:
    return S3Place(
        settings.blobs.removeprefix(_S3_SCHEME),
        settings.s3_endpoint,
        settings.s3_access_key,
        settings.s3_secret_key.reveal(),
        settings.s3_region,
    )
