"""Projects: made, changed, put aside; their resources, members and parts.

References
----------
``specs/contracts.md`` 2.2 and 2.3.
"""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.errors import json_response
from isocenter.http.resources.datasets import DatasetApi
from isocenter.http.resources.json_fields import optional_text, path_id, read_said, text, texts
from isocenter.http.resources.learning_json import (
    member_json,
    project_json,
    read_choice,
    split_json,
)
from isocenter.http.resources.queries import read_page, read_truth
from isocenter.http.resources.resource_json import list_json, resource_json
from isocenter.limits import Limits
from isocenter.services.learning_sets import LearningSets
from isocenter.services.projects import Projects
from isocenter.store.learning_rows import Project

_ROLES_MAX = 32


class ProjectApi:
    """What the endpoints of projects do; parts are those of their datasets."""

    def __init__(
        self,
        projects: Projects,
        sets: LearningSets,
        datasets: DatasetApi,
        callers: Callers,
        blocking: Blocking,
        limits: Limits,
    ) -> None:
        self._projects = projects
        self._sets = sets
        self._datasets = datasets
        self._callers = callers
        self._blocking = blocking
        self._limits = limits

    async def listing(self, request: Request) -> Response:
        """List projects by their names; all of them unless a page is asked for."""
        principal = await self._callers.principal(request, "read")
        query = dict(request.query_params)
        archived = read_truth(query.get("includeArchived", "true"), "includeArchived")
        found = await self._blocking.call(self._projects.find, principal.id, with_archived=archived)
        total = len(found)
        if "limit" in query or "offset" in query:
            offset, limit = read_page(query, self._limits.resource_page)
            found = found[offset : offset + limit]
        headers = {"X-Total-Count": str(total)}
        return json_response(list_json([project_json(one) for one in found], total), 200, headers)

    async def create(self, request: Request) -> Response:
        """Make a project with its dataset."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        made = await self._blocking.bulk(
            self._projects.create,
            principal.id,
            text(said, "name"),
            text(said, "description"),
            read_choice(said, self._limits.learning_set_resources),
        )
        return json_response(project_json(made), 201)

    async def show(self, request: Request) -> Response:
        """Tell about one project."""
        return json_response(project_json((await self._project(request, "read"))[1]))

    async def change(self, request: Request) -> Response:
        """Give a project another name or description, or put it aside."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        archived = said.get("archived")
        if archived is not None and not isinstance(archived, bool):
            raise InvalidInputError("archived is true or false")
        changed = await self._blocking.call(
            self._projects.change,
            principal.id,
            path_id(request, "project_id"),
            name=optional_text(said, "name"),
            description=optional_text(said, "description"),
            is_archived=archived,
        )
        return json_response(project_json(changed))

    async def delete(self, request: Request) -> Response:
        """Remove a project with its dataset; resources and annotations stay."""
        principal = await self._callers.principal(request, "write")
        project_id = path_id(request, "project_id")
        await self._blocking.bulk(self._projects.delete, principal.id, project_id)
        return json_response({"deleted": 1})

    async def resources(self, request: Request) -> Response:
        """List the resources of a project."""
        owner, project = await self._project(request, "read")
        found = await self._blocking.bulk(self._sets.resources, owner, project.set_id)
        return json_response([resource_json(one) for one in found])

    async def change_resources(self, request: Request) -> Response:
        """Add resources to a project and take others out."""
        owner, project = await self._project(request, "write")
        said = await read_said(request, self._limits)
        most = self._limits.learning_set_resources
        await self._blocking.bulk(
            self._sets.change_members,
            owner,
            project.set_id,
            read_choice(said, most, ids="resource_ids_to_add"),
            texts(said, "resource_ids_to_delete", most),
        )
        changed = await self._blocking.call(self._projects.get, owner, project.id)
        return json_response(project_json(changed))

    async def members(self, request: Request) -> Response:
        """List the members of a project."""
        principal = await self._callers.principal(request, "read")
        project_id = path_id(request, "project_id")
        found = await self._blocking.call(self._projects.roles, principal.id, project_id)
        return json_response([member_json(project_id, *one) for one in found.items()])

    async def set_member(self, request: Request) -> Response:
        """Give somebody roles in a project."""
        principal = await self._callers.principal(request, "write")
        project_id, member = path_id(request, "project_id"), path_id(request, "member")
        roles = texts(await read_said(request, self._limits), "roles", _ROLES_MAX)
        if not roles:
            raise InvalidInputError("roles is a list of at least one role")
        await self._blocking.call(self._projects.set_roles, principal.id, project_id, member, roles)
        return json_response(member_json(project_id, member, roles))

    async def remove_member(self, request: Request) -> Response:
        """Take somebody out of a project."""
        principal = await self._callers.principal(request, "write")
        project_id, member = path_id(request, "project_id"), path_id(request, "member")
        await self._blocking.call(self._projects.set_roles, principal.id, project_id, member, ())
        return json_response({"deleted": 1})

    async def splits(self, request: Request) -> Response:
        """Tell which part each resource belongs to, now or at a time."""
        owner, project = await self._project(request, "read")
        return await self._datasets.tell_splits(request, owner, project.set_id, project.id)

    async def assign(self, request: Request) -> Response:
        """Put resources into a part, or divide all of them at random."""
        owner, project = await self._project(request, "write")
        said = await read_said(request, self._limits)
        return await self._datasets.put_into_parts(owner, project.set_id, said)

    async def split_of(self, request: Request) -> Response:
        """Tell which part one resource belongs to."""
        owner, project = await self._project(request, "read")
        found = await self._blocking.call(
            self._sets.splits,
            owner,
            project.set_id,
            resource_id=path_id(request, "resource_id"),
        )
        if not found:
            raise NotFoundError("the resource is in no part of the project")
        return json_response(split_json(found[0], project.id))

    async def download(self, request: Request) -> Response:
        """Send the resources of a project with their annotations as a zip archive."""
        owner, project = await self._project(request, "read")
        return await self._datasets.send_now(request, owner, project.set_id)

    async def _project(self, request: Request, scope: str) -> tuple[str, Project]:
        """Return who asks, and the project that is named."""
        principal = await self._callers.principal(request, scope)
        project_id = path_id(request, "project_id")
        found = await self._blocking.call(self._projects.get, principal.id, project_id)
        return principal.id, found
