"""The cookie of the web tool: a random id, signed, that owns the sessions made with it.

No other site's pages can have it sent (``SameSite=Strict``), no script can read it
(``HttpOnly``). Where the server is reached over TLS its name begins with ``__Host-``, so that
no neighbouring host can put its own in its place (RFC 6265bis 4.1.3.2).
"""

import base64
import secrets
from collections.abc import Callable

from isocenter.access.principal import USUAL_SCOPES, Principal, cookie_owner, principal_of
from isocenter.access.signed_tokens import SignedTokens

COOKIE_SECONDS = 30 * 24 * 3600
_PURPOSE = "cookie"
_ID_BYTES = 16


class Cookies:
    """Makes and checks cookies.

    Parameters
    ----------
    tokens
        What signs them.
    is_secure
        Whether browsers reach the server over TLS.
    random
        Gives that many random bytes.
    """

    def __init__(
        self,
        tokens: SignedTokens,
        *,
        is_secure: bool,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._tokens = tokens
        self._is_secure = is_secure
        self._random = random
        self.name = "__Host-isocenter" if is_secure else "isocenter"

    def new(self) -> tuple[Principal, str]:
        """Return a principal that nobody was before, and the value of its cookie."""
        cookie_id = base64.urlsafe_b64encode(self._random(_ID_BYTES)).rstrip(b"=").decode()
        return _principal(cookie_id), self._tokens.make(_PURPOSE, cookie_id, COOKIE_SECONDS)

    def renew(self, value: str) -> str:
        """Return a value for the same principal that lasts longer.

        Raises
        ------
        NotAuthenticatedError
            As ``check`` does.
        """
        cookie_id = self._tokens.check(value, _PURPOSE)
        return self._tokens.make(_PURPOSE, cookie_id, COOKIE_SECONDS)

    def check(self, value: str) -> Principal:
        """Return whose cookie it is.

        Raises
        ------
        NotAuthenticatedError
            If we did not make it, or it has expired.
        """
        return _principal(self._tokens.check(value, _PURPOSE))

    def set_cookie(self, value: str) -> str:
        """Return the value of the ``Set-Cookie`` header field."""
        parts = [
            f"{self.name}={value}",
            "Path=/",
            f"Max-Age={COOKIE_SECONDS}",
            "HttpOnly",
            "SameSite=Strict",
            *(["Secure"] if self._is_secure else []),
        ]
        return "; ".join(parts)


def _principal(cookie_id: str) -> Principal:
    return principal_of(cookie_owner(cookie_id), USUAL_SCOPES)
