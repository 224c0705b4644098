"""What happened in the archive of an owner, and other bytes that were kept beside an Instance.

Changes have numbers that grow in the order in which they become visible, because one transaction
at a time changes the catalog: whoever asks for what came after a number misses nothing.
"""

from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from isocenter.store.tables import (
    archive_owners,
    blobs,
    changes,
    instance_versions,
    instances,
    series,
    studies,
)


class Change(NamedTuple):
    """An Instance was stored, kept beside another, or removed.

    ``study_uid`` and ``series_uid`` are ``""`` where it is not there any more.
    """

    number: int
    at_ms: int
    kind: str
    sop_instance_uid: str
    study_uid: str
    series_uid: str


class Version(NamedTuple):
    """Bytes of an Instance: the first ones are those that are shown."""

    blob_key: str
    size_bytes: int
    stored_ms: int


def read_changes(connection: Connection, owner: str, since: int, most: int) -> list[Change]:
    """Return the changes after a number, the oldest first; at most so many."""
    query = (
        select(
            changes.c.number,
            changes.c.at_ms,
            changes.c.kind,
            changes.c.uid,
            studies.c.uid.label("study_uid"),
            series.c.uid.label("series_uid"),
        )
        .join(archive_owners, archive_owners.c.number == changes.c.owner)
        .outerjoin(
            instances,
            and_(instances.c.owner == changes.c.owner, instances.c.uid == changes.c.uid),
        )
        .outerjoin(series, series.c.number == instances.c.series_number)
        .outerjoin(studies, studies.c.number == series.c.study_number)
        .where(archive_owners.c.owner == owner, changes.c.number > since)
        .order_by(changes.c.number)
        .limit(most)
    )
    return [
        Change(row.number, row.at_ms, row.kind, row.uid, row.study_uid or "", row.series_uid or "")
        for row in connection.execute(query)
    ]


def last_change(connection: Connection, owner: str) -> int:
    """Return the number of the last change, 0 where there was none."""
    query = (
        select(func.max(changes.c.number))
        .join(archive_owners, archive_owners.c.number == changes.c.owner)
        .where(archive_owners.c.owner == owner)
    )
    return int(connection.scalar(query) or 0)


def read_versions(connection: Connection, owner: str, sop_instance_uid: str) -> list[Version]:
    """Return the bytes that there are of an Instance, in the order in which they came."""
    mine = (
        select(instances)
        .join(archive_owners, archive_owners.c.number == instances.c.owner)
        .where(archive_owners.c.owner == owner, instances.c.uid == sop_instance_uid)
    )
    shown = connection.execute(mine).one_or_none()
    if shown is None:
        return []
    beside = (
        select(instance_versions.c.blob_key, instance_versions.c.stored_ms, blobs.c.size_bytes)
        .join(blobs, blobs.c.key == instance_versions.c.blob_key)
        .where(instance_versions.c.instance == shown.number)
        .order_by(instance_versions.c.number)
    )
    rows = [shown, *connection.execute(beside)]
    return [Version(row.blob_key, row.size_bytes, row.stored_ms) for row in rows]
