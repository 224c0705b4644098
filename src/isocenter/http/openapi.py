"""The OpenAPI document of all endpoints, and a page that shows it without any script.

It is made from the table of endpoints. FastAPI would make it from types of function arguments,
but the documented answers to wrong input (400 and ``{"error"}``, never 422), multipart bodies
that are streamed, and start-up time speak against it.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from isocenter import __version__
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import Face, face_of

_NAMES = re.compile(r"{(\w+)(?::\w+)?}")
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
}
_REFUSAL = {
    "description": "One sentence; or reasons by field; or a quota that is used up.",
    "anyOf": [
        {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}},
        {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        {
            "type": "object",
            "required": ["error", "quota", "requests_used"],
            "properties": {
                "error": {"type": "string"},
                "quota": {"type": "integer"},
                "requests_used": {"type": "integer"},
            },
        },
    ],
}
_MESSAGE = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
    },
}
_KEYS = {
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
}
# Type and schema of refusals, for each face.
_REFUSALS: Mapping[Face, tuple[str, str]] = {
    "session": ("application/json", "Error"),
    "developer": ("application/json", "Refusal"),
    "native": ("application/problem+json", "Problem"),
    "resource": ("application/json", "Message"),
}
# Answers of every endpoint, whatever it does.
_OFTEN = {
    400: "The request says nothing sensible",
    429: "Too many requests; Retry-After says when to come again",
    503: "A part of the machine failed, or is full",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#8882;padding:.1rem .3rem;border-radius:.2rem}"
    "table{border-collapse:collapse}td{padding:.1rem .8rem .1rem 0;vertical-align:top}"
    ":root{color-scheme:light dark}h2{margin-top:2rem;font-size:1.1rem}"
)
DOCS_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def openapi_document(endpoints: Iterable[Endpoint], base_url: str) -> dict[str, object]:
    """Return the document, for a server at this address."""
    paths: dict[str, dict[str, object]] = {}
    for endpoint in endpoints:
        path = _NAMES.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Isocenter",
            "version": __version__,
            "description": "Upload, process, view and download DICOM files.",
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "securitySchemes": _KEYS,
            "schemas": {
                "Error": _ERROR,
                "Problem": _PROBLEM,
                "Message": _MESSAGE,
                "Refusal": _REFUSAL,
            },
        },
    }


def docs_page(endpoints: Sequence[Endpoint], prefix: str) -> str:
    """Return a page with every endpoint, for people."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>Isocenter API</title><style>{_STYLE}</style><h1>Isocenter API</h1>",
        f"<p>For programs: <a href='{html.escape(prefix)}/openapi.json'>openapi.json</a>.",
        "Keys are sent as <code>X-API-Key</code>, <code>?api_key=</code>,",
        "<code>Authorization: Bearer</code> or Basic.</p>",
    ]
    for endpoint in endpoints:
        parts.append(
            f"<h2><code>{endpoint.method} {html.escape(endpoint.path)}</code></h2>"
            f"<p>{html.escape(endpoint.summary)}.{' No key.' * (not endpoint.needs_key)}</p><table>"
        )
        for parameter in endpoint.parameters:
            name, words = str(parameter["name"]), str(parameter.get("description", ""))
            parts.append(
                f"<tr><td><code>{html.escape(name)}</code><td>{parameter['in']}"
                f"<td>{html.escape(words)}"
            )
        for status, words in sorted(endpoint.answers.items()):
            parts.append(f"<tr><td><code>{status}</code><td><td>{html.escape(words)}")
        parts.append("</table>")
    return "".join(parts)


def parameter(
    name: str, description: str, schema: Mapping[str, object] | None = None, *, place: str = "query"
) -> dict[str, object]:
    """Return an optional parameter as OpenAPI writes it."""
    return {
        "name": name,
        "in": place,
        "required": False,
        "description": description,
        "schema": dict(schema or {"type": "string"}),
    }


def _operation(endpoint: Endpoint) -> dict[str, object]:
    said: dict[str, object] = {
        "summary": endpoint.summary,
        "operationId": f"{endpoint.method.lower()}_{_identifier(endpoint.path)}",
        "responses": _responses(endpoint),
    }
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _NAMES.findall(endpoint.path)
    ]
    if in_path or endpoint.parameters:
        said["parameters"] = [*in_path, *endpoint.parameters]
    if endpoint.body:
        said["requestBody"] = endpoint.body
    if endpoint.needs_key:
        said["security"] = [{name: []} for name in _KEYS]
    return said


def _responses(endpoint: Endpoint) -> dict[str, object]:
    refusals = [_REFUSALS[face_of(endpoint.path)], *endpoint.more_refusals]
    refusal: dict[str, object] = {
        kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in refusals
    }
    if endpoint.answer_type == "text/html":
        refusal["text/html"] = {}  # a page says what is wrong
    answers = {**_OFTEN, **endpoint.answers}
    if endpoint.needs_key:
        answers.setdefault(401, "No key, or one that is not valid")
        answers.setdefault(403, "The key may not do this")
    responses: dict[str, object] = {}
    for status, words in sorted(answers.items()):
        response: dict[str, object] = {"description": words}
        if status >= 400 and not (status == 503 and endpoint.path == "/readyz"):
            response["content"] = refusal
        elif status in {200, 201, 202, 206}:
            said: dict[str, object] = {}
            if endpoint.answer_schema:
                said["schema"] = endpoint.answer_schema
            if endpoint.answer_example is not None:
                said["example"] = endpoint.answer_example
            response["content"] = {endpoint.answer_type: said}
        responses[str(status)] = response
    return responses


def _identifier(path: str) -> str:
    return re.sub(r"\W+", "_", path).strip("_") or "root"
