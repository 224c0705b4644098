"""The Ingest API: tickets, what is sent for them, and what became of it.

``GET /upload/`` gives a signed address and a key; a PUT there is durable when it is answered; the
report of the key tells the rest. The signed address is the only credential of a PUT: whatever else
the request carries is not looked at.

References
----------
``specs/ingest-api.md``; ``specs/contracts.md`` 0 and 1.3.
"""

import asyncio
import base64
import contextlib
import urllib.parse
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.audit import NOBODY
from isocenter.access.open_door import OpenDoor
from isocenter.access.principal import Principal
from isocenter.access.rate_limits import RateLimits
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
)
from isocenter.http.auth import Callers, has_credentials
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_body, read_chunks
from isocenter.http.errors import json_response
from isocenter.http.multipart import feed_off_loop
from isocenter.http.part_headers import read_parameters
from isocenter.http.upload_json import (
    DICOM,
    read_batch,
    read_keys,
    read_object,
    report_json,
    ticket_json,
    upload_json,
)
from isocenter.limits import Limits
from isocenter.services.ingest import Ingest
from isocenter.services.uploads import Came, Receiving
from isocenter.store.tickets import Ticket

DENIALS = "denials"
_NO_STORE = {"Cache-Control": "no-store"}
_LISTED = 100
_FIRST_POLL_SECONDS = 0.02
_LAST_POLL_SECONDS = 0.3


class UploadApi:
    """What the endpoints of uploads do."""

    def __init__(
        self,
        ingest: Ingest,
        callers: Callers,
        door: OpenDoor,
        blocking: Blocking,
        limits: Limits,
        denials: RateLimits,
    ) -> None:
        self._ingest = ingest
        self._uploads = ingest.uploads
        self._callers = callers
        self._door = door
        self._blocking = blocking
        self._limits = limits
        self._denials = denials

    async def issue(self, request: Request) -> Response:
        """Give a ticket."""
        principal = await self._sender(request, "upload.issue")
        ticket = await self._blocking.call(self._uploads.issue, principal.id)
        said = self._ticket_json(ticket, request)
        return json_response(said, headers={**_NO_STORE, "X-Ingest-Id": ticket.id})

    async def issue_batch(self, request: Request) -> Response:
        """Give a ticket for each of several contents."""
        principal = await self.principal(request, "upload.issue")
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        announced = read_batch(body, self._limits.ticket_batch)
        tickets = await self._blocking.call(self._uploads.issue_batch, principal.id, announced)
        said = await self._blocking.call(
            lambda: [self._ticket_json(ticket, request) for ticket in tickets]
        )
        batch = tickets[0].batch
        return json_response({"batch": batch, "uploads": said}, headers=_NO_STORE)

    async def put(self, request: Request) -> Response:
        """Take a content; what it is does not matter."""
        key = request.path_params["key"]
        token = request.query_params.get("token", "")
        media_type = read_parameters(request.headers.get("content-type", ""))[0]
        try:
            receiving = await self._blocking.call(self._uploads.begin, key, token, media_type)
        except NotAllowedError:
            await self._note_denial(request, "upload.receive")
            raise
        request.state.exchange.principal = receiving.ticket.owner
        try:
            check_length(request, receiving.bytes_max)
            async with self._blocking.upload_turn():
                came = await self._receive(request, receiving)
        except IsocenterError:
            await self._note_denial(request, "upload.receive")
            raise
        digest = base64.b64encode(bytes.fromhex(came.sha256)).decode()
        headers = {
            "ETag": f'"{came.sha256}"',
            "X-Ingest-Id": came.ticket_id,
            "Content-Digest": f"sha-256=:{digest}:",
        }
        return Response(status_code=200, headers=headers)

    async def noticed(self, request: Request) -> Response:
        """Look at once for what was sent to a store for a ticket."""
        principal = await self.principal(request, "upload.notice")
        key = request.path_params["key"]
        ticket = await self._blocking.call(self._uploads.report, principal.id, key)
        await self._blocking.bulk(self._ingest.notice, [key])
        said = {"key": key, "state": self._uploads.state(ticket)}
        return json_response(said, 202, _NO_STORE)

    async def events(self, request: Request) -> Response:
        """Look for what an object store says that it has; whatever else it says does not count.

        References
        ----------
        Amazon S3 User Guide, "Event message structure".
        """
        await self.principal(request, "upload.notice")
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        keys = _named_objects(read_object(body))
        taken = await self._blocking.bulk(self._ingest.notice, keys[: self._limits.ticket_batch])
        return json_response({"noticed": taken}, 202, _NO_STORE)

    async def report(self, request: Request) -> Response:
        """Tell what became of one ticket."""
        principal = await self._sender(request, "upload.report")
        key = request.path_params["key"]
        ticket = await self._blocking.call(self._uploads.report, principal.id, key)
        said = upload_json(ticket, self._uploads.state(ticket))
        return json_response(said, headers={**_NO_STORE, "X-Ingest-Id": ticket.id})

    async def reports(self, request: Request) -> Response:
        """Tell what became of several tickets; wait until nothing of them is under way."""
        principal = await self.principal(request, "upload.report")
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        said = read_object(body)
        seconds = said.get("wait_seconds", 0)
        if not isinstance(seconds, int | float) or not 0 <= seconds <= _most_seconds(self._limits):
            raise InvalidInputError(
                f"wait_seconds is a number from 0 to {_most_seconds(self._limits)}"
            )
        find, keys = self._finder(principal.id, said)
        tickets = await self._wait(find, seconds)
        found = {ticket.id for ticket in tickets}
        missing = [key for key in keys if key not in found]
        return json_response(report_json(tickets, self._uploads.state, missing), headers=_NO_STORE)

    async def listing(self, request: Request) -> Response:
        """List tickets, newest first."""
        principal = await self.principal(request, "upload.report")
        query, most = request.query_params, self._limits.ticket_batch
        listed = await self._blocking.call(
            self._uploads.listed,
            principal.id,
            state=query.get("state", ""),
            batch=query.get("batch", ""),
            limit=read_number(query.get("limit", str(min(_LISTED, most))), "limit", most),
            before=read_number(query.get("after", "0"), "after", 1 << 62, least=0),
        )
        uploads = [upload_json(one, self._uploads.state(one)) for one in listed.tickets]
        following = str(listed.before) if listed.before else None
        return json_response({"uploads": uploads, "next": following}, headers=_NO_STORE)

    async def principal(self, request: Request, action: str, scope: str = "upload") -> Principal:
        """Return who asks, if they may; who may not is written down.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, InvalidInputError
            As ``Callers.principal`` does.
        LimitReachedError
            Instead, if this address was refused too often in the last minute.
        """
        try:
            principal = await self._callers.principal(
                request, scope, key=request.path_params.get("path_token")
            )
            _check_account(principal)
        except (NotAuthenticatedError, NotAllowedError, InvalidInputError):
            await self._note_denial(request, action)
            raise
        return principal

    async def _sender(self, request: Request, action: str) -> Principal:
        """Return who asks, or who counts for senders without a key where they may come in."""
        if not has_credentials(request) and "path_token" not in request.path_params:
            with contextlib.suppress(NotAuthenticatedError):
                client = request.state.origin.client
                return await self._blocking.call(self._door.principal, client)
        return await self.principal(request, action)

    async def _note_denial(self, request: Request, action: str) -> None:
        """Write down that somebody was refused; who is refused all the time fills no audit.

        Raises
        ------
        LimitReachedError
            If this address was refused too often in the last minute.
        """
        self._denials.check(DENIALS, request.state.origin.client)
        who = request.state.exchange.principal or NOBODY
        key = request.path_params.get("key", "")
        await self._blocking.call(self._uploads.note, who, action, key, "denied")

    def _ticket_json(self, ticket: Ticket, request: Request) -> dict[str, object]:
        base_url = request.state.origin.base_url
        return ticket_json(
            ticket,
            lambda one: self._ingest.address(one, base_url, DICOM),
            storage=self._ingest.storage,
            bytes_max=self._limits.ticket_bytes,
        )

    async def _receive(self, request: Request, receiving: Receiving) -> Came:
        chunks = read_chunks(
            request,
            receiving.bytes_max,
            idle_seconds=self._limits.body_idle_seconds,
            total_seconds=self._limits.upload_seconds,
        )
        try:
            await feed_off_loop(chunks, receiving.write, self._blocking)
            return await self._blocking.bulk(receiving.finish)
        finally:
            if receiving.is_open:
                await self._blocking.bulk(receiving.discard)

    def _finder(
        self, owner: str, said: Mapping[str, object]
    ) -> tuple[Callable[[bool], list[Ticket]], list[str]]:
        """Return what finds the tickets that a body names, and the keys that it names."""
        batch = said.get("batch")
        if isinstance(batch, str) and "keys" not in said:
            return lambda is_first: self._uploads.batch(owner, batch, is_first=is_first), []
        keys = read_keys(said.get("keys"), self._limits.ticket_batch)
        return lambda is_first: self._uploads.reports(owner, keys, is_first=is_first), keys

    async def _wait(self, find: Callable[[bool], list[Ticket]], seconds: float) -> list[Ticket]:
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        pause = _FIRST_POLL_SECONDS
        tickets = await self._blocking.call(find, True)  # noqa: FBT003 - of one argument
        while any(one.state == "received" for one in tickets) and loop.time() < ends:
            await asyncio.sleep(min(pause, max(0.0, ends - loop.time())))
            pause = min(_LAST_POLL_SECONDS, pause * 1.5)
            tickets = await self._blocking.call(find, False)  # noqa: FBT003
        return tickets


def read_number(text: str, name: str, most: int, *, least: int = 1) -> int:
    """Return a number of a query.

    Raises
    ------
    InvalidInputError
        If it is none, or out of its bounds.
    """
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise InvalidInputError(f"{name} is a number from {least} to {most}")
    return int(text)


def _check_account(principal: Principal) -> None:
    """Refuse a visitor of the web tool, who is nobody that could be asked later."""
    if principal.account_id is None:
        raise NotAuthenticatedError


def _most_seconds(limits: Limits) -> int:
    return limits.report_wait_seconds


def _named_objects(said: Mapping[str, object]) -> list[str]:
    """Return the last parts of the names of objects that an event is about."""
    records = said.get("Records")
    names = []
    for record in records if isinstance(records, list) else []:
        try:
            name = record["s3"]["object"]["key"]
        except (KeyError, TypeError):
            continue
        if isinstance(name, str):
            names.append(urllib.parse.unquote_plus(name).rpartition("/")[2])
    return names
