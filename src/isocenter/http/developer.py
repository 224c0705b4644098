"""Developers: profile, keys and activity, on the documented paths and those of the reference."""

import contextlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.api_keys import NAME_CHARACTERS_MAX, KeyFacts
from isocenter.access.principal import Principal
from isocenter.access.quota import Counted
from isocenter.errors import FieldsError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.developer_forms import TextField, check_form, read_form
from isocenter.http.errors import json_response
from isocenter.limits import Limits
from isocenter.services.developers import PURPOSES, Developers, Profile

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_ORGANIZATION_MAX = 255
PROFILE_FIELDS = (
    TextField("purpose", max(len(one) for one in PURPOSES), choices=PURPOSES),
    TextField("organization", _ORGANIZATION_MAX),
)
KEY_FIELD = TextField("name", NAME_CHARACTERS_MAX)


class DeveloperApi:
    """What the endpoints do."""

    def __init__(
        self, developers: Developers, callers: Callers, blocking: Blocking, limits: Limits
    ) -> None:
        self._developers = developers
        self._callers = callers
        self._blocking = blocking
        self._limits = limits

    async def profile(self, request: Request) -> Response:
        """Show the caller's profile."""
        principal = await self._callers.principal(request, "read")
        profile = await self._blocking.call(self._developers.profile, principal)
        return json_response(_profile_json(profile))

    async def set_profile(self, request: Request) -> Response:
        """Make the caller's profile, or change it."""
        principal = await self._callers.principal(request, "write")
        form = check_form(await read_form(request, self._limits), *PROFILE_FIELDS)
        profile = Profile(form["purpose"], form["organization"])
        await self._blocking.call(self._developers.set_profile, principal, profile)
        return json_response(_profile_json(profile), 201)

    async def list_keys(self, request: Request) -> Response:
        """List the caller's keys, without what is secret of them."""
        principal = await self._callers.principal(request, "read")
        keys = await self._blocking.call(self._developers.list_keys, principal)
        return json_response([_key_json(key) for key in keys])

    async def create_key(self, request: Request) -> Response:
        """Make a key, and show it this once."""
        principal = await self._callers.principal(request, "write")
        form = check_form(await read_form(request, self._limits), KEY_FIELD)
        key, name = await self._blocking.call(
            self._developers.create_key, principal, form["name"] or ""
        )
        said = {"id": key.number, "name": name, "key": key.text, "api_key": key.text}
        return json_response(said, 201)

    async def delete_key(self, request: Request) -> Response:
        """End a key, at once."""
        principal = await self._callers.principal(request, "write")
        named = request.path_params["key_id"]
        await self._blocking.call(self._developers.delete_key, principal, named)
        return Response(status_code=204)

    async def activity(self, request: Request) -> Response:
        """Count what the caller did, day by day."""
        principal = await self._callers.principal(request, "read")
        period = [_number(request, f"timestamp__{unit}") for unit in ("year", "month")]
        done = await self._blocking.call(self._developers.activity, principal, *period)
        return json_response(
            {"daily_activity": by_day(done), "monthly_total": sum(one.times for one in done)}
        )

    async def usage(self, request: Request) -> Response:
        """Count what the caller did this month by day, kind and key, and what is left."""
        principal = await self._callers.principal(request, "read")
        usage = await self._blocking.call(self._developers.usage, principal)
        return json_response(
            {
                "quotas": {
                    kind: {"quota": usage.quota, "used": used} for kind, used in usage.used.items()
                },
                "days": by_day(usage.counted),
                "counted": [
                    {"day": one.day, "kind": one.kind, "key": one.key_id, "count": one.times}
                    for one in usage.counted
                ],
            }
        )


@contextlib.asynccontextmanager
async def counted(
    blocking: Blocking, developers: Developers, principal: Principal, kind: str
) -> AsyncIterator[None]:
    """Count the work of the block before it begins; a block that fails is not counted.

    Raises
    ------
    NotAuthenticatedError, QuotaReachedError
        As ``Developers.take`` does.
    """
    use = await blocking.call(developers.take, principal, kind)
    try:
        yield
    except BaseException:
        await blocking.call(developers.give_back, use)
        raise


def by_day(done: list[Counted]) -> list[dict[str, object]]:
    """Return the days on which something was done, oldest first, with how much it was."""
    days: dict[str, int] = {}
    for one in done:
        days[one.day] = days.get(one.day, 0) + one.times
    return [{"day": day, "count": count} for day, count in days.items()]


def _profile_json(profile: Profile) -> dict[str, str | None]:
    return {"purpose": profile.purpose, "organization": profile.organization}


def _key_json(key: KeyFacts) -> dict[str, object]:
    """Return what is listed of a key; ``prefix`` is what stands before its dot."""
    return {
        "id": key.number,
        "name": key.name,
        "prefix": key.id,
        "created": _time(key.created_ms),
        "revoked": key.revoked_ms is not None,
        "expiry_date": None if key.expires_ms is None else _time(key.expires_ms),
        "last_used": None if key.used_ms is None else _time(key.used_ms),
    }


def _time(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise FieldsError({name: ["Enter a number."]})
    return int(text)
