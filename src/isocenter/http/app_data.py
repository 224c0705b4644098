"""What the web tool asks for beside the documented API: series, digests, headers as rows."""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.limits import Limits
from isocenter.services.header_views import HeaderView, read_header
from isocenter.services.reports import Json
from isocenter.services.session_files import Files, SessionFile
from isocenter.services.session_series import find_series
from isocenter.services.sessions import Sessions, StoredFile

_NO_SESSION = "No such session or file, or somebody else's"


class AppData:
    """What the endpoints do; none of them counts as a request of the rate limits."""

    def __init__(
        self, sessions: Sessions, callers: Callers, blocking: Blocking, limits: Limits
    ) -> None:
        self._sessions = sessions
        self._callers = callers
        self._blocking = blocking
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                "/api/series/{session_id}",
                self.series,
                "The series found in a session, in the order of their slices",
                {200: "Inputs, then outputs", 404: _NO_SESSION},
            ),
            Endpoint(
                "GET",
                "/api/series/{session_id}/digests",
                self.digests,
                "SHA-256 of every input, so that an upload can go on where it was",
                {200: "The digests", 404: _NO_SESSION},
            ),
            Endpoint(
                "GET",
                "/api/headers/{session_id}/{filename}",
                self.headers,
                "The elements of a file as rows",
                {200: "The rows", 400: "It is no DICOM file", 404: _NO_SESSION},
            ),
        ]

    async def series(self, request: Request) -> Response:
        """List the series, and the inputs that are in none."""
        files = await self._files(request)
        return json_response(await self._blocking.call(_series_json, files))

    async def digests(self, request: Request) -> Response:
        """List the digests of the inputs."""
        files = await self._files(request)
        return json_response({"digests": [file.blob_key for file in files.inputs]})

    async def headers(self, request: Request) -> Response:
        """List the elements of a file; nested ones follow the element that holds them."""
        principal = await self._callers.principal(request, "read")
        path = request.path_params
        stored = await self._blocking.call(
            self._sessions.open_file, principal.id, path["session_id"], path["filename"]
        )
        with stored:
            view = await self._blocking.bulk(self._read_header, stored)
        return json_response(
            {
                "elements": [row._asdict() for row in view.rows],
                "is_cut": view.is_cut,
                "warnings": list(view.warnings),
            }
        )

    async def _files(self, request: Request) -> Files:
        principal = await self._callers.principal(request, "read")
        session_id = request.path_params["session_id"]
        return await self._blocking.call(self._sessions.files, principal.id, session_id)

    def _read_header(self, stored: StoredFile) -> HeaderView:
        with stored.reader.as_file() as path:
            return read_header(path, self._limits)


def _series_json(files: Files) -> dict[str, Json]:
    series, others = find_series(files)
    return {
        "input": _totals(files.inputs),
        "output": _totals(files.outputs),
        "series": [one.to_json() for one in series],
        "other": [one.to_json() for one in others],
    }


def _totals(files: list[SessionFile]) -> dict[str, Json]:
    return {"files": len(files), "size": sum(file.size_bytes for file in files)}
