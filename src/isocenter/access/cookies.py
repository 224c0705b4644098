"""The cookie of the web tool: who the browser is, signed.

It names a principal: a random id of its own, which owns what is made with it, or a sign-in
(``access/sign_ins.py``), and then an account.

No other site's pages can have it sent (``SameSite=Strict``), no script can read it
(``HttpOnly``). Where the server is reached over TLS its name begins with ``__Host-``, so that
no neighbouring host can put its own in its place (RFC 6265bis 4.1.3.2).
"""

import base64
import secrets
from collections.abc import Callable

from isocenter.access.principal import USUAL_SCOPES, Principal, cookie_owner
from isocenter.access.sign_ins import SignIn, SignIns
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import NotAuthenticatedError

COOKIE_SECONDS = 30 * 24 * 3600
_PURPOSE = "cookie"
_SIGN_IN = "sign-in:"  # no id of a browser has a colon
_ID_BYTES = 16


class Cookies:
    """Makes and checks cookies.

    Parameters
    ----------
    tokens
        What signs them.
    sign_ins
        What browsers that signed in act by.
    is_secure
        Whether browsers reach the server over TLS.
    random
        Gives that many random bytes.
    """

    def __init__(
        self,
        tokens: SignedTokens,
        sign_ins: SignIns,
        *,
        is_secure: bool,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._tokens = tokens
        self._sign_ins = sign_ins
        self._is_secure = is_secure
        self._random = random
        self.name = "__Host-isocenter" if is_secure else "isocenter"

    def new(self) -> tuple[Principal, str]:
        """Return a principal that nobody was before, and the value of its cookie."""
        browser_id = base64.urlsafe_b64encode(self._random(_ID_BYTES)).rstrip(b"=").decode()
        return _browser(browser_id), self.of_browser(browser_id)

    def of_browser(self, browser_id: str) -> str:
        """Return a value for a browser that is nobody but itself."""
        return self._tokens.make(_PURPOSE, browser_id, COOKIE_SECONDS)

    def of_sign_in(self, sign_in: SignIn) -> str:
        """Return a value for a browser that acts for an account."""
        return self._tokens.make(_PURPOSE, _SIGN_IN + sign_in.id, COOKIE_SECONDS)

    def renew(self, value: str) -> str:
        """Return a value for the same principal that lasts longer.

        A browser whose sign-in has ended is again who it was before.

        Raises
        ------
        NotAuthenticatedError
            If we did not make it, or it has expired.
        """
        browser_id, sign_in_id = self._read(value)
        if sign_in_id:
            try:
                self._sign_ins.renew(sign_in_id)
            except NotAuthenticatedError:
                browser_id = self.browser_of(value)
            else:
                return self._tokens.make(_PURPOSE, _SIGN_IN + sign_in_id, COOKIE_SECONDS)
        return self.of_browser(browser_id)

    def check(self, value: str) -> Principal:
        """Return whose cookie it is.

        Raises
        ------
        NotAuthenticatedError
            If we did not make it, it has expired, or its sign-in has ended.
        """
        browser_id, sign_in_id = self._read(value)
        return self._sign_ins.check(sign_in_id) if sign_in_id else _browser(browser_id)

    def browser_of(self, value: str) -> str:
        """Return the id of the browser itself, whoever it acts for.

        Raises
        ------
        NotAuthenticatedError
            If we did not make the value, or nobody knows any more who the browser was.
        """
        browser_id, sign_in_id = self._read(value)
        found = self._sign_ins.browser_of(sign_in_id) if sign_in_id else browser_id
        if found is None:
            raise NotAuthenticatedError("the browser is signed out")
        return found

    def sign_out(self, value: str) -> None:
        """End the sign-in of a cookie, if it has one; NotAuthenticatedError if it is none."""
        _, sign_in_id = self._read(value)
        if sign_in_id:
            self._sign_ins.end(sign_in_id)

    def _read(self, value: str) -> tuple[str, str]:
        """Return the id of a browser or that of a sign-in, the other one empty."""
        subject = self._tokens.check(value, _PURPOSE)
        if subject.startswith(_SIGN_IN):
            return "", subject.removeprefix(_SIGN_IN)
        return subject, ""

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


def _browser(browser_id: str) -> Principal:
    return Principal(cookie_owner(browser_id), USUAL_SCOPES, is_browser=True)
