"""The download: the command-line tools as one zip archive, made by ``make bundle``."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from isocenter.errors import NotFoundError
from isocenter.http.endpoints import Endpoint
from isocenter.http.transfer import attachment

BUNDLE = Path(__file__).resolve().parent.parent / "download" / "isocenter-tools.zip"
BUNDLE_PATH = "/app/download/isocenter-tools.zip"


class ToolBundle:
    """Sends the archive, where there is one."""

    def __init__(self, path: Path = BUNDLE) -> None:
        self._path = path
        self.size_bytes = path.stat().st_size if path.is_file() else 0

    @property
    def is_there(self) -> bool:
        """Whether this installation has one."""
        return self.size_bytes > 0

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                BUNDLE_PATH,
                self.send,
                "The command-line tools",
                {200: "A zip archive", 404: "This installation has none"},
                needs_key=False,
                answer_type="application/zip",
            )
        ]

    async def send(self, _: Request) -> Response:
        """Send the archive to be saved."""
        if not self.is_there:
            raise NotFoundError("this server has no download of the command-line tools")
        headers = {
            "Cache-Control": "no-cache",
            "Content-Disposition": attachment(self._path.name),
        }
        return FileResponse(self._path, headers=headers, media_type="application/zip")
