"""Users as the documented clients ask for them: who calls, and for administrators everybody."""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.principal import ADMIN
from isocenter.errors import NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.errors import json_response
from isocenter.http.session_json import time_text
from isocenter.services.users import User, Users


class UserApi:
    """What the endpoints of users do."""

    def __init__(self, users: Users, callers: Callers, blocking: Blocking) -> None:
        self._users = users
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

    async def _known(self, request: Request) -> list[User]:
        principal = await self._callers.principal(request, "read")
        return await self._blocking.call(
            self._users.known_to, principal.account_id, is_admin=ADMIN in principal.scopes
        )


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
