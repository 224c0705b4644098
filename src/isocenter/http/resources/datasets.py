"""Datasets: made, changed, divided, prepared while the client is told how far it is, downloaded.

References
----------
``specs/contracts.md`` 2.2 and 2.3: clients of 0.x read events, with a space after ``data:``,
because they parse each line as YAML; those of 2.x, which send ``Authorization``, one JSON text.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from isocenter.access.principal import Principal
from isocenter.errors import InvalidInputError, IsocenterError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.errors import json_response
from isocenter.http.ranges import Span, is_unchanged, wanted_span
from isocenter.http.resources.json_fields import (
    Said,
    optional_text,
    path_id,
    read_said,
    text,
    texts,
)
from isocenter.http.resources.learning_json import (
    read_choice,
    read_shares,
    set_json,
    split_json,
    version_json,
)
from isocenter.http.resources.queries import read_page, read_time
from isocenter.http.resources.resource_json import list_json, resource_json
from isocenter.http.transfer import Transfers, attachment
from isocenter.limits import Limits
from isocenter.services.learning_sets import LearningSets
from isocenter.services.snapshots import Progress, SnapshotArchive, Snapshots, parse_version
from isocenter.store.learning_rows import LearningSet
from isocenter.store.snapshot_rows import Snapshot

_IDS_LISTED = 1000
_DONE = object()


class DatasetApi:
    """What the endpoints of datasets do."""

    def __init__(
        self,
        sets: LearningSets,
        snapshots: Snapshots,
        callers: Callers,
        blocking: Blocking,
        transfers: Transfers,
        limits: Limits,
    ) -> None:
        self._sets = sets
        self._snapshots = snapshots
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers
        self._limits = limits

    async def listing(self, request: Request) -> Response:
        """List datasets by their names; all of them unless a page is asked for."""
        principal = await self._callers.principal(request, "read")
        query = dict(request.query_params)
        offset, limit = 0, self._limits.learning_sets
        if "limit" in query or "offset" in query:
            offset, limit = read_page(query, self._limits.resource_page)

        def find() -> tuple[list[dict[str, object]], int]:
            found = self._sets.find(principal.id, offset, limit)
            return [self._json(one) for one in found.sets], found.total

        said, total = await self._blocking.call(find)
        return json_response(list_json(said, total), headers={"X-Total-Count": str(total)})

    async def create(self, request: Request) -> Response:
        """Make a dataset of resources by ids, or of all that have something in common."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        choice = read_choice(said, self._limits.learning_set_resources)
        made = await self._blocking.bulk(
            self._sets.create, principal.id, text(said, "name"), text(said, "description"), choice
        )
        return await self._answer(made, 201)

    async def show(self, request: Request) -> Response:
        """Tell about one dataset."""
        principal = await self._callers.principal(request, "read")
        return await self._answer(await self._set(request, principal))

    async def change(self, request: Request) -> Response:
        """Give a dataset another name or description."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        changed = await self._blocking.call(
            self._sets.rename,
            principal.id,
            path_id(request, "dataset_id"),
            name=optional_text(said, "name"),
            description=optional_text(said, "description"),
        )
        return await self._answer(changed)

    async def delete(self, request: Request) -> Response:
        """Remove a dataset with all its versions; resources stay."""
        principal = await self._callers.principal(request, "write")
        set_id = path_id(request, "dataset_id")
        await self._blocking.bulk(self._sets.delete, principal.id, set_id)
        return json_response({"deleted": 1})

    async def resources(self, request: Request) -> Response:
        """List the resources of a dataset; of a version of it, as they were."""
        principal = await self._callers.principal(request, "read")
        set_id = path_id(request, "dataset_id")
        version = parse_version(request.query_params.get("version", ""))
        if version is not None:
            raise InvalidInputError("versions are downloaded: their dataset.json says what is in")
        found = await self._blocking.bulk(self._sets.resources, principal.id, set_id)
        return json_response([resource_json(one) for one in found])

    async def change_resources(self, request: Request) -> Response:
        """Add resources to a dataset and take others out."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        most = self._limits.learning_set_resources
        changed = await self._blocking.bulk(
            self._sets.change_members,
            principal.id,
            path_id(request, "dataset_id"),
            read_choice(said, most, ids="resource_ids_to_add"),
            texts(said, "resource_ids_to_delete", most),
        )
        return await self._answer(changed)

    async def splits(self, request: Request) -> Response:
        """Tell which part each resource belongs to, now or at a time."""
        principal = await self._callers.principal(request, "read")
        set_id = path_id(request, "dataset_id")
        return await self.tell_splits(request, principal.id, set_id, set_id)

    async def assign(self, request: Request) -> Response:
        """Put resources into a part, or divide all of them at random."""
        principal = await self._callers.principal(request, "write")
        said = await read_said(request, self._limits)
        return await self.put_into_parts(principal.id, path_id(request, "dataset_id"), said)

    async def versions(self, request: Request) -> Response:
        """List the versions of a dataset, the newest first."""
        principal = await self._callers.principal(request, "read")
        set_id = path_id(request, "dataset_id")
        found = await self._blocking.call(self._snapshots.versions, principal.id, set_id)
        query, total = dict(request.query_params), len(found)
        if "limit" in query or "offset" in query:
            offset, limit = read_page(query, self._limits.resource_page)
            found = found[offset : offset + limit]
        said = list_json([version_json(one) for one in found], total)
        return json_response(said, headers={"X-Total-Count": str(total)})

    async def add_version(self, request: Request) -> Response:
        """Make a version of what the dataset is now; it never changes."""
        principal = await self._callers.principal(request, "write")
        steps = self._snapshots.prepare(principal.id, path_id(request, "dataset_id"))
        return json_response(version_json(await self._prepared(steps)), 201)

    async def prepare(self, request: Request) -> Response:
        """Prepare a download: events for clients of 0.x and browsers, a token for those of 2.x."""
        principal = await self._callers.principal(request, "read")
        set_id = path_id(request, "dataset_id")
        version = parse_version(request.query_params.get("version", ""))
        # A dataset that is not there is 404, as everything else before the first event.
        await self._set(request, principal)
        steps = self._snapshots.prepare(principal.id, set_id, version)
        if "authorization" in request.headers:
            return json_response((await self._prepared(steps)).id)
        first = await self._blocking.bulk(next, steps)
        return StreamingResponse(
            self._events(first, steps),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    async def download(self, request: Request) -> Response:
        """Send a version as a zip archive, whole or in part; its bytes are as they came."""
        principal = await self._callers.principal(request, "read")
        return await self._send(request, principal.id, path_id(request, "token"))

    async def send_now(self, request: Request, owner: str, set_id: str) -> Response:
        """Send what a learning set is now as an archive, prepared before the first byte."""
        snapshot = await self._prepared(self._snapshots.prepare(owner, set_id))
        return await self._send(request, owner, snapshot.id)

    async def tell_splits(
        self, request: Request, owner: str, set_id: str, told_id: str
    ) -> Response:
        """Answer the parts of a learning set, as those of the thing with another id."""
        query = request.query_params
        found = await self._blocking.call(
            self._sets.splits,
            owner,
            set_id,
            name=query.get("split_name", "").replace("\0", ""),
            at_ms=read_time(query.get("as_of_timestamp", ""), "as_of_timestamp"),
        )
        return json_response([split_json(one, told_id) for one in found])

    async def put_into_parts(self, owner: str, set_id: str, said: Said) -> Response:
        """Do what ``assign`` does with a body that was read."""
        shares = read_shares(said)
        if shares is not None:
            counts = await self._blocking.bulk(
                self._sets.divide, owner, set_id, shares[0], shares[1]
            )
            return json_response({"splits": counts})
        ids = texts(said, "resource_ids", self._limits.learning_set_resources)
        if not ids:
            raise InvalidInputError("resource_ids and split_name, or fractions, are needed")
        name = optional_text(said, "split_name")
        await self._blocking.bulk(self._sets.assign, owner, set_id, ids, name)
        return json_response({"assigned": len(ids)})

    async def _set(self, request: Request, principal: Principal) -> LearningSet:
        set_id = path_id(request, "dataset_id")
        return await self._blocking.call(self._sets.get, principal.id, set_id)

    async def _answer(self, found: LearningSet, status: int = 200) -> Response:
        return json_response(await self._blocking.call(self._json, found), status)

    def _json(self, found: LearningSet) -> dict[str, object]:
        return set_json(found, self._sets.ids_in(found, _IDS_LISTED))

    async def _prepared(self, steps: Iterator[Progress | Snapshot]) -> Snapshot:
        """Return the snapshot that comes last."""
        with contextlib.closing(steps):  # type: ignore[type-var]  # ours are generators
            while True:
                step = await self._blocking.bulk(next, steps, _DONE)
                if isinstance(step, Snapshot):
                    return step
                if step is _DONE:
                    raise NotFoundError("there is no such version of the dataset")

    async def _events(
        self, step: object, steps: Iterator[Progress | Snapshot]
    ) -> AsyncIterator[bytes]:
        """Yield how many images are ready, and last the token of the archive."""
        with contextlib.closing(steps):  # type: ignore[type-var]  # ours are generators
            try:
                while step is not _DONE:
                    if isinstance(step, Progress):
                        said = {"processedImages": step.done, "totalImages": step.total}
                        yield _event(said)
                    elif isinstance(step, Snapshot):
                        yield _event({"zip": step.id})
                    step = await self._blocking.bulk(next, steps, _DONE)
            except IsocenterError as error:
                yield f"event: error\ndata: {error}\n\n".encode()

    async def _send(self, request: Request, owner: str, token: str) -> Response:
        archive = await self._blocking.call(self._snapshots.open, owner, token)
        try:
            return self._archive(request, archive)
        except BaseException:
            archive.close()
            raise

    def _archive(self, request: Request, archive: SnapshotArchive) -> Response:
        etag = f'"{archive.key}"'
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            # Nobody on the way may compress it: clients compare the length with what they read.
            "Cache-Control": "no-store, no-transform",
            "Content-Disposition": attachment("dataset.zip"),
        }
        if is_unchanged(request.headers, etag):
            archive.close()
            return Response(status_code=304, headers=headers)
        span = wanted_span(request.headers, archive.size, etag)
        status = 200 if span is None else 206
        if span is not None:
            headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{archive.size}"
        span = span or Span(0, archive.size)
        return self._transfers.stream(
            self._transfers.read(archive.read_at, span),
            headers,
            "application/zip",
            length=span.length,
            status=status,
            close=archive.close,
        )


def _event(said: object) -> bytes:
    # Spaces as JSON libraries usually write them: YAML needs the one after a colon.
    return b"data: " + orjson.dumps(said) + b"\n\n"
