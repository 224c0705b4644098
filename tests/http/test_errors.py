"""Every error of the tree has one status, and says nothing that it should not."""

import inspect
import json

import pytest

from isocenter import errors
from isocenter.errors import (
    FieldsError,
    FullError,
    IsocenterError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    QuotaReachedError,
)
from isocenter.http.errors import STATUSES, StatusError, error_response, face_of, status_of

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, IsocenterError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_of_the_tree_but_its_root_is_mapped(kind: type[IsocenterError]) -> None:
    error = kind.__new__(kind)
    status = status_of(error)
    assert status in set(STATUSES.values())
    assert (status == 500) is (kind is IsocenterError)


def test_the_session_face_says_error() -> None:
    answer = error_response(NotFoundError("there is no such session"), "session", "r")
    assert (answer.status_code, answer.body) == (404, b'{"error":"there is no such session"}')


def test_the_native_face_says_a_problem() -> None:
    answer = error_response(NotFoundError("nothing"), "native", "request-1")
    assert answer.media_type == "application/problem+json"
    said = json.loads(bytes(answer.body))
    assert (said["status"], said["detail"], said["request_id"]) == (404, "nothing", "request-1")


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/api/token/", "developer"),
        ("/api/token", "developer"),
        ("/api/tokens", "session"),
        ("/api/dicom/read/file/", "developer"),
        ("/api/dicom-format/x", "developer"),
        ("/api-keys", "developer"),
        ("/api-keysx", "native"),
        ("/api/session", "session"),
        ("/v1/usage", "native"),
        ("/resources", "resource"),
        ("/resources/x/file", "resource"),
        ("/resourcesx", "native"),
        ("/datamint", "resource"),
        ("/datamint/anything", "resource"),
        ("/users/jane@example.org", "resource"),
        ("/app/resources", "native"),
    ],
)
def test_a_path_tells_its_face(path: str, face: str) -> None:
    assert face_of(path) == face


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (
            QuotaReachedError("read", "files read", 1000, 60),
            429,
            {
                "error": "Monthly API request for '/api/dicom/read/file/' limit exceeded.",
                "quota": 1000,
                "requests_used": 1001,
            },
        ),
        (FieldsError({"a": ["b"]}), 400, {"a": ["b"]}),
        (NotAuthenticatedError(), 401, {"detail": "Authentication credentials were not provided."}),
        (NotAuthenticatedError("it has expired"), 401, {"detail": "it has expired"}),
        (
            NotAllowedError("write"),
            403,
            {"detail": "You do not have permission to perform this action."},
        ),
        (NotFoundError("nothing"), 404, {"detail": "nothing"}),
        (ValueError("Jane Doe"), 500, {"detail": "an internal error; it was noted"}),
    ],
)
def test_the_developer_face_says_what_its_clients_know(
    error: Exception, status: int, body: dict[str, object]
) -> None:
    answer = error_response(error, "developer", "r")
    assert (answer.status_code, json.loads(bytes(answer.body))) == (status, body)
    assert (answer.headers.get("Retry-After") == "60") is (status == 429)


def test_the_resource_face_says_what_its_clients_know() -> None:
    missing = error_response(NotFoundError("there is no such resource"), "resource", "r")
    refused = error_response(FieldsError({"a": ["b"]}), "resource", "r")

    assert (missing.status_code, bytes(missing.body)) == (404, b'{"message":"Not Found"}')
    assert (refused.status_code, bytes(refused.body)) == (400, b'{"message":"a: b"}')


@pytest.mark.parametrize("face", ["session", "developer", "native", "resource"])
def test_words_of_unknown_errors_are_not_said(face: str) -> None:
    answer = error_response(ValueError("Jane Doe"), face, "r")  # type: ignore[arg-type]  # one of the two
    assert answer.status_code == 500
    assert b"Jane" not in bytes(answer.body)


@pytest.mark.parametrize("error", [LimitReachedError("requests", 30, 7), FullError("x", 5, 7)])
def test_the_time_to_come_back_is_said(error: IsocenterError) -> None:
    assert error_response(error, "session", "r").headers["retry-after"] == "7"


def test_refusals_of_http_have_their_headers() -> None:
    answer = error_response(StatusError(405, Allow="GET"), "session", "r")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
