"""OAuth2 client credentials: a key is changed into a token for an hour.

The id of a key is the ``client_id``, its secret the ``client_secret``. The documented way is a GET
of ``/auth/token``, the standard's a POST of ``/oauth/token``; errors are those of the standard.

References
----------
RFC 6749 2.3.1 (client password), 4.4 (client credentials grant), 5 (answers).
"""

import urllib.parse
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.audit import NOBODY
from isocenter.access.authenticator import basic_key, read_credentials
from isocenter.access.bearer_tokens import BearerTokens
from isocenter.errors import InvalidInputError, NotAuthenticatedError
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.limits import Limits
from isocenter.services.uploads import Uploads

TOKENS = "tokens"
_GRANT = "client_credentials"
_ACTION = "token.issue"
_BODY_BYTES = 16 * 1024
_FIELDS_MAX = 16
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_TEXT = {"type": "string"}
_FORM: Mapping[str, object] = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": [_GRANT]},
                    "client_id": _TEXT,
                    "client_secret": _TEXT,
                    "scope": _TEXT,
                },
            }
        }
    },
}
_REFUSALS = (("application/json", "Error"),)  # RFC 6749 5.2
_ANSWERS = {
    200: "The token",
    400: "The request is not one of OAuth2, or asks for what the key has not",
    401: "The key is not good",
}


class _OAuthError(Exception):
    """An error as RFC 6749 5.2 names it."""

    def __init__(self, name: str, sentence: str, status: int = 400) -> None:
        self.name = name
        self.sentence = sentence
        self.status = status
        super().__init__(name)


class TokenEndpoints:
    """``/oauth/token`` and ``/auth/token``."""

    def __init__(
        self,
        bearers: BearerTokens,
        uploads: Uploads,
        blocking: Blocking,
        limits: Limits,
    ) -> None:
        self._bearers = bearers
        self._uploads = uploads
        self._blocking = blocking
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        post = ("A token for an hour, for the id and the secret of a key", _ANSWERS)
        return [
            Endpoint(
                "POST",
                path,
                self.post,
                *post,
                body=_FORM,
                more_refusals=_REFUSALS,
                needs_key=False,
                counts=(TOKENS,),
            )
            for path in ("/oauth/token", "/auth/token")
        ] + [
            Endpoint(
                "GET",
                "/auth/token",
                self.get,
                "A token for an hour, for the key that the request carries",
                _ANSWERS,
                more_refusals=_REFUSALS,
                counts=(TOKENS,),
            )
        ]

    async def post(self, request: Request) -> Response:
        """Answer as the standard says."""
        body = await read_body(request, _BODY_BYTES, self._limits)
        try:
            form = _read_form(body)
            return await self._answer(_key_of(request, form), form.get("scope", ""))
        except _OAuthError as error:
            return _error_response(error)

    async def get(self, request: Request) -> Response:
        """Answer for the key of the headers."""
        try:
            scopes = request.query_params.get("scope", "")
            return await self._answer(_key_of(request, {}), scopes)
        except _OAuthError as error:
            return _error_response(error)

    async def _answer(self, key: str, scopes: str) -> Response:
        try:
            token = await self._blocking.call(self._bearers.make, key, scopes.split())
        except NotAuthenticatedError as error:
            await self._blocking.call(self._uploads.note, NOBODY, _ACTION, "", "denied")
            raise _OAuthError("invalid_client", str(error), 401) from None
        except InvalidInputError as error:
            raise _OAuthError("invalid_scope", str(error)) from None
        principal = await self._blocking.call(self._bearers.verify, token.text)
        await self._blocking.call(self._uploads.note, principal.id, _ACTION, "")
        said = {
            "access_token": token.text,
            "token_type": "Bearer",
            "expires_in": token.seconds,
            "scope": " ".join(token.scopes),
        }
        return json_response(said, headers=_HEADERS)


def _read_form(body: bytes) -> dict[str, str]:
    try:
        pairs = urllib.parse.parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX
        )
    except ValueError:
        raise _OAuthError("invalid_request", "the body is no form") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _OAuthError("invalid_request", "a field is there twice")
    if not form.get("grant_type"):
        raise _OAuthError("invalid_request", "grant_type is missing")
    if form["grant_type"] != _GRANT:
        raise _OAuthError("unsupported_grant_type", f"the grant_type is {_GRANT}")
    return form


def _key_of(request: Request, form: Mapping[str, str]) -> str:
    """Return the one key of a request: of its form, or of its headers."""
    credentials = read_credentials(request.headers.items(), [], "")
    keys = [*credentials.keys]
    try:
        keys += [basic_key(encoded) for encoded in credentials.basics]
    except NotAuthenticatedError as error:
        raise _OAuthError("invalid_client", str(error), 401) from None
    if form.get("client_id"):
        client_id, secret = form["client_id"], form.get("client_secret", "")
        # Some clients send the id in both places.
        if secret or not keys:
            keys.append(secret if secret.startswith(f"{client_id}.") else f"{client_id}.{secret}")
    if len(set(keys)) > 1:
        raise _OAuthError("invalid_request", "two credentials are given")
    if not keys:
        raise _OAuthError("invalid_client", "a key is required", 401)
    return keys[0]


def _error_response(error: _OAuthError) -> Response:
    headers = dict(_HEADERS)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="isocenter"'
    said = {"error": error.name, "error_description": error.sentence}
    return json_response(said, error.status, headers)
