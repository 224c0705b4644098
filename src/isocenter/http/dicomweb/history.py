"""Beside the standard: what changed in the archive, and what was kept beside an Instance."""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.negotiation import is_uid
from isocenter.http.dicomweb.sending import Sender
from isocenter.http.dicomweb.stow import DICOM
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.http.openapi import parameter
from isocenter.http.session_json import time_text
from isocenter.http.transfer import Transfers
from isocenter.services.history import History

_DIGITS_MAX = 18
_NO_STORE = {"Cache-Control": "no-store"}
_WHOLE = {"type": "integer", "minimum": 0}


class HistoryApi:
    """What the endpoints do."""

    def __init__(
        self, history: History, callers: Callers, blocking: Blocking, transfers: Transfers
    ) -> None:
        self._history = history
        self._callers = callers
        self._blocking = blocking
        self._sender = Sender(transfers, blocking)

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        answers = {404: "No such instance or version, or somebody else's"}
        return [
            Endpoint(
                "GET",
                "/v1/changes",
                self.changes,
                "What was stored in the archive, kept beside another or removed, oldest first",
                {200: "Changes, the number to go on with, and whether there are more"},
                parameters=(
                    parameter("since", "The number of the last change that is known", _WHOLE),
                    parameter("limit", "At most so many", _WHOLE),
                ),
            ),
            Endpoint(
                "GET",
                "/v1/instances/{instance}/versions",
                self.versions,
                "The versions of an instance: the first one is shown, others were kept beside it",
                {200: "Number, size, SHA-256 and time of each", **answers},
            ),
            Endpoint(
                "GET",
                "/v1/instances/{instance}/versions/{version}",
                self.version,
                "One version of an instance, byte for byte",
                {
                    200: "The file",
                    206: "The range that was asked for",
                    304: "The client has it already",
                    **answers,
                    416: "The range lies behind the end",
                },
                answer_type=DICOM,
                is_bulk=True,
            ),
        ]

    async def changes(self, request: Request) -> Response:
        """Tell what changed after a number."""
        principal = await self._callers.principal(request, "read")
        since, limit = (_number(request, name) for name in ("since", "limit"))
        found = await self._blocking.call(self._history.changes, principal.id, since, limit)
        told = [
            {
                "number": one.number,
                "at": time_text(one.at_ms),
                "kind": one.kind,
                "sop_instance_uid": one.sop_instance_uid,
                "series_uid": one.series_uid or None,
                "study_uid": one.study_uid or None,
            }
            for one in found.changes
        ]
        answer = {"changes": told, "last": found.last, "has_more": found.has_more}
        return json_response(answer, headers=_NO_STORE)

    async def versions(self, request: Request) -> Response:
        """List the versions of an Instance."""
        principal = await self._callers.principal(request, "read")
        uid = _uid(request)
        found = await self._blocking.call(self._history.versions, principal.id, uid)
        told = [
            {
                "version": number,
                "is_shown": number == 1,
                "size_bytes": one.size_bytes,
                "sha256": one.blob_key,
                "stored_at": time_text(one.stored_ms),
            }
            for number, one in enumerate(found, 1)
        ]
        return json_response({"versions": told}, headers=_NO_STORE)

    async def version(self, request: Request) -> Response:
        """Send one version of an Instance."""
        principal = await self._callers.principal(request, "read")
        number = request.path_params["version"]
        if not _is_number(number):
            raise NotFoundError("there is no such version")
        version, opened = await self._blocking.call(
            self._history.open, principal.id, _uid(request), int(number)
        )
        return self._sender.whole(request, opened, DICOM, version.blob_key)


def _uid(request: Request) -> str:
    uid = str(request.path_params["instance"])
    if not is_uid(uid):
        raise NotFoundError("there is no such instance")
    return uid


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not _is_number(text):
        raise InvalidInputError(f"{name} is a whole number from 0")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
