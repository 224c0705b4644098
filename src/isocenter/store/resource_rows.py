"""Resources as rows: added, read, labelled, removed, within the transaction of the caller.

Everything filters by the owner; what somebody else has does not exist.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from isocenter.errors import NotFoundError
from isocenter.store.catalog import remove_instances
from isocenter.store.catalog_rows import batches
from isocenter.store.learning_changes import leave_resources
from isocenter.store.resource_tables import resource_labels, resources
from isocenter.store.tables import archive_owners, instance_versions, instances

Status = Literal["inbox", "published", "archived"]
STATUSES: tuple[Status, ...] = ("inbox", "published", "archived")
WHOLE = -1  # the frame of a label that is about all of them

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GONE = "there is no such resource"


class FrameLabel(NamedTuple):
    """A label of one frame; frames count from 0."""

    frame_index: int
    label: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One upload; columns as in ``resource_tables``.

    ``labels`` and ``frame_labels`` are sorted; UIDs are ``None`` for what is no Instance.
    """

    number: int
    id: str
    owner: str
    name: str
    mimetype: str
    size_bytes: int
    blob_key: str
    status: Status
    channel: str | None
    modality: str | None
    source_path: str | None
    study_uid: str | None
    series_uid: str | None
    sop_instance_uid: str | None
    patient_id: str | None
    frames: int
    brought_key: str | None
    brought_version: bool
    note: str | None
    metadata: Mapping[str, object] | None
    upload_mechanism: str
    idempotency_key: str | None
    created_ms: int
    created_by: str
    changed_ms: int
    published_ms: int | None
    published_by: str | None
    labels: tuple[str, ...] = ()
    frame_labels: tuple[FrameLabel, ...] = ()

    @property
    def is_dicom(self) -> bool:
        """Whether it is an Instance of the archive."""
        return self.sop_instance_uid is not None


def add_row(connection: Connection, values: Mapping[str, object]) -> int:
    """Add a Resource by the values of its columns; return its number."""
    made = connection.execute(insert(resources).values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def rows_of(connection: Connection, owner: str, ids: Sequence[str]) -> list[Resource]:
    """Return Resources in the order of their ids; an id that is named twice counts once.

    Raises
    ------
    NotFoundError
        If the owner lacks one of them.
    """
    found: dict[str, Resource] = {}
    # What is no id is not asked for: it may have characters that a database refuses.
    if not all(_ID.fullmatch(one) for one in ids):
        raise NotFoundError(_GONE)
    for some in batches(dict.fromkeys(ids)):
        query = select(resources).where(resources.c.owner == owner, resources.c.id.in_(some))
        found |= {one.id: one for one in read_resources(connection, connection.execute(query))}
    try:
        return [found[one] for one in dict.fromkeys(ids)]
    except KeyError:
        raise NotFoundError(_GONE) from None


def row_of_retry(connection: Connection, owner: str, idempotency_key: str) -> Resource | None:
    """Return what a request with this key made before; ``None`` where there was none."""
    query = select(resources).where(
        resources.c.owner == owner, resources.c.idempotency_key == idempotency_key
    )
    return next(iter(read_resources(connection, connection.execute(query))), None)


def check_has_bytes(connection: Connection, owner: str, key: str) -> None:
    """Return if the owner has a Resource or an Instance of these bytes.

    Raises
    ------
    NotFoundError
        If not, whoever else has them.
    """
    mine = select(archive_owners.c.number).where(archive_owners.c.owner == owner).scalar_subquery()
    uploaded = select(resources.c.number).where(
        resources.c.blob_key == key, resources.c.owner == owner
    )
    archived = select(instances.c.number).where(
        instances.c.blob_key == key, instances.c.owner == mine
    )
    for query in (uploaded, archived):
        if connection.execute(query.limit(1)).first() is not None:
            return
    raise NotFoundError("there are no such bytes")


def read_resources(connection: Connection, rows: Iterable[object]) -> list[Resource]:
    """Return rows of ``resources`` with their labels, in their order."""
    columns = [dict(row._mapping) for row in rows]  # type: ignore[attr-defined]  # noqa: SLF001 - as SQLAlchemy calls it
    labels = labels_of(connection, [row["number"] for row in columns])
    made = []
    for row in columns:
        mine = labels.get(row["number"], [])
        whole = tuple(one.label for one in mine if one.frame_index == WHOLE)
        of_frames = tuple(one for one in mine if one.frame_index != WHOLE)
        made.append(Resource(**row, labels=whole, frame_labels=of_frames))
    return made


def labels_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[FrameLabel]]:
    """Return the labels of Resources by their numbers, sorted; of the whole ones first."""
    found: dict[int, list[FrameLabel]] = {}
    for some in batches(numbers):
        query = (
            select(resource_labels)
            .where(resource_labels.c.resource_number.in_(some))
            .order_by(resource_labels.c.frame_index, resource_labels.c.label)
        )
        for row in connection.execute(query):
            label = FrameLabel(row.frame_index, row.label)
            found.setdefault(row.resource_number, []).append(label)
    return found


def add_labels(connection: Connection, number: int, labels: Iterable[FrameLabel]) -> None:
    """Add labels that a Resource does not have."""
    rows = [{"resource_number": number, **one._asdict()} for one in dict.fromkeys(labels)]
    if rows:
        connection.execute(insert(resource_labels), rows)


def remove_labels(connection: Connection, numbers: Sequence[int], *, of_frames: bool) -> None:
    """Remove the labels of whole Resources, or those of their frames."""
    frame = resource_labels.c.frame_index
    for some in batches(numbers):
        connection.execute(
            delete(resource_labels).where(
                resource_labels.c.resource_number.in_(some),
                frame != WHOLE if of_frames else frame == WHOLE,
            )
        )


def change_rows(connection: Connection, numbers: Sequence[int], **values: object) -> None:
    """Give columns of Resources other values."""
    for some in batches(numbers):
        connection.execute(update(resources).where(resources.c.number.in_(some)).values(**values))


def remove_resources(connection: Connection, gone: Sequence[Resource], now_ms: int) -> list[str]:
    """Remove Resources of one owner; return keys of bytes that may be unused now.

    An Instance goes with the last of them that has its SOP Instance UID, where Resources brought
    it and nobody else gave other bytes for it meanwhile; bytes that one of them brought beside
    others go with the last Resource that has them.
    """
    numbers = [one.number for one in gone]
    dropped = leave_resources(connection, numbers, now_ms)
    for some in batches(numbers):
        connection.execute(delete(resources).where(resources.c.number.in_(some)))
    dropped += [one.blob_key for one in gone]
    by_uid: dict[str, list[Resource]] = {}
    for one in gone:
        if one.sop_instance_uid is not None:
            by_uid.setdefault(one.sop_instance_uid, []).append(one)
    for members in by_uid.values():
        dropped += _leave(connection, members, now_ms)
    return dropped


def remove_of_place(
    connection: Connection,
    owner: str,
    study_uid: str,
    series_uid: str,
    sop_instance_uid: str,
    now_ms: int,
) -> list[str]:
    """Remove the Resources that are Instances of a place, which is removed by the caller.

    Returns
    -------
    list[str]
        Keys of bytes that may be unused now.
    """
    wanted = [resources.c.owner == owner, resources.c.study_uid == study_uid]
    if series_uid:
        wanted.append(resources.c.series_uid == series_uid)
    if sop_instance_uid:
        wanted.append(resources.c.sop_instance_uid == sop_instance_uid)
    query = select(resources.c.number, resources.c.blob_key).where(*wanted)
    found = connection.execute(query).all()
    if not found:
        return []
    keys = leave_resources(connection, [row.number for row in found], now_ms)
    connection.execute(delete(resources).where(*wanted))
    return keys + [row.blob_key for row in found]


def _leave(connection: Connection, gone: Sequence[Resource], now_ms: int) -> list[str]:
    """Hand over what the Resources of one Instance brought, or remove it with the last one."""
    first = gone[0]
    brought_key = next((one.brought_key for one in gone if one.brought_key), None)
    siblings = connection.execute(
        select(resources.c.number, resources.c.blob_key).where(
            resources.c.owner == first.owner,
            resources.c.sop_instance_uid == first.sop_instance_uid,
        )
    ).all()
    shown = connection.execute(
        select(instances.c.number, instances.c.blob_key)
        .join(archive_owners, archive_owners.c.number == instances.c.owner)
        .where(archive_owners.c.owner == first.owner, instances.c.uid == first.sop_instance_uid)
    ).one_or_none()
    for key in {one.blob_key for one in gone if one.brought_version}:
        heirs = [row.number for row in siblings if row.blob_key == key]
        if heirs:
            change_rows(connection, heirs[:1], brought_version=True)
        elif shown is not None:
            connection.execute(
                delete(instance_versions).where(
                    instance_versions.c.instance == shown.number,
                    instance_versions.c.blob_key == key,
                )
            )
    if siblings and brought_key:
        change_rows(connection, [siblings[0].number], brought_key=brought_key)
    if siblings or shown is None or shown.blob_key != brought_key:
        return []
    beside = select(instance_versions.c.number).where(instance_versions.c.instance == shown.number)
    if connection.execute(beside.limit(1)).first() is not None:
        return []
    assert first.study_uid
    assert first.series_uid
    assert first.sop_instance_uid
    removed = remove_instances(
        connection,
        first.owner,
        study_uid=first.study_uid,
        series_uid=first.series_uid,
        sop_instance_uid=first.sop_instance_uid,
        now_ms=now_ms,
    )
    return list(removed.dropped)
