"""Who may see what an address names that somebody gave to a viewer.

The address itself may say it, with a key or a token; else the form that asks for a key; else the
request. A viewer then asks again, by itself: with the cookie of a browser, which comes along, or
with a token for this one thing, into which keys are exchanged here.
"""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from starlette.requests import Request

from isocenter.access.authenticator import Authenticator, Credentials, Grant
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import NotAuthenticatedError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking

_TOKEN_SECONDS = 15 * 60

T = TypeVar("T")
Open = Callable[[str], Awaitable[T]]
"""Owner to what the address names; raises NotFoundError where it is not theirs."""


class Link(Protocol):
    """What an address names, and the credentials in it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys in the address."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Tokens in the address."""

    @property
    def grant(self) -> Grant:
        """What a token is good for with which this may be seen."""


@dataclass(frozen=True, slots=True)
class Admissions:
    """Lets people in.

    Attributes
    ----------
    authenticator
        For credentials inside of addresses and of the form; ``callers`` are for the request's.
    """

    callers: Callers
    authenticator: Authenticator
    tokens: SignedTokens
    blocking: Blocking

    async def admit(
        self,
        request: Request,
        link: Link,
        key: str | None,
        open_it: Open[T],
        owner_for_all: Callable[[], Awaitable[str]] | None = None,
    ) -> tuple[T, str]:
        """Return what is opened, and a token by which the viewer may have it, if it needs one.

        Parameters
        ----------
        key
            What somebody entered in answer to the question for one.
        owner_for_all
            Set where knowing the address is enough: gives whose it is.

        Raises
        ------
        NotAuthenticatedError
            If somebody has to say who they are, or a credential is wrong.
        NotFoundError
            If it is not there, or somebody else's.
        """
        given = Credentials(keys=link.keys, tokens=link.tokens)
        if key is not None:
            given = Credentials(keys=(key,))
        if not given.keys and not given.tokens:
            return await self._by_request(request, link, open_it, owner_for_all)
        principal = await self.blocking.call(
            self.authenticator.authenticate, given, grant=link.grant
        )
        principal.require("read")
        opened = await open_it(principal.id)
        return opened, self._token(principal.id, link) if given.keys else given.tokens[0]

    async def _by_request(
        self,
        request: Request,
        link: Link,
        open_it: Open[T],
        owner_for_all: Callable[[], Awaitable[str]] | None,
    ) -> tuple[T, str]:
        """Return the same for an address without credentials."""
        with contextlib.suppress(NotAuthenticatedError):
            principal = await self.callers.principal(request, "read", grant=link.grant)
            is_visitor = principal.is_browser
            try:
                opened = await open_it(principal.id)
            except NotFoundError:
                # Every visitor of the web tool has a cookie; the thing may be that of a key.
                if not is_visitor:
                    raise
            else:
                # The cookie comes along by itself when the viewer asks.
                return opened, "" if is_visitor else self._token(principal.id, link)
        if owner_for_all is None:
            raise NotAuthenticatedError
        owner = await owner_for_all()
        return await open_it(owner), self._token(owner, link)

    def _token(self, owner: str, link: Link) -> str:
        grant = link.grant
        return self.tokens.make(grant.purpose, owner, _TOKEN_SECONDS, bound_to=grant.bound_to)
