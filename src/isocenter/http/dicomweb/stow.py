"""STOW-RS: Instances are stored while they arrive, each part as the bytes that were sent.

References
----------
PS3.18 10.5 (Store Transaction).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import FullError, InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_chunks
from isocenter.http.dicomweb.multipart_related import (
    PartHead,
    Related,
    RelatedReader,
    read_related,
)
from isocenter.http.dicomweb.negotiation import JSON, PLAIN_JSON, Form, is_uid, wishes
from isocenter.http.dicomweb.store_response import store_response, store_status
from isocenter.http.errors import StatusError
from isocenter.http.multipart import PartWriter, feed_off_loop
from isocenter.http.part_headers import read_parameters
from isocenter.limits import Limits
from isocenter.services.studies import Intake, StoreResult, Studies

DICOM = "application/dicom"
PREFIX = "/dicom-web"
_ANSWERS = (Form(JSON), Form(PLAIN_JSON))
_TYPES = frozenset({"", DICOM, "application/octet-stream"})


class StowApi:
    """Stores what is sent, and removes what is named."""

    def __init__(
        self, studies: Studies, callers: Callers, blocking: Blocking, limits: Limits
    ) -> None:
        self._studies = studies
        self._callers = callers
        self._blocking = blocking
        self._limits = limits
        self._turns = asyncio.Semaphore(limits.uploads_at_once)

    async def store(self, request: Request) -> Response:
        """Store Instances; others under the same UID are a conflict, but replaced by PUT."""
        principal = await self._callers.principal(request, "upload")
        replaces = request.method == "PUT"
        if replaces:
            principal.require("write")
        study_uid = request.path_params.get("study", "")
        if study_uid and not is_uid(study_uid):
            raise InvalidInputError("the study of the address is no UID")
        form = wishes(request, _ANSWERS)[0].form
        check_length(request, self._limits.stow_bytes)
        body = _read_type(request.headers.get("content-type", ""))
        policy = "replace" if replaces else "reject"
        async with self._turn():
            stack = contextlib.ExitStack()
            intake = stack.enter_context(
                self._studies.begin(principal.id, policy=policy, study_uid=study_uid)
            )
            try:
                await self._take(request, body, intake)
                result = await self._blocking.bulk(intake.finish)
            finally:
                await self._blocking.bulk(stack.close)
        if not result.stored and not result.failed:
            raise InvalidInputError("the body holds no instance")
        return _answer(result, request, form)

    async def delete(self, request: Request) -> Response:
        """Remove a Study, a Series or an Instance."""
        principal = await self._callers.principal(request, "write")
        uids = read_uids(request)
        await self._blocking.bulk(self._studies.delete, principal.id, *uids)
        return Response(status_code=204)

    async def _take(self, request: Request, body: Related | None, intake: Intake) -> None:
        """Give the parts of a body, or the body itself, to the archive."""
        chunks = read_chunks(
            request,
            self._limits.stow_bytes,
            idle_seconds=self._limits.body_idle_seconds,
            total_seconds=self._limits.upload_seconds,
        )
        if body is None:
            part = await self._blocking.call(intake.add_part)
            await feed_off_loop(chunks, part.write, self._blocking)
            if not part.size_bytes:
                raise InvalidInputError("the body holds no instance")
            await self._blocking.bulk(part.close)
            return

        def open_part(_: PartHead) -> PartWriter:
            # Whatever a part calls itself: if it is no DICOM object, the answer says so.
            return intake.add_part()

        reader = RelatedReader(body.boundary, open_part, self._limits)
        await feed_off_loop(chunks, reader.feed, self._blocking)
        reader.finish()

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until fewer uploads run than may."""
        try:
            async with asyncio.timeout(self._limits.body_idle_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise FullError("uploads", self._limits.uploads_at_once, 5) from None
        try:
            yield
        finally:
            self._turns.release()


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


def _read_type(content_type: str) -> Related | None:
    """Return how the body is divided; ``None``: it is one Instance.

    Raises
    ------
    StatusError
        415 if it is something else.
    """
    related = read_related(content_type)
    media_type = read_parameters(content_type)[0] if related is None else related.media_type
    if media_type not in _TYPES or (related is None and media_type != DICOM):
        raise StatusError(
            415,
            'the body must be multipart/related; type="application/dicom", or application/dicom',
            Accept=DICOM,
        )
    return related


def _answer(result: StoreResult, request: Request, form: Form) -> Response:
    said = store_response(result, f"{archive_url(request)}/studies")
    return Response(orjson.dumps(said), store_status(result), media_type=form.media_type)
