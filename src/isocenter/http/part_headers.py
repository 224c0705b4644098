"""What the headers of one part of a multipart body say: its field, its file name, its type.

Browsers, curl, ``requests`` and .NET write file names in ways of their own; all are understood.
The name is data: whoever keeps it reduces it to what is safe, and no path is made of it here.
"""

import dataclasses
import email.header
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from isocenter.errors import InvalidInputError

# A name, '=', then a quoted string or everything up to the next semicolon (.NET quotes nothing).
_PARAMETER = re.compile(
    r';[ \t]*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL
)
_ENCODED_WORD = re.compile(r"=\?[A-Za-z0-9*_.:-]+\?[BbQq]\?[^?]*\?=")
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_FIRST_LINE_BYTES = 2 + 70 + 2


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body.

    Attributes
    ----------
    file_name
        As the client named it, decoded, without folders; ``None`` where the part is no file.
    media_type
        In lower case without parameters; empty where the part says none.
    full_name
        The file name with the folders that the client named, for showing only.
    """

    field: str
    file_name: str | None
    media_type: str
    full_name: str = dataclasses.field(default="", compare=False)


def read_part(headers: Mapping[bytes, bytes]) -> Part:
    """Return what the headers of a part say.

    Parameters
    ----------
    headers
        Names in lower case.

    Raises
    ------
    InvalidInputError
        If the part names no form field.

    References
    ----------
    RFC 7578 section 4.2, RFC 6266, RFC 8187; RFC 2047 as .NET uses it.
    """
    kind, parameters = read_parameters(_text(headers.get(b"content-disposition", b"")))
    if kind != "form-data" or "name" not in parameters:
        raise InvalidInputError("a part of the multipart body names no form field")
    media_type, _ = read_parameters(_text(headers.get(b"content-type", b"")))
    name = _file_name(parameters)
    last = None if name is None else name.replace("\\", "/").rpartition("/")[2]
    return Part(parameters["name"], last, media_type, name or "")


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    r"""Return the first word of a header in lower case, and its parameters; the first one wins.

    >>> read_parameters('form-data; name=files; filename="a\\"b.dcm"')
    ('form-data', {'name': 'files', 'filename': 'a"b.dcm'})
    """
    first, semicolon, rest = value.partition(";")
    found: dict[str, str] = {}
    for name, given in _PARAMETER.findall(semicolon + rest):
        found.setdefault(name.lower(), _unquoted(given.strip()))
    return first.strip().lower(), found


def declared_boundary(content_type: str) -> bytes | None:
    """Return the boundary that a Content-Type declares; ``None`` where it declares none.

    Raises
    ------
    InvalidInputError
        If the body is no multipart form, or the boundary is none that RFC 2046 allows.
    """
    media_type, parameters = read_parameters(content_type)
    if media_type != "multipart/form-data":
        raise InvalidInputError("the body must be multipart/form-data")
    if "boundary" not in parameters:
        return None
    boundary = parameters["boundary"].encode("latin-1", "replace")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise InvalidInputError("the boundary of the multipart body is not a legal one")
    return boundary


def found_boundary(body: bytes) -> bytes | None:
    """Return the boundary by the first line of a body; ``None``: more of it must be read.

    Raises
    ------
    InvalidInputError
        If the first line is no delimiter.
    """
    line, end, _ = body[: _FIRST_LINE_BYTES + 1].partition(b"\n")
    if not end and len(body) <= _FIRST_LINE_BYTES:
        return None
    boundary = line.removesuffix(b"\r")
    if not end or not boundary.startswith(b"--") or _BOUNDARY.fullmatch(boundary[2:]) is None:
        raise InvalidInputError("the multipart body has no boundary")
    return boundary[2:]


def _file_name(parameters: Mapping[str, str]) -> str | None:
    """Return the whole name; what RFC 8187 encodes is preferred, as RFC 6266 asks."""
    name = _extended(parameters["filename*"]) if "filename*" in parameters else None
    if name is None:
        name = parameters.get("filename")
        if name is None:
            return None
        name = _decoded_words(name)
    return name


def _extended(value: str) -> str | None:
    """Return ``charset'language'percent-encoded`` as text; ``None`` where it is not that."""
    charset, quote, rest = value.partition("'")
    _, second_quote, encoded = rest.partition("'")
    if not quote or not second_quote or charset.lower() not in {"utf-8", "iso-8859-1"}:
        return None
    try:
        return urllib.parse.unquote_to_bytes(encoded).decode(charset)
    except UnicodeDecodeError:
        return None


def _decoded_words(name: str) -> str:
    """Return the name with RFC 2047 encoded words decoded; .NET writes names so."""
    if _ENCODED_WORD.search(name) is None:
        return name
    try:
        pieces = email.header.decode_header(name)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii")
            for piece, charset in pieces
        )
    except (LookupError, ValueError):  # also what is no base64
        return name


def _unquoted(value: str) -> str:
    r"""Return a value without quotes; ``\`` escapes quotes only: old browsers send paths."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"')
    return value


def _text(value: bytes) -> str:
    """Return header bytes as text: UTF-8, as all clients send it, else Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
