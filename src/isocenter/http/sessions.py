"""The session API: the documented paths, fields and codes, and what was added to them.

References
----------
``specs/contracts.md`` 0 and 1.1; ``specs/session-api.md``.
"""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.authenticator import Grant
from isocenter.access.principal import Principal
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import (
    DeadlineExceededError,
    InvalidInputError,
    NotAuthenticatedError,
)
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_body, read_chunks
from isocenter.http.errors import json_response
from isocenter.http.multipart import MultipartReader, PartWriter, feed_off_loop
from isocenter.http.part_headers import Part, declared_boundary
from isocenter.http.session_json import (
    Url,
    files_json,
    job_json,
    read_process_request,
    result_json,
    session_json,
)
from isocenter.http.transfer import Transfers, attachment
from isocenter.jobs.queue import Job
from isocenter.limits import Limits
from isocenter.services.sessions import Sessions, StoredFile, Upload
from isocenter.store.blobs import BlobReader

VIEW = "view"
FIELD = "files"
DICOM = "application/dicom"
_MEDIA_TYPES = {
    ".bmp": "image/bmp",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".tiff": "image/tiff",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
}
_FIRST_POLL_SECONDS = 0.01
_LAST_POLL_SECONDS = 0.25
# After the time allowed for the work: a worker needs some to notice, and to write what it has.
_GRACE_SECONDS = 30


class SessionApi:
    """What the endpoints of sessions do."""

    def __init__(
        self,
        sessions: Sessions,
        callers: Callers,
        tokens: SignedTokens,
        transfers: Transfers,
        blocking: Blocking,
        limits: Limits,
        *,
        owner_by_id: Callable[[str], str] | None = None,
    ) -> None:
        self._sessions = sessions
        self._callers = callers
        self._tokens = tokens
        self._transfers = transfers
        self._blocking = blocking
        self._limits = limits
        self._owner_by_id = owner_by_id

    async def create(self, request: Request) -> Response:
        """Make a session; whatever the body holds does not matter."""
        principal = await self._callers.principal(request, "upload")
        session = await self._blocking.call(self._sessions.create, principal.id)
        return json_response(session_json(session))

    async def show(self, request: Request) -> Response:
        """Tell until when a session lives."""
        principal = await self._callers.principal(request, "read")
        session_id = request.path_params["session_id"]
        session = await self._blocking.call(self._sessions.get, principal.id, session_id)
        return json_response(session_json(session))

    async def delete(self, request: Request) -> Response:
        """Remove a session with all its bytes."""
        principal = await self._callers.principal(request, "write")
        session_id = request.path_params["session_id"]
        await self._blocking.call(self._sessions.delete, principal.id, session_id)
        return json_response({"deleted": True})

    async def upload(self, request: Request) -> Response:
        """Store the files of one request: all of them, or none."""
        principal = await self._callers.principal(request, "upload")
        session_id = request.path_params["session_id"]
        check_length(request, self._limits.upload_bytes)
        boundary = declared_boundary(request.headers.get("content-type", ""))
        async with self._blocking.upload_turn():
            upload = await self._blocking.call(
                self._sessions.begin_upload, principal.id, session_id
            )
            try:
                await self._take_files(request, boundary, upload)
                stored = await self._blocking.bulk(upload.finish)
            finally:
                await self._blocking.bulk(upload.discard)
        return json_response({"uploaded": len(stored), "files": [file.name for file in stored]})

    async def files(self, request: Request) -> Response:
        """List inputs and outputs."""
        principal = await self._callers.principal(request, "read")
        session_id = request.path_params["session_id"]
        files = await self._blocking.call(self._sessions.files, principal.id, session_id)
        url = await self.view_url(request, principal, session_id)
        with_facts = request.query_params.get("facts") == "1"
        return json_response(files_json(files, url, with_facts=with_facts))

    async def process(self, request: Request) -> Response:
        """Run an action: the answer is its result, or at once where to ask for it."""
        principal = await self._callers.principal(request, "process")
        session_id = request.path_params["session_id"]
        # A foreign session is not found, whatever the body says.
        await self._blocking.call(self._sessions.get, principal.id, session_id)
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        wanted = read_process_request(body)
        job_id = await self._blocking.call(
            self._sessions.process,
            principal.id,
            session_id,
            wanted.action,
            params=wanted.params,
            options=wanted.options,
            source=wanted.source,
            names=wanted.names,
            idempotency_key=_idempotency_key(request),
        )
        if _wants_no_waiting(request):
            return await self._job_answer(request, principal, session_id, job_id, status=202)
        job = await self._wait(principal.id, session_id, job_id)
        result = self._sessions.result(job)
        if result.ended in {"timed_out", "running"}:
            raise DeadlineExceededError(self._limits.process_seconds, "one action")
        url = await self.view_url(request, principal, session_id)
        return json_response(result_json(result, url))

    async def jobs(self, request: Request) -> Response:
        """List the jobs of a session, oldest first."""
        principal = await self._callers.principal(request, "read")
        session_id = request.path_params["session_id"]
        jobs = await self._blocking.call(self._sessions.jobs, principal.id, session_id)
        url = await self.view_url(request, principal, session_id)
        base_url = request.state.origin.base_url
        said = [
            job_json(job, self._sessions.result(job), session_id, base_url, url) for job in jobs
        ]
        return json_response({"jobs": said})

    async def job(self, request: Request) -> Response:
        """Tell how far a job is, and its result when it has ended."""
        principal = await self._callers.principal(request, "read")
        path = request.path_params
        return await self._job_answer(
            request, principal, path["session_id"], path["job_id"], status=200
        )

    async def cancel(self, request: Request) -> Response:
        """Ask for the end of a job; it ends within moments."""
        principal = await self._callers.principal(request, "process")
        path = request.path_params
        session_id, job_id = path["session_id"], path["job_id"]
        await self._blocking.call(self._sessions.cancel, principal.id, session_id, job_id)
        return await self._job_answer(request, principal, session_id, job_id, status=202)

    async def download(self, request: Request) -> Response:
        """Send a file to be saved."""
        principal = await self._callers.principal(request, "read")
        stored = await self._open(request, principal.id)
        headers = {"Content-Disposition": attachment(stored.name)}
        return self._transfers.file(request, stored, "application/octet-stream", headers)

    async def view(self, request: Request) -> Response:
        """Send a file to be shown: as DICOM, or as what an output is by its suffix."""
        stored = await self._open(request, await self._viewer(request))
        suffix = stored.name[stored.name.rfind(".") :].lower()
        media_type = _MEDIA_TYPES.get(suffix, DICOM)
        return self._transfers.file(request, stored, media_type, {})

    async def archive(self, request: Request) -> Response:
        """Send all outputs as one zip archive."""
        principal = await self._callers.principal(request, "read")
        session_id = request.path_params["session_id"]
        files = await self._blocking.call(self._sessions.files, principal.id, session_id)
        if not files.outputs:
            raise InvalidInputError("the session has no outputs")

        def open_output(name: str) -> BlobReader:
            return self._sessions.open_file(principal.id, session_id, name).reader

        headers = {"Content-Disposition": attachment(f"isocenter-{session_id[:8]}.zip")}
        named = [(file.name, file.size_bytes) for file in files.outputs]
        return self._transfers.archive(named, open_output, headers)

    async def view_url(self, request: Request, principal: Principal, session_id: str) -> Url:
        """Return what gives addresses for viewing that need no key, while the session lives.

        The token is in the path, so that an address has no ``?``: it goes through shells, and
        into ``/volview/?urls=``, without quoting.
        """
        session = await self._blocking.call(self._sessions.get, principal.id, session_id)
        seconds = max(1, (session.expires_ms - session.created_ms) // 1000)
        base = f"{request.state.origin.base_url}/api/view/{session_id}"

        def address(name: str) -> str:
            bound_to = f"{session_id}/{name}"
            token = self._tokens.make(VIEW, principal.id, seconds, bound_to=bound_to)
            return f"{base}/{token}/{name}"

        return address

    async def _open(self, request: Request, owner: str) -> StoredFile:
        path = request.path_params
        return await self._blocking.call(
            self._sessions.open_file, owner, path["session_id"], path["filename"]
        )

    async def _viewer(self, request: Request) -> str:
        """Return the owner whose file may be seen: by key, cookie, or a token for this file.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, NotFoundError
            If it may not be seen.
        """
        path = request.path_params
        grant = Grant(VIEW, f"{path['session_id']}/{path['filename']}")
        try:
            principal = await self._callers.principal(
                request, "read", grant=grant, token=path.get("token")
            )
        except NotAuthenticatedError:
            if self._owner_by_id is None or "token" in path:
                raise
            # A setting makes the id itself enough, for viewers that cannot send a key.
            return await self._blocking.call(self._owner_by_id, path["session_id"])
        return principal.id

    async def _take_files(self, request: Request, boundary: bytes | None, upload: Upload) -> None:
        """Give the parts of a body to an upload; fields that are no files count for nothing."""

        def open_part(part: Part) -> PartWriter | None:
            # Browsers send an empty part without a name where no file was chosen.
            return (
                upload.add_part(part.file_name) if part.field == FIELD and part.file_name else None
            )

        reader = MultipartReader(boundary, open_part, self._limits)
        chunks = read_chunks(
            request,
            self._limits.upload_bytes,
            idle_seconds=self._limits.body_idle_seconds,
            total_seconds=self._limits.upload_seconds,
        )
        await feed_off_loop(chunks, reader.feed, self._blocking)
        reader.finish()

    async def _wait(self, owner: str, session_id: str, job_id: str) -> Job:
        """Return a job when it has ended, or as it is when it had its time.

        It is asked for again and again, in threads that are free in between: a thread that
        waited would be lost to others for minutes.
        """
        loop = asyncio.get_running_loop()
        seconds = self._limits.process_seconds + _GRACE_SECONDS
        ends = loop.time() + seconds * self._limits.lane_jobs
        pause = _FIRST_POLL_SECONDS
        was_started = False
        while True:
            job = await self._blocking.call(self._sessions.job, owner, session_id, job_id)
            if job.is_ended or loop.time() > ends:
                return job
            if job.started_ms is not None and not was_started:
                was_started = True
                ends = loop.time() + seconds
            await asyncio.sleep(pause)
            pause = min(_LAST_POLL_SECONDS, pause * 1.5)

    async def _job_answer(
        self,
        request: Request,
        principal: Principal,
        session_id: str,
        job_id: str,
        *,
        status: int,
    ) -> Response:
        job = await self._blocking.call(self._sessions.job, principal.id, session_id, job_id)
        url = await self.view_url(request, principal, session_id)
        base_url = request.state.origin.base_url
        said = job_json(job, self._sessions.result(job), session_id, base_url, url)
        headers = {"Location": str(said["status_url"])} if status == 202 else {}
        return json_response(said, status, headers)


def _wants_no_waiting(request: Request) -> bool:
    """Whether the caller does not wait for the end (RFC 7240)."""
    preferences = [word.strip() for word in request.headers.get("prefer", "").split(",")]
    return request.query_params.get("async") in {"1", "true"} or "respond-async" in preferences


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 200:
        raise InvalidInputError("an Idempotency-Key has 1 to 200 characters")
    return key
