"""The web tool, ``/app`` and the pages below it: its files, and the cookie of its visitors.

The files are built from ``web/`` into ``isocenter/web/`` and are part of the package. They are
found once, at the start: no address becomes a path.
"""

import hashlib
import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from isocenter.http.auth import Callers
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import StatusError
from isocenter.http.ranges import is_unchanged

BUILT = Path(__file__).resolve().parent.parent / "web"
# The page holds no script and no style, and shows nothing that is not from here.
_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Pages below /app, each with an address of its own, and what it is for.
_PAGES = {
    "studies": "The studies of the archive",
    "resources": "Files to learn from: uploaded, labelled, published, found",
    "datasets": "Resources collected, split and frozen as versions",
}
_FOREVER = "public, max-age=31536000, immutable"
_MISSING = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Isocenter</title>"
    "<h1>Isocenter</h1><p>The web tool is not part of this installation. "
    "The <a href=docs>API</a> works without it.</p>"
)


class WebTool:
    """Sends the page and its files.

    Parameters
    ----------
    folder
        Of the built files; where it is missing, a page says so.
    """

    def __init__(self, callers: Callers, folder: Path = BUILT) -> None:
        self._callers = callers
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                "/",
                self.home,
                "The way to the web tool",
                {307: "It is at /app"},
                needs_key=False,
                answer_type="text/html",
            ),
            Endpoint(
                "GET",
                "/app",
                self.page,
                "The web tool",
                {200: "The page; its cookie owns the sessions that it makes"},
                needs_key=False,
                answer_type="text/html",
            ),
            *(
                Endpoint(
                    "GET",
                    f"/app/{page}",
                    self.page,
                    summary,
                    {200: "The page; it shows what its cookie, or the account signed in to, owns"},
                    needs_key=False,
                    answer_type="text/html",
                )
                for page, summary in _PAGES.items()
            ),
            Endpoint(
                "GET",
                "/app/{name:path}",
                self.file,
                "Files of the web tool",
                {200: "The file", 304: "The caller has it", 404: "There is none"},
                needs_key=False,
                answer_type="application/octet-stream",
            ),
        ]

    async def home(self, request: Request) -> Response:
        """Lead to the web tool."""
        return RedirectResponse(f"{request.state.origin.prefix}/app")

    async def page(self, request: Request) -> Response:
        """Send a page, and renew the visitor's cookie or give one."""
        name = request.url.path.rpartition("/")[2]
        built = self._files.get(f"{name}.html" if name in _PAGES else "index.html")
        text = _MISSING if built is None else built.read_text(encoding="utf-8")
        cookie = await self._callers.visitor_cookie(request)
        return HTMLResponse(
            text, headers={"Content-Security-Policy": _POLICY, "Set-Cookie": cookie}
        )

    async def file(self, request: Request) -> Response:
        """Send a file; those with a hash in their name never change."""
        name = request.path_params["name"]
        if not name:
            # A page names its files relative to itself, so it has one address only.
            return await self.home(request)
        if name.endswith("/") and name[:-1] in _PAGES:
            return RedirectResponse(f"{request.state.origin.prefix}/app/{name[:-1]}")
        path = self._files.get(name)
        if path is None or name.endswith(".html"):
            raise StatusError(404, "there is nothing at this address")
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        cache = _FOREVER if name.startswith("assets/") else "no-cache"
        headers = {"ETag": etag, "Cache-Control": cache, "Content-Security-Policy": _POLICY}
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers=headers)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, headers=headers, media_type=media_type)
