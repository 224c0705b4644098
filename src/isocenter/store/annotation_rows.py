"""Annotations as rows: added, found, changed, removed, within the transaction of the caller.

Everything filters by the owner; what somebody else has does not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from isocenter.errors import NotFoundError
from isocenter.store.catalog_rows import batches
from isocenter.store.learning_tables import (
    annotations,
    learning_set_resources,
    learning_sets,
    projects,
)
from isocenter.store.resource_tables import resources

_GONE = "there is no such annotation"
_Columns = annotations.c


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation; columns as in ``learning_tables``, and whose resource it is about.

    ``kind`` is segmentation, label, category and the like; ``frame_index`` counts from 0, and is
    ``None`` where the whole resource is meant.
    """

    number: int
    id: str
    resource_number: int
    project_number: int | None
    name: str
    kind: str
    frame_index: int | None
    value: object
    geometry: object
    about: Mapping[str, object]
    status: str
    file_key: str | None
    file_name: str | None
    file_type: str | None
    file_bytes: int | None
    segment_names: Mapping[str, str] | None
    created_ms: int
    created_by: str
    changed_ms: int
    approved_ms: int | None
    approved_by: str | None
    resource_id: str
    resource_name: str
    resource_modality: str | None
    project_id: str | None


class AnnotationQuery(NamedTuple):
    """What is looked for; what is empty or ``None`` does not matter."""

    resource_ids: tuple[str, ...] = ()
    kind: str = ""
    scope: str = ""
    frame_index: int | None = None
    name: str = ""
    project_id: str = ""
    set_id: str = ""
    created_by: str = ""
    status: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    offset: int = 0
    limit: int = 1000


class AnnotationPage(NamedTuple):
    """Some annotations, and how many there are of all pages."""

    annotations: list[Annotation]
    total: int


_OWN = tuple(
    _Columns[name]
    for name in Annotation.__dataclass_fields__
    if name not in {"resource_id", "resource_name", "resource_modality", "project_id"}
)
_SELECT = (
    select(
        *_OWN,
        resources.c.id.label("resource_id"),
        resources.c.name.label("resource_name"),
        resources.c.modality.label("resource_modality"),
        projects.c.id.label("project_id"),
    )
    .join(resources, resources.c.number == _Columns.resource_number)
    .outerjoin(projects, projects.c.number == _Columns.project_number)
)


def add_annotations(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add annotations by the values of their columns."""
    if rows:
        connection.execute(insert(annotations), list(rows))


def annotations_of(
    connection: Connection, owner: str, ids: Iterable[str], *, resource_id: str = ""
) -> list[Annotation]:
    """Return annotations in the order of their ids, optionally those of one resource only.

    Raises
    ------
    NotFoundError
        If the owner lacks one of them.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Annotation] = {}
    for some in batches(wanted):
        query = _SELECT.where(_Columns.owner == owner, _Columns.id.in_(some))
        if resource_id:
            query = query.where(resources.c.id == resource_id)
        found |= {one.id: one for one in _read(connection, query)}
    if len(found) != len(wanted):
        raise NotFoundError(_GONE)
    return [found[one] for one in wanted]


def find_annotations(connection: Connection, owner: str, query: AnnotationQuery) -> AnnotationPage:
    """Return one page of what fits, in the order in which they were made."""
    conditions = [_Columns.owner == owner, *_conditions(query)]
    counted = (
        select(func.count())
        .select_from(annotations)
        .join(resources, resources.c.number == _Columns.resource_number)
        .where(*conditions)
    )
    total = connection.scalar(counted) or 0
    statement = (
        _SELECT.where(*conditions).order_by(_Columns.number).offset(query.offset).limit(query.limit)
    )
    return AnnotationPage(_read(connection, statement), total)


def annotations_by_resource(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, list[Annotation]]:
    """Return the annotations of Resources by their numbers, in the order of making."""
    found: dict[int, list[Annotation]] = {}
    for some in batches(numbers):
        query = _SELECT.where(_Columns.resource_number.in_(some)).order_by(_Columns.number)
        for one in _read(connection, query):
            found.setdefault(one.resource_number, []).append(one)
    return found


def count_annotations(connection: Connection, resource_number: int) -> int:
    """Return how many annotations a Resource has."""
    query = select(func.count()).where(_Columns.resource_number == resource_number)
    return connection.scalar(query) or 0


def change_annotations(connection: Connection, numbers: Sequence[int], **values: object) -> None:
    """Give columns of annotations other values."""
    for some in batches(numbers):
        statement = update(annotations).where(_Columns.number.in_(some)).values(**values)
        connection.execute(statement)


def remove_annotations(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove annotations; their bytes stay."""
    for some in batches(numbers):
        connection.execute(delete(annotations).where(_Columns.number.in_(some)))


def _read(connection: Connection, query: Select[Any]) -> list[Annotation]:
    return [
        Annotation(**{**row, "value": row["value"] and row["value"][0]})
        for row in connection.execute(query).mappings()
    ]


def _conditions(query: AnnotationQuery) -> list[ColumnElement[bool]]:
    pairs = (
        (_Columns.kind, query.kind),
        (_Columns.name, query.name),
        (_Columns.created_by, query.created_by),
        (_Columns.status, query.status),
    )
    found: list[ColumnElement[bool]] = [column == text for column, text in pairs if text]
    if query.resource_ids:
        found.append(resources.c.id.in_(query.resource_ids))
    if query.scope:
        is_whole = _Columns.frame_index.is_(None)
        found.append(is_whole if query.scope == "image" else ~is_whole)
    if query.frame_index is not None:
        found.append(_Columns.frame_index == query.frame_index)
    if query.from_ms is not None:
        found.append(_Columns.created_ms >= query.from_ms)
    if query.to_ms is not None:
        found.append(_Columns.created_ms < query.to_ms)
    if query.project_id:
        wanted = select(projects.c.number).where(projects.c.id == query.project_id)
        found.append(_Columns.project_number.in_(wanted))
    if query.set_id:
        members = (
            select(learning_set_resources.c.resource_number)
            .join(learning_sets, learning_sets.c.number == learning_set_resources.c.set_number)
            .where(learning_sets.c.id == query.set_id)
        )
        found.append(_Columns.resource_number.in_(members))
    return found
