"""Errors as answers: one table from class to status, one body for each face.

Nothing of an answer comes from anywhere but the sentence of an error of our tree, which is safe
to show, or from the phrase of a status; never a traceback.
"""

import http
import re
from collections.abc import Mapping
from typing import Literal

import orjson
from starlette.responses import Response

from isocenter.errors import (
    CancelledError,
    ConflictError,
    DeadlineExceededError,
    FieldsError,
    FullError,
    InvalidInputError,
    IsocenterError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    NotSupportedError,
    QuotaReachedError,
    TooLargeError,
    UnavailableError,
)

Face = Literal["session", "developer", "native", "resource"]
_DEVELOPER = re.compile(
    r"/api-keys(/|$)|/api/(auth|developer|dicom|dicom-format|schema|token)(/|$)"
)

_RESOURCE = re.compile(
    r"/datamint(/|$)|/(resources|annotations|annotationsets|projects|datasets|users|segmentations"
    r"|upload-batches)(/|$)"
)

# The nearest class of an error's ancestry decides.
STATUSES: Mapping[type[IsocenterError], int] = {
    IsocenterError: 500,
    InvalidInputError: 400,
    NotSupportedError: 400,
    NotAuthenticatedError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooLargeError: 413,
    LimitReachedError: 429,
    UnavailableError: 503,
    CancelledError: 503,
    DeadlineExceededError: 504,
}
_RETRY_SECONDS = 5
# What clients of the documented developer API compare.
_NO_CREDENTIALS = "Authentication credentials were not provided."
_NOT_FOUND = "Not Found"
_NO_PERMISSION = "You do not have permission to perform this action."
_COUNTED_PATHS = {"read": "/api/dicom/read/file/", "generate": "/api/dicom/generate/"}


class StatusError(Exception):
    """A refusal that only HTTP knows, such as 405 or 408."""

    def __init__(self, status: int, sentence: str = "", **headers: str) -> None:
        self.status = status
        self.sentence = sentence or http.HTTPStatus(status).phrase
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(self.sentence)


def face_of(path: str) -> Face:
    """Return the face that a path belongs to, also one where there is nothing."""
    if _DEVELOPER.match(path):
        return "developer"
    if _RESOURCE.match(path):
        return "resource"
    return "session" if path.startswith("/api/") else "native"


def status_of(error: Exception) -> int:
    """Return the status of an error; 500 for what is none of ours."""
    if isinstance(error, StatusError):
        return error.status
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def error_response(error: Exception, face: Face, request_id: str) -> Response:
    """Return the answer of a face to an error."""
    status = status_of(error)
    is_ours = isinstance(error, IsocenterError | StatusError) and status != 500
    sentence = str(error) if is_ours else "an internal error; it was noted"
    headers = _headers(error, status)
    if face == "session":
        return json_response({"error": sentence}, status, headers)
    if face == "developer":
        return json_response(_developer_body(error, sentence), status, headers)
    if face == "resource":
        # Old clients know what is missing by these very words, and stumble over any other.
        said = _NOT_FOUND if status == 404 else sentence
        return json_response({"message": said}, status, headers)
    problem = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "request_id": request_id,
    }
    return json_response(problem, status, headers, media_type="application/problem+json")


def json_response(
    value: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    media_type: str = "application/json",
) -> Response:
    """Return a value as JSON."""
    return Response(orjson.dumps(value), status, headers, media_type)


def _developer_body(error: Exception, sentence: str) -> Mapping[str, object]:
    """Return the documented body: fields with their reasons, a quota, or one sentence."""
    if isinstance(error, FieldsError):
        return error.reasons
    if isinstance(error, QuotaReachedError):
        path, quota = _COUNTED_PATHS[error.kind], error.limit_value
        said = f"Monthly API request for '{path}' limit exceeded."
        return {"error": said, "quota": quota, "requests_used": quota + 1}
    if isinstance(error, NotAllowedError):
        return {"detail": _NO_PERMISSION}
    if isinstance(error, NotAuthenticatedError) and error.args == NotAuthenticatedError().args:
        return {"detail": _NO_CREDENTIALS}
    return {"detail": sentence}


def _headers(error: Exception, status: int) -> dict[str, str]:
    if isinstance(error, StatusError):
        return error.headers
    if isinstance(error, LimitReachedError | FullError):
        return {"Retry-After": str(max(1, error.retry_after_seconds))}
    if status == 503:
        return {"Retry-After": str(_RETRY_SECONDS)}
    if status == 401:
        # No Basic: browsers would open a dialog of their own in the web tool.
        return {"WWW-Authenticate": 'ApiKey realm="isocenter"'}
    return {}
