"""Annotations: made, searched, approved, deleted; masks and volumes sent and given out.

References
----------
``specs/contracts.md`` 2.2 and 2.3.
"""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.errors import json_response
from isocenter.http.resources.annotation_json import (
    annotation_json,
    read_drafts,
    read_search,
    segment_names_of,
)
from isocenter.http.resources.file_forms import FileForm, read_file_form
from isocenter.http.resources.json_fields import (
    optional_text,
    path_id,
    read_json,
    read_said,
    text,
    texts,
    whole,
)
from isocenter.http.resources.resource_json import list_json
from isocenter.http.transfer import Transfers, attachment
from isocenter.limits import Limits
from isocenter.services.annotation_files import SUFFIXES
from isocenter.services.annotations import Annotations, Volume
from isocenter.services.sessions import StoredFile
from isocenter.store.annotation_rows import Annotation, AnnotationQuery

FILE_FIELDS = ("file", "segmentationData")
_ABOUT = ("model_id", "annotation_worklist_id", "source", "imported_from")


class AnnotationApi:
    """What the endpoints of annotations do."""

    def __init__(
        self,
        annotations: Annotations,
        callers: Callers,
        blocking: Blocking,
        transfers: Transfers,
        limits: Limits,
    ) -> None:
        self._annotations = annotations
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers
        self._limits = limits

    async def create(self, request: Request) -> Response:
        """Make annotations of a resource; answer their ids in the same order."""
        principal = await self._callers.principal(request, "write")
        resource_id = path_id(request, "resource_id")
        body = await read_json(request, self._limits)
        drafts = read_drafts(body, self._limits.annotations)
        ids = await self._blocking.call(self._annotations.create, principal.id, resource_id, drafts)
        return json_response(ids, 201)

    async def of_resource(self, request: Request) -> Response:
        """List the annotations of one resource."""
        principal = await self._callers.principal(request, "read")
        said = {name: value for name, value in request.query_params.items() if value}
        query = read_search(said, self._limits.resource_page)
        query = query._replace(resource_ids=(path_id(request, "resource_id"),))
        return await self._page(request, principal.id, query)

    async def listing(self, request: Request) -> Response:
        """List annotations that fit the address."""
        principal = await self._callers.principal(request, "read")
        said = {name: value for name, value in request.query_params.items() if value}
        return await self._page(
            request, principal.id, read_search(said, self._limits.resource_page)
        )

    async def search(self, request: Request) -> Response:
        """List annotations that fit a body."""
        principal = await self._callers.principal(request, "read")
        said = await read_said(request, self._limits)
        return await self._page(
            request, principal.id, read_search(said, self._limits.resource_page)
        )

    async def show(self, request: Request) -> Response:
        """Tell about one annotation."""
        principal = await self._callers.principal(request, "read")
        annotation_id = path_id(request, "annotation_id")
        found = await self._blocking.call(self._annotations.get, principal.id, annotation_id)
        return self._answer(request, found)

    async def change(self, request: Request) -> Response:
        """Give an annotation another name or project."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        name = optional_text(said, "identifier")
        found = await self._blocking.call(
            self._annotations.change,
            principal.id,
            path_id(request, "annotation_id"),
            name=optional_text(said, "name") if name is None else name,
            project_id=text(said, "project_id"),
        )
        return self._answer(request, found)

    async def approve(self, request: Request) -> Response:
        """Note that somebody approved an annotation."""
        principal = await self._callers.principal(request, "write")
        annotation_id = path_id(request, "annotation_id")
        found = await self._blocking.call(self._annotations.approve, principal.id, annotation_id)
        return self._answer(request, found)

    async def delete(self, request: Request) -> Response:
        """Remove one annotation."""
        principal = await self._callers.principal(request, "write")
        ids = [path_id(request, "annotation_id")]
        removed = await self._blocking.call(self._annotations.delete, principal.id, ids)
        return json_response({"deleted": removed})

    async def delete_some(self, request: Request) -> Response:
        """Remove some annotations: all of them, or none."""
        principal = await self._callers.principal(request, "write")
        ids = texts(await read_said(request, self._limits), "ids", self._limits.annotations)
        if not ids:
            raise InvalidInputError("ids is a list of annotations, at least one")
        removed = await self._blocking.call(self._annotations.delete, principal.id, ids)
        return json_response({"deleted": removed})

    async def attach(self, request: Request) -> Response:
        """Give an annotation its mask."""
        principal = await self._callers.principal(request, "write")
        resource_id = path_id(request, "resource_id")
        annotation_id = path_id(request, "annotation_id")
        form = await self._form(request)
        found = await self._blocking.bulk(
            self._annotations.attach,
            principal.id,
            resource_id,
            annotation_id,
            form.staged,
            form.file_name,
        )
        return self._answer(request, found, 201)

    async def add_volume(self, request: Request) -> Response:
        """Make a segmentation of a whole resource."""
        principal = await self._callers.principal(request, "write")
        resource_id = path_id(request, "resource_id")
        form = await self._form(request)
        made = await self._add(principal.id, resource_id, form)
        said = annotation_json(made, request.state.origin.base_url)
        return json_response({**said, "annotation_ids": [made.id]}, 201)

    async def add_segmentation(self, request: Request) -> Response:
        """Make a segmentation as clients of 0.4 send it: the resource is a field."""
        principal = await self._callers.principal(request, "write")
        form = await self._form(request)
        made = await self._add(principal.id, form.fields.get("dicomId", ""), form)
        return json_response({"id": made.id}, 201)

    async def file(self, request: Request) -> Response:
        """Send the file of an annotation, exactly as it came."""
        principal = await self._callers.principal(request, "read")
        opened = await self._blocking.call(
            self._annotations.open_file,
            principal.id,
            path_id(request, "annotation_id"),
            path_id(request, "resource_id"),
        )
        name = f"{opened.annotation.id}{SUFFIXES.get(opened.media_type, '')}"
        stored = StoredFile(name, opened.size_bytes, opened.key, {}, opened.reader)
        headers = {"Content-Disposition": attachment(name)}
        kind = opened.media_type.partition("+")[0]
        return self._transfers.file(request, stored, kind, headers)

    async def mask(self, request: Request) -> Response:
        """Send the mask of one frame as a picture; frames count from 0."""
        principal = await self._callers.principal(request, "read")
        said = {"frame_index": path_id(request, "frame_index"), **request.query_params}
        index, value = whole(said, "frame_index"), whole(said, "value")
        picture = await self._blocking.bulk(
            self._annotations.mask,
            principal.id,
            path_id(request, "annotation_id"),
            path_id(request, "resource_id"),
            index or 0,
            value or 0,
        )
        return Response(picture, media_type="image/png")

    async def _page(self, request: Request, owner: str, query: AnnotationQuery) -> Response:
        page = await self._blocking.call(self._annotations.find, owner, query)
        address = request.state.origin.base_url
        said = [annotation_json(one, address) for one in page.annotations]
        headers = {"X-Total-Count": str(page.total)}
        return json_response(list_json(said, page.total), headers=headers)

    async def _add(self, owner: str, resource_id: str, form: FileForm) -> Annotation:
        try:
            volume = _volume(form, resource_id)
        except InvalidInputError:
            await self._blocking.call(self._annotations.give_up, form.staged)
            raise
        return await self._blocking.bulk(
            self._annotations.add_volume, owner, resource_id, form.staged, volume
        )

    async def _form(self, request: Request) -> FileForm:
        annotations = self._annotations
        async with self._blocking.upload_turn():
            return await read_file_form(
                request,
                FILE_FIELDS,
                annotations.new_writer,
                annotations.file_bytes_max,
                self._blocking,
                self._limits,
            )

    def _answer(self, request: Request, found: Annotation, status: int = 200) -> Response:
        return json_response(annotation_json(found, request.state.origin.base_url), status)


def _volume(form: FileForm, resource_id: str) -> Volume:
    """Return what the fields of a form say about its file."""
    if not resource_id or "\0" in resource_id:
        raise InvalidInputError("dicomId must name a resource")
    fields = form.fields
    named = fields.get("segmentation_map", "")
    names: dict[str, str] = {}
    if named:
        try:
            names = segment_names_of(orjson.loads(named))
        except orjson.JSONDecodeError:
            raise InvalidInputError("segmentation_map is not JSON") from None
    return Volume(
        form.file_name,
        fields.get("segmentationName") or fields.get("name") or "",
        names,
        {name: fields[name] for name in _ABOUT if fields.get(name)},
    )
