"""Accounts of the developer API: registering, tokens and their cookie, another password."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.accounts import (
    PASSWORD_CHARACTERS_MAX,
    PASSWORD_CHARACTERS_MIN,
    Account,
)
from isocenter.access.principal import Principal
from isocenter.access.tokens import REFRESH_SECONDS, TokenPair, Tokens
from isocenter.errors import (
    FullError,
    IsocenterError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
)
from isocenter.http.auth import Callers, check_own_site
from isocenter.http.blocking import Blocking
from isocenter.http.developer_forms import TextField, check_form, read_form
from isocenter.http.errors import StatusError, json_response
from isocenter.limits import Limits
from isocenter.logs import log_event
from isocenter.services.people import People

logger = logging.getLogger(__name__)

REFRESH_COOKIE = "refresh_token"
COOKIE_PATH = "/api/token"
WRONG = "No active account found with the given credentials"
_MISSING = "Refresh token not found"
_NAME_CHARACTERS_MAX = 90
_EMAIL_CHARACTERS_MAX = 254
_RETRY_SECONDS = 5
_CODE_CHARACTERS_MAX = 400
CODE_SENT = "If there is an account of this address, a code was sent to it."
_EMAIL = TextField("email", _EMAIL_CHARACTERS_MAX, is_required=True)
_PASSWORD = TextField("password", PASSWORD_CHARACTERS_MAX, is_required=True, is_trimmed=False)
SIGN_IN_FIELDS = (_EMAIL, _PASSWORD)
REGISTER_FIELDS = (
    _EMAIL,
    TextField("first_name", _NAME_CHARACTERS_MAX),
    TextField("last_name", _NAME_CHARACTERS_MAX),
    TextField(
        "password",
        PASSWORD_CHARACTERS_MAX,
        PASSWORD_CHARACTERS_MIN,
        is_required=True,
        is_trimmed=False,
    ),
)
RESET_FIELDS = (
    _EMAIL,
    TextField("code", _CODE_CHARACTERS_MAX, is_required=True),
    TextField(
        "password",
        PASSWORD_CHARACTERS_MAX,
        PASSWORD_CHARACTERS_MIN,
        is_required=True,
        is_trimmed=False,
    ),
)
CHANGE_FIELDS = (
    TextField("old_password", PASSWORD_CHARACTERS_MAX, is_required=True, is_trimmed=False),
    TextField(
        "new_password",
        PASSWORD_CHARACTERS_MAX,
        PASSWORD_CHARACTERS_MIN,
        is_required=True,
        is_trimmed=False,
    ),
)


class AccountApi:
    """What the endpoints do.

    Parameters
    ----------
    may_register
        Whether anybody may make an account; otherwise an administrator does.
    """

    def __init__(
        self,
        people: People,
        tokens: Tokens,
        callers: Callers,
        blocking: Blocking,
        limits: Limits,
        *,
        may_register: bool,
    ) -> None:
        self._people = people
        self._tokens = tokens
        self._callers = callers
        self._blocking = blocking
        self._limits = limits
        self.may_register = may_register
        self._passwords = asyncio.Semaphore(limits.passwords_at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    async def register(self, request: Request) -> Response:
        """Make the account of a person."""
        self.require_registration()
        form = check_form(await read_form(request, self._limits), *REGISTER_FIELDS)
        await self.make_account(form)
        return json_response({"message": "User registered successfully!"}, 201)

    async def sign_in(self, request: Request) -> Response:
        """Give tokens for an address and its password."""
        form = check_form(await read_form(request, self._limits), *SIGN_IN_FIELDS)
        pair = await self._pair(form["email"] or "", form["password"] or "")
        said = {"refresh": pair.refresh, "access": pair.access}
        return json_response(said, headers=_refresh_cookie(request, pair.cookie))

    async def refresh(self, request: Request) -> Response:
        """Give another access token for a refresh token, of the body or else of the cookie."""
        text = await self._refresh_token(request)
        refreshed = await self._blocking.call(self._tokens.refresh, text)
        headers = {} if refreshed.cookie is None else _refresh_cookie(request, refreshed.cookie)
        return json_response({"access": refreshed.access}, headers=headers)

    async def sign_out(self, request: Request) -> Response:
        """End a sign-in: all its tokens, at once."""
        with contextlib.suppress(NotAuthenticatedError):  # it has ended: that is what is wanted
            await self._blocking.call(self._tokens.end, await self._refresh_token(request))
        return Response(status_code=204, headers=_refresh_cookie(request, ""))

    async def change_password(self, request: Request) -> Response:
        """Give the caller another password; whoever used the old one is signed out."""
        principal = await self._callers.principal(request, "write")
        form = check_form(await read_form(request, self._limits), *CHANGE_FIELDS)
        await self.renew_password(principal, form)
        return Response(status_code=204)

    async def send_code(self, request: Request) -> Response:
        """Mail a code for another password; nobody learns whether there is such an account."""
        form = check_form(await read_form(request, self._limits), _EMAIL)
        self.begin_reset(form["email"] or "")
        return json_response({"message": CODE_SENT}, 202)

    async def reset_password(self, request: Request) -> Response:
        """Give a person another password for a code."""
        form = check_form(await read_form(request, self._limits), *RESET_FIELDS)
        await self.end_reset(form)
        return Response(status_code=204)

    @property
    def may_reset(self) -> bool:
        """Whether people can have another password by mail."""
        return self._people.may_reset

    def begin_reset(self, email: str) -> None:
        """Mail a code in the background: how long it takes tells nobody anything.

        Raises
        ------
        StatusError
            If there is no mail.
        """
        self._require_reset()
        task = asyncio.ensure_future(self._send_code(email))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end_reset(self, form: Mapping[str, str | None]) -> None:
        """Give a person another password for a code.

        Raises
        ------
        StatusError
            If there is no mail.
        FieldsError, FullError
            As ``People.reset_password`` does; or if too many passwords are checked now.
        """
        self._require_reset()
        texts = [form[name] or "" for name in ("email", "code", "password")]
        async with self._password_turn():
            await self._blocking.call(self._people.reset_password, *texts)

    async def _send_code(self, email: str) -> None:
        try:
            await self._blocking.bulk(self._people.send_code, email)
        except LimitReachedError:
            return
        except IsocenterError as error:
            log_event(logger, "mail.failed", level=logging.WARNING, error=type(error).__name__)

    def _require_reset(self) -> None:
        if not self.may_reset:
            raise StatusError(403, "the administrator of this server gives other passwords")

    def require_registration(self) -> None:
        """Return if anybody may register; StatusError if the administrator makes the accounts."""
        if not self.may_register:
            raise StatusError(403, "accounts of this server are made by its administrator")

    async def make_account(self, form: Mapping[str, str | None]) -> None:
        """Make the account of a person who filled in a form.

        Raises
        ------
        FieldsError, FullError
            As ``People.register`` does; or if too many passwords are checked now.
        """
        texts = [form[name] or "" for name in ("email", "password", "first_name", "last_name")]
        async with self._password_turn():
            await self._blocking.call(self._people.register, *texts)

    async def check_password(self, email: str, password: str) -> Account:
        """Return the account of an address and its password.

        Raises
        ------
        NotAuthenticatedError, LimitReachedError, FullError
            As ``People.check`` does; or if too many passwords are checked now.
        """
        async with self._password_turn():
            return await self._blocking.call(self._people.check, email, password)

    async def renew_password(self, principal: Principal, form: Mapping[str, str | None]) -> None:
        """Give a person another password.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError
            If the caller has no account, or is a key.
        FieldsError, LimitReachedError, FullError
            As ``People.change_password`` does; or if too many passwords are checked now.
        """
        if principal.account_id is None:
            raise NotAuthenticatedError
        if principal.key_id is not None:
            raise NotAllowedError("write")
        texts = [form[name] or "" for name in ("old_password", "new_password")]
        async with self._password_turn():
            await self._blocking.call(self._people.change_password, principal.account_id, *texts)

    @contextlib.asynccontextmanager
    async def _password_turn(self) -> AsyncIterator[None]:
        """Wait until fewer passwords are checked than may; each takes 64 MiB for a moment."""
        try:
            async with asyncio.timeout(self._limits.body_idle_seconds):
                await self._passwords.acquire()
        except TimeoutError:
            bound = self._limits.passwords_at_once
            raise FullError("checks of passwords", bound, _RETRY_SECONDS) from None
        try:
            yield
        finally:
            self._passwords.release()

    async def _pair(self, email: str, password: str) -> TokenPair:
        async with self._password_turn():
            try:
                return await self._blocking.call(self._people.sign_in, email, password)
            except NotAuthenticatedError:
                raise NotAuthenticatedError(WRONG) from None

    async def _refresh_token(self, request: Request) -> str:
        """Return the refresh token that a request carries.

        Raises
        ------
        NotAuthenticatedError
            If it carries none.
        """
        given = (await read_form(request, self._limits)).get("refresh")
        if isinstance(given, str) and given:
            return given
        text = request.cookies.get(REFRESH_COOKIE, "")
        if not text:
            raise NotAuthenticatedError(_MISSING)
        check_own_site(request)
        return text


def _refresh_cookie(request: Request, value: str) -> dict[str, str]:
    """Return the header that sets the cookie; with no value, it is forgotten."""
    origin = request.state.origin
    parts = [
        f"{REFRESH_COOKIE}={value}",
        f"Path={origin.prefix}{COOKIE_PATH}",
        f"Max-Age={REFRESH_SECONDS if value else 0}",
        "HttpOnly",
        "SameSite=Strict",
        *(["Secure"] if origin.scheme == "https" else []),
    ]
    return {"Set-Cookie": "; ".join(parts)}
