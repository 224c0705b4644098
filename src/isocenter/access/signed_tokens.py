"""Short-lived tokens signed by the server: what a URL or a cookie carries instead of a key.

A token is ``<subject>.<expiry>.<signature>`` of ``[A-Za-z0-9._-]``. It says an id and a time, in
the clear, and is good for one purpose. What else it is bound to, such as the file that the URL
names, is signed and not in it, so that a token says nothing of anybody's data. There is no list
of tokens: one ends by its expiry alone.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable

from isocenter.access.server_secret import ServerSecret
from isocenter.errors import NotAuthenticatedError

# What an analysis gets: one Study of an owner by DICOMweb, bound to its UID.
STUDY_PURPOSE = "study"
_FORM = re.compile(r"([A-Za-z0-9_-]{1,200})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")
_SUBJECT = re.compile(r"[A-Za-z0-9:._-]{1,120}")


class SignedTokens:
    """Makes and checks tokens.

    Parameters
    ----------
    secret
        Of this server.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(self, secret: ServerSecret, clock: Callable[[], int]) -> None:
        self._secret = secret
        self._clock = clock

    def make(self, purpose: str, subject: str, seconds: int, *, bound_to: str = "") -> str:
        """Return a token.

        Parameters
        ----------
        purpose
            What it is for; ``check`` with another one refuses it.
        subject
            An id, at most 120 of ``[A-Za-z0-9:._-]``; readable in the token.
        seconds
            How long it is good for.
        bound_to
            Anything that ``check`` must be told again; not in the token.
        """
        assert _SUBJECT.fullmatch(subject), "the subject of a token is an id"
        expires_seconds = self._clock() // 1000 + seconds
        said = f"{_encode(subject.encode())}.{expires_seconds}"
        return f"{said}.{self._signature(purpose, said, bound_to)}"

    def check(self, token: str, purpose: str, *, bound_to: str = "") -> str:
        """Return the subject of a token that is good now, for this purpose and bound to this.

        Raises
        ------
        NotAuthenticatedError
            If it is not; the sentence does not say why, but for one that was good once.
        """
        matched = _FORM.fullmatch(token)
        if matched is None:
            raise NotAuthenticatedError("the token is not valid")
        subject, expires_seconds, signature = matched.groups()
        expected = self._signature(purpose, f"{subject}.{expires_seconds}", bound_to)
        if not hmac.compare_digest(signature, expected):
            raise NotAuthenticatedError("the token is not valid")
        if int(expires_seconds) * 1000 <= self._clock():
            raise NotAuthenticatedError("the token has expired")
        return _decode(subject)

    def _signature(self, purpose: str, said: str, bound_to: str) -> str:
        parts = (purpose.encode(), said.encode(), bound_to.encode(errors="surrogatepass"))
        return _encode(self._secret.sign("signed token", *parts))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> str:
    """Return what was encoded; called for text that we signed only."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise AssertionError("we signed a subject that we did not encode") from error
