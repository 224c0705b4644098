"""Every error of the tree has one status, and says nothing that it should not."""

import inspect
import json

import pytest

from isocenter import errors
from isocenter.errors import FullError, IsocenterError, LimitReachedError, NotFoundError
from isocenter.http.errors import STATUSES, StatusError, error_response, status_of

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


@pytest.mark.parametrize("face", ["session", "native"])
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
