"""Objects that clients put into the bucket by signed addresses: ``incoming/<ticket>``.

They are nobody's yet: whoever takes one over copies its bytes under their key and deletes it.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import obstore
from obstore.store import S3Store

from isocenter.errors import NotFoundError
from isocenter.store.blobs import BlobStore, StagedBlob, is_token
from isocenter.store.blobs_s3 import ASK_SECONDS, S3Place, safe_errors, with_timeout
from isocenter.store.s3_signatures import Signer

_FOLDER = "incoming"
# Large objects come in pieces, so that no request takes long.
_PIECE_BYTES = 8 << 20
_NOT_THERE = "there is no such object"


class Incoming(NamedTuple):
    """An object: the ticket that it came for, its size, when the store had it, and what it was."""

    ticket_id: str
    size_bytes: int
    put_ms: int
    tag: str | None


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
        # Whoever looks, looks again: nothing of it is worth waiting for a store that hangs.
        self._quick = with_timeout(store, ASK_SECONDS, max_retries=0)
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
            for batch in obstore.list(self._quick, prefix=_FOLDER):
                for one in batch:
                    name = str(one["path"]).rpartition("/")[2]
                    if is_token(name):
                        found.append(_incoming(name, one))
        return found

    def find(self, ticket_id: str) -> Incoming | None:
        """Return one object, if it is there."""
        with contextlib.suppress(NotFoundError), safe_errors(_NOT_THERE):
            return _incoming(ticket_id, obstore.head(self._quick, _path(ticket_id)))
        return None

    def stage(self, came: Incoming, blobs: BlobStore) -> StagedBlob:
        """Copy the bytes of an object to where they can be published.

        Raises
        ------
        NotFoundError
            If it is gone.
        UnavailableError
            If a store fails, or somebody put other bytes there meanwhile.
        """
        with blobs.new_writer() as writer:
            for start in range(0, came.size_bytes, _PIECE_BYTES):
                end = min(start + _PIECE_BYTES, came.size_bytes)
                writer.write(self._piece(came, start, end))
            return writer.finish()

    def delete(self, ticket_id: str) -> None:
        """Remove an object; does nothing where there is none."""
        with contextlib.suppress(NotFoundError), safe_errors(_NOT_THERE):
            obstore.delete(self._quick, _path(ticket_id))

    def _piece(self, came: Incoming, start: int, end: int) -> memoryview:
        """Return bytes of the very object that was seen."""
        options: obstore.GetOptions = {"range": (start, end)}
        if came.tag is not None:
            options["if_match"] = came.tag
        with safe_errors(_NOT_THERE):
            answer = obstore.get(self._store, _path(came.ticket_id), options=options)
            return memoryview(answer.bytes())


def _incoming(ticket_id: str, said: Any) -> Incoming:  # noqa: ANN401 - its type is a stub only
    put_ms = int(said["last_modified"].timestamp() * 1000)
    return Incoming(ticket_id, int(said["size"]), put_ms, said["e_tag"])


def _path(ticket_id: str) -> str:
    return f"{_FOLDER}/{ticket_id}"
