"""Resources: uploaded, listed, given out, published, labelled, deleted.

References
----------
``specs/contracts.md`` 2.2 and 2.3.
"""

import dataclasses

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.principal import Principal
from isocenter.dicom.windows import OWN
from isocenter.errors import NotFoundError, NotSupportedError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.errors import json_response
from isocenter.http.ranges import is_unchanged
from isocenter.http.resources.forms import read_upload_form
from isocenter.http.resources.queries import (
    Listing,
    read_ids,
    read_labels,
    read_listing,
    read_page,
)
from isocenter.http.resources.resource_json import (
    channel_json,
    list_json,
    resource_json,
    resource_list_json,
)
from isocenter.http.transfer import Transfers, attachment
from isocenter.http.upload_json import read_object
from isocenter.http.uploads import read_number
from isocenter.platform import Platform
from isocenter.services.resource_kinds import DICOM
from isocenter.services.retrieval import Place
from isocenter.services.session_names import harmless_name
from isocenter.services.sessions import StoredFile
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.resource_rows import Resource

# What a browser shows and never runs; everything else is bytes to it.
_PICTURES = frozenset({"image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff"})
_SHOWN = _PICTURES | {DICOM, "video/mp4"}
_BYTES = "application/octet-stream"


class ResourceApi:
    """What the endpoints of resources do."""

    def __init__(
        self, platform: Platform, callers: Callers, blocking: Blocking, transfers: Transfers
    ) -> None:
        self._resources = platform.resources
        self._retrieval = platform.archive.retrieval
        self._pictures = platform.pictures
        self._learning = platform.learning
        self._limits = platform.limits
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers

    async def upload(self, request: Request) -> Response:
        """Store one file as a new Resource."""
        principal = await self._callers.principal(request, "upload")
        async with self._blocking.upload_turn():
            upload = await self._blocking.call(self._resources.begin_upload, principal.id)
            try:
                form = await read_upload_form(request, upload, self._blocking, self._limits)
                told = form.told(request.headers.get("idempotency-key"))
                if form.has_file:
                    made = await self._blocking.bulk(upload.finish, told)
                else:
                    made = await self._blocking.bulk(self._resources.add_known, principal.id, told)
            finally:
                await self._blocking.bulk(upload.discard)
        return json_response(resource_json(made), 201)

    async def listing(self, request: Request) -> Response:
        """List Resources, page by page."""
        return await self._list(request)

    async def not_annotated(self, request: Request) -> Response:
        """List Resources that nobody has annotated, page by page."""
        return await self._list(request, is_bare=True)

    async def _list(self, request: Request, *, is_bare: bool = False) -> Response:
        principal = await self._callers.principal(request, "read")
        pairs = request.query_params.multi_items()
        listing = read_listing(pairs, self._limits.resource_page)
        query, learning = listing.query, self._learning
        if listing.projects:
            within = learning.projects.members(
                principal.id, listing.projects, is_union=not listing.all_projects
            )
            query = dataclasses.replace(query, within=within)
        if is_bare:
            without = learning.annotations.annotated(principal.id)
            query = dataclasses.replace(query, without=without)
        # Some thousand of them take as long to be written as to be found.
        return await self._blocking.call(self._page, principal.id, query, listing)

    async def show(self, request: Request) -> Response:
        """Tell everything about one Resource."""
        principal = await self._callers.principal(request, "read")
        return json_response(resource_json(await self._resource(request, principal)))

    async def file(self, request: Request) -> Response:
        """Send the bytes of a Resource, exactly as they came."""
        principal = await self._callers.principal(request, "read")
        resource_id = request.path_params["resource_id"]
        opened = await self._blocking.call(self._resources.open, principal.id, resource_id)
        resource = opened.resource
        stored = StoredFile(resource.name, opened.size_bytes, opened.key, {}, opened.reader)
        kind = resource.mimetype if resource.mimetype in _SHOWN else _BYTES
        headers = {"Content-Disposition": attachment(harmless_name(resource.name))}
        return self._transfers.file(request, stored, kind, headers)

    async def frame(self, request: Request) -> Response:
        """Send one Frame as a picture; frames count from 0, and a picture is its own first one."""
        principal = await self._callers.principal(request, "read")
        resource = await self._resource(request, principal)
        text = request.path_params["frame_index"]
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise NotFoundError("there is no such frame")
        if resource.mimetype in _PICTURES:
            if int(text) > 0:
                raise NotFoundError("there is no such frame")
            return await self.file(request)
        etag = f'"{resource.blob_key[:32]}.{int(text)}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers=headers)
        picture = await self._blocking.bulk(self._render, resource, int(text) + 1)
        return Response(picture, media_type="image/png", headers=headers)

    async def publish(self, request: Request) -> Response:
        """Publish one Resource that is in the inbox."""
        principal = await self._callers.principal(request, "write")
        resource_id = request.path_params["resource_id"]
        await self._blocking.call(self._resources.publish, principal.id, [resource_id])
        return json_response(resource_json(await self._resource(request, principal)))

    async def publish_some(self, request: Request) -> Response:
        """Publish those of some Resources that are in the inbox."""
        principal = await self._callers.principal(request, "write")
        ids = await self._ids(request)
        published = await self._blocking.call(
            self._resources.publish, principal.id, ids, is_strict=False
        )
        done = [one.id for one in published]
        skipped = [one for one in ids if one not in set(done)]
        return json_response({"published": done, "skipped": skipped})

    async def archive(self, request: Request) -> Response:
        """Put one Resource aside."""
        principal = await self._callers.principal(request, "write")
        resource_id = request.path_params["resource_id"]
        await self._blocking.call(self._resources.archive, principal.id, [resource_id])
        return json_response(resource_json(await self._resource(request, principal)))

    async def archive_some(self, request: Request) -> Response:
        """Put some Resources aside: all of them, or none."""
        principal = await self._callers.principal(request, "write")
        ids = await self._ids(request)
        await self._blocking.call(self._resources.archive, principal.id, ids)
        return json_response({"archived": ids})

    async def label(self, request: Request) -> Response:
        """Replace the labels of one Resource, or those of its frames."""
        principal = await self._callers.principal(request, "write")
        resource_id = request.path_params["resource_id"]
        labels, frame_labels = read_labels(await self._body(request))
        await self._blocking.call(
            self._resources.set_labels,
            principal.id,
            [resource_id],
            labels=labels,
            frame_labels=frame_labels,
        )
        return json_response(resource_json(await self._resource(request, principal)))

    async def label_some(self, request: Request) -> Response:
        """Replace the labels of some Resources."""
        principal = await self._callers.principal(request, "write")
        said = await self._body(request)
        ids = read_ids(said.get("resource_ids"), self._limits.resource_page)
        labels, frame_labels = read_labels(said)
        await self._blocking.call(
            self._resources.set_labels,
            principal.id,
            ids,
            labels=labels,
            frame_labels=frame_labels,
        )
        return json_response({"updated": len(ids)})

    async def delete(self, request: Request) -> Response:
        """Remove one Resource."""
        principal = await self._callers.principal(request, "write")
        ids = [request.path_params["resource_id"]]
        removed = await self._blocking.call(self._resources.delete, principal.id, ids)
        return json_response({"deleted": removed})

    async def delete_some(self, request: Request) -> Response:
        """Remove some Resources: all of them, or none."""
        principal = await self._callers.principal(request, "write")
        named = request.query_params.get("resource_ids", "")
        ids = read_ids(named, self._limits.resource_page)
        removed = await self._blocking.call(self._resources.delete, principal.id, ids)
        return json_response({"deleted": removed})

    async def channels(self, request: Request) -> Response:
        """List channels by their names."""
        principal = await self._callers.principal(request, "read")
        most = self._limits.channel_resources
        asked = dict(request.query_params)
        offset, limit = read_page(asked, self._limits.resource_page)
        each = read_number(asked.get("resources", str(most)), "resources", most, least=0)
        found = await self._blocking.call(
            self._resources.channels, principal.id, offset, limit, each
        )
        said = list_json([channel_json(one) for one in found.channels], found.total)
        return json_response(said, headers={"X-Total-Count": str(found.total)})

    async def batches(self, request: Request) -> Response:
        """List batches, which releases before 0.4 made and nobody does any more: there are none."""
        await self._callers.principal(request, "read")
        return json_response(list_json([], 0))

    async def _resource(self, request: Request, principal: Principal) -> Resource:
        resource_id = request.path_params["resource_id"]
        return await self._blocking.call(self._resources.get, principal.id, resource_id)

    async def _body(self, request: Request) -> dict[str, object]:
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        return dict(read_object(body))

    async def _ids(self, request: Request) -> list[str]:
        said = await self._body(request)
        return read_ids(said.get("resource_ids"), self._limits.resource_page)

    def _page(self, owner: str, query: ResourceQuery, listing: Listing) -> Response:
        found, total = self._resources.find(owner, query)
        items = [{"id": one.id} if listing.ids_only else resource_json(one) for one in found]
        said = resource_list_json(items, total, is_flat=listing.is_flat)
        return json_response(said, headers={"X-Total-Count": str(total)})

    def _render(self, resource: Resource, frame_number: int) -> bytes:
        if resource.mimetype != DICOM:
            raise NotSupportedError("only DICOM and pictures have frames here: download the file")
        if resource.is_dicom:
            place = Place(
                resource.owner,
                resource.study_uid or "",
                resource.series_uid or "",
                resource.sop_instance_uid or "",
            )
            if self._retrieval.instances(place)[0].blob_key == resource.blob_key:
                return self._retrieval.rendered(place, frame_number, kind="png")
        # It is kept beside another file with its UID, or is no Instance of the archive.
        with (
            self._resources.open(resource.owner, resource.id) as stored,
            stored.reader.as_file() as path,
        ):
            return self._pictures.render(path, frame_number=frame_number, kind="png", window=OWN)
