"""Forms of the developer API: JSON, URL-encoded or multipart, as its clients send them.

What begins with a brace is JSON, whatever its header says: some documented examples have none.
Complaints are made field by field, in the words that clients of the documented API know.
"""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.requests import Request

from isocenter.errors import FieldsError, InvalidInputError
from isocenter.http.bodies import read_body
from isocenter.http.multipart import FieldWriter, MultipartReader, PartWriter
from isocenter.http.part_headers import Part, declared_boundary
from isocenter.limits import Limits

FORM_BYTES = 64 * 1024
_FIELDS_MAX = 100
_URL_ENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"

Form = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TextField:
    """A field with text, and what its text must be.

    Attributes
    ----------
    least, most
        How many characters it has.
    choices
        What it may be; empty: anything.
    is_required
        Whether it must be there and must not be empty.
    """

    name: str
    most: int
    least: int = 0
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_trimmed: bool = True


async def read_form(request: Request, limits: Limits) -> Form:
    """Return the fields of a short body; an empty body has none.

    Raises
    ------
    InvalidInputError
        If the body is none of the kinds.
    TooLargeError, BodyTimeoutError
        As ``read_body`` does.
    """
    body = await read_body(request, min(FORM_BYTES, limits.json_body_bytes), limits)
    if not body.strip():
        return {}
    if body.lstrip().startswith((b"{", b"[")):
        return _json(body)
    declared = request.headers.get("content-type", "")
    media_type = declared.partition(";")[0].strip().lower()
    if media_type == _MULTIPART or (not media_type and body.startswith(b"--")):
        return _multipart(body, declared_boundary(declared or _MULTIPART), limits)
    if media_type == _URL_ENCODED:
        return _url_encoded(body)
    raise InvalidInputError("the body is neither JSON nor a form; send a JSON object")


def check_form(form: Form, *fields: TextField) -> dict[str, str | None]:
    """Return the text of each field; ``None`` where one that is not required has no value.

    Raises
    ------
    FieldsError
        If some are wrong; it names all of them.
    """
    texts: dict[str, str | None] = {}
    reasons: dict[str, list[str]] = {}
    for one in fields:
        value = form.get(one.name)
        if isinstance(value, str) and one.is_trimmed:
            value = value.strip()
        complaint = _complaint(one, value, is_there=one.name in form)
        if complaint:
            reasons[one.name] = [complaint]
        else:
            texts[one.name] = str(value) if value else None
    if reasons:
        raise FieldsError(reasons)
    return texts


def _complaint(one: TextField, value: object, *, is_there: bool) -> str:
    """Return what is wrong with a value, or nothing."""
    if value is None or value == "":
        empty = f"This field may not be {'null' if value is None else 'blank'}."
        complaint = empty if is_there else "This field is required."
        return complaint if one.is_required else ""
    if not isinstance(value, str):
        return "Not a valid string."
    if one.choices and value not in one.choices:
        return f"This is not a valid choice; the choices are: {', '.join(one.choices)}."
    if len(value) < one.least:
        return f"Ensure this field has at least {one.least} characters."
    is_longer = len(value) > one.most
    return f"Ensure this field has no more than {one.most} characters." if is_longer else ""


def _json(body: bytes) -> Form:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInputError("the body is no valid JSON") from None
    if not isinstance(value, dict):
        raise InvalidInputError("the body must be a JSON object")
    return value


def _url_encoded(body: bytes) -> Form:
    try:
        pairs = urllib.parse.parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise InvalidInputError("the body is not a valid form") from None
    return dict(pairs)


def _multipart(body: bytes, boundary: bytes | None, limits: Limits) -> Form:
    """Return the fields of a multipart body; files are none of ours."""
    values: dict[str, bytearray] = {}

    def open_part(part: Part) -> PartWriter | None:
        if part.file_name is not None or len(values) >= _FIELDS_MAX:
            return None
        return FieldWriter(values.setdefault(part.field, bytearray()))

    reader = MultipartReader(boundary, open_part, limits)
    reader.feed(body)
    reader.finish()
    try:
        return {name: value.decode() for name, value in values.items()}
    except UnicodeDecodeError:
        raise InvalidInputError("the fields of the form are not UTF-8") from None
