"""Fields have the types that they are read by, or a sentence says so."""

import pytest
from starlette.requests import Request

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.resources.json_fields import (
    as_object,
    optional_text,
    path_id,
    text,
    texts,
    whole,
)
from tests.resource_wire import Wire


def test_the_first_name_that_has_a_value_counts() -> None:
    said = {"a": None, "b": "x", "n": "12", "m": 3, "t": ["x"]}

    assert text(said, "a", "b") == "x"
    assert text(said, "a", default="none") == "none"
    assert (optional_text(said, "a"), optional_text(said, "b")) == (None, "x")
    assert (whole(said, "n"), whole(said, "m"), whole(said, "a")) == (12, 3, None)
    assert (texts(said, "t", 1), texts(said, "a", 1)) == (("x",), ())


def test_other_types_are_refused() -> None:
    said = {"t": 5, "n": "x", "f": 1.5, "b": True, "l": ["x", "y"], "z": "\0", "m": ["\0"]}

    for name in ("t", "l", "z"):
        with pytest.raises(InvalidInputError):
            text(said, name)
    for name in ("n", "f", "b", "l"):
        with pytest.raises(InvalidInputError):
            whole(said, name)
    for name in ("t", "l", "m"):
        with pytest.raises(InvalidInputError):
            texts(said, name, 1)
    with pytest.raises(InvalidInputError):
        as_object([])
    assert as_object({}) == {}


def test_ids_that_can_be_none_are_not_found() -> None:
    request = Request({"type": "http", "path_params": {"a": "x", "b": "x\0", "c": "x" * 300}})

    assert path_id(request, "a") == "x"
    for name in ("b", "c"):
        with pytest.raises(NotFoundError):
            path_id(request, name)


def test_bodies_that_are_no_json_are_refused(wire: Wire) -> None:
    answer = wire.call("POST", "/projects", data=b"{")

    assert (answer.status_code, answer.json()) == (400, {"message": "the body is not JSON"})
    assert wire.call("POST", "/projects", data=b"").status_code == 400
