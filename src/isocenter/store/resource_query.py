"""Resources that fit a query, page by page, and the channels that they are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, func, select

from isocenter.errors import InvalidInputError
from isocenter.store.resource_rows import STATUSES, WHOLE, Resource, read_resources
from isocenter.store.resource_tables import resource_labels, resources

_Columns = resources.c
# What lists can be ordered by, by all the names that clients have for it.
ORDERS: dict[str, Column[Any]] = {
    "created_at": _Columns.created_ms,
    "created_by": _Columns.created_by,
    "filename": _Columns.name,
    "id": _Columns.id,
    "mimetype": _Columns.mimetype,
    "modality": _Columns.modality,
    "published_by": _Columns.published_by,
    "published_on": _Columns.published_ms,
    "size": _Columns.size_bytes,
    "status": _Columns.status,
    "upload_channel": _Columns.channel,
}


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """What is looked for; what is empty or ``None`` does not matter.

    Attributes
    ----------
    from_ms, to_ms
        When it was uploaded: from the first on, before the second.
    mimetype, filename
        Exactly, or with ``*`` for any characters; then upper and lower case are the same.
    labels
        One of these is enough, unless ``all_labels``.
    within, without
        Give numbers of Resources that are meant at all, and of those that are not.
    order_field
        One of ``ORDERS``; Resources that are equal in it come in the order in which they came.
    limit
        At most so many; ``None`` for all.

    Raises
    ------
    InvalidInputError
        If there is no such status or order, a text has a zero character (which PostgreSQL does
        not take), or a number is negative.
    """

    statuses: tuple[str, ...] = ()
    from_ms: int | None = None
    to_ms: int | None = None
    modality: str = ""
    mimetype: str = ""
    channel: str | None = None
    labels: tuple[str, ...] = ()
    all_labels: bool = False
    filename: str = ""
    within: Select[tuple[int]] | None = None
    without: Select[tuple[int]] | None = None
    order_field: str = "created_at"
    is_ascending: bool = False
    offset: int = 0
    limit: int | None = None

    def __post_init__(self) -> None:
        if not set(self.statuses) <= set(STATUSES):
            raise InvalidInputError(f"status is one of {', '.join(STATUSES)}")
        if self.order_field not in ORDERS:
            raise InvalidInputError(f"order_field is one of {', '.join(ORDERS)}")
        texts = (self.modality, self.mimetype, self.channel or "", self.filename, *self.labels)
        if any("\x00" in text for text in texts):
            raise InvalidInputError("no text that is looked for has a zero character")
        if self.offset < 0 or (self.limit is not None and self.limit < 0):
            raise InvalidInputError("offset and limit are whole numbers from 0")


class Page(NamedTuple):
    """Some Resources, and how many there are of all pages."""

    resources: list[Resource]
    total: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A name that Resources have in common; the latest of them, and how many there are."""

    name: str
    created_ms: int
    changed_ms: int
    resources: tuple[Resource, ...]
    count: int


def find_resources(connection: Connection, owner: str, query: ResourceQuery) -> Page:
    """Return one page of what fits."""
    conditions = _conditions(owner, query)
    total = connection.scalar(select(func.count()).select_from(resources).where(*conditions)) or 0
    column = ORDERS[query.order_field]
    orders = (column, _Columns.number)
    ordered = (
        [one.asc().nulls_last() for one in orders]
        if query.is_ascending
        else [one.desc().nulls_last() for one in orders]
    )
    statement = select(resources).where(*conditions).order_by(*ordered).offset(query.offset)
    if query.limit is not None:
        statement = statement.limit(query.limit)
    return Page(read_resources(connection, connection.execute(statement)), total)


class Channels(NamedTuple):
    """Some channels, and how many there are of all pages."""

    channels: list[Channel]
    total: int


def list_channels(
    connection: Connection, owner: str, offset: int, limit: int, resources_each: int
) -> Channels:
    """Return channels by their names, each with its latest Resources, at most so many."""
    mine = (_Columns.owner == owner, _Columns.channel.is_not(None))
    query = (
        select(
            _Columns.channel,
            func.min(_Columns.created_ms).label("created_ms"),
            func.max(_Columns.changed_ms).label("changed_ms"),
            func.count().label("uploads"),
        )
        .where(*mine)
        .group_by(_Columns.channel)
        .order_by(_Columns.channel)
        .offset(offset)
        .limit(limit)
    )
    found = []
    for row in connection.execute(query).all():
        wanted = ResourceQuery(channel=row.channel, limit=resources_each)
        latest = find_resources(connection, owner, wanted).resources if resources_each else []
        found.append(
            Channel(row.channel, row.created_ms, row.changed_ms, tuple(latest), row.uploads)
        )
    names = select(func.count(_Columns.channel.distinct())).where(*mine)
    return Channels(found, connection.scalar(names) or 0)


def _conditions(owner: str, query: ResourceQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_Columns.owner == owner]
    if query.statuses:
        found.append(_Columns.status.in_(query.statuses))
    if query.from_ms is not None:
        found.append(_Columns.created_ms >= query.from_ms)
    if query.to_ms is not None:
        found.append(_Columns.created_ms < query.to_ms)
    if query.modality:
        found.append(_Columns.modality == query.modality)
    if query.channel is not None:
        found.append(_Columns.channel == query.channel)
    for column, text in ((_Columns.mimetype, query.mimetype), (_Columns.name, query.filename)):
        if text:
            found.append(_fits(column, text))
    if query.labels:
        found.append(_Columns.number.in_(_labelled(query.labels, is_all=query.all_labels)))
    if query.within is not None:
        found.append(_Columns.number.in_(query.within))
    if query.without is not None:
        found.append(_Columns.number.not_in(query.without))
    return found


def _fits(column: Column[Any], text: str) -> ColumnElement[bool]:
    if "*" not in text:
        return column == text
    # Both by the database, which knows fewer letters than Python.
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return func.lower(column).like(func.lower(pattern), escape="\\")


def _labelled(labels: Sequence[str], *, is_all: bool) -> Select[tuple[int]]:
    """Return what selects the numbers of Resources with one of the labels, or with all."""
    wanted = set(labels)
    query = (
        select(resource_labels.c.resource_number)
        .where(resource_labels.c.label.in_(wanted), resource_labels.c.frame_index == WHOLE)
        .group_by(resource_labels.c.resource_number)
    )
    return query.having(func.count() == len(wanted)) if is_all else query
