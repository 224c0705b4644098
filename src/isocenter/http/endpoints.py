"""What a face offers: a method and a path, the function that answers, and its documentation.

The list of all endpoints is what ``app.py`` routes, what ``openapi.py`` describes and what the
tests walk, so that nothing is reachable that is not described.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path.

    Attributes
    ----------
    path
        As Starlette writes it: ``/api/files/{session_id}``. A slash at its end is documented; the
        path without it is served as well.
    answers
        Status to what it means.
    parameters, body
        As OpenAPI writes them; parameters of the path need no words, they are found.
    answer_example
        What a 2xx answer may say.
    more_refusals
        Type and schema of refusals besides those of the face.
    counts
        Buckets of the rate limits that a request is counted in.
    is_bulk
        Whether it moves many bytes: not counted but with ``ISOCENTER_STRICT_RATES``.
    needs_key
        Whether callers must say who they are; said in the documentation.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answers: Mapping[int, str]
    parameters: tuple[Mapping[str, object], ...] = ()
    body: Mapping[str, object] = field(default_factory=dict)
    answer_type: str = "application/json"
    answer_schema: Mapping[str, object] = field(default_factory=dict)
    answer_example: object = None
    more_refusals: tuple[tuple[str, str], ...] = ()
    counts: tuple[str, ...] = ()
    is_bulk: bool = False
    needs_key: bool = True
