"""Who a request is from: its credentials are read here, and judged in ``access/``."""

import urllib.parse
from dataclasses import replace

from starlette.requests import Request

from isocenter.access.authenticator import Authenticator, Grant, read_credentials
from isocenter.access.cookies import Cookies
from isocenter.access.principal import Principal
from isocenter.access.signed_tokens import STUDY_PURPOSE
from isocenter.errors import NotAuthenticatedError
from isocenter.http.blocking import Blocking
from isocenter.http.errors import StatusError

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Paths are written into the logs of proxies.
_OF_PATHS = frozenset({"upload"})
_OWN_SITES = frozenset({"same-origin", "none"})


class Callers:
    """Tells who calls; nothing of a credential leaves it."""

    def __init__(self, authenticator: Authenticator, cookies: Cookies, blocking: Blocking) -> None:
        self._authenticator = authenticator
        self._cookies = cookies
        self._blocking = blocking

    async def principal(
        self,
        request: Request,
        scope: str,
        *,
        grant: Grant | None = None,
        token: str | None = None,
        key: str | None = None,
    ) -> Principal:
        """Return who it is, if they may do this.

        Parameters
        ----------
        grant
            What a token may be good for, in the query or the path.
        token
            That of the path.
        key
            One that the path carries: whatever it may do elsewhere, here it may send only.

        Raises
        ------
        NotAuthenticatedError, InvalidInputError
            As ``Authenticator.authenticate`` does.
        NotAllowedError
            If the scope is not among the principal's.
        StatusError
            If another site's page had a browser send its cookie.
        """
        credentials = read_credentials(
            request.headers.items(), request.query_params.multi_items(), self._cookies.name
        )
        study_uid = request.path_params.get("study", "")
        if grant is None and study_uid:
            grant = Grant(STUDY_PURPOSE, study_uid)
        if token is not None:
            credentials = replace(credentials, tokens=(*credentials.tokens, token))
        if key is not None:
            credentials = replace(credentials, keys=(*credentials.keys, key))
        principal = await self._blocking.call(
            self._authenticator.authenticate, credentials, grant=grant
        )
        if principal.is_browser and request.method not in _SAFE_METHODS:
            check_own_site(request)
        if key is not None:
            principal = replace(principal, scopes=principal.scopes & _OF_PATHS)
        request.state.exchange.principal = principal.id
        principal.require(scope)
        return principal

    async def visitor_cookie(self, request: Request) -> str:
        """Return the ``Set-Cookie`` for somebody who opens the web tool: renewed, or a new one."""
        value = request.cookies.get(self._cookies.name, "")
        try:
            renewed = await self._blocking.call(self._cookies.renew, value)
        except NotAuthenticatedError:
            _, renewed = self._cookies.new()
        return self._cookies.set_cookie(renewed)


def has_credentials(request: Request) -> bool:
    """Whether somebody tries to say who they are; a cookie is sent by itself and does not count."""
    found = read_credentials(request.headers.items(), request.query_params.multi_items(), "")
    return bool(found.keys or found.tokens or found.basics)


def check_own_site(request: Request) -> None:
    """Refuse a change that another site's page asks for; the cookie alone proves no wish.

    References
    ----------
    Fetch Metadata Request Headers (W3C), RFC 6454 (Origin).
    """
    site = request.headers.get("sec-fetch-site", "")
    origin = request.headers.get("origin", "")
    host = urllib.parse.urlsplit(origin).netloc
    is_own_origin = not origin or host == request.headers.get("host", "")
    if (site and site not in _OWN_SITES) or not is_own_origin:
        raise StatusError(403, "another site asked for this")
