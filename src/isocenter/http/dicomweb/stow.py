"""STOW-RS: Instances are stored while they arrive, each part as the bytes that were sent.

Where metadata and bulk data come in parts of their own, Instances are made of them at the end.

References
----------
PS3.18 10.5 (Store Transaction).
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.native_xml import to_xml
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_chunks
from isocenter.http.dicomweb.multipart_related import (
    PartHead,
    Related,
    RelatedReader,
    read_related,
)
from isocenter.http.dicomweb.negotiation import JSON, PLAIN_JSON, XML, Form, is_uid, wishes
from isocenter.http.dicomweb.store_response import store_response, store_status
from isocenter.http.errors import StatusError
from isocenter.http.multipart import PartWriter, feed_off_loop, settle_off_loop
from isocenter.http.part_headers import read_parameters
from isocenter.limits import Limits
from isocenter.services.studies import Intake, StoreResult, Studies
from isocenter.services.told_instances import Language, Location, ToldInstances, ToldIntakes

DICOM = "application/dicom"
PREFIX = "/dicom-web"
_ANSWERS = (Form(JSON), Form(PLAIN_JSON), Form(XML))
_METADATA: Mapping[str, Language] = {JSON: "json", PLAIN_JSON: "json", XML: "xml"}
_TYPES = frozenset({"", DICOM, "application/octet-stream", *_METADATA})


class _Body(NamedTuple):
    """What a body holds; ``related`` is ``None`` where it has one part only."""

    media_type: str
    related: Related | None


class StowApi:
    """Stores what is sent, and removes what is named."""

    def __init__(
        self,
        studies: Studies,
        told: ToldIntakes,
        callers: Callers,
        blocking: Blocking,
        limits: Limits,
    ) -> None:
        self._studies = studies
        self._told = told
        self._callers = callers
        self._blocking = blocking
        self._limits = limits

    async def store(self, request: Request) -> Response:
        """Store Instances; what becomes of others under the same UID is the client's wish."""
        principal = await self._callers.principal(request, "upload")
        policy = _policy(request)
        if policy == "replace":
            principal.require("write")
        study_uid = request.path_params.get("study", "")
        if study_uid and not is_uid(study_uid):
            raise InvalidInputError("the study of the address is no UID")
        form = wishes(request, _ANSWERS)[0].form
        check_length(request, self._limits.stow_bytes)
        body = _read_type(request.headers.get("content-type", ""))
        async with self._blocking.upload_turn():
            stack = contextlib.ExitStack()
            intake = stack.enter_context(
                self._studies.begin(principal.id, policy=policy, study_uid=study_uid)
            )
            try:
                if body.media_type in _METADATA:
                    told = stack.enter_context(self._told.begin(intake))
                    await self._take_told(request, body, intake, told)
                    result = await self._blocking.bulk(_settle, intake, stack)
                else:
                    result = await self._take(request, body, intake, stack)
            except BaseException:
                await self._blocking.bulk(stack.close)
                raise
        if not result.stored and not result.failed:
            raise InvalidInputError("the body holds no instance")
        return _answer(result, request, form)

    async def delete(self, request: Request) -> Response:
        """Remove a Study, a Series or an Instance."""
        principal = await self._callers.principal(request, "write")
        uids = read_uids(request)
        await self._blocking.bulk(self._studies.delete, principal.id, *uids)
        return Response(status_code=204)

    async def _take(
        self, request: Request, body: _Body, intake: Intake, stack: contextlib.ExitStack
    ) -> StoreResult:
        """Give the parts of a body, or the body itself, to the archive; settle as ``_settle``."""
        chunks = self._chunks(request)
        if body.related is None:
            part = await self._blocking.call(intake.add_part)
            await feed_off_loop(chunks, part.write, self._blocking)
            if not part.size_bytes:
                raise InvalidInputError("the body holds no instance")
            await self._blocking.bulk(part.close)
            return await self._blocking.bulk(_settle, intake, stack)

        def open_part(_: PartHead) -> PartWriter:
            # Whatever a part calls itself: if it is no DICOM object, the answer says so.
            return intake.add_part()

        reader = RelatedReader(body.related.boundary, open_part, self._limits)

        def settle() -> StoreResult:
            reader.finish()
            return _settle(intake, stack)

        return await settle_off_loop(chunks, reader.feed, settle, self._blocking)

    async def _take_told(
        self, request: Request, body: _Body, intake: Intake, told: ToldInstances
    ) -> None:
        """Give metadata and bulk data to the archive."""
        chunks = self._chunks(request)
        if body.related is None:
            metadata = told.add_metadata(_METADATA[body.media_type])
            await feed_off_loop(chunks, metadata.write, self._blocking)
            await self._blocking.bulk(metadata.close)
        else:
            reader = RelatedReader(
                body.related.boundary,
                lambda head: _told_part(head, body.media_type, intake, told),
                self._limits,
            )
            await feed_off_loop(chunks, reader.feed, self._blocking)
            reader.finish()
        await self._blocking.bulk(told.finish)

    def _chunks(self, request: Request) -> AsyncIterator[bytes]:
        return read_chunks(
            request,
            self._limits.stow_bytes,
            idle_seconds=self._limits.body_idle_seconds,
            total_seconds=self._limits.upload_seconds,
        )


def _settle(intake: Intake, stack: contextlib.ExitStack) -> StoreResult:
    """Store what was taken in, and release what that needed; one turn in a thread for both."""
    with stack:
        return intake.finish()


def read_uids(request: Request) -> tuple[str, str, str]:
    """Return the UIDs of Study, Series and Instance in the path, empty where there is none.

    Raises
    ------
    NotFoundError
        If one is not formed as a UID: then there is no such thing.
    """
    uids = [request.path_params.get(name) for name in ("study", "series", "instance")]
    if not all(uid is None or is_uid(uid) for uid in uids):
        raise NotFoundError("there is no such study, series or instance")
    study, series, instance = (uid or "" for uid in uids)
    return study, series, instance


def archive_url(request: Request) -> str:
    """Return the address of DICOMweb, as the caller wrote it."""
    return f"{request.state.origin.base_url}{PREFIX}"


def own_url(request: Request) -> str:
    """Return the address of the request itself, as the caller wrote it, without its query."""
    path, prefix = str(request.url.path), str(request.state.origin.prefix)
    if prefix and path.startswith(f"{prefix}/"):
        path = path[len(prefix) :]
    return f"{request.state.origin.base_url}{path}"


def _policy(request: Request) -> str:
    """Return what shall become of other bytes under a UID that is there.

    ``Prefer: conflict=replace`` and so on (RFC 7240); without it, PUT replaces and POST does not.
    """
    for preference in request.headers.get("prefer", "").split(","):
        name, _, value = preference.partition("=")
        if name.strip().lower() == "conflict":
            return value.strip().strip('"').lower()
    return "replace" if request.method == "PUT" else "reject"


def _read_type(content_type: str) -> _Body:
    """Return what the body holds and how it is divided.

    Raises
    ------
    StatusError
        415 if it is something else.
    """
    related = read_related(content_type)
    media_type = read_parameters(content_type)[0] if related is None else related.media_type
    if media_type not in _TYPES or (related is None and media_type not in {DICOM, *_METADATA}):
        raise StatusError(
            415,
            "the body must be multipart/related with the type application/dicom, "
            "application/dicom+json or application/dicom+xml, or one of these itself",
            Accept=f"{DICOM}, {JSON}, {XML}",
        )
    return _Body(media_type, related)


def _told_part(head: PartHead, usual: str, intake: Intake, told: ToldInstances) -> PartWriter:
    """Return the writer of a part beside or with metadata."""
    media_type = head.media_type
    if not media_type and not head.location and not head.content_id:
        media_type = usual
    if media_type in _METADATA and not head.location:
        return told.add_metadata(_METADATA[media_type])
    if media_type == DICOM:
        return intake.add_part()
    uid = head.parameters.get("transfer-syntax", "")
    return told.add_bulk_data(
        Location(head.location, head.content_id, media_type, uid if is_uid(uid) else "")
    )


def _answer(result: StoreResult, request: Request, form: Form) -> Response:
    said = store_response(result, f"{archive_url(request)}/studies")
    body = to_xml(said) if form.media_type == XML else orjson.dumps(said)
    return Response(body, store_status(result), media_type=form.media_type)
