"""Forms in every encoding that clients send, bounded, with complaints field by field."""

import json

import pytest

from isocenter.errors import FieldsError
from isocenter.http.developer_forms import FORM_BYTES, TextField, check_form
from tests.serving import Served

NAME = TextField("name", 5, 2, is_required=True)
KIND = TextField("kind", 5, choices=("a", "b"))
MULTIPART = "multipart/form-data; boundary=b"
PARTS = (
    '--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nx@y\r\n'
    '--b\r\nContent-Disposition: form-data; name="password"; filename="f"\r\n\r\nz\r\n--b--\r\n'
)


def test_texts_are_trimmed_and_empty_ones_are_none() -> None:
    said = check_form({"name": " abc ", "kind": "", "other": 1}, NAME, KIND)
    assert said == {"name": "abc", "kind": None}


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({}, "This field is required."),
        ({"name": None}, "This field may not be null."),
        ({"name": "  "}, "This field may not be blank."),
        ({"name": 7}, "Not a valid string."),
        ({"name": ["ab"]}, "Not a valid string."),
        ({"name": "a"}, "Ensure this field has at least 2 characters."),
        ({"name": "abcdef"}, "Ensure this field has no more than 5 characters."),
    ],
)
def test_each_complaint_is_in_the_words_of_the_reference(
    form: dict[str, object], complaint: str
) -> None:
    with pytest.raises(FieldsError) as caught:
        check_form({**form, "kind": "c"}, NAME, KIND)
    assert caught.value.reasons["name"] == [complaint]
    assert "choices are: a, b" in caught.value.reasons["kind"][0]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"email": "x@y"}'),
        ("", '{"email": "x@y"}'),
        ("text/plain", ' {"email": "x@y"}'),
        ("application/x-www-form-urlencoded", "email=x%40y&other=1"),
        (MULTIPART, PARTS),
        ("multipart/form-data", PARTS),
        ("", PARTS),
    ],
)
def test_every_encoding_is_read(served: Served, content_type: str, body: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = served.call("POST", "/api/token/", data=body.encode(), headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.json() == {"password": ["This field is required."]}


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"email": ', 400),
        ("application/json", b"[1]", 400),
        ("application/json", b"[" * 60_000, 400),
        ("application/json", b'{"a":' * 10_000, 400),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 200), 400),
        ("application/x-www-form-urlencoded", b"email=%ff\xff", 400),
        (MULTIPART, b"--b\r\n", 400),
        (MULTIPART, PARTS.replace("x@y", "\udcff").encode(errors="surrogateescape"), 400),
        ("text/plain", b"hello", 400),
        ("application/json", b"{" + b" " * FORM_BYTES, 413),
    ],
)
def test_other_bodies_are_refused_with_a_reason(
    served: Served, content_type: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": content_type}
    answer = served.call("POST", "/api/token/", data=body, headers=headers)
    assert answer.status_code == status
    assert list(json.loads(answer.content)) == ["detail"]
