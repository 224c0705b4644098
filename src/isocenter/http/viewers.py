"""Viewers and what they are asked to show.

The documented form is ``/volview/?urls=<address of /api/view/...>``. Such an address may name
this server by another name, carry a key, carry nothing, or name a multi-frame volume, which
VolView would show in wrong proportions; each is put right by one redirect, after which the page
is only a file.
"""

import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from isocenter.access.authenticator import Authenticator
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import (
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    UnavailableError,
)
from isocenter.http.admissions import Admissions
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint, Handler
from isocenter.http.page_layout import escape, page
from isocenter.http.slices import OpenFile, SliceApi
from isocenter.http.transfer import Transfers
from isocenter.http.viewer_links import (
    ARCHIVE_SUFFIX,
    URLS,
    FileLink,
    StudyLink,
    file_link,
    own_path,
    read_addresses,
    study_link,
    viewer_query,
    write_addresses,
)
from isocenter.limits import DEFAULT, Limits
from isocenter.services.retrieval import Place
from isocenter.services.sessions import StoredFile
from isocenter.services.slice_archives import SliceArchives, Volume
from isocenter.services.study_slices import StudySlices
from isocenter.services.viewer_table import VIEWERS, VOLVIEW, Viewer
from isocenter.services.viewers import InstalledViewer, find_viewer
from isocenter.store.blobs_local import LocalBlobReader

_INDEX = "index.html"
_FILES_AT_ONCE = 256
_FORM_BYTES = 256 * 1024
_ADDRESSES_MAX = 2000
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".zst": "application/zstd",  # the viewer unpacks it itself: it is no encoding of the transfer
}
_OTHER = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Engines:
    """What the endpoints of viewers stand on.

    Attributes
    ----------
    folder
        Of all viewers.
    authenticator
        For credentials inside of addresses and of the form; ``callers`` are for the request's.
    owner_by_id
        Set where the id of a session is enough to view its files: gives its owner.
    """

    folder: Path
    callers: Callers
    authenticator: Authenticator
    tokens: SignedTokens
    open_file: OpenFile
    archives: SliceArchives
    studies: StudySlices
    transfers: Transfers
    blocking: Blocking
    owner_by_id: Callable[[str], str] | None = None
    limits: Limits = DEFAULT


class ViewerEndpoints:
    """What is offered under the names of viewers."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._admissions = Admissions(
            engines.callers, engines.authenticator, engines.tokens, engines.blocking
        )
        self._installed: dict[str, InstalledViewer] = {}
        # Pages of viewers are not counted among the downloads of sessions.
        self._files = Transfers(engines.blocking, _FILES_AT_ONCE)

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered; the more special paths come first."""
        listed = SliceApi(
            self._engines.callers,
            self._engines.open_file,
            self._engines.archives,
            self._engines.studies,
            self._engines.transfers,
            self._engines.blocking,
        ).endpoints()
        listed.append(
            Endpoint(
                "POST",
                "/volview/",
                self.unlock,
                "Opens the viewer for whoever enters a key",
                {303: "To the viewer", 401: "The key is wrong"},
                needs_key=False,
                answer_type="text/html",
            )
        )
        for viewer in VIEWERS.values():
            listed += self._of(viewer)
        return listed

    def _of(self, viewer: Viewer) -> list[Endpoint]:
        async def start(request: Request) -> Response:
            return await self.start(request, viewer)

        async def file(request: Request) -> Response:
            return await self.file(request, viewer, request.path_params["path"])

        async def redirect(request: Request) -> Response:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{_base_url(request)}/{viewer.name}/{query}", 308)

        place = f"/{viewer.name}"
        answers = {200: "The file", 404: "There is none"}
        missing = {503: "The viewer is not installed"}
        return [
            _page("GET", f"{place}/", start, f"{viewer.title}", answers | missing),
            _page("GET", place, redirect, f"To {viewer.title}", {308: "There"}),
            _page("GET", f"{place}/{{path:path}}", file, f"Files of {viewer.title}", answers),
        ]

    async def start(self, request: Request, viewer: Viewer) -> Response:
        """Show the viewer, or send it to the address that it can show."""
        try:
            await self._viewer(viewer)
        except UnavailableError as error:
            body = (
                f"<p>{escape(str(error))}.</p><p>Whoever runs this server installs it with "
                "<code>isocenter viewers install</code>.</p>"
            )
            return page(f"{viewer.title} is not here yet", body, _prefix(request), 503)
        given = request.query_params.get(URLS)
        if viewer is VOLVIEW and given:
            answer = await self._put_right(request, given, None)
            if answer is not None:
                return answer
        return await self.file(request, viewer, _INDEX)

    async def unlock(self, request: Request) -> Response:
        """Take the key that somebody entered, and go on with a token instead of it."""
        body = await read_body(request, _FORM_BYTES, self._engines.limits)
        form = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), max_num_fields=8))
        given, key = form.get(URLS, ""), form.get("key", "").strip()
        if not given:
            raise InvalidInputError("nothing to show is named")
        answer = await self._put_right(request, given, key)
        if answer is not None:
            return answer
        query = viewer_query([], read_addresses(given), keep_names=True)
        return _to_viewer(request, query)

    async def file(self, request: Request, viewer: Viewer, path: str) -> Response:
        """Send a file of a viewer."""
        installed = await self._viewer(viewer)
        found = installed.files.get(path)
        if found is None and viewer.falls_back and "." not in path.rpartition("/")[2]:
            path, found = _INDEX, installed.files.get(_INDEX)
        if found is None:
            raise NotFoundError("the viewer has no such file")
        headers = {
            "Cache-Control": _FOREVER if viewer.never_changes(path) else _ASK_AGAIN,
            "Content-Security-Policy": viewer.content_security_policy,
        }
        if path == _INDEX and viewer.falls_back and _prefix(request):
            return await self._moved_page(request, viewer, found.path, headers)
        source = await self._engines.blocking.call(LocalBlobReader, found.path)
        stored = StoredFile(path, source.size, found.sha256, {}, source)
        suffix = path[path.rfind(".") :].lower()
        return self._files.file(request, stored, _MEDIA_TYPES.get(suffix, _OTHER), headers)

    async def _moved_page(
        self, request: Request, viewer: Viewer, path: Path, headers: dict[str, str]
    ) -> Response:
        """Send a page that names its files by absolute addresses to where a proxy shows it."""
        place = f'"/{viewer.name}/'
        moved = f'"{_prefix(request)}/{viewer.name}/'
        content = await self._engines.blocking.call(path.read_bytes)
        content = content.replace(place.encode(), moved.encode())
        return Response(content, headers=headers, media_type=_MEDIA_TYPES[".html"])

    async def _viewer(self, viewer: Viewer) -> InstalledViewer:
        """Return the viewer; what was found once is there until somebody removes it."""
        found = self._installed.get(viewer.name)
        if found is None:
            find = self._engines.blocking.call
            found = await find(find_viewer, viewer, self._engines.folder)
            if found is None:
                raise UnavailableError(f"{viewer.title} is not installed on this server")
            self._installed[viewer.name] = found
        return found

    async def _put_right(self, request: Request, given: str, key: str | None) -> Response | None:
        """Return where to go, or a question for a key; None if the viewer can show it as it is.

        Parameters
        ----------
        key
            What somebody entered in answer to the question.
        """
        addresses = read_addresses(given)
        if len(addresses) > _ADDRESSES_MAX:
            raise InvalidInputError("too many addresses are given at once")
        try:
            better = [await self._better(request, address, key) for address in addresses]
        except NotAuthenticatedError as error:
            return _ask_for_key(request, given, str(error) if key is not None else "")
        except NotFoundError:
            body = (
                "<p>There is no such file or study: a session may be over, "
                "or a study was removed.</p>"
            )
            return page("There is nothing to show", body, _prefix(request), 404)
        if better == addresses:
            return None
        parameters = request.query_params.multi_items()
        is_archive = any(
            urllib.parse.urlsplit(address).path.endswith(ARCHIVE_SUFFIX) for address in better
        )
        return _to_viewer(request, viewer_query(parameters, better, keep_names=not is_archive))

    async def _better(self, request: Request, address: str, key: str | None) -> str:
        """Return the address under which the viewer can show this."""
        base_url = _base_url(request)
        own = own_path(address, base_url)
        if own is None:
            return address
        study = study_link(own)
        if study is not None:
            return await self._study_address(request, study, key)
        link = file_link(own)
        if link is None:
            return base_url + urllib.parse.urlunsplit(own) if "://" in address else address
        stored, token = await self._open_file(request, link, key)
        with stored:
            volume = Volume(link.session_id, stored.key, stored.reader)
            slices = await self._engines.blocking.bulk(self._engines.archives.count, volume)
        return base_url + link.path("slices" if slices else "view", token)

    async def _open_file(
        self, request: Request, link: FileLink, key: str | None
    ) -> tuple[StoredFile, str]:
        """Return an open file of a session, and a token for it, if one is needed."""
        blocking, owner_by_id = self._engines.blocking, self._engines.owner_by_id

        async def open_it(owner: str) -> StoredFile:
            return await blocking.call(self._engines.open_file, owner, link.session_id, link.name)

        async def owner_for_all() -> str:
            assert owner_by_id is not None
            return await blocking.call(owner_by_id, link.session_id)

        known = owner_for_all if owner_by_id is not None else None
        return await self._admissions.admit(request, link, key, open_it, known)

    async def _study_address(self, request: Request, link: StudyLink, key: str | None) -> str:
        """Return the address of the slices of a Study or Series that somebody may see."""

        async def check(owner: str) -> None:
            place = Place(owner, link.study_uid, link.series_uid)
            await self._engines.blocking.call(self._engines.studies.check, place)

        _, token = await self._admissions.admit(request, link, key, check)
        return _base_url(request) + link.path(token)


def _ask_for_key(request: Request, given: str, wrong: str) -> Response:
    """Return the page that asks who wants to see this; without the credentials that failed."""
    addresses = [_bare(address, _base_url(request)) for address in read_addresses(given)]
    message = f'<p class="wrong" role="alert">{escape(wrong)}.</p>' if wrong else ""
    prefix = escape(_prefix(request))
    body = f"""
<p>These images are shown to whoever they belong to. Enter a key of this server, or open the
<a href="{prefix}/app">web tool</a> in the browser that made the session.</p>
{message}
<form method="post" action="{prefix}/volview/">
<label for="key">Key</label>
<input id="key" name="key" type="password" autocomplete="off" spellcheck="false" required>
<input name="{URLS}" type="hidden" value="{escape(write_addresses(addresses))}">
<button type="submit">Show the images</button>
</form>
<p>The key is used once and kept nowhere; the viewer gets a short-lived token instead.</p>
"""
    return page("Sign in to see this", body, _prefix(request), 401)


def _bare(address: str, base_url: str) -> str:
    """Return an address without credentials."""
    own = own_path(address, base_url)
    if own is None:
        return address
    study, link = study_link(own), file_link(own)
    if study is not None:
        return base_url + replace(study, keys=(), tokens=()).path()
    return base_url + replace(link, keys=(), tokens=()).path(link.kind) if link else address


def _to_viewer(request: Request, query: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return RedirectResponse(f"{_base_url(request)}/volview/?{query}", 303, headers)


def _page(
    method: str,
    path: str,
    handler: Handler,
    summary: str,
    answers: dict[int, str],
) -> Endpoint:
    return Endpoint(
        method, path, handler, summary, answers, needs_key=False, answer_type="text/html"
    )


def _base_url(request: Request) -> str:
    return str(request.state.origin.base_url)


def _prefix(request: Request) -> str:
    return str(request.state.origin.prefix)
