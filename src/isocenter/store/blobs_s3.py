"""Blobs in an object store: ``blobs/ab/abcd...`` by key, and ``parts/`` for large bytes.

What is written goes to a file of this machine first, hashed on the way. Small blobs are put under
their key by ``publish``, whole or not at all, as a PUT is. Large ones are sent to
``parts/<key>.<token>`` before ``finish`` returns, and published by a small object under their key
that names the part: nothing large is sent or copied while somebody holds a transaction, whatever
the size. When an object was published, by our clock, is in its metadata.

Stores differ in what they promise of conditions, so none is used: the row in the database decides
who may publish or delete a key (docs/decisions/0004). Presigned URLs are made elsewhere.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import obstore
from obstore import exceptions
from obstore.store import S3Store

from isocenter.errors import InvalidInputError, NotFoundError, UnavailableError
from isocenter.store.blobs import BlobReader, StagedBlob, Swept, check_key, is_key
from isocenter.store.blobs_local import LocalBlobs, LocalBlobWriter
from isocenter.store.local_copies import LocalCopies
from isocenter.store.reach import UNREACHABLE, Reach

LARGE_BYTES = 8 << 20
RETRY_SECONDS = 60
_PART_SECONDS = 120  # for 8 MiB, beside many others on a slow line
ASK_SECONDS = 5
_FIRST_PAUSE, _LAST_PAUSE = timedelta(milliseconds=100), timedelta(seconds=5)
_BLOBS = "blobs"
_PARTS = "parts"
_PUBLISHED = "isocenter-published-ms"
_PART = "isocenter-part"
_THREADS = 16
_MULTIPART_BYTES = 8 << 20
_MULTIPARTS_MOST = 10_000  # of S3
_DELETED_AT_ONCE = 1000  # of S3
_NO_BYTES = "there are no bytes of this key"
_GONE = "the bytes were deleted while they were read"
_LIST_PAUSES_SECONDS = (0.2, 0.5, 1.0)
_STATUS = re.compile(r"status code: (\d{3})")
_PREFIXES = tuple(f"{number:02x}" for number in range(256))


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket and who we are there.

    Parameters
    ----------
    endpoint
        URL of the store; ``""`` for Amazon's own.
    secret_key
        Not shown when this is printed.
    """

    bucket: str
    endpoint: str = ""
    access_key: str = ""
    secret_key: str = ""
    region: str = "us-east-1"

    def __repr__(self) -> str:
        return f"S3Place({self.bucket!r}, {self.endpoint!r}, secret_key='***')"


def open_s3(place: S3Place) -> S3Store:
    """Return the store of a bucket; nothing is asked of it yet.

    Requests are tried again for a minute at most, at growing and random intervals; one that gets
    no answer in half of it is given up.

    Raises
    ------
    InvalidInputError
        If the store cannot be such.
    """
    own: dict[str, str] = {}
    if place.endpoint:
        url = urlsplit(place.endpoint)
        if url.scheme not in {"http", "https"} or not url.netloc or url.username is not None:
            raise InvalidInputError("ISOCENTER_S3_ENDPOINT must be http://HOST or https://HOST")
        own["endpoint"] = place.endpoint
    if place.access_key:
        own |= {"access_key_id": place.access_key, "secret_access_key": place.secret_key}
    try:
        return S3Store(
            place.bucket,
            region=place.region,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=RETRY_SECONDS / 2),
                "pool_idle_timeout": timedelta(seconds=30),
            },
            retry_config={
                "max_retries": 10,
                "retry_timeout": timedelta(seconds=RETRY_SECONDS),
                "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LAST_PAUSE, "base": 2},
            },
            **own,  # type: ignore[arg-type]  # names of its settings, and texts
        )
    except (exceptions.BaseError, ValueError):
        # What it says may hold the keys.
        raise InvalidInputError("the settings of the object store cannot be used") from None


class _Found(NamedTuple):
    """An object under a key: its size, and where the bytes are if not there."""

    size_bytes: int
    published_ms: int
    part: str


class S3Blobs:
    """A ``BlobStore`` in a bucket; small files of this machine help.

    What is weaker than with files: a reader of large bytes that are deleted meanwhile fails; and
    a process that is killed while it sends something large leaves parts in the store that only a
    rule of the bucket for incomplete uploads removes.

    Parameters
    ----------
    folder
        For what is being written, and for copies; of this process alone.
    clock
        Milliseconds since 1970 UTC: the times that ``sweep`` compares.
    """

    def __init__(
        self, store: S3Store, folder: Path, clock: Callable[[], int], *, copies_bytes: int = 1 << 32
    ) -> None:
        self._store = store
        self._patient = with_timeout(store, _PART_SECONDS)
        self._quick = with_timeout(store, ASK_SECONDS, max_retries=0)
        self._reach = Reach(self._ask)
        self._clock = clock
        self._local = LocalBlobs(folder, clock)
        self._copies = LocalCopies(self._local, copies_bytes)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs-s3")
        self._lock = threading.Lock()
        self._staged: dict[str, StagedBlob] = {}

    def new_writer(self) -> "S3BlobWriter":
        """Return a writer for bytes of unknown length."""
        return S3BlobWriter(self, self._local.new_writer())

    def stage_file(self, path: Path) -> StagedBlob:
        """Take over a file, without a copy on this machine where possible."""
        return self.complete(self._local.stage_file(path))

    def open_staged(self, staged: StagedBlob) -> BlobReader:
        """Return the file of this machine."""
        return self._local.open_staged(staged)

    def publish(self, *staged: StagedBlob) -> None:
        """Put small bytes, or the names of large ones, under their keys, all at once."""
        by_key = {blob.key: blob for blob in staged}
        with self._asking():
            list(self._threads.map(self._publish, by_key.values()))
        for blob in by_key.values():
            self._forget(blob)
        self.discard(*staged)  # the same bytes once more

    def discard(self, *staged: StagedBlob) -> None:
        """Remove files of this machine, and parts that were sent."""
        mine = [blob for blob in staged if self._forget(blob)]
        parts = [_part_of(blob) for blob in mine if blob.size_bytes >= LARGE_BYTES]
        with contextlib.suppress(UnavailableError), self._asking():  # a sweep removes them
            self._delete(parts)

    def open(self, key: str) -> "S3BlobReader":
        """Return a reader; small bytes are read at once, and stay."""
        check_key(key)
        with self._asking(_NO_BYTES):
            found = obstore.get(self._store, _path(key))
            part = str(found.attributes.get(_PART, ""))
            if not part:
                size = int(found.meta["size"])
                data = bytes(found.bytes()) if size < LARGE_BYTES else None
                return S3BlobReader(self, key, _path(key), size, data)
            size = int(bytes(found.bytes()))
        return S3BlobReader(self, key, f"{_PARTS}/{part}", size, None)

    def path_of(self, key: str) -> None:
        """Return ``None``: there are no files."""
        check_key(key)
        with self._asking(_NO_BYTES):
            obstore.head(self._store, _path(key))

    def delete(self, *keys: str) -> None:
        """Remove objects, parts and copies of this machine."""
        paths = [_path(check_key(key)) for key in keys]
        with self._asking():
            found = self._threads.map(self._look, keys)
            parts = [f"{_PARTS}/{one.part}" for one in found if one is not None and one.part]
            # The key first: what cannot be found cannot be read in half.
            self._delete(paths)
            self._delete(parts)
        self._copies.forget(keys)

    def keys(self, prefix: str) -> frozenset[str]:
        """Return the keys of all objects."""
        with self._asking():
            return frozenset(self._list(prefix))

    def sweep(self, known_keys: Collection[str], older_than_ms: int, *, prefix: str = "") -> Swept:
        """Remove old objects that no row names; only they are asked for their age."""
        known = frozenset(known_keys)
        with self._asking():
            present = frozenset(self._list(prefix))
            orphans = sorted(present - known)
            found = dict(zip(orphans, self._threads.map(self._look, orphans), strict=True))
        old = {
            key: one.size_bytes
            for key, one in found.items()
            if one is not None and one.published_ms < older_than_ms
        }
        if old:
            self.delete(*old)
        return Swept(len(old), sum(old.values()), tuple(sorted(known - present)))

    def sweep_staged(self, older_than_ms: int) -> Swept:
        """Remove files and parts that nobody published, except those of this process."""
        swept = self._local.sweep_staged(older_than_ms)
        self._copies.trim()
        with self._asking():
            parts = {
                str(one["path"]).rpartition("/")[2]: int(one["size"])
                for one in self._entries(_PARTS)
                if one["last_modified"].timestamp() * 1000 < older_than_ms
            }
            with self._lock:
                mine = {f"{blob.key}.{blob.token}" for blob in self._staged.values()}
            keys = {part.partition(".")[0] for part in parts}
            named = {one.part for one in self._threads.map(self._look, keys) if one is not None}
            orphans = sorted(parts.keys() - mine - named)
            self._delete([f"{_PARTS}/{part}" for part in orphans])
        removed_bytes = swept.removed_bytes + sum(parts[part] for part in orphans)
        return Swept(swept.removed + len(orphans), removed_bytes, ())

    def close(self) -> None:
        """End the threads and remove the copies."""
        self._threads.shutdown()
        self._copies.close()
        self._local.close()

    def complete(self, staged: StagedBlob) -> StagedBlob:
        """Send what is large, now that its key is known."""
        with self._lock:
            self._staged[staged.token] = staged
        if staged.size_bytes >= LARGE_BYTES:
            try:
                with self._asking():
                    self._put_part(staged)
            except BaseException:
                self._forget(staged)
                raise
        return staged

    def read(self, path: str, offset: int, length: int) -> bytes:
        """Return a range that lies within an object."""
        with self._asking(_GONE):
            return bytes(obstore.get_range(self._store, path, start=offset, length=length))

    @property
    def copies(self) -> LocalCopies:
        """Copies on this machine."""
        return self._copies

    @contextlib.contextmanager
    def _asking(self, gone: str | None = None) -> Iterator[None]:
        """Ask the store if it answers at all; errors as ``safe_errors`` makes them."""
        self._reach.check()
        try:
            with safe_errors(gone):
                yield
        except UnavailableError as error:
            if str(error) == UNREACHABLE:
                self._reach.lose()
            raise

    def _ask(self) -> None:
        with contextlib.suppress(NotFoundError), safe_errors(_NO_BYTES):
            obstore.head(self._quick, _path("0" * 64))

    def _publish(self, blob: StagedBlob) -> None:
        attributes = {_PUBLISHED: str(self._clock())}
        try:
            staged = self._local.open_staged(blob)
        except NotFoundError:
            # It was published already, for a transaction that failed afterwards.
            found = self._look(blob.key)
            if found is None:
                raise UnavailableError("the staged bytes are missing") from None
            return
        with staged:
            if blob.size_bytes < LARGE_BYTES:
                data = staged.read_at(0, blob.size_bytes)
                assert len(data) == blob.size_bytes
                self._put(blob.key, data, attributes)
            else:
                self._name_part(blob, attributes)

    def _name_part(self, blob: StagedBlob, attributes: dict[str, str]) -> None:
        """Publish large bytes; where they are there already, the older ones stay for readers."""
        mine = _part_of(blob)
        obstore.head(self._store, mine)
        before = self._look(blob.key)
        part = before.part if before is not None and before.part else mine.partition("/")[2]
        self._put(blob.key, str(blob.size_bytes).encode(), {**attributes, _PART: part})
        if f"{_PARTS}/{part}" != mine:
            self._delete([mine])

    def _put(self, key: str, data: bytes, attributes: dict[str, str]) -> None:
        obstore.put(self._store, _path(key), data, attributes=attributes, use_multipart=False)

    def _put_part(self, staged: StagedBlob) -> None:
        size = max(_MULTIPART_BYTES, -(-staged.size_bytes // (_MULTIPARTS_MOST - 1)))
        with self._local.open_staged(staged) as source:
            assert source.path is not None
            obstore.put(
                self._patient, _part_of(staged), source.path, chunk_size=size, max_concurrency=4
            )

    def _look(self, key: str) -> _Found | None:
        try:
            found = obstore.get(self._store, _path(key), options={"head": True})
            attributes = found.attributes
            part = str(attributes.get(_PART, ""))
            size = int(found.meta["size"])
            if part:
                size = int(bytes(obstore.get(self._store, _path(key)).bytes()))
        except (exceptions.NotFoundError, FileNotFoundError):
            return None
        published_ms = str(attributes.get(_PUBLISHED, ""))
        if not published_ms.isdecimal():
            return _Found(size, int(found.meta["last_modified"].timestamp() * 1000), part)
        return _Found(size, int(published_ms), part)

    def _list(self, prefix: str) -> Iterator[str]:
        # Stores list by whole folders only, as this library asks them.
        folders = [f"{_BLOBS}/{one}" for one in _PREFIXES if one.startswith(prefix)]
        for folder in [_BLOBS] if not prefix else folders:
            for one in self._entries(folder):
                key = str(one["path"]).rpartition("/")[2]
                if is_key(key) and key.startswith(prefix):
                    yield key

    def _entries(self, folder: str) -> list[Any]:
        """Return what a folder lists; a busy Swift says 404 of a bucket that is there."""
        for pause_seconds in _LIST_PAUSES_SECONDS:
            try:
                return [one for batch in obstore.list(self._store, prefix=folder) for one in batch]
            except exceptions.GenericError as error:
                found = _STATUS.search(str(error))
                if found is None or found[1] != "404":
                    raise
                time.sleep(pause_seconds)
        return [one for batch in obstore.list(self._store, prefix=folder) for one in batch]

    def _delete(self, paths: Sequence[str]) -> None:
        for start in range(0, len(paths), _DELETED_AT_ONCE):
            with contextlib.suppress(exceptions.NotFoundError, FileNotFoundError):
                obstore.delete(self._store, list(paths[start : start + _DELETED_AT_ONCE]))

    def _forget(self, blob: StagedBlob) -> bool:
        """Return whether it was staged here and neither published nor discarded."""
        with self._lock:
            is_mine = self._staged.pop(blob.token, None) is not None
        self._local.discard(blob)
        return is_mine


class S3BlobWriter:
    """A ``BlobWriter`` to a file of this machine, which ``finish`` sends if it is large."""

    def __init__(self, store: S3Blobs, writer: LocalBlobWriter) -> None:
        self._store = store
        self._writer = writer

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""
        return self._writer.size_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards."""
        self._writer.write(data)

    def finish(self) -> StagedBlob:
        """Return the key."""
        return self._store.complete(self._writer.finish())

    def discard(self) -> None:
        """Remove the file, unless it was finished."""
        self._writer.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


class S3BlobReader:
    """A ``BlobReader`` of ranges; of small bytes, without the store."""

    def __init__(
        self, store: S3Blobs, key: str, path: str, size_bytes: int, data: bytes | None
    ) -> None:
        self._store = store
        self._key = key
        self._path = path
        self._size = size_bytes
        self._data = data

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    @property
    def path(self) -> None:
        """``None``: there is no file."""
        return

    @contextlib.contextmanager
    def as_file(self) -> Iterator[Path]:
        """Give a copy on this machine."""
        with self._store.copies.borrow(self._key, self) as path:
            yield path

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        if self._data is not None:
            return self._data[offset : offset + length]
        length = min(length, self._size - offset)
        return self._store.read(self._path, offset, length) if length > 0 else b""

    def close(self) -> None:
        """Do nothing: connections are shared."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def with_timeout(store: S3Store, seconds: float, **retries: int) -> S3Store:
    """Return the same store, for requests that take another time."""
    options = {**(store.client_options or {}), "timeout": timedelta(seconds=seconds)}
    retry_config = {**(store.retry_config or {}), **retries}
    return S3Store(config=store.config, client_options=options, retry_config=retry_config)  # type: ignore[arg-type]  # what it gave itself


def _path(key: str) -> str:
    return f"{_BLOBS}/{key[:2]}/{key}"


def _part_of(staged: StagedBlob) -> str:
    return f"{_PARTS}/{staged.key}.{staged.token}"


@contextlib.contextmanager
def safe_errors(gone: str | None = None) -> Iterator[None]:
    """Turn errors of the store into those of our tree, without names of objects.

    Parameters
    ----------
    gone
        The sentence of the ``NotFoundError`` for what is not there.
    """
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError):
        if gone is None:
            raise UnavailableError("the bucket or an object is missing") from None
        raise NotFoundError(gone) from None
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError):
        raise UnavailableError("the object store refuses the access key") from None
    except (exceptions.BaseError, OSError) as error:
        # Of what it says only the status: the rest names the bucket and the objects.
        status = _STATUS.search(str(error))
        sentence = f"the object store answered {status[1]}" if status else UNREACHABLE
        raise UnavailableError(sentence) from None
