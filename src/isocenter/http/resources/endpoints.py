"""The table of endpoints of the resource API: what ``/openapi.json`` says and ``app.py`` routes.

Everything is at the root and below ``/datamint``, because the address that clients are given may
have a path.
"""

from collections.abc import Mapping

from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.endpoints import Endpoint
from isocenter.http.openapi import parameter
from isocenter.http.resources.resources import ResourceApi
from isocenter.http.resources.users import UserApi
from isocenter.http.transfer import Transfers
from isocenter.limits import Limits
from isocenter.platform import Platform
from isocenter.services.users import Users

PREFIXES = ("", "/datamint")
RESOURCES = "resources"

_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}
_RESOURCE: Mapping[str, object] = {
    "type": "object",
    "required": ["id", "filename", "mimetype", "size", "status", "tags"],
    "properties": {
        "id": _STRING,
        "filename": _STRING,
        "mimetype": _STRING,
        "size": {"type": "integer", "minimum": 0},
        "sha256": _STRING,
        "status": {"type": "string", "enum": ["inbox", "published", "archived"]},
        "channel": {"type": ["string", "null"]},
        "modality": {"type": ["string", "null"]},
        "tags": _STRINGS,
        "labels": _STRINGS,
        "study_uid": {"type": ["string", "null"]},
        "series_uid": {"type": ["string", "null"]},
        "instance_uid": {"type": ["string", "null"]},
        "note": {"type": ["string", "null"]},
    },
}
_UPLOAD_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "resource": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "mimetype": _STRING,
                    "channel": _STRING,
                    "modality": _STRING,
                    "labels": {"type": "string", "description": "Separated by commas"},
                    "tags": {"type": "string", "description": "The same by another name"},
                    "source": _STRING,
                    "source_filepath": _STRING,
                    "metadata": {"type": "string", "contentMediaType": "application/json"},
                    "bypass_inbox": {"type": "boolean"},
                    "sha256": {
                        "type": "string",
                        "description": "Of the bytes; without a file it names bytes that are there",
                    },
                    "filename": {"type": "string", "description": "Its name, without a file"},
                },
            }
        }
    },
}
_LABELS = {
    "labels": _STRINGS,
    "tags": _STRINGS,
    "frame_labels": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"frame_index": {"type": "integer", "minimum": 0}, "label": _STRING},
        },
    },
}
_FILTERS = (
    parameter("status", "inbox, published or archived; several separated by commas"),
    parameter("from", "Uploaded on this day or later"),
    parameter("to", "Uploaded on this day or earlier"),
    parameter("modality", "Exactly this one"),
    parameter("mimetype", "Exactly this one, or with * as in image/*"),
    parameter("filename", "Exactly this one, or with * for any characters"),
    parameter("channel_name", "Of this channel"),
    parameter("labels[0]", "One of these labels: labels[0], labels[1] ..."),
    parameter("tags", 'Labels: {"items": ["a"], "filterType": "union" or "intersection"}'),
    parameter("project", "Of this project"),
    parameter("ids", "true: ids alone"),
    parameter("order_field", "created_at, filename, modality, status, size ..."),
    parameter("order_by_asc", "true: the smallest or oldest first"),
)
_PAGE = (
    parameter("offset", "Leave out so many", {"type": "integer", "minimum": 0}),
    parameter("limit", "At most so many; 10 gives a flat list", {"type": "integer", "minimum": 1}),
)
_NONE = "No such resource, or somebody else's"


def resource_endpoints(
    platform: Platform, callers: Callers, blocking: Blocking, transfers: Transfers
) -> list[Endpoint]:
    """Return everything about resources, channels and users."""
    api = ResourceApi(platform, callers, blocking, transfers)
    user_api = UserApi(
        Users(platform.engines.database), platform.people, callers, blocking, platform.limits
    )
    return [
        endpoint
        for prefix in PREFIXES
        for endpoint in (
            *_lists(api, prefix),
            *_batches(api, prefix),
            *_single(api, prefix),
            *_files(api, prefix),
            *_changes(api, prefix),
            *_users(user_api, prefix),
        )
    ]


def resource_buckets(limits: Limits) -> Mapping[str, int]:
    """Return the bucket of the rate limits, and how much goes into it."""
    return {RESOURCES: limits.resource_requests_per_minute}


def _lists(api: ResourceApi, prefix: str) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            f"{prefix}/resources",
            api.listing,
            "Resources, the latest first",
            {200: "One page: data[0].resources, or a flat list in data for pages of ten"},
            parameters=(*_FILTERS, *_PAGE),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "GET",
            f"{prefix}/resources/not-annotated",
            api.not_annotated,
            "Resources without annotations, the latest first",
            {200: "One page, as of all resources"},
            parameters=(*_FILTERS, *_PAGE),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "GET",
            f"{prefix}/resources/channels",
            api.channels,
            "Channels with their latest resources",
            {200: "The channels by their names"},
            parameters=(*_PAGE, parameter("resources", "Name at most so many of each channel")),
            counts=(RESOURCES,),
        ),
    ]


def _batches(api: ResourceApi, prefix: str) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            f"{prefix}/upload-batches",
            api.batches,
            "Batches, which releases before 0.4 made: there are none",
            {200: "An empty list"},
            counts=(RESOURCES,),
        )
    ]


def _single(api: ResourceApi, prefix: str) -> list[Endpoint]:
    place = f"{prefix}/resources/{{resource_id}}"
    return [
        Endpoint(
            "GET",
            place,
            api.show,
            "One resource",
            {200: "Everything about it", 404: _NONE},
            answer_schema=_RESOURCE,
            counts=(RESOURCES,),
        ),
        Endpoint(
            "DELETE",
            place,
            api.delete,
            "Delete a resource; its instance goes with the last resource that is it",
            {200: "It is gone", 404: _NONE},
            counts=(RESOURCES,),
        ),
        Endpoint(
            "POST",
            f"{place}/publish",
            api.publish,
            "Publish a resource that is in the inbox",
            {200: "It is published", 400: "It is not in the inbox", 404: _NONE},
            answer_schema=_RESOURCE,
            counts=(RESOURCES,),
        ),
        Endpoint(
            "POST",
            f"{place}/archive",
            api.archive,
            "Put a resource aside",
            {200: "It is archived", 404: _NONE},
            answer_schema=_RESOURCE,
            counts=(RESOURCES,),
        ),
        *(
            Endpoint(
                "PUT",
                f"{place}/{word}",
                api.label,
                "Replace the labels of a resource, or those of its frames",
                {200: "They are replaced", 404: _NONE},
                body=_json(_LABELS),
                answer_schema=_RESOURCE,
                counts=(RESOURCES,),
            )
            for word in ("labels", "tags")
        ),
    ]


def _files(api: ResourceApi, prefix: str) -> list[Endpoint]:
    place = f"{prefix}/resources/{{resource_id}}"
    return [
        Endpoint(
            "POST",
            f"{prefix}/resources",
            api.upload,
            "Upload one file; DICOM is in DICOMweb at once, too",
            {
                201: "The new resource",
                404: "There are no bytes of this sha256, and no file was sent",
                408: "It came too slowly",
                409: "The Idempotency-Key was used for other bytes",
                413: "It is too large",
            },
            parameters=(
                parameter(
                    "Idempotency-Key", "The same again makes no second resource", place="header"
                ),
            ),
            body=_UPLOAD_BODY,
            answer_schema=_RESOURCE,
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            f"{place}/file",
            api.file,
            "Download the file, whole or in part",
            {
                200: "The bytes exactly as they came",
                206: "A part of them",
                304: "The client has it already",
                404: _NONE,
                416: "There is no such part",
            },
            parameters=(parameter("Range", "One range of bytes", place="header"),),
            answer_type="application/octet-stream",
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            f"{place}/frames/{{frame_index}}",
            api.frame,
            "One frame as a picture, counted from 0",
            {200: "The picture", 304: "The client has it already", 404: _NONE},
            answer_type="image/png",
            is_bulk=True,
        ),
    ]


def _changes(api: ResourceApi, prefix: str) -> list[Endpoint]:
    ids = {"resource_ids": _STRINGS}
    return [
        Endpoint(
            "DELETE",
            f"{prefix}/resources",
            api.delete_some,
            "Delete several resources: all of them, or none",
            {200: "They are gone", 404: _NONE},
            parameters=(parameter("resource_ids", "Ids separated by commas"),),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "POST",
            f"{prefix}/resources/bulk-publish",
            api.publish_some,
            "Publish those of several resources that are in the inbox",
            {200: "Which were published, and which were not in the inbox", 404: _NONE},
            body=_json(ids),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "POST",
            f"{prefix}/resources/bulk-archive",
            api.archive_some,
            "Put several resources aside: all of them, or none",
            {200: "They are archived", 404: _NONE},
            body=_json(ids),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "PUT",
            f"{prefix}/resources/tags",
            api.label_some,
            "Replace the labels of several resources",
            {200: "They are replaced", 404: _NONE},
            body=_json({**ids, **_LABELS}),
            counts=(RESOURCES,),
        ),
    ]


def _users(api: UserApi, prefix: str) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            f"{prefix}/users",
            api.listing,
            "The account of the caller; for administrators all accounts",
            {200: "A list of users"},
            counts=(RESOURCES,),
        ),
        Endpoint(
            "POST",
            f"{prefix}/users",
            api.create,
            "Make the account of a person; for administrators",
            {201: "The user", 409: "There is an account of this address already"},
            body=_json(dict.fromkeys(("email", "password", "firstname", "lastname"), _STRING)),
            counts=(RESOURCES,),
        ),
        Endpoint(
            "GET",
            f"{prefix}/users/{{user}}",
            api.show,
            "One account by its address or id",
            {200: "The user", 404: "No such user, or none that the caller may know of"},
            counts=(RESOURCES,),
        ),
    ]


def _json(properties: Mapping[str, object]) -> Mapping[str, object]:
    schema = {"type": "object", "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}
