"""What every server tells about itself: its actions, its limits, its own documentation."""

from collections.abc import Sequence
from dataclasses import fields

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from isocenter.http.auth import Callers
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.http.openapi import DOCS_POLICY, docs_page, openapi_document
from isocenter.limits import Limits
from isocenter.services.session_actions import describe_actions

_PUBLIC_LIMITS = (
    "requests_per_minute",
    "sessions_per_minute",
    "sessions",
    "session_files",
    "session_ttl_seconds",
    "upload_bytes",
    "process_seconds",
    "json_body_bytes",
)
_DOCS = ("/docs", "/api/schema/swagger-ui/", "/api/schema/redoc/")
_CACHED = {"Cache-Control": "no-cache"}


class NativeApi:
    """What the endpoints do."""

    def __init__(self, callers: Callers, limits: Limits) -> None:
        self._callers = callers
        self._limits = limits
        self._documented: list[Endpoint] = []

    def document(self, endpoints: Sequence[Endpoint]) -> None:
        """Take over the list of all endpoints, ours included."""
        self._documented = list(endpoints)

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                "/v1/actions",
                self.actions,
                "The actions of sessions with their options",
                {200: "Name, options and what each one does"},
            ),
            Endpoint(
                "GET",
                "/v1/limits",
                self.limits,
                "The limits of this server",
                {200: "Name, value, unit and reason of each"},
            ),
            Endpoint(
                "GET",
                "/openapi.json",
                self.openapi,
                "This documentation, for programs",
                {200: "An OpenAPI document"},
                needs_key=False,
            ),
            Endpoint(
                "GET",
                "/api/schema/",
                self.openapi,
                "The same documentation, where the developer API has it",
                {200: "An OpenAPI document"},
                needs_key=False,
            ),
            *(
                Endpoint(
                    "GET",
                    path,
                    self.docs,
                    "This documentation, for people",
                    {200: "A page"},
                    needs_key=False,
                    answer_type="text/html",
                )
                for path in _DOCS
            ),
        ]

    async def actions(self, request: Request) -> Response:
        """List the actions."""
        await self._callers.principal(request, "read")
        return json_response({"actions": describe_actions()}, headers=_CACHED)

    async def limits(self, request: Request) -> Response:
        """List the limits that callers meet."""
        await self._callers.principal(request, "read")
        said = [
            {
                "name": bound.name,
                "value": getattr(self._limits, bound.name),
                "unit": bound.metadata["unit"],
                "reason": bound.metadata["reason"],
            }
            for bound in fields(Limits)
            if bound.name in _PUBLIC_LIMITS
        ]
        return json_response({"limits": said}, headers=_CACHED)

    async def openapi(self, request: Request) -> Response:
        """Describe every endpoint."""
        base_url = request.state.origin.base_url
        return json_response(openapi_document(self._documented, base_url), headers=_CACHED)

    async def docs(self, request: Request) -> Response:
        """Show every endpoint."""
        page = docs_page(self._documented, request.state.origin.prefix)
        return HTMLResponse(page, headers={**_CACHED, "Content-Security-Policy": DOCS_POLICY})
