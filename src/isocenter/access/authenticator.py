"""What a request carries, and who that makes the caller: one place for every face.

Explicit credentials (``X-API-Key``, ``apikey``, ``Authorization: ApiKey`` or ``Bearer``,
``?api_key=``, and the token of a URL) win over ``Authorization: Basic``, which some clients add
by themselves from a ``.netrc``, which wins over the cookie that browsers add by themselves.
Whoever is named by the strongest kind must be right: a wrong key is never made good by a cookie.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from isocenter.access.api_keys import KEY_FORM
from isocenter.access.principal import Principal, principal_of
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import InvalidInputError, NotAuthenticatedError

API_KEY_PARAMETER = "api_key"
TOKEN_PARAMETER = "token"  # noqa: S105 -- the name of a parameter
KEY_HEADERS = frozenset({"x-api-key", "apikey"})
_KEY_SCHEMES = frozenset({"apikey", "bearer"})
_EXPLICIT_MAX = 4
_READ_ONLY = frozenset({"read"})


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What a request carries, unchecked; empty values are none. Never shown."""

    keys: tuple[str, ...] = field(default=())
    tokens: tuple[str, ...] = field(default=())
    basics: tuple[str, ...] = field(default=())
    cookies: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        return "Credentials(***)"


class Grant(NamedTuple):
    """What a route accepts the token of its URL for: a purpose, and the thing the URL names."""

    purpose: str
    bound_to: str


class Authenticator:
    """Tells who a request is from.

    Parameters
    ----------
    verify_key
        As ``ApiKeys.verify``.
    verify_cookie
        As ``Cookies.check``.
    tokens
        What checks the tokens of URLs.
    """

    def __init__(
        self,
        verify_key: Callable[[str], Principal],
        verify_cookie: Callable[[str], Principal],
        tokens: SignedTokens,
    ) -> None:
        self._verify_key = verify_key
        self._verify_cookie = verify_cookie
        self._tokens = tokens

    def authenticate(self, credentials: Credentials, *, grant: Grant | None = None) -> Principal:
        """Return who it is; the caller asks for the scope (``Principal.require``).

        Parameters
        ----------
        grant
            What a token in the URL may be good for; without it tokens count as not given. The
            principal of a token may only read.

        Raises
        ------
        NotAuthenticatedError
            If nothing is given, or something of the strongest kind is wrong.
        InvalidInputError
            If explicit credentials are of different principals, or too many.
        """
        tokens = credentials.tokens if grant is not None else ()
        if len(credentials.keys) + len(tokens) > _EXPLICIT_MAX:
            raise InvalidInputError("too many keys are given")
        principals = [self._verify_key(key) for key in credentials.keys]
        if grant is not None:
            principals += [self._of_token(token, grant) for token in tokens]
        if principals:
            return _only(principals)
        if credentials.basics:
            return self._verify_key(basic_key(_single(credentials.basics)))
        if credentials.cookies:
            return self._verify_cookie(_single(credentials.cookies))
        raise NotAuthenticatedError

    def _of_token(self, token: str, grant: Grant) -> Principal:
        owner = self._tokens.check(token, grant.purpose, bound_to=grant.bound_to)
        return principal_of(owner, _READ_ONLY)


def read_credentials(
    headers: Iterable[tuple[str, str]], query: Iterable[tuple[str, str]], cookie_name: str
) -> Credentials:
    """Return what a request carries.

    Parameters
    ----------
    headers, query
        Names and values as the request has them, repeated ones too; values of the query decoded.
    cookie_name
        As ``Cookies.name``; the other cookies are not ours.
    """
    keys: list[str] = []
    tokens: list[str] = []
    basics: list[str] = []
    cookies: list[str] = []
    for name, value in headers:
        lower = name.lower()
        if lower in KEY_HEADERS:
            keys.append(value.strip())
        elif lower == "authorization":
            scheme, _, rest = value.strip().partition(" ")
            if scheme.lower() in _KEY_SCHEMES:
                keys.append(rest.strip())
            elif scheme.lower() == "basic":
                basics.append(rest.strip())
        elif lower == "cookie":
            cookies += _cookie_values(value, cookie_name)
    for name, value in query:
        if name == API_KEY_PARAMETER:
            keys.append(value)
        elif name == TOKEN_PARAMETER:
            tokens.append(value)
    return Credentials(_distinct(keys), _distinct(tokens), _distinct(basics), _distinct(cookies))


def _only(principals: Sequence[Principal]) -> Principal:
    """Return the one principal that all are, with the scopes that all have."""
    first = principals[0]
    if any(principal.id != first.id for principal in principals):
        raise InvalidInputError("two keys of different accounts are given")
    scopes = first.scopes.intersection(*(principal.scopes for principal in principals))
    return replace(first, scopes=scopes)


def _single(values: tuple[str, ...]) -> str:
    """Return the only value; of several, nobody knows which one the caller meant."""
    if len(values) > 1:
        raise NotAuthenticatedError("more than one is given")
    return values[0]


def basic_key(encoded: str) -> str:
    """Return the key in ``id:secret``, ``KEY:`` or ``any:KEY``."""
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        raise NotAuthenticatedError("the key is not valid") from None
    user, _, password = text.partition(":")
    if not password:
        return user
    return password if KEY_FORM.fullmatch(password) else f"{user}.{password}"


def _cookie_values(header: str, name: str) -> list[str]:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return [value for key, _, value in pairs if key == name]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
