"""Learning sets, their members and parts, and projects, as rows, within the caller's transaction.

Everything filters by the owner; what somebody else has does not exist.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from isocenter.errors import NotFoundError
from isocenter.store.catalog_rows import batches
from isocenter.store.learning_tables import (
    annotations,
    learning_set_resources,
    learning_sets,
    learning_splits,
    project_members,
    projects,
    snapshots,
)
from isocenter.store.resource_rows import Resource, read_resources
from isocenter.store.resource_tables import resources

_NO_SET = "there is no such dataset"
_NO_PROJECT = "there is no such project"
_Members = learning_set_resources.c
_Sets = learning_sets.c
_Splits = learning_splits.c


@dataclass(frozen=True, slots=True)
class LearningSet:
    """A named list of resources; ``version`` is that of its last snapshot, 0 without one.

    ``snapshot_changed_ms`` is what ``changed_ms`` was when that snapshot was made.
    """

    number: int
    id: str
    owner: str
    name: str
    description: str
    created_ms: int
    created_by: str
    changed_ms: int
    resource_count: int
    version: int
    snapshot_changed_ms: int | None

    @property
    def next_version(self) -> int:
        """The version that a download gets now: the last one, unless something changed."""
        return self.version if self.changed_ms == self.snapshot_changed_ms else self.version + 1


@dataclass(frozen=True, slots=True)
class Project:
    """A project; what it is about is its learning set."""

    number: int
    id: str
    owner: str
    name: str
    description: str
    is_archived: bool
    set_number: int
    created_ms: int
    created_by: str
    changed_ms: int
    set_id: str
    resource_count: int
    annotated_count: int


class Split(NamedTuple):
    """A resource belongs to a part of a learning set, from one time until another."""

    id: str
    name: str
    resource_id: str
    created_ms: int
    created_by: str
    ended_ms: int | None
    ended_by: str | None


_COUNT = select(func.count()).where(_Members.set_number == _Sets.number).scalar_subquery()
_LAST = snapshots.alias("last_snapshots")
_NEWEST = (
    select(func.max(snapshots.c.version))
    .where(snapshots.c.set_number == _Sets.number)
    .correlate(learning_sets)
    .scalar_subquery()
)
_SET_SELECT = select(
    *learning_sets.columns,
    _COUNT.label("resource_count"),
    func.coalesce(_LAST.c.version, 0),
    _LAST.c.set_changed_ms,
).select_from(
    learning_sets.outerjoin(
        _LAST, (_LAST.c.set_number == _Sets.number) & (_LAST.c.version == _NEWEST)
    )
)
_PROJECT_SELECT = select(
    *projects.columns,
    _Sets.id.label("set_id"),
    _COUNT.label("resource_count"),
    select(func.count(_Members.resource_number.distinct()))
    .join(annotations, annotations.c.resource_number == _Members.resource_number)
    .where(_Members.set_number == _Sets.number)
    .correlate(learning_sets)
    .scalar_subquery()
    .label("annotated_count"),
).join(learning_sets, _Sets.number == projects.c.set_number)


def find_set(connection: Connection, owner: str, set_id: str) -> LearningSet:
    """Return a learning set.

    Raises
    ------
    NotFoundError
        If the owner has none of this id.
    """
    found = _sets(connection, _Sets.owner == owner, _Sets.id == set_id)
    if not found:
        raise NotFoundError(_NO_SET)
    return found[0]


def set_of_number(connection: Connection, number: int) -> LearningSet:
    """Return the learning set of a number, which is there."""
    return _sets(connection, _Sets.number == number)[0]


def list_sets(connection: Connection, owner: str, offset: int, limit: int) -> list[LearningSet]:
    """Return learning sets of an owner, by their names."""
    query = _SET_SELECT.where(_Sets.owner == owner).order_by(_Sets.name)
    rows = connection.execute(query.offset(offset).limit(limit))
    return [LearningSet(*row) for row in rows]


def count_sets(connection: Connection, owner: str) -> int:
    """Return how many learning sets an owner has."""
    return connection.scalar(select(func.count()).where(_Sets.owner == owner)) or 0


def set_id_of_name(connection: Connection, owner: str, name: str) -> str | None:
    """Return the id of the learning set of a name; ``None`` without one."""
    query = select(_Sets.id).where(_Sets.owner == owner, _Sets.name == name)
    found: str | None = connection.scalar(query)
    return found


def add_set(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a learning set by the values of its columns; return its number."""
    return _added(connection, insert(learning_sets).values(**values))


def change_set(connection: Connection, number: int, **values: object) -> None:
    """Give columns of a learning set other values."""
    connection.execute(update(learning_sets).where(_Sets.number == number).values(**values))


def remove_set(connection: Connection, number: int) -> None:
    """Remove a learning set with its project, its parts and its snapshots."""
    connection.execute(delete(learning_sets).where(_Sets.number == number))


def add_members(connection: Connection, number: int, found: Sequence[int], now_ms: int) -> int:
    """Add resources by their numbers, after those that are there; return how many were new."""
    there: set[int] = set()
    for some in batches(found):
        query = select(_Members.resource_number).where(
            _Members.set_number == number, _Members.resource_number.in_(some)
        )
        there.update(connection.scalars(query))
    rows = [
        {"set_number": number, "resource_number": one, "added_ms": now_ms}
        for one in dict.fromkeys(found)
        if one not in there
    ]
    if rows:
        connection.execute(insert(learning_set_resources), rows)
    return len(rows)


def remove_members(
    connection: Connection, number: int, gone: Sequence[int], who: str, now_ms: int
) -> int:
    """Take resources out of a learning set and its parts; return how many were in it."""
    count = 0
    for some in batches(gone):
        where = (_Members.set_number == number, _Members.resource_number.in_(some))
        count += connection.execute(delete(learning_set_resources).where(*where)).rowcount
    end_splits(connection, number, gone, who, now_ms)
    return count


def member_numbers(connection: Connection, number: int) -> list[int]:
    """Return the numbers of the resources of a learning set, in its order."""
    query = select(_Members.resource_number).where(_Members.set_number == number)
    return list(connection.scalars(query.order_by(_Members.number)))


def member_ids(connection: Connection, number: int, limit: int) -> list[str]:
    """Return ids of resources of a learning set, in its order, at most so many."""
    query = (
        select(resources.c.id)
        .join(learning_set_resources, _Members.resource_number == resources.c.number)
        .where(_Members.set_number == number)
        .order_by(_Members.number)
        .limit(limit)
    )
    return list(connection.scalars(query))


def members_in(set_numbers: Select[tuple[int]]) -> Select[tuple[int]]:
    """Return what selects the numbers of resources in these sets."""
    return select(_Members.resource_number).where(_Members.set_number.in_(set_numbers))


def member_pages(connection: Connection, number: int, size: int) -> Iterator[list[Resource]]:
    """Yield the resources of a learning set in its order, so many at a time."""
    after = 0
    while True:
        query = (
            select(_Members.number.label("position"), _Members.resource_number)
            .where(_Members.set_number == number, _Members.number > after)
            .order_by(_Members.number)
            .limit(size)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        after = rows[-1].position
        numbers = [row.resource_number for row in rows]
        page = select(resources).where(resources.c.number.in_(numbers))
        found = {one.number: one for one in read_resources(connection, connection.execute(page))}
        yield [found[one] for one in numbers]


def splits_of(
    connection: Connection,
    number: int,
    *,
    name: str = "",
    at_ms: int | None = None,
    resource_id: str = "",
) -> list[Split]:
    """Return which part each resource belongs to, now or at a time."""
    query = (
        select(
            _Splits.id,
            _Splits.name,
            resources.c.id,
            _Splits.created_ms,
            _Splits.created_by,
            _Splits.ended_ms,
            _Splits.ended_by,
        )
        .join(resources, resources.c.number == _Splits.resource_number)
        .where(_Splits.set_number == number, _in_force(at_ms))
        .order_by(_Splits.number)
    )
    if name:
        query = query.where(_Splits.name == name)
    if resource_id:
        query = query.where(resources.c.id == resource_id)
    return [Split(*row) for row in connection.execute(query)]


def split_names(connection: Connection, number: int) -> dict[int, str]:
    """Return the part of each resource, by its number."""
    query = select(_Splits.resource_number, _Splits.name).where(
        _Splits.set_number == number, _Splits.ended_ms.is_(None)
    )
    return {row.resource_number: row.name for row in connection.execute(query)}


def add_splits(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Add parts by the values of their columns."""
    if rows:
        connection.execute(insert(learning_splits), [dict(row) for row in rows])


def end_splits(
    connection: Connection, number: int, members: Sequence[int], who: str, now_ms: int
) -> None:
    """Note that resources do not belong to their parts any more."""
    for some in batches(members):
        connection.execute(
            update(learning_splits)
            .where(
                _Splits.set_number == number,
                _Splits.resource_number.in_(some),
                _Splits.ended_ms.is_(None),
            )
            .values(ended_ms=now_ms, ended_by=who)
        )


def find_project(connection: Connection, owner: str, project_id: str) -> Project:
    """Return a project.

    Raises
    ------
    NotFoundError
        If the owner has none of this id.
    """
    query = _PROJECT_SELECT.where(projects.c.owner == owner, projects.c.id == project_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(_NO_PROJECT)
    return Project(**row)


def list_projects(
    connection: Connection, owner: str, *, name: str = "", with_archived: bool = True
) -> list[Project]:
    """Return the projects of an owner, by their names."""
    query = _PROJECT_SELECT.where(projects.c.owner == owner).order_by(projects.c.name)
    if name:
        query = query.where(projects.c.name == name)
    if not with_archived:
        query = query.where(~projects.c.is_archived)
    return [Project(**row) for row in connection.execute(query).mappings()]


def sets_of_projects(owner: str, named: Sequence[str]) -> Select[tuple[int]]:
    """Return what selects the numbers of the sets of projects, by name or id."""
    columns = projects.c
    return select(columns.set_number).where(
        columns.owner == owner, columns.name.in_(named) | columns.id.in_(named)
    )


def add_project(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a project by the values of its columns; return its number."""
    return _added(connection, insert(projects).values(**values))


def change_project(connection: Connection, number: int, **values: object) -> None:
    """Give columns of a project other values."""
    connection.execute(update(projects).where(projects.c.number == number).values(**values))


def members_of_project(connection: Connection, number: int) -> dict[str, list[str]]:
    """Return the roles of each member."""
    columns = project_members.c
    query = select(columns.member, columns.roles).where(columns.project_number == number)
    return {row.member: list(row.roles) for row in connection.execute(query)}


def set_member(
    connection: Connection, number: int, member: str, roles: Sequence[str], now_ms: int
) -> None:
    """Give a member other roles; without any it is no member any more."""
    columns = project_members.c
    connection.execute(
        delete(project_members).where(columns.project_number == number, columns.member == member)
    )
    if roles:
        values = {"project_number": number, "member": member, "roles": list(roles)}
        connection.execute(insert(project_members).values(**values, changed_ms=now_ms))


def _sets(connection: Connection, *conditions: ColumnElement[bool]) -> list[LearningSet]:
    return [LearningSet(*row) for row in connection.execute(_SET_SELECT.where(*conditions))]


def _added(connection: Connection, statement: Insert) -> int:
    made = connection.execute(statement).inserted_primary_key
    assert made is not None
    return int(made[0])


def _in_force(at_ms: int | None) -> ColumnElement[bool]:
    if at_ms is None:
        return _Splits.ended_ms.is_(None)
    return (_Splits.created_ms <= at_ms) & (_Splits.ended_ms.is_(None) | (_Splits.ended_ms > at_ms))
