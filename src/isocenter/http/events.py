"""What a job tells, as it tells it: Server-Sent Events with resume.

References
----------
WHATWG HTML, section 9.2 (Server-sent events).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from isocenter.errors import FullError, InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.session_json import progress_json, result_json
from isocenter.http.sessions import SessionApi
from isocenter.jobs.queue import Job, JobEvent
from isocenter.services.sessions import Sessions

STREAMS_AT_ONCE = 200
_POLL_SECONDS = 0.2
_SILENCE_SECONDS = 15
_STREAM_SECONDS = 3600
_RETRY_MS = 1000
_END = "end"


class JobEvents:
    """Streams the events of jobs.

    Parameters
    ----------
    read_events
        Events of a job with larger numbers than one.
    """

    def __init__(
        self,
        sessions: Sessions,
        read_events: Callable[[str, int], Sequence[JobEvent]],
        api: SessionApi,
        callers: Callers,
        blocking: Blocking,
    ) -> None:
        self._sessions = sessions
        self._read_events = read_events
        self._api = api
        self._callers = callers
        self._blocking = blocking
        self._streams = 0

    async def stream(self, request: Request) -> Response:
        """Answer with events: ``log``, ``state`` and others of the job, ``progress``, ``result``.

        After ``result`` the stream ends; a browser that comes back then is told to stop (204).
        """
        principal = await self._callers.principal(request, "read")
        path = request.path_params
        session_id, job_id = path["session_id"], path["job_id"]
        await self._blocking.call(self._sessions.job, principal.id, session_id, job_id)
        last = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        if last == _END:
            return Response(status_code=204)
        if not last.isascii() or not last.isdigit() or len(last) > 9:
            raise InvalidInputError("Last-Event-ID must be the number of an event")
        url = await self._api.view_url(request, principal, session_id)
        if self._streams >= STREAMS_AT_ONCE:
            raise FullError("event streams", STREAMS_AT_ONCE, 5)

        def find() -> Job:
            return self._sessions.job(principal.id, session_id, job_id)

        def tell(job: Job) -> dict[str, object]:
            return result_json(self._sessions.result(job), url)

        return StreamingResponse(
            self._lines(find, tell, int(last)),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    async def _lines(
        self, find: Callable[[], Job], tell: Callable[[Job], dict[str, object]], last: int
    ) -> AsyncIterator[bytes]:
        self._streams += 1
        try:
            yield f"retry: {_RETRY_MS}\n\n".encode()
            async for line in self._events(find, tell, last):
                yield line
        except NotFoundError:
            # The session was deleted or has expired.
            yield _event("gone", {}, _END)
        finally:
            self._streams -= 1

    async def _events(
        self, find: Callable[[], Job], tell: Callable[[Job], dict[str, object]], last: int
    ) -> AsyncIterator[bytes]:
        ends = time.monotonic() + _STREAM_SECONDS
        spoke = time.monotonic()
        shown: dict[str, object] = {}
        while time.monotonic() < ends:
            # The job first: an event between the two is read now or the next time.
            job = await self._blocking.call(find)
            events = await self._blocking.call(self._read_events, job.id, last)
            for event in events:
                last = event.number
                yield _event(event.kind, event.data, str(last))
            if (progress := progress_json(job)) != shown:
                shown = progress
                yield _event("progress", progress)
                spoke = time.monotonic()
            if job.is_ended and not events:
                yield _event("result", tell(job), _END)
                return
            if events:
                spoke = time.monotonic()
                continue
            if time.monotonic() - spoke > _SILENCE_SECONDS:
                # A comment: proxies close what is silent, and a client that went is noticed.
                yield b": still here\n\n"
                spoke = time.monotonic()
            await asyncio.sleep(_POLL_SECONDS)


def _event(kind: str, data: object, event_id: str = "") -> bytes:
    """Return one event; JSON has no line ends."""
    said = f"id: {event_id}\n" if event_id else ""
    return f"{said}event: {kind}\n".encode() + b"data: " + orjson.dumps(data) + b"\n\n"
