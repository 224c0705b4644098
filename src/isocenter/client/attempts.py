"""Requests that are tried again while what hinders them may pass: pauses, Retry-After, reasons.

Whatever talks to a server shares this. No error says an address, a token or a key.
"""

import email.utils
import random
import re
import threading
import time
from collections.abc import Callable, Mapping

import httpx

from isocenter.errors import CancelledError, IsocenterError, TooLargeError, UnavailableError

NONSENSE = "the server gave no usable answer: is the address right?"

_ATTEMPTS = 10
# Of a server that never answered: the address may be wrong, and nobody wants to wait then.
_FIRST_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 30.0
_LONGEST_ASKED_SECONDS = 300.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_TIMEOUTS = httpx.Timeout(60.0, connect=20.0, pool=None)
_SHOWN_CHARACTERS = 300
# Where the faces of a server put their sentence.
_SENTENCES = ("detail", "error", "message")
_STORE_CODE = re.compile(r"<Code>([A-Za-z]{1,80})</Code>")


class TooLargeForServerError(TooLargeError):
    """A file is larger than the server takes; it says how much that is."""

    def __init__(self, detail: str) -> None:
        IsocenterError.__init__(self, f"the server takes no file of this size: {detail}")


def new_http_client(headers: Mapping[str, str], connections: int) -> httpx.Client:
    """Return a client that sends these headers with everything, and no other credentials."""
    verify = httpx.create_ssl_context()  # the usual ones, or those of SSL_CERT_FILE
    verify.load_default_certs()  # and those of the machine: of a site's own proxy, say
    return httpx.Client(
        headers=headers,
        # Otherwise credentials of an address or a .netrc would be added to those.
        auth=_add_nothing,
        timeout=_TIMEOUTS,
        limits=httpx.Limits(max_connections=connections),
        verify=verify,
    )


class Attempts:
    """Sends requests to one server, again where that may help; safe for any number of threads.

    Parameters
    ----------
    stop
        Where it is set, everything ends with ``CancelledError`` as soon as it can.
    most
        How often a request is sent at most.
    """

    def __init__(self, stop: threading.Event, most: int = _ATTEMPTS) -> None:
        self._stop = stop
        self._most = most
        self._was_reached = False

    def send(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Return the answer to a request, repeated while what hinders it may pass.

        Raises
        ------
        UnavailableError
            If the server cannot be reached.
        CancelledError
            If the caller stopped it.
        """
        attempt = 0
        while True:
            attempt += 1
            if self._stop.is_set():
                raise CancelledError("the transfer was stopped")
            most = self._most if self._was_reached else min(_FIRST_ATTEMPTS, self._most)
            pause_seconds = _pause(attempt)
            try:
                answer = send()
            except httpx.RequestError as error:
                if attempt >= most or not _may_pass(error):
                    raise UnavailableError(_reason(error)) from None
            except httpx.InvalidURL:
                raise UnavailableError(NONSENSE) from None
            else:
                self._was_reached = True
                if answer.status_code not in _PASSING or attempt >= self._most:
                    return answer
                asked = asked_seconds(answer.headers.get("Retry-After", ""), time.time())
                pause_seconds = max(asked, pause_seconds)
                answer.close()
            self._stop.wait(pause_seconds)


def asked_seconds(retry_after: str, now_seconds: float) -> float:
    """Return how long a server asks to be left alone; 0 where it does not say.

    References
    ----------
    RFC 9110 10.2.3: seconds, or a date.
    """
    if retry_after.isdecimal() and retry_after.isascii():
        return min(float(retry_after), _LONGEST_ASKED_SECONDS)
    try:
        at = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return min(max(0.0, at.timestamp() - now_seconds), _LONGEST_ASKED_SECONDS)


def _add_nothing(request: httpx.Request) -> httpx.Request:
    return request


def _pause(attempt: int) -> float:
    """Return a pause that grows, different for each of several that wait."""
    longest = min(_FIRST_PAUSE_SECONDS * 2.0**attempt, _LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads requests, guards nothing


def _may_pass(error: httpx.RequestError) -> bool:
    lasting = httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.TooManyRedirects
    return not isinstance(error, lasting) and not _is_untrusted(error)


def _is_untrusted(error: httpx.RequestError) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _reason(error: httpx.RequestError) -> str:
    """Return what went wrong in words of our own: the library's may show the address."""
    if _is_untrusted(error):
        return "the certificate of the server is not trusted; SSL_CERT_FILE may name a file of CAs"
    if isinstance(error, httpx.ProxyError):
        return "the proxy lets nothing pass"
    if isinstance(error, httpx.LocalProtocolError):
        return "the file changed while it was sent"
    if isinstance(error, httpx.TimeoutException):
        return "the server did not answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection to the server"
    return "the connection was cut"


def detail_of(answer: httpx.Response) -> str:
    """Return the sentence of an answer, or the code that a store gives, or the status."""
    phrase = answer.reason_phrase or "no reason given"
    try:
        said = answer.json()
    except ValueError:
        found = _STORE_CODE.search(answer.text[: 1 << 14])
        return found[1] if found is not None else phrase
    told = said if isinstance(said, dict) else {}
    detail = next((told[name] for name in _SENTENCES if told.get(name)), phrase)
    return str(detail)[:_SHOWN_CHARACTERS]
