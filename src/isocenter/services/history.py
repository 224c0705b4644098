"""What happened in the archive, and Instances that were kept beside others."""

from typing import NamedTuple

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.database import Database
from isocenter.store.history import Change, Version, last_change, read_changes, read_versions


class Changes(NamedTuple):
    """Some changes, and where to go on.

    ``last`` is the number to ask with next time; ``has_more``: there are more already.
    """

    changes: tuple[Change, ...]
    last: int
    has_more: bool


class History:
    """Reads what happened; safe for any number of threads.

    Parameters
    ----------
    most
        How many changes are given at once.
    """

    def __init__(self, database: Database, blobs: BlobStore, most: int) -> None:
        self._database = database
        self._blobs = blobs
        self._most = most

    def changes(self, owner: str, since: int, limit: int = 0) -> Changes:
        """Return what changed after the change of a number; 0 for all.

        Raises
        ------
        InvalidInputError
            If there never was such a number, or the limit is none.
        """
        if since < 0 or limit < 0:
            raise InvalidInputError("since and limit are whole numbers from 0")
        most = min(limit or self._most, self._most)
        with self._database.read() as connection:
            found = read_changes(connection, owner, since, most + 1)
            if not found and since > last_change(connection, owner):
                # A database that was put back knows less than who follows it: begin anew.
                raise InvalidInputError("there was no such change; begin again with since=0")
        given = tuple(found[:most])
        last = given[-1].number if given else since
        return Changes(given, last, has_more=len(found) > most)

    def versions(self, owner: str, sop_instance_uid: str) -> list[Version]:
        """Return the bytes that there are of an Instance; the first ones are shown everywhere.

        Raises
        ------
        NotFoundError
            If the owner has no such Instance.
        """
        with self._database.read() as connection:
            found = read_versions(connection, owner, sop_instance_uid)
        if not found:
            raise NotFoundError("there is no such instance")
        return found

    def open(self, owner: str, sop_instance_uid: str, number: int) -> tuple[Version, BlobReader]:
        """Return one version, counted from 1, open for reading; the caller closes it.

        Raises
        ------
        NotFoundError
            If the owner has no such Instance or version.
        """
        found = self.versions(owner, sop_instance_uid)
        if not 1 <= number <= len(found):
            raise NotFoundError(f"there is no such version, the instance has {len(found)}")
        version = found[number - 1]
        return version, self._blobs.open(version.blob_key)
