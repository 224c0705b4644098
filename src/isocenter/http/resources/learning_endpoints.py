"""The table of endpoints of annotations, projects and datasets, at the root and below a prefix."""

from collections.abc import Mapping

from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.endpoints import Endpoint, Handler
from isocenter.http.openapi import parameter
from isocenter.http.resources.annotations import AnnotationApi
from isocenter.http.resources.datasets import DatasetApi
from isocenter.http.resources.endpoints import PREFIXES, RESOURCES
from isocenter.http.resources.projects import ProjectApi
from isocenter.http.transfer import Transfers
from isocenter.limits import Limits
from isocenter.services.learning import Learning

_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}
_WHOLE = {"type": "integer", "minimum": 0}
_MADE = {201: "It is made", 409: "The name is taken", 413: "There are too many resources"}
_PAGE = (
    parameter("offset", "Leave out so many", _WHOLE),
    parameter("limit", "At most so many; without it all", {"type": "integer", "minimum": 1}),
)
_VERSION = (parameter("version", "A number, or latest"),)
_CHOICE = {
    "resource_ids": _STRINGS,
    "channel": _STRING,
    "labels": _STRINGS,
    "status": _STRING,
}
_CHANGE = {
    "resource_ids_to_add": _STRINGS,
    "resource_ids_to_delete": _STRINGS,
    "channel": _STRING,
    "labels": _STRINGS,
    "status": _STRING,
}
_NAMED = {"name": _STRING, "description": _STRING}
_PARTS = {
    "resource_ids": _STRINGS,
    "split_name": {"type": ["string", "null"]},
    "fractions": {"type": "object", "additionalProperties": {"type": "number"}},
    "seed": {"type": "integer"},
}
_ANNOTATION = {
    "type": "object",
    "required": ["identifier", "type"],
    "properties": {
        "identifier": _STRING,
        "type": _STRING,
        "scope": {"type": "string", "enum": ["frame", "image"]},
        "frame_index": {"type": ["integer", "null"], "minimum": 0},
        "value": {"type": ["string", "number", "null"]},
        "geometry": {"type": ["object", "array", "null"]},
        "project_id": {"type": ["string", "null"]},
    },
}
_SEARCH = {
    "resource_id": _STRING,
    "resource_ids": _STRINGS,
    "annotation_type": _STRING,
    "status": _STRING,
    "project_id": _STRING,
    "dataset_id": _STRING,
    "offset": {"type": ["integer", "string"]},
    "limit": {"type": ["integer", "string"]},
}
_NO_ANNOTATION = "No such resource or annotation, or somebody else's"
_NO_PROJECT = "No such project, or somebody else's"
_NO_SET = "No such dataset, or somebody else's"


def learning_endpoints(
    learning: Learning,
    callers: Callers,
    blocking: Blocking,
    transfers: Transfers,
    limits: Limits,
) -> list[Endpoint]:
    """Return everything about annotations, projects and datasets."""
    annotations = AnnotationApi(learning.annotations, callers, blocking, transfers, limits)
    datasets = DatasetApi(learning.sets, learning.snapshots, callers, blocking, transfers, limits)
    projects = ProjectApi(learning.projects, learning.sets, datasets, callers, blocking, limits)
    return [
        endpoint
        for prefix in PREFIXES
        for endpoint in (
            *_annotations(annotations, prefix),
            *_annotation_files(annotations, prefix),
            *_projects(projects, prefix),
            *_people_and_parts(projects, prefix),
            *_datasets(datasets, prefix),
            *_versions(datasets, prefix),
        )
    ]


def _annotations(api: AnnotationApi, prefix: str) -> list[Endpoint]:
    all_of = f"{prefix}/annotations/{{resource_id}}/annotations"
    one = f"{prefix}/annotations/{{annotation_id}}"
    gone = {404: _NO_ANNOTATION}
    many = {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [{"type": "array", "items": _ANNOTATION}, _ANNOTATION]}
            }
        },
    }
    made = {201: "Their ids in the same order", 413: "There are too many", **gone}
    return [
        _endpoint("POST", all_of, api.create, "Annotate a resource", made, many),
        _endpoint("GET", all_of, api.of_resource, "The annotations of a resource", _ok("A page")),
        _endpoint(
            "GET",
            f"{prefix}/annotations",
            api.listing,
            "Annotations that fit, as clients of 1.x ask for them",
            _ok("A page, in the order of making"),
            more=(parameter("resource_id", "Of this resource"), parameter("type", "Of this type")),
            page=True,
        ),
        _endpoint(
            "POST",
            f"{prefix}/annotations/search",
            api.search,
            "Annotations that fit",
            _ok("A page, in the order of making"),
            _json(_SEARCH),
        ),
        _endpoint("GET", one, api.show, "One annotation", _ok("It", gone)),
        _endpoint(
            "PATCH",
            one,
            api.change,
            "Give an annotation another name or project",
            _ok("It", gone),
            _json({"identifier": _STRING, "project_id": _STRING}),
        ),
        _endpoint("DELETE", one, api.delete, "Delete an annotation", _ok("It is gone", gone)),
        *(
            _endpoint(method, f"{one}/approve", api.approve, "Approve it", _ok("It", gone))
            for method in ("PATCH", "POST")
        ),
        _endpoint(
            "POST",
            f"{prefix}/annotations/delete-batch",
            api.delete_some,
            "Delete annotations: all of them, or none",
            _ok("They are gone", gone),
            _json({"ids": _STRINGS}),
        ),
    ]


def _annotation_files(api: AnnotationApi, prefix: str) -> list[Endpoint]:
    place = f"{prefix}/annotations/{{resource_id}}"
    file = f"{place}/annotations/{{annotation_id}}/file"
    sent = {201: "The annotation", 404: _NO_ANNOTATION, 408: "Too slowly", 413: "Too large"}
    return [
        Endpoint(
            "POST",
            file,
            api.attach,
            "Send the mask of an annotation: a PNG of the size of a frame",
            sent,
            body=_form("file"),
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            file,
            api.file,
            "Download the mask or volume of an annotation",
            {
                200: "The bytes exactly as they came",
                206: "A part of them",
                304: "The client has it already",
                404: _NO_ANNOTATION,
                416: "There is no such part",
            },
            answer_type="application/octet-stream",
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            f"{place}/annotations/{{annotation_id}}/masks/{{frame_index}}",
            api.mask,
            "The mask of one frame as a picture, also of a volume; frames count from 0",
            {200: "255 within, 0 elsewhere", 404: "No such annotation, or no mask of this frame"},
            parameters=(parameter("value", "Of one segment; without it of all", _WHOLE),),
            answer_type="image/png",
            is_bulk=True,
        ),
        Endpoint(
            "POST",
            f"{place}/segmentations/file",
            api.add_volume,
            "Send the segmentation of a whole resource: NIfTI, or DICOM SEG",
            sent,
            body=_form("file", name=_STRING, segmentation_map=_STRING),
            is_bulk=True,
        ),
        Endpoint(
            "POST",
            f"{prefix}/segmentations",
            api.add_segmentation,
            "The same as clients of 0.4 send it",
            sent,
            body=_form("segmentationData", dicomId=_STRING, segmentationName=_STRING),
            is_bulk=True,
        ),
    ]


def _projects(api: ProjectApi, prefix: str) -> list[Endpoint]:
    all_of, one = f"{prefix}/projects", f"{prefix}/projects/{{project_id}}"
    gone = {404: _NO_PROJECT}
    changed = _json({**_NAMED, "archived": {"type": "boolean"}})
    return [
        _endpoint("GET", all_of, api.listing, "Projects by their names", _ok("A list"), page=True),
        _endpoint(
            "POST",
            all_of,
            api.create,
            "Make a project, and a dataset of its name",
            {**_MADE, 404: "No such resource, or somebody else's"},
            _json({**_NAMED, **_CHOICE}),
        ),
        _endpoint("GET", one, api.show, "One project", _ok("It", gone)),
        _endpoint(
            "PATCH",
            one,
            api.change,
            "Change a project",
            _ok("It", {**gone, 409: "The name is taken"}),
            changed,
        ),
        _endpoint(
            "DELETE", one, api.delete, "Delete a project and its dataset", _ok("It is gone", gone)
        ),
        _endpoint("GET", f"{one}/resources", api.resources, "Its resources", _ok("A list", gone)),
        Endpoint(
            "GET",
            f"{one}/annotated_dataset",
            api.download,
            "Its resources with their annotations, as a zip archive",
            {200: "dataset.json and the files", 206: "A part of the archive", **gone},
            answer_type="application/zip",
            is_bulk=True,
        ),
        _endpoint(
            "POST",
            f"{one}/resources",
            api.change_resources,
            "Add resources to a project or take them out",
            _ok("The project", {**gone, 413: "There are too many"}),
            _json(_CHANGE),
        ),
    ]


def _people_and_parts(api: ProjectApi, prefix: str) -> list[Endpoint]:
    one = f"{prefix}/projects/{{project_id}}"
    member = f"{one}/members/{{member}}"
    gone = {404: _NO_PROJECT}
    at = (parameter("split_name", "Of this part"), parameter("as_of_timestamp", "At this time"))
    return [
        _endpoint("GET", f"{one}/members", api.members, "Its members", _ok("A list", gone)),
        _endpoint(
            "POST",
            member,
            api.set_member,
            "Note the roles of somebody; what they may see goes by their account alone",
            _ok("The member", gone),
            _json({"roles": _STRINGS}),
        ),
        _endpoint("DELETE", member, api.remove_member, "Take them out", _ok("Done", gone)),
        _endpoint("GET", f"{one}/splits", api.splits, "Its parts", _ok("A list", gone), more=at),
        _endpoint(
            "POST",
            f"{one}/splits",
            api.assign,
            "Put resources into a part, or divide all so that a patient is in one part only",
            _ok("How many", gone),
            _json(_PARTS),
        ),
        _endpoint(
            "GET",
            f"{one}/resources/{{resource_id}}/split",
            api.split_of,
            "The part of one resource",
            _ok("It", {404: "It is in no part, or there is no such project"}),
        ),
    ]


def _datasets(api: DatasetApi, prefix: str) -> list[Endpoint]:
    all_of, one = f"{prefix}/datasets", f"{prefix}/datasets/{{dataset_id}}"
    gone = {404: _NO_SET}
    at = (parameter("split_name", "Of this part"), parameter("as_of_timestamp", "At this time"))
    return [
        _endpoint("GET", all_of, api.listing, "Datasets by their names", _ok("A list"), page=True),
        _endpoint(
            "POST",
            all_of,
            api.create,
            "Make a dataset of resources by ids, or of all that fit",
            {**_MADE, 404: "No such resource, or somebody else's"},
            _json({**_NAMED, **_CHOICE}),
        ),
        _endpoint("GET", one, api.show, "One dataset", _ok("It", gone)),
        _endpoint(
            "PATCH",
            one,
            api.change,
            "Give a dataset another name",
            _ok("It", {**gone, 409: "The name is taken"}),
            _json(_NAMED),
        ),
        _endpoint(
            "DELETE", one, api.delete, "Delete a dataset and its versions", _ok("Done", gone)
        ),
        _endpoint(
            "GET",
            f"{one}/resources",
            api.resources,
            "Its resources",
            _ok("A list", gone),
            more=_VERSION,
        ),
        _endpoint(
            "POST",
            f"{one}/resources",
            api.change_resources,
            "Add resources to a dataset or take them out",
            _ok("The dataset", {**gone, 413: "There are too many"}),
            _json(_CHANGE),
        ),
        _endpoint("GET", f"{one}/splits", api.splits, "Its parts", _ok("A list", gone), more=at),
        _endpoint(
            "POST",
            f"{one}/splits",
            api.assign,
            "Put resources into a part, or divide all so that a patient is in one part only",
            _ok("How many", gone),
            _json(_PARTS),
        ),
    ]


def _versions(api: DatasetApi, prefix: str) -> list[Endpoint]:
    one = f"{prefix}/datasets/{{dataset_id}}"
    gone = {404: _NO_SET}
    return [
        _endpoint("GET", f"{one}/versions", api.versions, "Its versions", _ok("A list", gone)),
        _endpoint(
            "POST",
            f"{one}/versions",
            api.add_version,
            "Make a version of what it is now; it never changes",
            {201: "The version", 409: "It changed meanwhile", **gone},
        ),
        Endpoint(
            "GET",
            f"{one}/download/dicom",
            api.prepare,
            "Prepare a download: events, and the token of the archive at their end",
            {
                200: "Events; one JSON text with the token where Authorization is sent",
                404: "No such dataset or version, or somebody else's",
            },
            parameters=_VERSION,
            answer_type="text/event-stream",
            counts=(RESOURCES,),
        ),
        Endpoint(
            "GET",
            f"{prefix}/datasets/download/{{token}}",
            api.download,
            "Download a version as a zip archive, whole or in part",
            {
                200: "dataset.json and the files",
                206: "A part of the archive",
                304: "The client has it already",
                404: "No such version, or somebody else's",
                416: "There is no such part",
            },
            parameters=(parameter("Range", "One range of bytes", place="header"),),
            answer_type="application/zip",
            is_bulk=True,
        ),
    ]


def _endpoint(  # noqa: PLR0913 - a row of a table
    method: str,
    path: str,
    handler: Handler,
    summary: str,
    answers: Mapping[int, str],
    body: Mapping[str, object] | None = None,
    *,
    more: tuple[Mapping[str, object], ...] = (),
    page: bool = False,
) -> Endpoint:
    return Endpoint(
        method,
        path,
        handler,
        summary,
        answers,
        parameters=(*more, *_PAGE) if page else more,
        body=body or {},
        counts=(RESOURCES,),
    )


def _ok(meaning: str, others: Mapping[int, str] | None = None) -> Mapping[int, str]:
    return {200: meaning, **(others or {})}


def _json(properties: Mapping[str, object]) -> Mapping[str, object]:
    schema = {"type": "object", "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _form(file: str, **fields: object) -> Mapping[str, object]:
    bytes_of_file = {"type": "string", "contentMediaType": "application/octet-stream"}
    schema = {"type": "object", "required": [file], "properties": {file: bytes_of_file, **fields}}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
