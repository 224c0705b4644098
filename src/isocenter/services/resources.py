"""Resources: uploaded, found, published, labelled, given out, deleted.

A DICOM Resource is an Instance of the archive, under the same owner; every upload makes a new
Resource with a name, a channel, labels and a status of its own, also of bytes that are there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection

from isocenter.access.audit import Act, Audit
from isocenter.errors import InvalidInputError
from isocenter.limits import Limits
from isocenter.services.resource_kinds import checked_labels
from isocenter.services.resource_uploads import Engines, ResourceUpload, Told, Uploads, name_of
from isocenter.services.studies import Studies
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.database import Database
from isocenter.store.learning_changes import touch_sets
from isocenter.store.resource_query import (
    Channels,
    Page,
    ResourceQuery,
    find_resources,
    list_channels,
)
from isocenter.store.resource_rows import (
    WHOLE,
    FrameLabel,
    Resource,
    add_labels,
    change_rows,
    remove_labels,
    remove_resources,
    rows_of,
)


class NotInboxError(InvalidInputError):
    """A Resource is published or archived already; clients look for these very words."""

    def __init__(self) -> None:
        super().__init__("Resource must be in inbox status to be approved")


@dataclass(frozen=True, slots=True)
class StoredResource:
    """The open bytes of a Resource; close it, best with ``with``."""

    resource: Resource
    reader: BlobReader

    @property
    def key(self) -> str:
        """The SHA-256 of the bytes."""
        return self.resource.blob_key

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return self.resource.size_bytes

    def close(self) -> None:
        """Close the bytes."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Resources:
    """Everything about resources; safe for any number of threads.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    new_id
        Gives ids that nobody can guess.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        studies: Studies,
        audit: Audit,
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        self._engines = Engines(database, blobs, studies, audit, clock, new_id, limits)
        self._uploads = Uploads(self._engines)

    def begin_upload(self, owner: str) -> ResourceUpload:
        """Return an upload, to be filled in a ``with`` block."""
        return self._uploads.begin(owner)

    def add_known(self, owner: str, told: Told) -> Resource:
        """Return a new Resource of bytes that the owner has; see ``Uploads.add_known``."""
        return self._uploads.add_known(owner, told)

    def find(self, owner: str, query: ResourceQuery) -> Page:
        """Return one page of what fits, and how many there are of all pages."""
        with self._engines.database.read() as connection:
            return find_resources(connection, owner, query)

    def get(self, owner: str, resource_id: str) -> Resource:
        """Return one Resource.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        return self.many(owner, [resource_id])[0]

    def many(self, owner: str, ids: Sequence[str]) -> list[Resource]:
        """Return Resources in the order of their ids, each once.

        Raises
        ------
        NotFoundError
            If the owner lacks one of them.
        """
        with self._engines.database.read() as connection:
            return rows_of(connection, owner, ids)

    def open(self, owner: str, resource_id: str) -> StoredResource:
        """Return the bytes of a Resource; the caller closes them.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        resource = self.get(owner, resource_id)
        reader = self._engines.blobs.open(resource.blob_key)
        return StoredResource(resource, reader)

    def publish(self, owner: str, ids: Sequence[str], *, is_strict: bool = True) -> list[Resource]:
        """Publish Resources that are in the inbox; return those that were.

        Raises
        ------
        NotInboxError
            If one of them is not in the inbox, unless not ``is_strict``; nothing changes then.
        NotFoundError
            If the owner lacks one of them; likewise.
        """
        with self._engines.database.begin() as connection:
            found = rows_of(connection, owner, ids)
            waiting = [one for one in found if one.status == "inbox"]
            if is_strict and len(waiting) < len(found):
                raise NotInboxError
            now_ms = self._engines.clock()
            change_rows(
                connection,
                [one.number for one in waiting],
                status="published",
                published_ms=now_ms,
                published_by=name_of(connection, owner),
                changed_ms=now_ms,
            )
            self._record(connection, owner, "resource.publish", waiting)
        return waiting

    def archive(self, owner: str, ids: Sequence[str]) -> None:
        """Put Resources aside, by their status; nothing else of them changes.

        Raises
        ------
        NotFoundError
            If the owner lacks one of them; nothing changes then.
        """
        with self._engines.database.begin() as connection:
            found = rows_of(connection, owner, ids)
            numbers = [one.number for one in found]
            now_ms = self._engines.clock()
            change_rows(connection, numbers, status="archived", changed_ms=now_ms)
            self._record(connection, owner, "resource.archive", found)

    def set_labels(
        self,
        owner: str,
        ids: Sequence[str],
        *,
        labels: Sequence[str] | None = None,
        frame_labels: Sequence[FrameLabel] | None = None,
    ) -> None:
        """Replace the labels of Resources, those of their frames, or both.

        Raises
        ------
        InvalidInputError
            If one of them cannot be a label.
        NotFoundError
            If the owner lacks a Resource; nothing changes then.
        """
        new = []
        if labels is not None:
            new += [FrameLabel(WHOLE, label) for label in checked_labels(labels)]
        for frame_index, label in frame_labels or ():
            new += [FrameLabel(frame_index, one) for one in checked_labels([label])]
        with self._engines.database.begin() as connection:
            found = rows_of(connection, owner, ids)
            numbers = [one.number for one in found]
            for given, of_frames in ((labels, False), (frame_labels, True)):
                if given is not None:
                    remove_labels(connection, numbers, of_frames=of_frames)
            for number in numbers:
                add_labels(connection, number, new)
            now_ms = self._engines.clock()
            change_rows(connection, numbers, changed_ms=now_ms)
            touch_sets(connection, numbers, now_ms)
            self._record(connection, owner, "resource.label", found)

    def delete(self, owner: str, ids: Sequence[str]) -> int:
        """Remove Resources; return how many are gone.

        An Instance leaves the archive with the last Resource that is it, if Resources brought it;
        what came by DICOMweb or ingest stays.

        Raises
        ------
        NotFoundError
            If the owner lacks one of them; nothing changes then.
        """
        engines = self._engines
        with engines.database.begin() as connection:
            found = rows_of(connection, owner, ids)
            dropped = remove_resources(connection, found, engines.clock())
            self._record(connection, owner, "resource.delete", found)
        if dropped:
            engines.studies.drop(dropped)
        return len(found)

    def channels(self, owner: str, offset: int, limit: int, resources_each: int) -> Channels:
        """Return channels by their names, each with so many of its latest Resources."""
        most = min(resources_each, self._engines.limits.channel_resources)
        with self._engines.database.read() as connection:
            return list_channels(connection, owner, offset, limit, most)

    def _record(
        self, connection: Connection, owner: str, action: str, found: Sequence[Resource]
    ) -> None:
        acts = [Act(owner, action, ("resource", one.id)) for one in found]
        if acts:
            self._engines.audit.record_all(connection, acts)
