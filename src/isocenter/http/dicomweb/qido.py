"""QIDO-RS: Studies, Series and Instances that match the attributes of a URL.

References
----------
PS3.18 10.6 (Search Transaction).
"""

import secrets
from collections.abc import Callable
from typing import NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.json_model import JSONObject
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.json_answers import json_answer
from isocenter.http.dicomweb.negotiation import JSON, PLAIN_JSON, RELATED, XML, Form, wishes
from isocenter.http.dicomweb.sending import Sender
from isocenter.http.dicomweb.stow import archive_url, read_uids
from isocenter.http.dicomweb.xml_answers import xml_parts
from isocenter.http.transfer import Transfers
from isocenter.services.search import Found, Match, Search
from isocenter.services.search_terms import Query

_FORMS = (Form(JSON), Form(PLAIN_JSON), Form(RELATED, XML))
_RETRIEVE_URL = "00081190"
# Of HTTP, not attributes: the form of the answer, and who asks.
_NOT_SEARCHED = frozenset({"accept", "charset", "api_key", "apikey", "token"})


class _Level(NamedTuple):
    find: Callable[[Query], Found]
    count: Callable[[Query], int]


class QidoApi:
    """Searches."""

    def __init__(
        self, search: Search, callers: Callers, blocking: Blocking, transfers: Transfers
    ) -> None:
        self._search = search
        self._callers = callers
        self._blocking = blocking
        self._sender = Sender(transfers, blocking)

    async def studies(self, request: Request) -> Response:
        """Search for Studies."""
        owner = await self._owner(request)
        return await self._answer(
            request,
            _Level(
                lambda query: self._search.find_studies(owner, query),
                lambda query: self._search.count_studies(owner, query),
            ),
        )

    async def series(self, request: Request) -> Response:
        """Search for Series, of a Study or of all."""
        owner = await self._owner(request)
        study_uid = read_uids(request)[0]
        return await self._answer(
            request,
            _Level(
                lambda query: self._search.find_series(owner, query, study_uid),
                lambda query: self._search.count_series(owner, query, study_uid),
            ),
        )

    async def instances(self, request: Request) -> Response:
        """Search for Instances, of a Series, of a Study or of all."""
        owner = await self._owner(request)
        study_uid, series_uid, _ = read_uids(request)
        return await self._answer(
            request,
            _Level(
                lambda query: self._search.find_instances(owner, query, study_uid, series_uid),
                lambda query: self._search.count_instances(owner, query, study_uid, series_uid),
            ),
        )

    async def _owner(self, request: Request) -> str:
        return (await self._callers.principal(request, "read")).id

    async def _answer(self, request: Request, level: _Level) -> Response:
        form = wishes(request, _FORMS)[0].form
        pairs = [
            (name, value)
            for name, value in request.query_params.multi_items()
            if name.lower() not in _NOT_SEARCHED
        ]
        query = self._search.parse(pairs)
        found = await self._blocking.call(level.find, query)
        total = _total(found, query)
        headers = {"Cache-Control": "no-store"}
        if total is None and _wants_count(request):
            total = await self._blocking.call(level.count, query)
        if total is not None:
            headers["X-Total-Count"] = str(total)
        warnings = _warnings(found, request.state.origin.base_url)
        if warnings:
            headers["Warning"] = ", ".join(warnings)
        if not found.matches:
            return Response(status_code=204, headers=headers)
        url = archive_url(request)
        documents = [_with_url(match, url) for match in found.matches]
        if form.media_type == RELATED:
            # Nobody may know the boundary before, and no answer is the same as another.
            key = secrets.token_hex(16)
            parts = xml_parts(documents)
            response = await self._blocking.bulk(self._sender.held, request, parts, XML, key)
            response.headers.update(headers)
            del response.headers["ETag"]
            return response
        body = orjson.dumps(documents)
        return json_answer(request, body, form.media_type, headers)


def _total(found: Found, query: Query) -> int | None:
    """Return how many matches there are where the page tells it; ``None``: it does not."""
    if found.has_more or (not found.matches and query.offset):
        return None
    return query.offset + len(found.matches)


def _wants_count(request: Request) -> bool:
    """Whether the caller wants the total though counting takes time (RFC 7240)."""
    preferences = [word.strip() for word in request.headers.get("prefer", "").split(",")]
    return "count=exact" in preferences


def _warnings(found: Found, base_url: str) -> list[str]:
    said = []
    if found.ignored:
        names = " ".join(name for name in found.ignored if name.isascii() and name.isprintable())
        names = names.replace("\\", "").replace('"', "")[:200]
        said.append(f'299 {base_url} "not searched by: {names}"')
    if found.has_more:
        said.append(f'299 {base_url} "There are additional results that can be requested"')
    return said


def _with_url(match: Match, url: str) -> JSONObject:
    address = f"{url}/studies/{match.study_uid}"
    if match.series_uid:
        address += f"/series/{match.series_uid}"
    if match.sop_instance_uid:
        address += f"/instances/{match.sop_instance_uid}"
    attributes: JSONObject = dict(match.attributes)
    attributes[_RETRIEVE_URL] = {"vr": "UR", "Value": [address]}
    return dict(sorted(attributes.items()))
