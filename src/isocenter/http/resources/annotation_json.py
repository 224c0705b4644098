"""Annotations as the documented clients write and read them; one thing has several names."""

from collections.abc import Mapping

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.resources.json_fields import Said, as_object, optional_text, text, texts, whole
from isocenter.http.resources.queries import read_time
from isocenter.services.annotations import Draft
from isocenter.services.snapshot_document import iso_time
from isocenter.store.annotation_rows import Annotation, AnnotationQuery
from isocenter.store.learning_changes import SHOWN_AS

_ABOUT = (
    *("units", "is_model", "model_id", "imported_from", "import_author", "source"),
    *("annotation_worklist_id", "confiability"),
)
_SHOWN = (*SHOWN_AS, "note")
_STATUSES = {"new": "new", "published": "published", "approved": "published"}
_SCOPES = ("frame", "image")


def read_drafts(value: object, most: int) -> list[Draft]:
    """Return what is to be made: of a list of objects, or of one object.

    Raises
    ------
    InvalidInputError
        If one of them is none.
    TooLargeError
        If there are too many.
    """
    rows = value if isinstance(value, list) else [value]
    if len(rows) > most:
        raise TooLargeError("annotations", most, len(rows), "annotations")
    return [_draft(as_object(row)) for row in rows]


def read_search(said: Said, page_max: int) -> AnnotationQuery:
    """Return what is looked for; numbers may be written as texts.

    Raises
    ------
    InvalidInputError
        If a field says nothing sensible.
    """
    limit = whole(said, "limit")
    offset = whole(said, "offset") or 0
    limit = page_max if limit is None else limit
    if not 0 <= limit <= page_max or offset < 0:
        raise InvalidInputError(f"limit is a number to {page_max}, and offset one from 0")
    one = optional_text(said, "resource_id")
    status = text(said, "status")
    if status and status not in _STATUSES:
        raise InvalidInputError(f"status is one of {', '.join(_STATUSES)}")
    scope = text(said, "scope")
    if scope and scope not in _SCOPES:
        raise InvalidInputError("scope is frame or image")
    return AnnotationQuery(
        resource_ids=(one,) if one else texts(said, "resource_ids", page_max),
        kind=text(said, "annotation_type", "type", "annotationType"),
        scope=scope,
        frame_index=whole(said, "frame_index", "index"),
        name=text(said, "identifier", "name"),
        project_id=text(said, "project_id"),
        set_id=text(said, "dataset_id", "datasetId"),
        created_by=text(said, "annotator_email", "annotatorEmail", "created_by"),
        status=_STATUSES.get(status, ""),
        from_ms=read_time(text(said, "from", "from_date"), "from"),
        to_ms=read_time(text(said, "to", "to_date"), "to", is_end=True),
        offset=offset,
        limit=limit,
    )


def annotation_json(one: Annotation, address: str = "") -> dict[str, object]:
    """Return an annotation; its file is at an address below that of the server."""
    is_number = isinstance(one.value, int | float) and not isinstance(one.value, bool)
    file = f"{address}/annotations/{one.resource_id}/annotations/{one.id}/file"
    has_file = one.file_key is not None
    about: Mapping[str, object] = one.about
    return {
        "id": one.id,
        "resource_id": one.resource_id,
        "identifier": one.name,
        "name": one.name,
        "scope": "image" if one.frame_index is None else "frame",
        "type": one.kind,
        "annotation_type": one.kind,
        "frame_index": one.frame_index,
        "index": one.frame_index,
        "value": one.value,
        "text_value": None if one.value is None or is_number else str(one.value),
        "numeric_value": one.value if is_number else None,
        "geometry": one.geometry,
        **{name: about.get(name) for name in _ABOUT},
        "confiability": about.get("confiability", 1.0),
        "created_by_model": about.get("model_id"),
        "status": one.status,
        "project_id": one.project_id,
        "created_at": iso_time(one.created_ms),
        "created_by": one.created_by,
        "added_by": one.created_by,
        "updated_at": iso_time(one.changed_ms),
        "approved_at": None if one.approved_ms is None else iso_time(one.approved_ms),
        "approved_by": one.approved_by,
        "file": file if has_file else None,
        "associated_file": file if has_file else None,
        "file_type": one.file_type,
        "file_size": one.file_bytes,
        "sha256": one.file_key,
        "segmentation_map": one.segment_names,
        **{name: about.get(name) for name in _SHOWN},
        "resource_filename": one.resource_name,
        "resource_modality": one.resource_modality,
        "deleted": False,
    }


def segment_names_of(value: object) -> dict[str, str]:
    """Return the names of the values of a volume; a list names the values from 1 on.

    Raises
    ------
    InvalidInputError
        If it is no object with texts, and no list of them.
    """
    if isinstance(value, list):
        value = {str(number): name for number, name in enumerate(value, 1)}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise InvalidInputError('segmentation_map is an object such as {"1": "liver"}')
    return value


def _draft(said: Said) -> Draft:
    index = whole(said, "frame_index", "index")
    scope = text(said, "scope", default="image" if index is None else "frame")
    if scope not in _SCOPES or (scope == "frame" and index is None):
        raise InvalidInputError("scope is image, or frame with a frame_index from 0")
    values = [said[name] for name in ("value", "text_value", "numeric_value") if name in said]
    value = next((one for one in values if one is not None), None)
    if value is not None and not isinstance(value, str | int | float):
        raise InvalidInputError("value is a text or a number")
    geometry = said.get("geometry")
    if geometry is not None and not isinstance(geometry, dict | list):
        raise InvalidInputError("geometry is an object or a list")
    about = {name: said.get(name) for name in _ABOUT}
    if any(isinstance(fact, dict | list) for fact in about.values()):
        raise InvalidInputError(f"{', '.join(_ABOUT)} are texts, numbers or truth values")
    return Draft(
        text(said, "identifier", "name"),
        text(said, "type", "annotation_type"),
        index if scope == "frame" else None,
        value,
        geometry,
        about,
        text(said, "project_id"),
    )
