"""Signing in: a browser's cookie acts for the account of a key, until its person signs out.

What the browser made before stays its own, and is reached again after signing out.
"""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.api_keys import ApiKeys
from isocenter.access.cookies import Cookies
from isocenter.access.principal import Principal
from isocenter.access.sign_ins import SignIn, SignIns
from isocenter.errors import InvalidInputError, NotAuthenticatedError
from isocenter.http.auth import Callers, check_own_site
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.endpoints import Endpoint
from isocenter.http.errors import json_response
from isocenter.limits import Limits

SIGN_INS = "sign_ins"
_BODY_BYTES = 4096
_NO_STORE = {"Cache-Control": "no-store"}
_ANSWER = {
    "type": "object",
    "required": ["signed_in", "name", "scopes"],
    "properties": {
        "signed_in": {"type": "boolean"},
        "name": {"type": "string"},
        "scopes": {"type": "array", "items": {"type": "string"}},
    },
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"key": {"type": "string"}, "code": {"type": "string"}},
            },
            "example": {"key": "ID.SECRET"},
        }
    },
}


class SignInApi:
    """What the endpoints do."""

    def __init__(
        self,
        callers: Callers,
        keys: ApiKeys,
        sign_ins: SignIns,
        cookies: Cookies,
        blocking: Blocking,
        limits: Limits,
    ) -> None:
        self._callers = callers
        self._keys = keys
        self._sign_ins = sign_ins
        self._cookies = cookies
        self._blocking = blocking
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        path = "/v1/sign-in"
        return [
            Endpoint(
                "GET",
                path,
                self.show,
                "Who the caller is",
                {200: "The name of the account, and what the caller may do", 401: "Nobody"},
                answer_schema=_ANSWER,
            ),
            Endpoint(
                "POST",
                path,
                self.sign_in,
                "Let a browser act for the account of a key, or of a code that is good once",
                {
                    200: "The cookie of the answer acts for the account",
                    401: "The key or the code is not valid",
                    403: "The page of another site asked for it",
                    413: "The body is too long",
                },
                body=_BODY,
                answer_schema=_ANSWER,
                counts=(SIGN_INS,),
                needs_key=False,
            ),
            Endpoint(
                "POST",
                "/v1/sign-out",
                self.sign_out,
                "Let the browser be nobody but itself again",
                {
                    200: "Every copy of the cookie before is worth nothing",
                    403: "The page of another site asked for it",
                },
                answer_schema=_ANSWER,
                needs_key=False,
            ),
        ]

    async def admit(self, request: Request, principal: Principal) -> str:
        """Let the browser of a request act for an account; return the ``Set-Cookie`` for it."""
        value = request.cookies.get(self._cookies.name, "")
        sign_in = await self._blocking.call(self._admit, principal, value)
        return self._cookies.set_cookie(self._cookies.of_sign_in(sign_in))

    async def dismiss(self, request: Request) -> tuple[Principal, str]:
        """End what the cookie of a request stands for; return who remains, and the ``Set-Cookie``.

        Raises
        ------
        StatusError
            If another site asks for it.
        """
        check_own_site(request)
        value = request.cookies.get(self._cookies.name, "")
        principal, own = await self._blocking.call(self._end, value)
        return principal, self._cookies.set_cookie(own)

    async def show(self, request: Request) -> Response:
        """Tell who the caller is."""
        return _answer(await self._callers.principal(request, "read"))

    async def sign_in(self, request: Request) -> Response:
        """Take a key or a code, and give a cookie."""
        check_own_site(request)
        key, code = _read(await read_body(request, _BODY_BYTES, self._limits))
        value = request.cookies.get(self._cookies.name, "")
        sign_in = await self._blocking.call(self._begin, key, code, value)
        cookie = self._cookies.set_cookie(self._cookies.of_sign_in(sign_in))
        return _answer(sign_in.principal, cookie)

    async def sign_out(self, request: Request) -> Response:
        """End what the cookie stands for, and give the browser back its own."""
        return _answer(*await self.dismiss(request))

    def _admit(self, principal: Principal, value: str) -> SignIn:
        sign_in = self._sign_ins.begin(principal, self._browser_of(value))
        self._forget(value)
        return sign_in

    def _begin(self, key: str, code: str, value: str) -> SignIn:
        if key:
            # First the key, so that a wrong one signs nobody out.
            return self._admit(self._keys.verify(key), value)
        sign_in = self._sign_ins.begin_by_code(code, self._browser_of(value))
        self._forget(value)
        return sign_in

    def _end(self, value: str) -> tuple[Principal, str]:
        own = self._cookies.of_browser(self._browser_of(value))
        self._forget(value)
        return self._cookies.check(own), own

    def _browser_of(self, value: str) -> str:
        """Return the id of the browser that has a cookie, a new one where it has none of ours."""
        try:
            return self._cookies.browser_of(value)
        except NotAuthenticatedError:
            return self._cookies.browser_of(self._cookies.new()[1])

    def _forget(self, value: str) -> None:
        """End the sign-in of a cookie, if it is one of ours and has one."""
        try:
            self._cookies.sign_out(value)
        except NotAuthenticatedError:
            return


def _read(body: bytes) -> tuple[str, str]:
    """Return the key or the code of a body, the other one empty.

    Raises
    ------
    InvalidInputError
        If it has not exactly one of them.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise InvalidInputError("the body is not a JSON object")
    key, code = (
        given.strip() if isinstance(given := value.get(name, ""), str) else ""
        for name in ("key", "code")
    )
    if bool(key) == bool(code):
        raise InvalidInputError("the body must have a key or a code")
    return key, code


def _answer(principal: Principal, cookie: str = "") -> Response:
    said = {
        "signed_in": principal.account_id is not None,
        "name": principal.name,
        "scopes": sorted(principal.scopes),
    }
    return json_response(said, headers={**_NO_STORE, **({"Set-Cookie": cookie} if cookie else {})})
