"""Objects that clients put into the bucket by signed addresses: ``incoming/<ticket>``.

They are nobody's yet: whoever takes one over copies its bytes under their key and deletes it.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

import obstore
from obstore.store import S3Store

from isocenter.errors import NotFoundError
from isocenter.store.blobs import BlobStore, StagedBlob, is_token
from isocenter.store.blobs_s3 import S3Place, safe_errors
from isocenter.store.s3_signatures import Signer

_FOLDER = "incoming"
_CHUNK_BYTES = 1 << 20
_NOT_THERE = "there is no such object"


class Incoming(NamedTuple):
    """An object: the ticket that it came for, its size, and when the store had it."""

    ticket_id: str
    size_bytes: int
    put_ms: int


class IncomingObjects:
    """What came; safe for any number of threads.

    Parameters
    ----------
    store, place
        The bucket, for us.
    endpoint
        Where clients reach it, if by another name than we.
    """

    def __init__(
        self, store: S3Store, place: S3Place, endpoint: str, clock: Callable[[], int]
    ) -> None:
        self._store = store
        self._clock = clock
        # Keys that a machine has of its cloud are known to the library only.
        self._signer = Signer(place, endpoint) if place.access_key else None

    def put_address(self, ticket_id: str, headers: Mapping[str, str], seconds: int) -> str:
        """Return the address of a PUT, good for so long, with these headers."""
        path = _path(ticket_id)
        if self._signer is None:
            with safe_errors():
                return obstore.sign(self._store, "PUT", path, timedelta(seconds=seconds))
        return self._signer.put_address(path, headers, seconds, self._clock())

    def listed(self) -> list[Incoming]:
        """Return what is there; other names than those of tickets are not ours.

        Raises
        ------
        UnavailableError
            If the store cannot be listed.
        """
        found = []
        with safe_errors():
            for batch in obstore.list(self._store, prefix=_FOLDER):
                for one in batch:
                    name = str(one["path"]).rpartition("/")[2]
                    if is_token(name):
                        put_ms = int(one["last_modified"].timestamp() * 1000)
                        found.append(Incoming(name, int(one["size"]), put_ms))
        return found

    def find(self, ticket_id: str) -> Incoming | None:
        """Return one object, if it is there."""
        with contextlib.suppress(NotFoundError), safe_errors(_NOT_THERE):
            found = obstore.head(self._store, _path(ticket_id))
            put_ms = int(found["last_modified"].timestamp() * 1000)
            return Incoming(ticket_id, int(found["size"]), put_ms)
        return None

    def stage(self, ticket_id: str, blobs: BlobStore) -> StagedBlob:
        """Copy the bytes of an object to where they can be published.

        Raises
        ------
        NotFoundError
            If it is gone.
        UnavailableError
            If a store fails.
        """
        with blobs.new_writer() as writer:
            with safe_errors(_NOT_THERE):
                answer = obstore.get(self._store, _path(ticket_id))
                for chunk in answer.stream(min_chunk_size=_CHUNK_BYTES):
                    writer.write(memoryview(chunk))
            return writer.finish()

    def delete(self, ticket_id: str) -> None:
        """Remove an object; does nothing where there is none."""
        with contextlib.suppress(NotFoundError), safe_errors(_NOT_THERE):
            obstore.delete(self._store, _path(ticket_id))


def _path(ticket_id: str) -> str:
    return f"{_FOLDER}/{ticket_id}"
