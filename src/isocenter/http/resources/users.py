"""Users as the documented clients ask for them: who calls, and for administrators everybody."""

import asyncio
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.principal import ADMIN
from isocenter.errors import ConflictError, InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import read_body
from isocenter.http.errors import json_response
from isocenter.http.session_json import time_text
from isocenter.http.upload_json import read_object
from isocenter.limits import Limits
from isocenter.services.people import People
from isocenter.services.users import User, Users

_PASSWORD_BYTES = 24


class UserApi:
    """What the endpoints of users do."""

    def __init__(
        self, users: Users, people: People, callers: Callers, blocking: Blocking, limits: Limits
    ) -> None:
        self._users = users
        self._people = people
        self._limits = limits
        # Each takes memory by design.
        self._passwords = asyncio.Semaphore(limits.passwords_at_once)
        self._callers = callers
        self._blocking = blocking

    async def listing(self, request: Request) -> Response:
        """List those whom the caller may know of."""
        found = await self._known(request)
        return json_response([user_json(user) for user in found])

    async def show(self, request: Request) -> Response:
        """Tell about one of them, by the address or the id."""
        wanted = request.path_params["user"]
        for user in await self._known(request):
            if wanted in {user.email, user.account_id}:
                return json_response(user_json(user))
        raise NotFoundError("there is no such user")

    async def create(self, request: Request) -> Response:
        """Make the account of a person; without a password nobody knows it, and it can be reset."""
        await self._callers.principal(request, ADMIN)
        body = await read_body(request, self._limits.json_body_bytes, self._limits)
        said = read_object(body)
        email, password = _text(said, "email"), _text(said, "password")
        names = _text(said, "firstname"), _text(said, "lastname")
        found = await self._blocking.call(self._users.known_to, None, is_admin=True)
        if email.lower() in {user.email for user in found}:
            raise ConflictError("there is an account of this address already")
        password = password or secrets.token_urlsafe(_PASSWORD_BYTES)
        async with self._passwords:
            account = await self._blocking.call(self._people.register, email, password, *names)
        [made] = await self._blocking.call(self._users.known_to, account.id, is_admin=False)
        return json_response(user_json(made), 201)

    async def _known(self, request: Request) -> list[User]:
        principal = await self._callers.principal(request, "read")
        return await self._blocking.call(
            self._users.known_to, principal.account_id, is_admin=ADMIN in principal.scopes
        )


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str | None):
        raise InvalidInputError(f"{name} is a text")
    return value or ""


def user_json(user: User) -> dict[str, object]:
    """Return one user; whoever has no address is called by the name of the account."""
    return {
        "id": user.account_id,
        "email": user.email,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "roles": [user.kind],
        "customer_id": user.account_id,
        "created_at": time_text(user.created_ms),
    }
