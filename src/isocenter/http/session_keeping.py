"""Keeping files of a session in the archive."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.limits import Limits
from isocenter.services.session_keeping import Kept, SessionKeeping
from isocenter.store.catalog import POLICIES

_REPLACE = "replace"
_STRING: Mapping[str, object] = {"type": "string"}
_BODY: Mapping[str, object] = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {"type": ["array", "null"], "items": _STRING},
                    "input": {"type": "string", "enum": ["output", "input"]},
                    "policy": {"type": "string", "enum": list(POLICIES)},
                },
            },
            "example": {"files": ["Doe_series1_multiframe.dcm"]},
        }
    },
}
_ANSWER: Mapping[str, object] = {
    "type": "object",
    "required": ["kept", "files"],
    "properties": {
        "kept": {"type": "integer"},
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "status"],
                "properties": dict.fromkeys(Kept._fields, _STRING),
            },
        },
    },
}


class _Wanted(NamedTuple):
    names: Sequence[str] | None
    source: str
    policy: str


class KeepingApi:
    """What the endpoint does."""

    def __init__(
        self, keeping: SessionKeeping, callers: Callers, blocking: Blocking, limits: Limits
    ) -> None:
        self._keeping = keeping
        self._callers = callers
        self._blocking = blocking
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "POST",
                "/v1/sessions/{session_id}/keep",
                self.keep,
                "Keep files of a session in the archive: the named ones, or all DICOM outputs",
                {
                    200: "What became of each file: stored, present, replaced, kept beside others, "
                    "conflict or failed, and why",
                    400: f"More than {self._limits.keep_files} files, or no such policy",
                    404: "No such session or file, or somebody else's",
                    413: "The body is too long",
                },
                body=_BODY,
                answer_schema=_ANSWER,
                is_bulk=True,
            )
        ]

    async def keep(self, request: Request) -> Response:
        """Keep the files that the body names."""
        principal = await self._callers.principal(request, "upload")
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        wanted = _read(body)
        if wanted.policy == _REPLACE:
            principal.require("write")
        kept = await self._blocking.bulk(
            self._keeping.keep,
            principal.id,
            request.path_params["session_id"],
            wanted.names,
            source=wanted.source,
            policy=wanted.policy,
        )
        count = sum(1 for one in kept if one.status not in {"conflict", "failed"})
        files = [{key: text for key, text in one._asdict().items() if text} for one in kept]
        return json_response({"kept": count, "files": files})


def _read(body: bytes) -> _Wanted:
    """Return what a body says; an empty one means all outputs.

    Raises
    ------
    InvalidInputError
        If it is no JSON object with the documented types.
    """
    try:
        value = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError:
        raise InvalidInputError("the body is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidInputError("the body is not a JSON object")
    names = value.get("files")
    source, policy = value.get("input", "output"), value.get("policy", "reject")
    is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if names is not None and not is_list:
        raise InvalidInputError("files must be a list of names")
    if not isinstance(source, str) or not isinstance(policy, str):
        raise InvalidInputError("input and policy must be texts")
    return _Wanted(names, source, policy)
