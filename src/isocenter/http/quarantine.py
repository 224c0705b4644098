"""What was rejected: a list for programs, a page for people, and what can be done about it."""

import datetime as dt
import urllib.parse
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from isocenter.errors import IsocenterError, NotAllowedError, NotAuthenticatedError
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.http.openapi import parameter
from isocenter.http.page_layout import escape, page
from isocenter.http.transfer import Transfers, attachment
from isocenter.http.upload_json import read_object, upload_json
from isocenter.http.uploads import UploadApi, read_number
from isocenter.limits import Limits
from isocenter.services.quarantine import Quarantine
from isocenter.services.sessions import StoredFile
from isocenter.store.tickets import Ticket

PAGE = "/app/quarantine"
_API = "/v1/quarantine"
_TITLE = "Quarantine"
_SHOWN = 50
_FORM_BYTES = 4096
_NOTHING = "Nothing of this key lies here, or it is somebody else's"
_RELEASE_BODY: Mapping[str, object] = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "policy": {"type": "string", "enum": ["replace", "reject", "keep-both"]}
                },
            }
        }
    }
}
_COLUMNS = ("Upload", "Came", "Bytes", "Reason", "Again", "Delete", "File")
_WORDS = {
    "checksum": "Other bytes than announced",
    "conflict": "Contradicts the archive",
    "missing_identity": "No valid UIDs",
    "not_dicom": "Not DICOM",
    "too_large": "Too large",
    "unreadable": "Cannot be read",
}


class QuarantineApi:
    """What the endpoints of the quarantine do."""

    def __init__(
        self,
        quarantine: Quarantine,
        uploads: UploadApi,
        blocking: Blocking,
        transfers: Transfers,
        limits: Limits,
    ) -> None:
        self._quarantine = quarantine
        self._uploads = uploads
        self._blocking = blocking
        self._transfers = transfers
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        one = f"{_API}/{{key}}"
        gone = {404: _NOTHING}
        return [
            Endpoint(
                "GET",
                _API,
                self.listing,
                "Uploads that were rejected, newest first, with reasons",
                {200: "The uploads, and where to go on"},
                parameters=(
                    parameter("limit", "At most so many"),
                    parameter("after", "What next said before"),
                ),
            ),
            Endpoint(
                "GET",
                f"{one}/file",
                self.file,
                "The bytes of a rejected upload",
                {200: "The bytes", **gone},
                answer_type="application/octet-stream",
                is_bulk=True,
            ),
            Endpoint(
                "POST",
                f"{one}/release",
                self.release,
                "Register a rejected upload once more",
                {202: "It waits for that", **gone},
                body=_RELEASE_BODY,
            ),
            Endpoint(
                "DELETE",
                one,
                self.delete,
                "Delete the bytes of a rejected upload",
                {204: "They are gone", **gone},
            ),
            Endpoint(
                "GET",
                PAGE,
                self.show,
                "A page of rejected uploads, for whoever is signed in",
                {200: "The page", 401: "A page that says how to sign in"},
                answer_type="text/html",
            ),
            Endpoint(
                "POST",
                f"{PAGE}/{{key}}",
                self.act,
                "What a form of that page asks for",
                {303: "Back to the page", 409: "A page that says why not"},
                answer_type="text/html",
            ),
        ]

    async def listing(self, request: Request) -> Response:
        """List rejected uploads."""
        principal = await self._uploads.principal(request, "quarantine.list", "read")
        query, most = request.query_params, self._limits.ticket_batch
        limit = read_number(query.get("limit", str(min(_SHOWN, most))), "limit", most)
        before = read_number(query.get("after", "0"), "after", 1 << 62, least=0)
        listed = await self._blocking.call(
            self._quarantine.listed, principal.id, limit=limit, before=before
        )
        uploads = [upload_json(one, one.state) for one in listed.tickets]
        following = str(listed.before) if listed.before else None
        return json_response({"uploads": uploads, "next": following})

    async def file(self, request: Request) -> Response:
        """Send the bytes, to be saved and never shown."""
        principal = await self._uploads.principal(request, "quarantine.read", "read")
        key = request.path_params["key"]
        ticket, reader = await self._blocking.call(self._quarantine.open, principal.id, key)
        stored = StoredFile(ticket.id, reader.size, ticket.blob_key or "", {}, reader)
        headers = {"Content-Disposition": attachment(f"{ticket.id}.bin")}
        return self._transfers.file(request, stored, "application/octet-stream", headers)

    async def release(self, request: Request) -> Response:
        """Have it registered again."""
        principal = await self._uploads.principal(request, "quarantine.release", "write")
        said = read_object(await read_body(request, _FORM_BYTES, self._limits))
        key = request.path_params["key"]
        policy = str(said.get("policy") or "")
        ticket = await self._blocking.call(self._quarantine.release, principal.id, key, policy)
        return json_response(upload_json(ticket, ticket.state), 202)

    async def delete(self, request: Request) -> Response:
        """Delete it."""
        principal = await self._uploads.principal(request, "quarantine.delete", "write")
        key = request.path_params["key"]
        await self._blocking.bulk(self._quarantine.delete, principal.id, key)
        return Response(status_code=204)

    async def show(self, request: Request) -> Response:
        """Show the page."""
        prefix = request.state.origin.prefix
        try:
            principal = await self._uploads.principal(request, "quarantine.list", "read")
        except (NotAuthenticatedError, NotAllowedError) as error:
            body = (
                f"<p>{escape(str(error)).capitalize()}.</p><p>Sign in with a key in the "
                f'<a href="{escape(prefix)}/app">web tool</a>, then come back to this page.</p>'
            )
            return _shown(body, prefix, 401)
        before = read_number(request.query_params.get("after", "0"), "after", 1 << 62, least=0)
        listed = await self._blocking.call(
            self._quarantine.listed, principal.id, limit=_SHOWN, before=before
        )
        told = request.query_params.get("done", "")
        body = _body(listed.tickets, listed.before, told, escape(prefix))
        return _shown(body, prefix)

    async def act(self, request: Request) -> Response:
        """Do what a form of the page asks for, and go back to it."""
        prefix = request.state.origin.prefix
        principal = await self._uploads.principal(request, "quarantine.change", "write")
        body = await read_body(request, _FORM_BYTES, self._limits)
        form = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), max_num_fields=4))
        key = request.path_params["key"]
        try:
            if form.get("action") == "delete":
                await self._blocking.bulk(self._quarantine.delete, principal.id, key)
                done = "deleted"
            else:
                policy = form.get("policy", "")
                await self._blocking.call(self._quarantine.release, principal.id, key, policy)
                done = "released"
        except IsocenterError as error:
            return _shown(f'<p class="wrong" role="alert">{escape(str(error))}.</p>', prefix, 409)
        headers = {"Cache-Control": "no-store"}
        return RedirectResponse(f"{prefix}{PAGE}?done={done}", 303, headers)


def _body(tickets: list[Ticket], before: int, done: str, prefix: str) -> str:
    told = {
        "deleted": "The upload was deleted.",
        "released": "The upload waits for being registered again.",
    }.get(done, "")
    status = f'<p class="note" role="status">{told}</p>' if told else ""
    intro = (
        "<p>Uploads that came and could not be registered lie here with their reason, until you "
        "try them again or delete them.</p>"
    )
    if not tickets:
        return f"{status}{intro}<p>There are none.</p>"
    rows = "".join(_row(ticket, prefix) for ticket in tickets)
    more = f'<p><a href="{prefix}{PAGE}?after={before}">Older ones</a></p>' if before else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    return (
        f'{status}{intro}<div class="wide" role="region" aria-label="Rejected uploads" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}'
    )


def _row(ticket: Ticket, prefix: str) -> str:
    name = escape(ticket.name or "")
    short = ticket.id[:8]
    title = f"{name}<br><code>{ticket.id}</code>" if name else f"<code>{ticket.id}</code>"
    came = dt.datetime.fromtimestamp((ticket.received_ms or 0) / 1000, dt.UTC)
    reason = escape(_WORDS.get(ticket.reason or "", ticket.reason or ""))
    action = f"{prefix}{PAGE}/{ticket.id}"
    return (
        f"<tr><td>{title}</td><td>{came:%Y-%m-%d %H:%M:%S} UTC</td><td>{ticket.size_bytes}</td>"
        f"<td><strong>{reason}</strong><br>{escape(ticket.detail or '')}</td>"
        f'<td><form method="post" action="{action}">'
        f'<input type="hidden" name="action" value="release">{_policies(ticket)}'
        f'<button type="submit" aria-label="Try {short} again">Try again</button></form></td>'
        f'<td><form method="post" action="{action}">'
        f'<input type="hidden" name="action" value="delete">'
        f'<button type="submit" aria-label="Delete {short}">Delete</button></form></td>'
        f'<td><a href="{prefix}{_API}/{ticket.id}/file" aria-label="Save {short}">Save</a></td>'
        "</tr>"
    )


def _policies(ticket: Ticket) -> str:
    """Return a choice where one helps: what contradicts the archive."""
    if ticket.reason != "conflict":
        return ""
    options = "".join(
        f'<option value="{value}">{words}</option>'
        for value, words in (("replace", "and replace"), ("keep-both", "and keep both"))
    )
    return f'<select name="policy" aria-label="What becomes of the other">{options}</select>'


def _shown(body: str, prefix: str, status: int = 200) -> Response:
    """Return the page; browsers tell where its forms come from, or we would refuse them."""
    response = page(_TITLE, body, prefix, status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
