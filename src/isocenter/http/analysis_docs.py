"""What the documentation says of the parameters and bodies of analyses."""

from collections.abc import Mapping

Parameter = Mapping[str, object]

_TEXT = {"type": "string"}


def _query(name: str, sentence: str, *, is_required: bool = False) -> Parameter:
    return {
        "name": name,
        "in": "query",
        "required": is_required,
        "description": sentence,
        "schema": {**_TEXT, "maxLength": 128},
    }


STUDY_UID = (_query("study_uid", "Study Instance UID", is_required=True),)
BY_ORDER = (
    _query("order_id", "An order"),
    _query("study_uid", "Study Instance UID, instead of an order"),
)
REPORT_TYPE = (
    _query("report_type", "PDF, JSON, TXT, PNG or DICOM; by default the first there is"),
    _query("name", "The name of one report, where there are several of a type"),
)
STUDY_GROUP = (
    _query("study_group", "A batch of uploads, as `POST /upload/` names it", is_required=True),
)
ORGANIZATION = (_query("organizationId", "The account of the caller; may be left out"),)
ANSWER_REPORT: Mapping[str, object] = {"type": "string", "format": "binary"}
_REPORT = {
    "type": "object",
    "required": ["name", "report_type", "size_bytes", "sha256"],
    "properties": {
        "name": _TEXT,
        "report_type": {"enum": ["PDF", "JSON", "TXT", "PNG", "DICOM"]},
        "size_bytes": {"type": "integer"},
        "sha256": _TEXT,
    },
}
_MAYBE = {"type": ["string", "null"]}
ORDER_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "required": ["order_id", "study_uid", "analysis", "status", "attempts", "reports"],
    "properties": {
        "order_id": _TEXT,
        "study_uid": _TEXT,
        "analysis": _TEXT,
        "status": {"enum": ["QUEUED", "PROCESSING", "DELIVERED", "FAILED"]},
        "attempts": {"type": "integer"},
        "created_at": _TEXT,
        "finished_at": _MAYBE,
        "acknowledged_at": _MAYBE,
        "error": _MAYBE,
        "report_types": {"type": "array", "items": _TEXT},
        "reports": {"type": "array", "items": _REPORT},
    },
}


def _json_body(
    properties: Mapping[str, object], required: list[str], example: Mapping[str, object]
) -> Mapping[str, object]:
    schema = {"type": "object", "properties": properties, "required": required}
    return {"content": {"application/json": {"schema": schema, "example": example}}}


ORDER_BODY = _json_body(
    {"study_uid": _TEXT, "analysis": _TEXT},
    ["study_uid", "analysis"],
    {"study_uid": "1.2.3", "analysis": "sample"},
)
REPORTS_BODY = _json_body(
    {"order_ids": {"type": ["array", "null"], "items": _TEXT, "maxItems": 1000}},
    [],
    {"order_ids": ["9f4c1a52-7d1a-4f0e-9d52-1f0a6a3c2b11"]},
)
