"""The table of endpoints of ingest: what ``/openapi.json`` says and ``app.py`` routes."""

from collections.abc import Mapping

from isocenter.access.bearer_tokens import BearerTokens
from isocenter.http.blocking import Blocking
from isocenter.http.endpoints import Endpoint
from isocenter.http.openapi import parameter
from isocenter.http.quarantine import QuarantineApi
from isocenter.http.tokens import TOKENS, TokenEndpoints
from isocenter.http.transfer import Transfers
from isocenter.http.uploads import UploadApi
from isocenter.limits import Limits
from isocenter.services.ingest import Ingest

TICKETS = "tickets"
_PREFIXES = ("", "/t/{path_token}")
_STRING = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 0}
_TICKET: Mapping[str, object] = {
    "type": "object",
    "required": ["url", "key"],
    "properties": {
        "url": {"type": ["string", "null"]},
        "key": _STRING,
        "id": _STRING,
        "method": {"type": ["string", "null"]},
        "headers": {"type": "object", "additionalProperties": _STRING},
        "expires_at": {"type": ["string", "null"]},
        "max_bytes": _NUMBER,
        "storage": {"type": "string", "enum": ["server", "s3"]},
    },
}
_UPLOAD: Mapping[str, object] = {
    "type": "object",
    "required": ["key", "state"],
    "properties": {
        "key": _STRING,
        "state": {
            "type": "string",
            "enum": ["issued", "received", "stored", "rejected", "expired"],
        },
        "outcome": {"type": ["string", "null"]},
        "reason": {"type": ["object", "null"]},
    },
}
_BATCH_BODY = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": _STRING, "size": _NUMBER, "sha256": _STRING},
            },
        },
        "count": _NUMBER,
    },
}
_REPORT_BODY = {
    "type": "object",
    "properties": {
        "keys": {"type": "array", "items": _STRING},
        "batch": _STRING,
        "wait_seconds": {"type": "number", "minimum": 0},
    },
}
_EVENTS_BODY = {
    "type": "object",
    "required": ["Records"],
    "properties": {"Records": {"type": "array", "items": {"type": "object"}}},
}
_BYTES = {"type": "string", "contentMediaType": "application/dicom"}
_NO_UPLOAD = "No such upload, or somebody else's"


def ingest_endpoints(
    ingest: Ingest,
    bearers: BearerTokens,
    api: UploadApi,
    blocking: Blocking,
    transfers: Transfers,
    limits: Limits,
) -> list[Endpoint]:
    """Return everything that ingest offers."""
    tokens = TokenEndpoints(bearers, ingest.uploads, blocking, limits)
    quarantine = QuarantineApi(ingest.quarantine, api, blocking, transfers, limits)
    return [
        *(endpoint for prefix in _PREFIXES for endpoint in _uploads(api, prefix)),
        Endpoint(
            "PUT",
            "/upload/{key}",
            api.put,
            "Send a content to a signed address; whether it is DICOM is told by its report",
            {
                200: "It is durable; the same content again is as good",
                400: "It is not what was announced",
                403: "The address is not good for this: expired, changed, used for other bytes",
                404: "The ticket is gone",
                408: "It came too slowly",
                413: "It is larger than the ticket is good for",
                503: "Too many uploads at once; try again",
            },
            parameters=(parameter("token", "The signature"),),
            body={"required": True, "content": {"application/dicom": {"schema": _BYTES}}},
            needs_key=False,
            is_bulk=True,
        ),
        *tokens.endpoints(),
        *quarantine.endpoints(),
    ]


def ingest_buckets(limits: Limits) -> Mapping[str, int]:
    """Return the buckets of the rate limits, and how much goes into each."""
    return {TICKETS: limits.tickets_per_minute, TOKENS: limits.tokens_per_minute}


def _uploads(api: UploadApi, prefix: str) -> list[Endpoint]:
    place = f"{prefix}/upload"
    return [*_tickets(api, place), *_reports(api, place), *_notices(api, place)]


def _tickets(api: UploadApi, place: str) -> list[Endpoint]:
    full = {503: "Too many tickets are unused; some will expire"}
    return [
        Endpoint(
            "GET",
            f"{place}/",
            api.issue,
            "A signed address for one content, and the key of its report",
            {200: "The address and the key", **full},
            answer_schema=_TICKET,
            counts=(TICKETS,),
        ),
        Endpoint(
            "POST",
            f"{place}/",
            api.issue_batch,
            "Signed addresses for several contents; none for those that are there already",
            {200: "One ticket for each file", 413: "A file is too large", **full},
            body=_json(_BATCH_BODY),
            counts=(TICKETS,),
        ),
    ]


def _reports(api: UploadApi, place: str) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            f"{place}/report",
            api.listing,
            "Uploads, newest first",
            {200: "The uploads, and where to go on"},
            parameters=(
                parameter("state", "Those of one state"),
                parameter("batch", "Those of one batch"),
                parameter("limit", "At most so many"),
                parameter("after", "What next said before"),
            ),
            counts=(TICKETS,),
        ),
        Endpoint(
            "POST",
            f"{place}/report",
            api.reports,
            "What became of several uploads; waits while some are under way",
            {200: "What became of them", 404: "No such batch, or somebody else's"},
            body=_json(_REPORT_BODY),
            counts=(TICKETS,),
        ),
        Endpoint(
            "GET",
            f"{place}/{{key}}",
            api.report,
            "What became of an upload",
            {200: "Issued, received, stored or rejected, and why", 404: _NO_UPLOAD},
            answer_schema=_UPLOAD,
            counts=(TICKETS,),
        ),
    ]


def _notices(api: UploadApi, place: str) -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            f"{place}/events",
            api.events,
            "Events of an object store: it is looked at what came",
            {202: "How much was taken over"},
            body=_json(_EVENTS_BODY),
            counts=(TICKETS,),
        ),
        Endpoint(
            "POST",
            f"{place}/{{key}}/received",
            api.noticed,
            "A client says that it has sent something to an object store",
            {202: "It was looked at", 404: _NO_UPLOAD},
            counts=(TICKETS,),
        ),
    ]


def _json(schema: Mapping[str, object]) -> Mapping[str, object]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}
