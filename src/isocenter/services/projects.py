"""Projects: a learning set with a purpose, people who work on it, and annotations of its own.

A project's resources are those of its learning set, which has the project's name. Members are
written down for clients that show them; what somebody may see goes by the account alone.
"""

from collections.abc import Sequence

from sqlalchemy import Select

from isocenter.errors import ConflictError, InvalidInputError, NotFoundError
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.learning_sets import Choice, LearningSets, checked_description
from isocenter.services.resource_kinds import checked_text
from isocenter.services.resource_uploads import name_of
from isocenter.store.learning_rows import (
    Project,
    add_project,
    change_project,
    find_project,
    list_projects,
    members_in,
    members_of_project,
    set_member,
    sets_of_projects,
)

_MEMBER_CHARACTERS_MAX = 254


class Projects:
    """All projects; safe for any number of threads."""

    def __init__(self, engines: LearningEngines, sets: LearningSets) -> None:
        self._engines = engines
        self._sets = sets

    def create(
        self, owner: str, name: str, description: str = "", choice: Choice | None = None
    ) -> Project:
        """Make a project, and its learning set of the same name.

        Raises
        ------
        InvalidInputError, TooLargeError, FullError
            If the name is none, or there are more resources or sets than may be.
        ConflictError
            If there is a project or a learning set of this name.
        NotFoundError
            If the owner lacks a resource.
        """
        engines = self._engines
        with engines.database.begin() as connection:
            name = checked_text(name, "name of a project")
            if list_projects(connection, owner, name=name):
                raise ConflictError("there is a project of this name")
            number = self._sets.add(connection, owner, name, description, choice or Choice())
            project_id, now_ms = engines.new_id(), engines.clock()
            values = {
                "id": project_id,
                "owner": owner,
                "name": name,
                "description": checked_description(description),
                "is_archived": False,
                "set_number": number,
                "created_ms": now_ms,
                "created_by": name_of(connection, owner),
                "changed_ms": now_ms,
            }
            add_project(connection, values)
            engines.audit.record(connection, owner, "project.create", ("project", project_id))
            return find_project(connection, owner, project_id)

    def find(self, owner: str, *, name: str = "", with_archived: bool = True) -> list[Project]:
        """Return the projects of an owner by their names; a name is that of one."""
        with self._engines.database.read() as connection:
            return list_projects(connection, owner, name=name, with_archived=with_archived)

    def get(self, owner: str, project_id: str) -> Project:
        """Return one project.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        with self._engines.database.read() as connection:
            return find_project(connection, owner, project_id)

    def change(
        self,
        owner: str,
        project_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> Project:
        """Give a project another name or description, or put it aside; its set is renamed, too.

        Raises
        ------
        InvalidInputError, ConflictError, NotFoundError
            If the name is none or taken, or the owner has no such project.
        """
        values: dict[str, object] = {"changed_ms": self._engines.clock()}
        project = self.get(owner, project_id)
        if name is not None and name != project.name:
            # The set's name is taken where the project's is.
            values["name"] = self._sets.rename(owner, project.set_id, name=name).name
        if description is not None:
            values["description"] = checked_description(description)
        if is_archived is not None:
            values["is_archived"] = is_archived
        with self._engines.database.begin() as connection:
            found = find_project(connection, owner, project_id)
            change_project(connection, found.number, **values)
            self._engines.audit.record(connection, owner, "project.change", ("project", project_id))
            return find_project(connection, owner, project_id)

    def delete(self, owner: str, project_id: str) -> None:
        """Remove a project with its learning set; its resources and annotations stay.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        self._sets.delete(owner, self.get(owner, project_id).set_id)

    def roles(self, owner: str, project_id: str) -> dict[str, list[str]]:
        """Return the members of a project with their roles.

        Raises
        ------
        NotFoundError
            If the owner has no such project.
        """
        with self._engines.database.read() as connection:
            found = find_project(connection, owner, project_id)
            return members_of_project(connection, found.number)

    def set_roles(self, owner: str, project_id: str, member: str, roles: Sequence[str]) -> None:
        """Give somebody roles in a project; without any they are no member any more.

        Raises
        ------
        InvalidInputError
            If member or roles are none.
        NotFoundError
            If the owner has no such project, or somebody is to leave who is no member.
        FullError
            If it has as many members as it may.
        """
        most = self._engines.limits.project_members
        named = checked_text(member, "name of a member")[:_MEMBER_CHARACTERS_MAX]
        kept = [checked_text(role, "role") for role in roles]
        with self._engines.database.begin() as connection:
            found = find_project(connection, owner, project_id)
            there = members_of_project(connection, found.number)
            if not kept and named not in there:
                raise NotFoundError("there is no such member")
            if named not in there and len(there) >= most:
                raise InvalidInputError(f"a project has at most {most} members")
            set_member(connection, found.number, named, kept, self._engines.clock())
            self._engines.audit.record(
                connection, owner, "project.members", ("project", project_id)
            )

    def members(
        self, owner: str, named: Sequence[str], *, is_union: bool = True
    ) -> Select[tuple[int]]:
        """Return what selects the numbers of the resources of projects, by name or id.

        Parameters
        ----------
        is_union
            Whether being in one of them is enough; otherwise in all.
        """
        found = members_in(sets_of_projects(owner, list(named) if is_union else list(named)[:1]))
        for name in [] if is_union else list(named)[1:]:
            column = found.selected_columns[0]
            found = found.where(column.in_(members_in(sets_of_projects(owner, [name]))))
        return found
