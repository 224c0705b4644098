"""Fields of JSON bodies and ids of addresses, with their types checked once."""

from collections.abc import Mapping, Sequence

import orjson
from starlette.requests import Request

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.bodies import read_body
from isocenter.limits import Limits

Said = Mapping[str, object]

_WHOLE_MAX = 1 << 53
_ID_CHARACTERS_MAX = 254


async def read_json(request: Request, limits: Limits) -> object:
    """Return the JSON value of a body; an empty body is an empty object.

    Raises
    ------
    InvalidInputError
        If it is no JSON.
    TooLargeError, BodyTimeoutError
        As ``read_body`` does.
    """
    body = await read_body(request, limits.json_body_bytes, limits)
    try:
        value: object = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise InvalidInputError("the body is not JSON") from None
    return value


async def read_said(request: Request, limits: Limits) -> Said:
    """Return the JSON object of a body.

    Raises
    ------
    InvalidInputError, TooLargeError, BodyTimeoutError
        As ``read_json`` does, and if it is no object.
    """
    return as_object(await read_json(request, limits))


def as_object(value: object) -> Said:
    """Return a value that is a JSON object.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    if not isinstance(value, dict):
        raise InvalidInputError("the body is a JSON object")
    return value


def path_id(request: Request, name: str) -> str:
    """Return an id of the address.

    Raises
    ------
    NotFoundError
        If it can be the id of nothing, so that no database is asked.
    """
    value: str = request.path_params[name]
    if "\0" in value or len(value) > _ID_CHARACTERS_MAX:
        raise NotFoundError("there is no such thing")
    return value


def text(said: Said, *names: str, default: str = "") -> str:
    """Return the first of some fields that has a text.

    Raises
    ------
    InvalidInputError
        If it is something else.
    """
    name, value = _first(said, names)
    if value is None:
        return default
    if not isinstance(value, str) or "\0" in value:
        raise InvalidInputError(f"{name} is a text")
    return value


def optional_text(said: Said, name: str) -> str | None:
    """Return a text; ``None`` where the field is not there or has no value.

    Raises
    ------
    InvalidInputError
        If it is something else.
    """
    return None if said.get(name) is None else text(said, name)


def whole(said: Said, *names: str) -> int | None:
    """Return the first of some fields that has a whole number, which may be written as a text.

    Raises
    ------
    InvalidInputError
        If it is something else.
    """
    name, value = _first(said, names)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and (not is_number or abs(value) > _WHOLE_MAX):  # type: ignore[arg-type]  # a number
        raise InvalidInputError(f"{name} is a whole number")
    return value  # type: ignore[return-value]  # likewise


def texts(said: Said, name: str, most: int) -> tuple[str, ...]:
    """Return a list of texts; none where the field is not there.

    Raises
    ------
    InvalidInputError
        If it is something else, or too long.
    """
    value = said.get(name)
    if value is None:
        return ()
    is_list = isinstance(value, list) and len(value) <= most
    if not is_list or not all(isinstance(one, str) and "\0" not in one for one in value):  # type: ignore[attr-defined]  # a list
        raise InvalidInputError(f"{name} is a list of at most {most} texts")
    return tuple(value)  # type: ignore[arg-type]  # likewise


def _first(said: Said, names: Sequence[str]) -> tuple[str, object]:
    return next(
        ((name, said[name]) for name in names if said.get(name) is not None), (names[0], None)
    )
